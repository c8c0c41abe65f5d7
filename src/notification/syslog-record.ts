/**
 * One notice as one record of RFC 5424: collectors count and search records, so a digest is told as as many
 * records as it has notices. The delivery's id and the notice's key are in the structured data, by which a
 * collector drops what a second try repeats: syslog has no answer that would tell whether the first one arrived.
 */
import type { Severity } from '../model/terms.ts';
import type { Message } from './message.ts';
import type { Notice } from './notice.ts';

/** @param limit octets of the whole record; what is cut shows as `…` */
export function syslogRecord(notice: Notice, message: Message, hostName: string, limit: number): Buffer {
  const priority = facility * 8 + levels[notice.severity];
  const fields = [
    `<${priority}>1`,
    notice.at,
    headerField(hostName, 255),
    'waterguard',
    '-',
    headerField(notice.type, 32),
    structuredData(notice, message),
  ];
  const head = Buffer.from(`${fields.join(' ')} `);
  const said = [notice.title, ...notice.lines].join('; ');
  return Buffer.concat([head, byteOrderMark, cut(said, limit - head.length - byteOrderMark.length)]);
}

/** local0: for the site to route. The facilities below it are the host's own. */
const facility = 16;

/** RFC 5424, table 2. */
const levels: Readonly<Record<Severity, number>> = { critical: 2, high: 3, medium: 4, low: 5, info: 6 };

/** RFC 5424, 6.4: what is UTF-8 says so. */
const byteOrderMark = Buffer.of(0xef, 0xbb, 0xbf);

/** Printable ASCII without spaces, or the nil value. */
function headerField(text: string, limit: number): string {
  return text.replace(/[^\x21-\x7e]/g, '_').slice(0, limit) || '-';
}

/**
 * Waterguard has no number of its own under IANA's private enterprises; 32473 is the one set aside for examples
 * (RFC 5612), and cannot be anybody else's.
 */
function structuredData(notice: Notice, message: Message): string {
  const { link } = notice;
  const parameters: [string, string | undefined][] = [
    ['delivery', message.id],
    ['key', notice.key],
    ['type', cut(notice.type, 64).toString()],
    ['severity', notice.severity],
    ['categories', notice.categories.join(',')],
    ['reference', notice.reference && cut(notice.reference, 256).toString()],
    // Half a link leads nowhere.
    ['link', link && link.length <= 256 ? link : undefined],
  ];
  const written = parameters
    .filter(([, value]) => value)
    .map(([name, value = '']) => ` ${name}="${value.replace(/["\\\]]/g, '\\$&')}"`);
  return `[waterguard@32473${written.join('')}]`;
}

/** At most so many octets, and not inside a character. */
function cut(text: string, limit: number): Buffer {
  const bytes = Buffer.from(text);
  if (bytes.length <= limit) return bytes;
  const mark = Buffer.from('…');
  let end = Math.max(0, limit - mark.length);
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end--;
  return Buffer.concat([bytes.subarray(0, end), mark]);
}
