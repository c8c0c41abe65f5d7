/** Takes in events of files, batch by batch; files may be larger than memory, and come again. */
import { createReadStream } from 'node:fs';
import { pipeline, Readable } from 'node:stream';
import { setTimeout } from 'node:timers/promises';
import { createGunzip } from 'node:zlib';
import { Postponed } from '../honeypot/delivery/delivery.ts';
import { postEvents } from '../honeypot/delivery/post.ts';
import { createImporter, formatOf, type ImportedLine } from '../honeypot/interchange/import.ts';
import { linesOf } from '../honeypot/interchange/lines.ts';
import { openLocations } from '../location/locations.ts';
import { messageOf, WaterguardError } from '../model/error.ts';
import { printable } from '../model/printable.ts';
import { recordLines } from '../store/delivery.ts';
import { placeInTime } from '../store/event-partitions.ts';
import { openStore } from '../store/open.ts';
import { type Server, serverOf } from './deliver.ts';
import type { ImportFlags } from './events.ts';
import { exit } from './exit.ts';
import { writeResult } from './output.ts';
import { stopOnSignals } from './signals.ts';

/** Of a batch, as servers take it; and of one line. */
const most = { lines: 500, bytes: 1024 * 1024, line: 512 * 1024 } as const;

/** More would not be read. */
const mostProblems = 20;

/** What became of lines. */
interface Delivered {
  readonly accepted: number;
  readonly duplicates: number;
  readonly rejected: number;
}

type Deliver = (lines: readonly string[]) => Promise<Delivered>;

export async function importEvents(files: readonly string[], flags: ImportFlags): Promise<number> {
  const server = serverOf(flags);
  await using resources = new AsyncDisposableStack();
  const stop = stopOnSignals();
  resources.defer(() => stop.release());
  const deliver =
    server === undefined
      ? await storeOf(flags, resources)
      : (lines: readonly string[]) => post(server, lines);
  const work = createWork(deliver, flags);
  for (const file of files) {
    if (stop.signal.aborted) break;
    await work.take(file, stop.signal);
  }
  await work.end();
  if (stop.signal.aborted) process.stderr.write('waterguard: interrupted; the same command goes on\n');
  return work.code(stop.signal.aborted);
}

async function storeOf(flags: ImportFlags, resources: AsyncDisposableStack): Promise<Deliver> {
  const locating = openLocations();
  locating.catch(() => {});
  const store = await openStore({ env: process.env, data: flags.data, command: 'events import' });
  resources.defer(() => store.close());
  const { of: locate } = await locating;
  return async (lines) => {
    const { accepted, duplicates, rejected } = await recordLines(store.db, lines, { locate });
    return { accepted, duplicates, rejected: rejected.length };
  };
}

/** Tries, the milliseconds before the second, and the most that is waited for one. */
const tries = 6;
const pause = 1000;
const longestPause = 60_000;

/** @throws WaterguardError where the server does not take it */
async function post(server: Server, lines: readonly string[]): Promise<Delivered> {
  for (let tried = 1; ; tried++) {
    try {
      return await postEvents(server, lines, AbortSignal.timeout(120_000));
    } catch (error) {
      if (!(error instanceof Postponed)) throw error;
      if (tried === tries || error.after > longestPause)
        throw new WaterguardError('network', error.message, { cause: error });
      await setTimeout(Math.max(error.after, pause * 2 ** (tried - 1)));
    }
  }
}

interface Work {
  /** All of a file, or `-`; one that cannot be read is told of. */
  take(file: string, signal: AbortSignal): Promise<void>;
  /** Delivers the rest, and tells what there was. */
  end(): Promise<void>;
  code(isInterrupted: boolean): number;
}

