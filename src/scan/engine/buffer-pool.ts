/**
 * Large blocks of memory, used again. A fresh one costs a page fault for every 4 KiB, and one that is left to the
 * garbage collector makes it run, again and again, for a handful of objects.
 */
import { letGo } from '../../image/memory.ts';

export interface BufferPool {
  /** At least `size` bytes, whatever they hold. */
  take(size: number): ArrayBuffer;
  /** Nobody else may use it any more. */
  give(memory: ArrayBuffer): void;
  /** Frees what waits. */
  clear(): void;
}

/**
 * @param step sizes are rounded up to a multiple of it, in bytes
 * @param most bytes that wait for another use; what is given beyond that frees the oldest
 */
export function createBufferPool(step: number, most: number): BufferPool {
  const waiting: ArrayBuffer[] = [];
  let bytes = 0;

  function free(memory: ArrayBuffer | undefined): void {
    if (memory === undefined) return;
    bytes -= memory.byteLength;
    letGo(new Uint8Array(memory));
  }

  return {
    take(size) {
      let best = -1;
      for (const [index, { byteLength }] of waiting.entries()) {
        const known = waiting[best]?.byteLength ?? Number.POSITIVE_INFINITY;
        if (byteLength >= size && byteLength < known) best = index;
      }
      const [found] = best < 0 ? [] : waiting.splice(best, 1);
      bytes -= found?.byteLength ?? 0;
      return (
        found ?? (Buffer.allocUnsafeSlow(Math.max(1, Math.ceil(size / step)) * step).buffer as ArrayBuffer)
      );
    },
    give(memory) {
      waiting.push(memory);
      bytes += memory.byteLength;
      while (bytes > most) free(waiting.shift());
    },
    clear() {
      while (waiting.length > 0) free(waiting.shift());
    },
  };
}
