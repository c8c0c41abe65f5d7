/** E-mail addresses in text: pool accounts, registry accounts, addresses in keys and certificates. */
import { parseDomain } from './domain.ts';

const pattern = /[A-Za-z0-9][A-Za-z0-9._%+-]{0,63}@[A-Za-z0-9][A-Za-z0-9.-]{2,252}/g;

/** Addresses with a registered domain, lower-case, at most 1,000. */
export function findEmails(text: string): { readonly email: string; readonly offset: number }[] {
  const found: { email: string; offset: number }[] = [];
  // Only around an `@`, so that the cost is linear in any text.
  for (let at = text.indexOf('@'); at >= 0 && found.length < 1000; at = text.indexOf('@', at + 1)) {
    const start = Math.max(0, at - 64);
    const window = text.slice(start, at + 254);
    for (const match of window.matchAll(pattern)) {
      if (start + match.index + match[0].indexOf('@') !== at) continue;
      const email = match[0].replace(/[.-]+$/, '').toLowerCase();
      if (parseDomain(email.slice(email.indexOf('@') + 1)))
        found.push({ email, offset: start + match.index });
    }
  }
  return found;
}
