/**
 * Frames between the scanner and its engine process, over one socket pair.
 *
 * To the engine: `id, json length, data length, place` (four u32, little endian), then the JSON, then the data unless
 * it lies at that place of the slab. Frame 0 is the start-up: `Start`, and as data `EngineRules` as `serialize` of
 * node:v8 writes them. Every other frame is a batch of files.
 * From the engine: the same, without data: for frame 0 `{}` once the worker is ready, else `FileOutcome[]`.
 */
import { deserialize } from 'node:v8';
import type { ZipPart } from '../../detect/archive/zip-walk.ts';
import type { FileRecord } from '../../detect/detector.ts';
import type { Plan } from '../../detect/plan.ts';
import type { Inspection, Want } from '../../detect/runner.ts';
import type { SecretRule } from '../../detect/secrets/rule.ts';

export const headerSize = 16;

/** The place of data that follows in the stream. */
const inline = 0xffffffff;

/** The engine's descriptor of the slab, where there is one. */
export const slabFd = 4;

/** Batches are filled up to this many bytes; a larger file or window is a batch of its own. */
export const batchSize = 2 * 1024 * 1024;

/** A batch of tiny files is full earlier: their records weigh more than their bytes. */
export const batchFiles = 512;

export interface Start {
  readonly timeoutMs: number;
}

/** What the engine looks for. */
export interface EngineRules {
  /** A `Plan`, written in the same way. */
  readonly plan: Uint8Array;
  readonly secrets: readonly SecretRule[];
}

/** What the data of frame 0 say. */
export function readRules(data: Uint8Array): {
  readonly plan: Plan;
  readonly secrets: readonly SecretRule[];
} {
  const { plan, secrets } = deserialize(data) as EngineRules;
  return { plan: deserialize(plan) as Plan, secrets };
}

/** One file, or one window of a large one, in a batch: its bytes are `data[start, start + length)`. */
export interface BatchFile extends FileRecord {
  /** Of the window in the file. */
  readonly offset: number;
  readonly start: number;
  readonly length: number;
  readonly want: Want;
  /** Members of a large zip, by places in the window. */
  readonly parts?: readonly ZipPart[];
}

/** `null` stands for an inspection that found nothing, which is most of them. */
export type FileOutcome = Inspection | null;

/** @param at where the data lies in the slab; it follows the frame where that is not given */
export function frame(id: number, json: string, dataLength: number, at = inline): Buffer {
  const body = Buffer.byteLength(json);
  const head = Buffer.allocUnsafe(headerSize + body);
  head.writeUInt32LE(id, 0);
  head.writeUInt32LE(body, 4);
  head.writeUInt32LE(dataLength, 8);
  head.writeUInt32LE(at, 12);
  head.write(json, headerSize);
  return head;
}

/** Puts frames together. Whoever reads from the socket reads straight into `space()`, so nothing is copied twice. */
export interface FrameReader {
  /** Where the next bytes belong; never empty. */
  space(): Buffer;
  /** Says that so many bytes of `space()` were filled. */
  filled(count: number): void;
  /** For bytes that lie elsewhere already. */
  push(chunk: Uint8Array): void;
}

/** A whole frame. Its data are the first `length` bytes of `data`, or lie at `at` in the slab. */
export interface Frame {
  readonly id: number;
  readonly json: string;
  readonly length: number;
  readonly data?: ArrayBuffer;
  readonly at?: number;
}

/**
 * @param done called for each whole frame, in order; `data` belongs to the callee
 * @param allocate gives a buffer of at least that size
 */
export function createFrameReader(
  done: (frame: Frame) => void,
  allocate: (size: number) => ArrayBuffer = (size) => new ArrayBuffer(size),
): FrameReader {
  const head = Buffer.allocUnsafeSlow(headerSize);
  const stages: [head: Buffer, json: Buffer, data: Buffer] = [head, none, none];
  let stage = 0;
  let at = 0;

  const isInline = (): boolean => head.readUInt32LE(12) === inline;
  const current = (): Buffer => stages[stage] ?? none;

  /** Goes on to the next stage that has bytes to come, and ends the frame behind the last one. */
  function advance(): void {
    while (at === current().length) {
      at = 0;
      stage++;
      if (stage === 1) {
        const length = isInline() ? head.readUInt32LE(8) : 0;
        stages[1] = Buffer.allocUnsafeSlow(head.readUInt32LE(4));
        stages[2] = isInline() ? Buffer.from(allocate(length), 0, length) : none;
      }
      if (stage < stages.length) continue;
      stage = 0;
      const whole = { id: head.readUInt32LE(0), json: stages[1].toString(), length: head.readUInt32LE(8) };
      done({
        ...whole,
        ...(isInline() ? { data: stages[2].buffer as ArrayBuffer } : { at: head.readUInt32LE(12) }),
      });
      return;
    }
  }

  function filled(count: number): void {
    at += count;
    advance();
  }

  return {
    space: () => current().subarray(at),
    filled,
    push(chunk) {
      for (let from = 0; from < chunk.length; ) {
        const count = Math.min(current().length - at, chunk.length - from);
        current().set(chunk.subarray(from, from + count), at);
        from += count;
        filled(count);
      }
    },
  };
}

const none = Buffer.alloc(0);
