/**
 * Literals: runs of bytes that the runner searches every file for, in one pass. Anchors of detectors are literals,
 * and so is what a rule needs to have any chance.
 */

/** `mask` has a bit for each bit of `bytes` that counts; the others are 0 in both. Of the same length. */
export interface Literal {
  readonly bytes: Buffer;
  readonly mask: Buffer;
}

/** The search looks at so many bytes at once, so each literal must have as many that count, next to each other. */
export const shortest = 4;

/** Longer ones are cut: nothing is gained behind this. */
export const longest = 64;

const letterCase = 0x20;

/** @param nocase ASCII letters in both cases, as in YARA */
export function literalOf(bytes: Buffer, nocase = false): Literal {
  const mask = Buffer.alloc(bytes.length, 0xff);
  const values = Buffer.from(bytes);
  if (nocase) {
    for (let at = 0; at < bytes.length; at++) {
      if (!isLetter(bytes[at] ?? 0)) continue;
      mask[at] = 0xff & ~letterCase;
      values[at] = (bytes[at] ?? 0) & ~letterCase;
    }
  }
  return { bytes: values, mask };
}

/** Equal for literals that match the same bytes. */
export function keyOf({ bytes, mask }: Literal): string {
  return `${bytes.toString('latin1')}\n${mask.toString('latin1')}`;
}

/** Whether four bytes from there on count, if for letters not by their case. */
export function isGram({ mask }: Literal, at: number): boolean {
  if (at < 0 || at + shortest > mask.length) return false;
  for (let index = at; index < at + shortest; index++) {
    if (((mask[index] ?? 0) | letterCase) !== 0xff) return false;
  }
  return true;
}

function isLetter(byte: number): boolean {
  const small = byte | letterCase;
  return small >= 0x61 && small <= 0x7a;
}
