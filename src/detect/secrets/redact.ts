/**
 * What a finding may say about a secret: its kind, its length, and a hash where the secret is too long to be
 * guessed from one. This file is the only place where a secret turns into text that leaves the detector.
 */
import { createHash } from 'node:crypto';
import { printable } from '../../model/printable.ts';
import type { SecretHit } from './search.ts';

/** Shorter secrets can be found by hashing guesses, so that their hash would give them away. */
const shortestHashed = 20;

/** `AKIA… (20 characters)`, `DB_PASSWORD=… (12 characters)`. */
export function redacted(hit: SecretHit): string {
  const name = hit.key === undefined ? '' : `${hit.key}=`;
  return printable(`${name}${prefixOf(hit)}… (${hit.secret.length} characters)`, 200);
}

/** The public part: a keyword of the rule that the secret begins with, at most a quarter of it. */
function prefixOf({ rule, secret }: SecretHit): string {
  const block = /^-----BEGIN [A-Z0-9 ]{1,40}-----/.exec(secret)?.[0];
  if (block !== undefined) return block;
  const lower = secret.toLowerCase();
  const fitting = rule.keywords.filter(({ text }) => lower.startsWith(text.toLowerCase()));
  const longest = Math.max(0, ...fitting.map(({ text }) => text.length));
  return secret.slice(0, Math.min(longest, Math.floor(secret.length / 4)));
}

/**
 * The finding's identity: 16 hex of a SHA-256. Of the secret itself (white space left out, so that a key is
 * the same on one line and on many) where it is long enough, else of the rule and the name it was assigned to.
 */
export function identityOf({ rule, secret, key }: SecretHit): string {
  const bare = secret.replace(/\s|\\[nr]/g, '');
  const source = bare.length >= shortestHashed ? bare : `${rule.id}\n${key ?? ''}`;
  return createHash('sha256').update(source).digest('hex').slice(0, 16);
}
