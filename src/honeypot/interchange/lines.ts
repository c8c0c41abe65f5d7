/** Lines of a stream of any size, in bounded memory. */

/** Undefined for one that is too long to be kept. */
export type Line = string | undefined;

const lineFeed = 0x0a;

/**
 * Lines without their ends, as many at once as came together; what follows the last end is a line if there is something.
 * The mark of UTF-8 that some editors put first is no part of the first one.
 * @param longest in bytes
 */
export async function* linesOf(
  chunks: AsyncIterable<Uint8Array>,
  longest: number,
): AsyncGenerator<readonly Line[]> {
  /** Of the line that is not over. */
  let parts: Buffer[] = [];
  let length = 0;
  let isFirst = true;
  const take = (): Line => {
    const text = length > longest ? undefined : Buffer.concat(parts).toString().replace(/\r$/, '');
    const line = isFirst ? text?.replace(/^\ufeff/, '') : text;
    isFirst = false;
    parts = [];
    length = 0;
    return line;
  };
  const keep = (part: Buffer): void => {
    length += part.length;
    if (length <= longest) parts.push(part);
    else parts = [];
  };
  for await (const chunk of chunks) {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    const lines: Line[] = [];
    let start = 0;
    for (let end = bytes.indexOf(lineFeed); end >= 0; end = bytes.indexOf(lineFeed, start)) {
      keep(bytes.subarray(start, end));
      lines.push(take());
      start = end + 1;
    }
    keep(bytes.subarray(start));
    yield lines;
  }
  if (length > 0) yield [take()];
}
