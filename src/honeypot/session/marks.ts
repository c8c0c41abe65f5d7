/**
 * How a session from another address is known to be of the same people: within a pause, at the same sensor, a client
 * with the same strong fingerprint brings the same payload. Either alone says little: everybody's scanner has the same
 * fingerprint, everybody tries the same passwords. The two sessions stay two, and are linked with the reason.
 */
import type { DecoyEvent } from '../../model/event.ts';
import { credentialOf } from './credential.ts';

export interface Mark {
  /** Client and payload; of any length. */
  readonly key: string;
  /** What agreed, for people: `same ja4 and url`. */
  readonly reason: string;
}

/** Bytes from which on a payload is not the same by chance. */
const shortest = 32;

/** Of one event; a source with more has shown enough. */
const mostMarks = 16;

/** Nothing was said yet, or any more. */
const silent = /\.(?:connect|close)$/;

export function marksOf({ type, fp, norm, raw, data }: DecoyEvent): Mark[] {
  const client = strongest(fp);
  if (client === undefined || silent.test(type)) return [];
  const marks: Mark[] = [];
  const mark = (kind: string, value: string): void => {
    if (marks.length === mostMarks) return;
    marks.push({
      key: `${client.name}\0${client.value}\0${kind}\0${value}`,
      reason: `same ${client.name} and ${kind}`,
    });
  };
  if (raw.len >= shortest) mark('payload', raw.sha256);
  const credential = credentialOf(data);
  if (credential !== undefined) mark('credential', `${credential.user}\0${credential.secret}`);
  // Of SSH; in other services a key is what something is called.
  const { fingerprint } = (data?.key ?? {}) as { readonly fingerprint?: unknown };
  if (typeof fingerprint === 'string') mark('key', fingerprint);
  for (const one of norm.wallets) mark('wallet', one);
  for (const one of norm.urls) mark('url', one);
  return marks;
}

/** A user agent alone is what its sender likes; with the order of its headers it is a program. */
function strongest({
  ua,
  ja3,
  ja4,
  hassh,
  headers,
}: DecoyEvent['fp']): { readonly name: string; readonly value: string } | undefined {
  if (hassh !== undefined) return { name: 'hassh', value: hassh };
  if (ja4 !== undefined) return { name: 'ja4', value: ja4 };
  if (ja3 !== undefined) return { name: 'ja3', value: ja3 };
  if (ua !== undefined && headers !== undefined) return { name: 'headers', value: `${ua}\0${headers}` };
  return undefined;
}
