/**
 * Turns a parser written as a generator into one that is pushed chunks. The parser says what it needs
 * (`yield* exactly(512)`), so that it reads from top to bottom, although chunks end anywhere. What lies whole
 * in one chunk is handed on without a copy.
 */

/** A parser that asks for bytes and is resumed with them; with fewer than it asked for, the input has ended. */
export type Reading<Result> = Generator<Demand, Result, Buffer>;

/** `whole`: these bytes in one piece; else at least one of them, as they come. */
export interface Demand {
  readonly bytes: number;
  readonly whole: boolean;
}

export interface PushParser {
  push(chunk: Buffer): void;
  /** The input has ended. May be called once, after the last `push`. */
  finish(): void;
}

export function createPushParser(reading: Reading<void>): PushParser {
  let step = reading.next();
  /** The beginning of a demanded piece that goes on in the next chunk. */
  let held = Buffer.alloc(0);
  let heldBytes = 0;

  function resume(piece: Buffer): void {
    heldBytes = 0;
    step = reading.next(piece);
  }

  /** @returns how many bytes it took from `chunk` at `at` */
  function feed(chunk: Buffer, at: number, { bytes, whole }: Demand): number {
    const there = chunk.length - at;
    if (heldBytes === 0 && (there >= bytes || !whole)) {
      const count = Math.min(bytes, there);
      resume(chunk.subarray(at, at + count));
      return count;
    }
    if (heldBytes === 0) held = Buffer.allocUnsafeSlow(bytes);
    const count = chunk.copy(held, heldBytes, at, at + Math.min(bytes - heldBytes, there));
    heldBytes += count;
    if (heldBytes === bytes) resume(held);
    return count;
  }

  return {
    push(chunk) {
      let at = 0;
      while (at < chunk.length && step.done !== true) at += feed(chunk, at, step.value);
    },
    finish() {
      if (step.done !== true) resume(held.subarray(0, heldBytes));
      while (step.done !== true) resume(held.subarray(0, 0));
    },
  };
}

/** `bytes` bytes in one piece: keep the number small, it is reserved on the archive's word. */
export function* exactly(bytes: number): Reading<Buffer> {
  return yield { bytes, whole: true };
}

/** Between one and `bytes` bytes, none at the end of the input. */
export function* upTo(bytes: number): Reading<Buffer> {
  return yield { bytes, whole: false };
}
