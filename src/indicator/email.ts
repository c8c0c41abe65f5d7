/** E-mail addresses in text: pool accounts, registry accounts, addresses in keys and certificates. */
import { parseDomain } from './domain.ts';

/** Longest part in front of the `@`: RFC 5321, section 4.5.3.1.1. */
const longestLocal = 64;

const local = /[A-Za-z0-9._%+-]/;
const first = /[A-Za-z0-9]/;
const domain = /[A-Za-z0-9][A-Za-z0-9.-]{2,252}/y;

/** Addresses with a registered domain, lower-case, at most 1,000. Linear, however many `@` there are. */
export function findEmails(text: string): { readonly email: string; readonly offset: number }[] {
  const found: { email: string; offset: number }[] = [];
  for (let at = text.indexOf('@'); at >= 0 && found.length < 1000; at = text.indexOf('@', at + 1)) {
    domain.lastIndex = at + 1;
    const host = domain.exec(text)?.[0].replace(/[.-]+$/, '');
    if (host === undefined) continue;
    const offset = localStart(text, at);
    if (offset === at || parseDomain(host) === undefined) continue;
    found.push({ email: `${text.slice(offset, at)}@${host}`.toLowerCase(), offset });
  }
  return found;
}

/** Where the part in front of an `@` begins; the place of the `@` itself where there is none. */
function localStart(text: string, at: number): number {
  let start = at;
  while (start > 0 && at - start < longestLocal && local.test(text[start - 1] ?? '')) start--;
  while (start < at && !first.test(text[start] ?? '')) start++;
  return start;
}
