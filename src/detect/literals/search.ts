/**
 * The literal search: every file's bytes once through `kernel.wat`, for the anchors of all detectors and for what
 * rules need. It costs one to two nanoseconds a byte with 5,400 literals (measured by hand, November 2026), and it decides
 * which files meet the rule engine at all.
 */
import type { CompiledLiterals } from './compile.ts';
import { kernel } from './kernel.ts';
import { longest } from './literal.ts';

export interface LiteralSearch {
  /**
   * Calls `hit` for each place where a literal stands, or once for a literal that was wanted so. Places of one literal
   * come almost in order: neighbours may be exchanged.
   */
  search(bytes: Uint8Array, hit: (literal: number, at: number) => void): void;
}

/** Copied and searched at a time; both tables and window stay in the second cache of a core. */
const windowBytes = 128 * 1024;

/** The kernel reads eight bytes at once, and so up to 14 behind the end. */
const padding = 16;

const pageBytes = 64 * 1024;

const hitBytes = 8;

/** Each load has memory of its own, about 2 MB for the shipped rules. */
export function loadLiterals({ image, seen, mostAtOnce }: CompiledLiterals): LiteralSearch {
  const hitsAt = Math.ceil(image.length / 8) * 8;
  const full = hitsAt + 4096 * hitBytes;
  // Four places are looked at between two looks at the room that is left.
  const windowAt = full + 4 * mostAtOnce * hitBytes;
  const size = windowAt + windowBytes + longest + padding;
  const memory = new WebAssembly.Memory({ initial: Math.ceil(size / pageBytes) });
  const bytesOf = new Uint8Array(memory.buffer);
  bytesOf.set(image);
  const wordsOf = new Uint32Array(memory.buffer);
  const run = kernel(memory, seen);

  return {
    search(bytes, hit) {
      const once: number[] = [];
      for (let fresh = 0; fresh < bytes.length; fresh += windowBytes) {
        // A window begins early enough for what the one before it has cut in two.
        const from = Math.max(0, fresh - longest);
        const end = Math.min(bytes.length, fresh + windowBytes);
        bytesOf.set(from === 0 && end === bytes.length ? bytes : bytes.subarray(from, end), windowAt);
        const to = windowAt + end - from;
        for (let at = windowAt; at <= to - 3; ) {
          at = run.search(windowAt, windowAt + fresh - from, at, to, hitsAt, full);
          for (let word = hitsAt / 4, last = run.end() / 4; word < last; word += 2) {
            const literal = wordsOf[word] ?? 0;
            if (bytesOf[seen + literal] === 1) once.push(literal);
            hit(literal, (wordsOf[word + 1] ?? 0) + from);
          }
        }
      }
      for (const literal of once) bytesOf[seen + literal] = 0;
    },
  };
}
