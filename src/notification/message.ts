/**
 * One or many notices made into the message of one delivery. Its id is the delivery's: it stays the same when the
 * delivery is tried again, and receivers use it to drop what they have. Everything that a channel sends is a pure
 * function of the message, so a second try says what the first one said.
 */
import { WaterguardError } from '../model/error.ts';
import { type Severity, severities, severityRank } from '../model/terms.ts';
import { type Notice, shortened } from './notice.ts';

export interface Message {
  /** Letters, digits and `_` only: it goes into headers and signatures. */
  readonly id: string;
  /** Begins with `[Waterguard]`; one line, at most 150 characters. */
  readonly subject: string;
  /** The highest of its notices. */
  readonly severity: Severity;
  /** At least one, each key once, the worst first. */
  readonly notices: readonly Notice[];
  /** When the latest of them happened. */
  readonly at: string;
}

/** @param notices at least one, in any order */
export function messageOf(id: string, notices: readonly Notice[]): Message {
  const sorted = worstFirst(notices);
  const worst = sorted[0];
  if (!worst) throw new WaterguardError('internal', `delivery ${id} has no notices`);
  const latest = sorted.reduce((time, one) => (one.at > time ? one.at : time), worst.at);
  const head = sorted.length === 1 ? worst.severity : `${sorted.length} notices, ${tally(sorted)}`;
  return {
    id,
    subject: shortened(`[Waterguard] ${head}: ${inert(worst.title)}`, 150),
    severity: worst.severity,
    notices: sorted,
    at: latest,
  };
}

/**
 * For people, as plain text. Not for machines: see `inert`.
 * @param most notices that are told in full; the rest is counted
 */
export function plainText(message: Message, most: number): string {
  const parts = message.notices.slice(0, most).map((notice) => {
    const about = notice.reference === undefined ? [] : [notice.reference];
    const said = [notice.title, ...about, ...notice.lines].map(inert).join('\n  ');
    return `${notice.severity.toUpperCase()}  ${said}${notice.link ? `\n  ${notice.link}` : ''}`;
  });
  const left = message.notices.length - parts.length;
  if (left > 0) parts.push(`… and ${left} more, of ${tally(message.notices)} in all`);
  return parts.join('\n\n') + '\n';
}

/**
 * Text of others whose URLs no mail or chat program turns into links. `[://]` and `[.]` are how reports write it,
 * and what Waterguard itself reads back.
 */
export function inert(text: string): string {
  return text
    .replace(/:\/\/([^\s/]*)/g, (_, host: string) => `[://]${host.replaceAll('.', '[.]')}`)
    .replace(/\bwww\./gi, (www) => `${www.slice(0, 3)}[.]`);
}

/** `2 critical, 1 high`. */
export function tally(notices: readonly Notice[]): string {
  const counts = severities.map((severity) => ({
    severity,
    count: notices.filter((one) => one.severity === severity).length,
  }));
  const seen = counts.filter((one) => one.count > 0).reverse();
  return seen.map((one) => `${one.count} ${one.severity}`).join(', ');
}

/** The order does not depend on that of the notices: it is part of what a second try has to repeat. */
function worstFirst(notices: readonly Notice[]): Notice[] {
  const once = new Map<string, Notice>();
  for (const notice of notices) if (!once.has(notice.key)) once.set(notice.key, notice);
  return [...once.values()].sort(
    (a, b) =>
      severityRank(b.severity) - severityRank(a.severity) || compare(a.at, b.at) || compare(a.key, b.key),
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
