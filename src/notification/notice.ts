/**
 * A notice is one fact that could be told: an image turned out malicious, a finding appeared. Whoever finds the
 * fact makes the notice; matching, digests and deliveries only carry it.
 *
 * Two invariants make the rest simple. The key is the identity of the fact: the same fact never has another key,
 * so whatever is kept unique by (channel, key) is told once. And all text is printable and bounded from here on,
 * because titles and references quote what attackers wrote.
 */
import { createHash } from 'node:crypto';
import { printable } from '../model/printable.ts';
import type { Category, Severity } from '../model/terms.ts';

export interface Notice {
  /** At most 200 characters of `A-Z a-z 0-9 _ . : / @ + -`. */
  readonly key: string;
  /** When it happened, RFC 3339 UTC. */
  readonly at: string;
  /** As of an activity: `image.malicious`, `finding.new`. */
  readonly type: string;
  readonly severity: Severity;
  readonly categories: readonly Category[];
  /** The artifact that it is about. */
  readonly reference?: string | undefined;
  /** One sentence, at most 300 characters. */
  readonly title: string;
  /** What else is known, at most 20 lines of at most 400 characters. */
  readonly lines: readonly string[];
  /** Absolute http(s) URL of the console's page. */
  readonly link?: string | undefined;
}

/** A notice before its text is made safe. */
export interface NoticeDraft {
  readonly key: string;
  readonly at: Date;
  readonly type: string;
  readonly severity: Severity;
  readonly categories?: readonly Category[];
  readonly reference?: string | undefined;
  readonly title: string;
  readonly lines?: readonly string[];
  readonly link?: string | undefined;
}

/** The only way to make a notice: bounded and printable, whatever the draft quotes. */
export function noticeOf(draft: NoticeDraft): Notice {
  const reference = draft.reference === undefined ? undefined : told(draft.reference, 500);
  const link = webLink(draft.link);
  return {
    key: keyOf(draft.key),
    at: draft.at.toISOString(),
    type: told(draft.type, 100),
    severity: draft.severity,
    categories: [...new Set(draft.categories ?? [])],
    ...(reference !== undefined && { reference }),
    title: told(draft.title, 300),
    lines: (draft.lines ?? []).slice(0, 20).map((line) => told(line, 400)),
    ...(link !== undefined && { link }),
  };
}

/** An image got this verdict by this rule set; told again only when one of the three differs. */
export function verdictKey(verdict: string, digest: string, ruleset: string): string {
  return `image.${verdict}/${digest}/${ruleset}`;
}

/** A finding in a repository, whichever of its tags and digests show it. */
export function findingKey(finding: string, repository: string): string {
  return `finding/${finding}/${repository}`;
}

/** Cut visibly, and not inside a character. @param limit longest result in UTF-16 units */
export function shortened(text: string, limit: number): string {
  if (text.length <= limit) return text;
  return text.slice(0, limit - 1).replace(/[\ud800-\udbff]$/, '') + '…';
}

/** `printable` may cut a character in two; what is longer than twice the limit loses that place here. */
function told(text: string, limit: number): string {
  return shortened(printable(text, 2 * limit), limit);
}

/** Keys go into headers, URLs and database indexes; any that would not fit is replaced by its sum, never cut. */
function keyOf(key: string): string {
  if (/^[\w.:/@+-]{1,200}$/.test(key)) return key;
  return 'sha256:' + createHash('sha256').update(key).digest('hex');
}

/** In its canonical form, in which nothing but printable ASCII is left; undefined for what is no web address. */
function webLink(link: string | undefined): string | undefined {
  const url = link === undefined ? null : URL.parse(link);
  if (!url || !/^https?:$/.test(url.protocol) || url.href.length > 2000) return undefined;
  return url.href;
}
