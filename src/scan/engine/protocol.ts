/**
 * Frames between the scanner and its engine process, over one socket pair.
 *
 * To the engine: `id, json length, data length` (three u32, little endian), then the JSON, then the data. Frame 0
 * is the start-up: `Start` and the compiled rules behind each other. Every other frame is a batch of files.
 * From the engine: the same, without data: for frame 0 `{}` once all workers are ready, else `FileOutcome[]`.
 */
import type { FileKind } from '../../detect/detector.ts';
import type { RuleText } from '../../detect/rule-engine.ts';
import type { Inspection, Want } from '../../detect/runner.ts';

export const headerSize = 12;

/** Batches are filled up to this many bytes; a larger file or window is a batch of its own. */
export const batchSize = 4 * 1024 * 1024;

export interface Start {
  readonly workers: number;
  readonly timeoutMs: number;
  /** Rule files that a user brings for other detectors than YARA. */
  readonly brought: readonly RuleText[];
  readonly content: readonly { readonly kinds: readonly FileKind[]; readonly size: number }[];
  /** Size of the rules that look at names, 0 for none. */
  readonly path: number;
}

/** One file, or one window of a large one, in a batch: its bytes are `data[start, start + length)`. */
export interface BatchFile {
  readonly path: string;
  readonly size: number;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly kind: FileKind;
  /** Of the window in the file. */
  readonly offset: number;
  readonly start: number;
  readonly length: number;
  readonly want: Want;
}

/** `null` stands for an inspection that found nothing, which is most of them. */
export type FileOutcome = Inspection | null;

export function frame(id: number, json: string, dataLength: number): Buffer {
  const body = Buffer.byteLength(json);
  const head = Buffer.allocUnsafe(headerSize + body);
  head.writeUInt32LE(id, 0);
  head.writeUInt32LE(body, 4);
  head.writeUInt32LE(dataLength, 8);
  head.write(json, headerSize);
  return head;
}

/**
 * Puts frames together from chunks of any size.
 * @param done called for each whole frame, in order; `data` holds `length` bytes and belongs to the callee
 * @param allocate gives a buffer of at least that size
 */
export function createFrameReader(
  done: (id: number, json: string, data: ArrayBuffer, length: number) => void,
  allocate: (size: number) => ArrayBuffer = (size) => new ArrayBuffer(size),
): (chunk: Uint8Array) => void {
  const head = Buffer.allocUnsafe(headerSize);
  let json = Buffer.alloc(0);
  let data = Buffer.alloc(0);
  let at = 0;
  return (chunk) => {
    let from = 0;
    const take = (into: Buffer, start: number): void => {
      const count = Math.min(into.length - (at - start), chunk.length - from);
      if (count <= 0) return;
      into.set(chunk.subarray(from, from + count), at - start);
      at += count;
      from += count;
    };
    while (from < chunk.length) {
      if (at < headerSize) {
        take(head, 0);
        if (at < headerSize) return;
        json = Buffer.allocUnsafeSlow(head.readUInt32LE(4));
        const length = head.readUInt32LE(8);
        data = Buffer.from(allocate(length), 0, length);
      }
      take(json, headerSize);
      take(data, headerSize + json.length);
      if (at === headerSize + json.length + data.length) {
        at = 0;
        done(head.readUInt32LE(0), json.toString(), data.buffer, data.length);
      }
    }
  };
}
