/** A blob's chunks as something to take bytes from: a few for a header, or whatever comes for an engine. */

export interface Input {
  /** Bytes taken so far. */
  readonly taken: number;
  /** What the source threw. To the reader it looks like the end of the input. */
  readonly failure: unknown;
  /** The next bytes as they come, at least one; undefined at the end. */
  read(): Promise<Buffer | undefined>;
  /** Gives back the end of what was read last. */
  unread(rest: Buffer): void;
  /** The next `count` bytes without taking them; fewer at the end. */
  peek(count: number): Promise<Buffer>;
  take(count: number): Promise<Buffer>;
  /** @returns false where the input ends before that */
  skip(count: number): Promise<boolean>;
  /** Takes everything up to and with the first such byte. */
  skipPast(byte: number): Promise<boolean>;
  /** Lets the source go; does not wait for it. */
  close(): void;
}

export function createInput(source: AsyncIterable<Uint8Array>): Input {
  const iterator = source[Symbol.asyncIterator]();
  let waiting = none;
  let taken = 0;
  let ended = false;
  let failure: unknown;

  async function next(): Promise<Buffer | undefined> {
    while (!ended) {
      try {
        const step = await iterator.next();
        if (step.done === true) ended = true;
        else if (step.value.length > 0) return asBuffer(step.value);
      } catch (error) {
        failure = error;
        ended = true;
      }
    }
    return undefined;
  }

  async function read(): Promise<Buffer | undefined> {
    const chunk = waiting.length > 0 ? waiting : await next();
    waiting = none;
    taken += chunk?.length ?? 0;
    return chunk;
  }

  function unread(rest: Buffer): void {
    taken -= rest.length;
    waiting = waiting.length === 0 ? rest : Buffer.concat([rest, waiting]);
  }

  async function peek(count: number): Promise<Buffer> {
    while (waiting.length < count) {
      const more = await next();
      if (more === undefined) break;
      waiting = waiting.length === 0 ? more : Buffer.concat([waiting, more]);
    }
    return waiting.subarray(0, count);
  }

  async function take(count: number): Promise<Buffer> {
    const bytes = await peek(count);
    waiting = waiting.subarray(bytes.length);
    taken += bytes.length;
    return bytes;
  }

  async function skip(count: number): Promise<boolean> {
    let left = count;
    while (left > 0) {
      const chunk = await read();
      if (chunk === undefined) return false;
      if (chunk.length > left) unread(chunk.subarray(left));
      left -= Math.min(left, chunk.length);
    }
    return true;
  }

  async function skipPast(byte: number): Promise<boolean> {
    for (;;) {
      const chunk = await read();
      if (chunk === undefined) return false;
      const at = chunk.indexOf(byte);
      if (at < 0) continue;
      if (at + 1 < chunk.length) unread(chunk.subarray(at + 1));
      return true;
    }
  }

  function close(): void {
    if (ended) return;
    ended = true;
    Promise.resolve(iterator.return?.()).catch(() => {});
  }

  return {
    get taken() {
      return taken;
    },
    get failure() {
      return failure;
    },
    read,
    unread,
    peek,
    take,
    skip,
    skipPast,
    close,
  };
}

const none: Buffer = Buffer.alloc(0);

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
