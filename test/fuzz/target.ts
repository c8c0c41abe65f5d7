/** What the fuzzer asks of a target: one parser, or a few that read the same kind of input. */
import type { Random } from './random.ts';

export interface Target {
  readonly name: string;
  /** Valid inputs, mostly below 4 KiB: mutation starts from them, and none of them may be refused. */
  seeds(): readonly Buffer[];
  /** `json` inputs are mostly changed as values, so that they stay JSON. */
  readonly form?: 'bytes' | 'json';
  /** Words of the format, put in whole. */
  readonly words?: readonly string[];
  /** Bytes up to which one input in a thousand is stretched by repetition, to find what is not linear. */
  readonly largest?: number;
  /**
   * It talks, as long as it is talked to: what counts is not what all of it takes, but its longest turn of the event
   * loop, in which nobody else is heard. As most of its time is waiting, so many run beside each other.
   */
  readonly atOnce?: number;
  /** Puts right what would have every changed input refused at once, such as a checksum. */
  mend?(input: Buffer, random: Random): Buffer;
  /** Loads what a process has loaded before anybody talks to it. */
  prepare?(): Promise<unknown>;
  /** Reads one input. May throw a WaterguardError; anything else that is thrown is a failure. */
  run(input: Buffer, random: Random): void | Promise<void>;
}

/** Breaks a run where a parser returns what its contract excludes. */
export function expect(holds: boolean, what: string): void {
  if (!holds) throw new Error(`broken contract: ${what}`);
}

/** Cuts an input at random places, into chunks as a stream would bring them. */
export function chunksOf(input: Buffer, random: Random): Buffer[] {
  const chunks: Buffer[] = [];
  const most = random.pick([1, 3, 64, 512, 513, 4096, 1 << 20]) + Math.floor(input.length / 200);
  for (let at = 0; at < input.length; ) {
    const end = at + 1 + random.below(most);
    chunks.push(input.subarray(at, end));
    at = end;
  }
  return chunks;
}

/** The same as a stream. */
export async function* streamOf(chunks: readonly Buffer[]): AsyncGenerator<Buffer, void, undefined> {
  for (const chunk of chunks) yield chunk;
}
