/** Takes a body off a connection: counts all of it, keeps its beginning, and tells where it ends. */
import type { Framing } from './request.ts';

export interface Body {
  /** The beginning, as much as is kept. */
  readonly bytes: Buffer;
  /** All that came. */
  readonly length: number;
}

export interface BodyReader {
  /**
   * @returns how many of the bytes belong to the body; fewer than there are where it ends in between
   * @throws RangeError where chunks are malformed
   */
  take(chunk: Buffer): number;
  readonly isWhole: boolean;
  body(): Body;
}

/** The connection ended where more of a request was to come; known by its code, as what Node's streams throw then. */
export class VisitorGone extends Error {
  readonly code = 'ERR_STREAM_PREMATURE_CLOSE';

  constructor(where: string) {
    super(`the visitor ended ${where}`);
  }
}

/** A line that announces a chunk is no longer, in bytes. */
const maxChunkLine = 256;

/** @param keep so many bytes at most */
export function readBody(framing: Framing, keep: number): BodyReader {
  const kept: Buffer[] = [];
  let keptLength = 0;
  let length = 0;
  let isWhole = framing.kind === 'length' && framing.length === 0;

  function add(bytes: Buffer): void {
    length += bytes.length;
    const rest = bytes.subarray(0, Math.max(0, keep - keptLength));
    if (rest.length === 0) return;
    kept.push(Buffer.from(rest));
    keptLength += rest.length;
  }

  function takeLength(chunk: Buffer, all: number): number {
    const part = chunk.subarray(0, all - length);
    add(part);
    isWhole = length >= all;
    return part.length;
  }

  /** Bytes of the chunk that are still to come; -1 while its line is read, -2 for the line feed behind it. */
  let left = -1;
  let line = '';
  let isTrailer = false;

  function takeChunked(chunk: Buffer): number {
    let at = 0;
    while (at < chunk.length && !isWhole) {
      if (left > 0) {
        const part = chunk.subarray(at, at + left);
        add(part);
        at += part.length;
        left -= part.length;
        if (left === 0) left = -2;
        continue;
      }
      const feed = chunk.indexOf(10, at);
      line += chunk.toString('latin1', at, feed < 0 ? chunk.length : feed);
      if (line.length > maxChunkLine) throw new RangeError('a chunk line is too long');
      if (feed < 0) return chunk.length;
      at = feed + 1;
      endLine(line.replace(/\r$/, ''));
      line = '';
    }
    return at;
  }

  function endLine(text: string): void {
    if (left === -2) {
      if (text !== '') throw new RangeError('a chunk is longer than it said');
      left = -1;
    } else if (isTrailer) {
      isWhole = text === '';
    } else {
      const size = /^([0-9a-fA-F]{1,8})[ \t]*(?:;.*)?$/.exec(text)?.[1];
      if (size === undefined) throw new RangeError('a chunk has no length');
      left = Number.parseInt(size, 16);
      if (left === 0) isTrailer = true;
    }
  }

  return {
    take: (chunk) => (framing.kind === 'length' ? takeLength(chunk, framing.length) : takeChunked(chunk)),
    get isWhole() {
      return isWhole;
    },
    body: () => ({ bytes: Buffer.concat(kept), length }),
  };
}
