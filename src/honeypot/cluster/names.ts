/** Names and identities that objects are given, out of a stream of their own for each. */
import { createHash } from 'node:crypto';
import type { Random } from '../persona/random.ts';

/** Letters of generated names (k8s.io/apimachinery, util/rand). */
const letters = 'bcdfghjklmnpqrstvwxz2456789';

/** The five characters after `web-`. */
export function suffix(random: Random): string {
  return random.text(letters, 5);
}

/** Of a pod template, as in the names of replica sets: a 32-bit number, its digits written in those letters. */
export function templateHash(template: unknown): string {
  const number = createHash('sha256').update(JSON.stringify(template)).digest().readUInt32BE();
  return [...String(number)].map((digit) => letters[digit.charCodeAt(0) % letters.length]).join('');
}
