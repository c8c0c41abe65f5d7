/**
 * ArcSight's Common Event Format, version 0, one event a line. Keys and their lengths are those of its dictionary; what
 * has no key of its own is in the six custom strings. Credentials are left out: log collectors keep and show everything.
 * Source: ArcSight Common Event Format (CEF) Implementation Standard, revision 26.
 */
import { isIPv4, isIPv6 } from 'node:net';
import type { DecoyEvent, Endpoint } from '../../model/event.ts';
import { printable } from '../../model/printable.ts';
import type { Severity } from '../../model/terms.ts';
import { version } from '../../package.ts';
import { maskEvent } from '../session/credential.ts';
import { type Facts, factsOf, sentenceOf } from './facts.ts';

export function cefOf(whole: DecoyEvent): string {
  const event = maskEvent(whole);
  const facts = factsOf(event);
  const header = [
    'CEF:0',
    ...['Waterguard', 'Waterguard', version, event.type, event.type.replaceAll('.', ' ')].map(headerField),
    levels[event.severity],
  ];
  const extension: string[] = [];
  for (const [key, longest, read] of dictionary) {
    const value = read(event, facts);
    if (value !== undefined && value !== '')
      extension.push(`${key}=${extensionValue(String(value), longest)}`);
  }
  return `${header.join('|')}|${extension.join(' ')}`;
}

/** 0 to 3 is low, 4 to 6 medium, 7 and 8 high, 9 and 10 very high. */
const levels: Readonly<Record<Severity, number>> = { info: 1, low: 3, medium: 5, high: 8, critical: 10 };

type Field = readonly [
  key: string,
  longest: number,
  read: (event: DecoyEvent, facts: Facts) => string | number | undefined,
];

const dictionary: readonly Field[] = [
  ['rt', 20, ({ ts }) => Date.parse(ts)],
  ['externalId', 40, ({ id }) => id],
  ['deviceExternalId', 255, ({ sensor }) => sensor],
  ['app', 31, (_, { service }) => service],
  ['proto', 31, ({ src }) => (isSomewhere(src) ? 'TCP' : undefined)],
  ['src', 15, ({ src }) => (isIPv4(src.ip) && isSomewhere(src) ? src.ip : undefined)],
  ['spt', 5, ({ src }) => (isSomewhere(src) ? src.port : undefined)],
  ['dst', 15, ({ dst }) => (isIPv4(dst.ip) && isSomewhere(dst) ? dst.ip : undefined)],
  ['dpt', 5, ({ dst }) => (isSomewhere(dst) ? dst.port : undefined)],
  ...labelled('c6a2', 'Source IPv6 Address', 39, ({ src }) => (isIPv6(src.ip) ? src.ip : undefined)),
  ...labelled('c6a3', 'Destination IPv6 Address', 39, ({ dst }) => (isIPv6(dst.ip) ? dst.ip : undefined)),
  ['duser', 1023, (_, { user }) => user],
  [
    'outcome',
    63,
    (_, { accepted }) => (accepted === undefined ? undefined : accepted ? 'success' : 'failure'),
  ],
  ['requestMethod', 1023, (_, { method }) => method],
  ['request', 1023, ({ norm }, { method, path }) => (method === undefined ? norm.urls[0] : path)],
  ['requestClientApplication', 1023, ({ fp }) => fp.ua],
  ['fname', 1023, (_, { files: [file] }) => file?.path],
  ['fileHash', 255, (_, { files: [file] }) => file?.sha256],
  ['fsize', 20, (_, { files: [file] }) => file?.size],
  ['msg', 1023, (event, facts) => sentenceOf(event, facts)],
  ...labelled('cs1', 'commands', 4000, ({ norm }) => listed(norm.commands)),
  ...labelled('cs2', 'URLs', 4000, ({ norm }) => listed(norm.urls)),
  ...labelled('cs3', 'hosts', 4000, ({ norm }) => listed(norm.hosts)),
  ...labelled('cs4', 'session', 4000, ({ session }) => session),
  ...labelled('cs5', 'techniques', 4000, ({ attack }) => listed(attack)),
  ...labelled('cs6', 'fingerprints', 4000, ({ fp: { hassh, ja3, ja4 } }) =>
    listed(
      Object.entries({ hassh, ja3, ja4 }).flatMap(([name, one]) =>
        one === undefined ? [] : `${name} ${one}`,
      ),
    ),
  ),
];

/** A custom field and the key that names it; both or none. */
function labelled(key: string, label: string, longest: number, read: Field[2]): Field[] {
  const labelOf: Field[2] = (event, facts) => {
    const value = read(event, facts);
    return value === undefined || value === '' ? undefined : label;
  };
  return [
    [key, longest, read],
    [`${key}Label`, 1023, labelOf],
  ];
}

/** Events of the sensor itself have no source. */
function isSomewhere({ ip, port }: Endpoint): boolean {
  return ip !== '0.0.0.0' || port !== 0;
}

function listed(values: readonly string[]): string {
  return values.slice(0, 100).join('\n');
}

/** Of the header, which has no line ends: `|` and `\` are escaped. */
function headerField(text: string): string {
  return printable(text, 200).replace(/[\\|]/g, '\\$&');
}

/** Of the extension: `=` and `\` are escaped, and line ends, which alone of the control characters may be in a value. */
function extensionValue(text: string, longest: number): string {
  const shown = text
    .slice(0, longest)
    .split(/([\r\n])/)
    .map((part, at) => (at % 2 === 1 ? part : printable(part)))
    .join('')
    .slice(0, longest);
  return shown.replace(/[\\=]/g, '\\$&').replaceAll('\n', '\\n').replaceAll('\r', '\\r');
}