function createWork(deliver: Deliver, { format, sensor, quiet }: ImportFlags): Work {
  const sum = { accepted: 0, duplicates: 0, passedOver: 0, bad: 0, unreadable: 0, moved: 0 };
  let batch: string[] = [];
  let bytes = 0;

  async function flush(): Promise<void> {
    if (batch.length === 0) return;
    const { accepted, duplicates, rejected } = await deliver(batch);
    sum.accepted += accepted;
    sum.duplicates += duplicates;
    sum.bad += rejected;
    batch = [];
    bytes = 0;
  }

  async function add(line: string, at: number): Promise<void> {
    const length = Buffer.byteLength(line) + 1;
    if (batch.length === most.lines || bytes + length > most.bytes) await flush();
    batch.push(line);
    bytes += length;
    if (placeInTime(at, Date.now()) !== at) sum.moved += 1;
  }

  function tell(message: string): void {
    if (!quiet) process.stderr.write(`waterguard: ${message}\n`);
  }

  function problem(where: string, why: string): void {
    if (sum.bad + sum.unreadable <= mostProblems) tell(`${printable(where, 300)}: ${printable(why, 300)}`);
  }

  /** Undefined while no line told whose it is. */
  function importerOf(line: string | undefined): ((line: string) => ImportedLine) | undefined {
    const whose = format ?? (line === undefined ? undefined : formatOf(line));
    return whose && createImporter(whose, sensor);
  }

  return {
    async take(file, signal) {
      let importLine: ((line: string) => ImportedLine) | undefined;
      let number = 0;
      const stream = file === '-' ? process.stdin : createReadStream(file);
      try {
        for await (const lines of readable(linesOf(unpacked(stream), most.line), signal)) {
          for (const line of lines) {
            number += 1;
            if (line?.trim() === '') continue;
            importLine ??= importerOf(line);
            const one = read(line, importLine);
            if ('line' in one) await add(one.line, one.at);
            else if ('passedOver' in one) sum.passedOver += 1;
            else {
              sum.bad += 1;
              problem(`${file}:${number}`, one.reason);
            }
          }
        }
      } catch (error) {
        if (error === signal.reason) {
          stream.destroy();
          return;
        }
        if (!(error instanceof Unreadable)) throw error;
        sum.unreadable += 1;
        problem(file, error.message);
      }
    },
    async end() {
      await flush();
      const { accepted, duplicates, passedOver, bad, unreadable, moved } = sum;
      const untold = bad + unreadable - mostProblems;
      if (untold > 0) tell(`and ${untold} more`);
      if (moved > 0)
        tell(`events older than a quarter of a year, listed by the time of this import: ${moved}`);
      const parts = [
        `events: ${accepted} new, ${duplicates} here before`,
        ...(passedOver > 0 ? [`lines of no visitor: ${passedOver}`] : []),
        ...(bad > 0 ? [`bad lines: ${bad}`] : []),
        ...(unreadable > 0 ? [`unreadable files: ${unreadable}`] : []),
      ];
      await writeResult(`${parts.join('; ')}\n`, undefined);
    },
    code(isInterrupted) {
      const { accepted, duplicates, passedOver, bad, unreadable } = sum;
      if (isInterrupted) return exit.hole;
      if (bad + unreadable === 0) return exit.done;
      return accepted + duplicates + passedOver === 0 ? exit.usage : exit.hole;
    },
  };
}

function read(
  line: string | undefined,
  importLine: ((line: string) => ImportedLine) | undefined,
): ImportedLine {
  if (line === undefined) return { reason: `longer than ${most.line} bytes` };
  return importLine?.(line) ?? { reason: 'neither an event of Cowrie nor of Waterguard' };
}

/** Of a file, not of what is done with its lines. */
class Unreadable extends Error {}

/** @throws what the signal says, also while a pipe or a terminal gives nothing */
async function* readable<Part>(parts: AsyncIterable<Part>, signal: AbortSignal): AsyncGenerator<Part> {
  const iterator = parts[Symbol.asyncIterator]();
  const aborted = Promise.withResolvers<never>();
  aborted.promise.catch(() => {});
  const abort = (): void => aborted.reject(signal.reason);
  signal.addEventListener('abort', abort);
  try {
    for (;;) {
      const coming = iterator.next().catch((error: unknown) => {
        throw new Unreadable(messageOf(error));
      });
      signal.throwIfAborted();
      const next = await Promise.race([coming, aborted.promise]);
      if (next.done === true) return;
      yield next.value;
    }
  } finally {
    signal.removeEventListener('abort', abort);
    // Of what gives nothing, not even an end comes.
    const over = iterator.return?.(undefined);
    if (!signal.aborted) await over;
  }
}

/** As it is, or what gzip made of it. */
async function* unpacked(stream: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const chunks = stream[Symbol.asyncIterator]();
  const first = await chunks.next();
  if (first.done === true) return;
  const all = (async function* () {
    yield first.value;
    yield* { [Symbol.asyncIterator]: () => chunks };
  })();
  const isPacked = first.value[0] === 0x1f && first.value[1] === 0x8b;
  if (isPacked) yield* pipeline(Readable.from(all), createGunzip(), () => {});
  else yield* all;
}
