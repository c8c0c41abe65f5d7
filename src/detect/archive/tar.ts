/**
 * A tar inside a file, read for its members' content only: names and sizes are all that matters here. The walk
 * over layers (`image/tar`) knows the rest of the format.
 */
import { decodeLossless } from '../../model/printable.ts';
import type { Budget, Hole, Member } from './members.ts';

const block = 512;

export function* readTar(bytes: Buffer, budget: Budget): Generator<Member | Hole> {
  let at = 0;
  while (at + block <= bytes.length && bytes[at] !== 0) {
    const size = sizeOf(bytes.subarray(at + 124, at + 136));
    // What cannot be walked further was inspected as one piece already: a tar hides nothing from a search.
    if (size === undefined) return;
    const type = bytes[at + 156];
    const isFile = type === 0x30 || type === 0 || type === 0x37;
    if (isFile && size > 0) {
      if (budget.members <= 0) {
        yield { name: '(tar)', reason: 'entry-limit', detail: 'too many members' };
        return;
      }
      budget.members--;
      const name = bytes.subarray(at, at + 100);
      const end = name.indexOf(0);
      yield {
        name: decodeLossless(name.subarray(0, end === -1 ? 100 : end)),
        bytes: bytes.subarray(at + block, at + block + size),
      };
    }
    at += block + Math.ceil(size / block) * block;
  }
}

/** Octal digits; a size in base-256 is too large to lie here. */
function sizeOf(field: Buffer): number | undefined {
  const text = field
    .toString('latin1')
    .replace(/[\0 ]+$/, '')
    .trim();
  return /^[0-7]{1,11}$/.test(text) ? Number.parseInt(text, 8) : undefined;
}
