/** Tells what somebody typed into a stream, a piece at a time: when it pauses, when it is long, when it ends. */

const pauseAfter = 1500;
const longest = 16 << 10;
/** Of one stream, in bytes; what follows goes to the program and is not told of. */
const mostTold = 1 << 20;

export interface Typed {
  add(bytes: Uint8Array): void;
  end(): void;
}

export function tellTyped(tell: (bytes: Buffer) => void): Typed {
  let pieces: Buffer[] = [];
  let length = 0;
  let told = 0;
  let timer: NodeJS.Timeout | undefined;
  const flush = (): void => {
    clearTimeout(timer);
    timer = undefined;
    if (length === 0) return;
    const bytes = Buffer.concat(pieces);
    pieces = [];
    length = 0;
    tell(bytes);
  };
  return {
    add(bytes) {
      if (told >= mostTold) return;
      told += bytes.length;
      pieces.push(Buffer.from(bytes));
      length += bytes.length;
      if (length >= longest) flush();
      else timer ??= setTimeout(flush, pauseAfter).unref();
    },
    end: flush,
  };
}
