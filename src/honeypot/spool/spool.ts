/**
 * Events on disk until they are delivered: segments of lines, each line with its checksum, so that a torn or rotten one
 * is told and the next is read. The oldest comes first. Where there is no room, the least valuable go before the
 * others, wherever they are, and what went is counted.
 */
import {
  type FileHandle,
  open,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  unlink,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolder } from '../../cache-folder.js';
import { messageOf, WaterguardError } from '../../model/error.ts';
import { type Worth, worths } from '../decoy.ts';
import { checksum } from './checksum.ts';
import { createGroupCommit } from './group-commit.ts';
import { positionIn, readPosition, writePosition } from './position.ts';
import type { Dropped, EventSink, NumberedEvent } from './sink.ts';
import { tally } from './tally.ts';

export interface SpoolOptions {
  readonly folder: string;
  /** Bytes at most; the oldest of the least worth go then. */
  readonly most?: number;
  readonly segment?: number;
  /** What was given up. */
  drop(dropped: Dropped): void;
  /** Lines that cannot be read any more. */
  broken(lines: number): void;
}

export interface Spool extends EventSink {
  /** The oldest that were not taken away yet, in order; empty where all are. Called by one reader. */
  next(limits: { readonly events: number; readonly bytes: number }): Promise<readonly string[]>;
  /** Takes away what `next` gave last. */
  taken(): Promise<void>;
  /** Bytes on disk, and at most. */
  readonly size: number;
  readonly most: number;
}

const defaults = { most: 256 << 20, segment: 8 << 20 };
/** Shedding goes on until this share of the bound is left, so that it is not done again at once. */
const shedTo = 0.9;

interface Segment {
  readonly number: number;
  size: number;
  /** Lines before this byte were delivered. */
  read: number;
  /** Damaged lines before this byte were told of: what is read again counts once. */
  told: number;
  /** Classes that may be in it, so that it is not rewritten for nothing. */
  readonly holds: Set<Worth>;
}

/** @throws WaterguardError `usage` where the folder cannot be used */
export async function openSpool(options: SpoolOptions): Promise<Spool> {
  const { folder, most = defaults.most, segment: segmentSize = defaults.segment, drop, broken } = options;
  const pathOf = (number: number): string => join(folder, `${String(number).padStart(12, '0')}.spool`);
  const segments: Segment[] = [];
  let file: FileHandle | undefined;
  /** What `next` gave: where it ends. */
  let given: { readonly segment: Segment; readonly end: number } | undefined;
  /** One at a time: rewriting a segment and reading it. */
  let turn: Promise<unknown> = Promise.resolve();

  try {
    makeFolder(folder);
    await recover();
  } catch (error) {
    throw new WaterguardError('usage', `the spool ${folder} cannot be used: ${messageOf(error)}`, {
      cause: error,
    });
  }

  async function recover(): Promise<void> {
    const names = (await readdir(folder)).sort();
    const position = await readPosition(folder);
    for (const name of names) {
      const number = Number(/^(\d{12})\.spool$/.exec(name)?.[1]);
      if (name.endsWith('.new')) await unlink(join(folder, name));
      if (!Number.isInteger(number)) continue;
      const { size } = await stat(join(folder, name));
      const read = position?.segment === number ? Math.min(size, position.read) : 0;
      if (position !== undefined && number < position.segment) await unlink(join(folder, name));
      else segments.push({ number, size, read, told: 0, holds: new Set(worths) });
    }
  }

  function inTurn<T>(act: () => Promise<T>): Promise<T> {
    const next = turn.then(act, act);
    turn = next.catch(() => {});
    return next;
  }

  const size = (): number => segments.reduce((sum, one) => sum + one.size, 0);

  async function write(events: readonly NumberedEvent[]): Promise<void> {
    for (let left = events; left.length > 0; ) {
      if (await writeOnce(left)) return;
      left = await makeRoom(left);
    }
  }

  /** What is worth least goes, of what lies there and then of what comes. @returns what is left of that */
  async function makeRoom(coming: readonly NumberedEvent[]): Promise<readonly NumberedEvent[]> {
    for (const worth of worths) {
      const freed = inTurn(() => shed(worth, size() * shedTo));
      if (await freed.catch(() => false)) return coming;
      const left = coming.filter((one) => one.worth !== worth);
      if (left.length === coming.length) continue;
      for (const dropped of tally(coming.filter((one) => one.worth === worth))) drop(dropped);
      return left;
    }
    return [];
  }

  /** @returns whether there was room */
  async function writeOnce(events: readonly NumberedEvent[]): Promise<boolean> {
    const bytes = Buffer.from(events.map(lineOf).join(''));
    if (size() + bytes.length > most) return false;
    try {
      const last = await segmentToWrite();
      try {
        await last.file.appendFile(bytes);
        await last.file.datasync();
      } catch (error) {
        await last.file.truncate(last.segment.size).catch(() => {});
        throw error;
      }
      last.segment.size += bytes.length;
      for (const { worth } of events) last.segment.holds.add(worth);
      return true;
    } catch {
      return false;
    }
  }

  async function segmentToWrite(): Promise<{ readonly file: FileHandle; readonly segment: Segment }> {
    const last = segments.at(-1);
    if (file !== undefined && last !== undefined && last.size < segmentSize) return { file, segment: last };
    await seal();
    const segment = { number: (last?.number ?? 0) + 1, size: 0, read: 0, told: 0, holds: new Set<Worth>() };
    file = await open(pathOf(segment.number), 'a', 0o600);
    segments.push(segment);
    return { file, segment };
  }

  /** What comes next begins a segment. */
  async function seal(): Promise<void> {
    await file?.close();
    file = undefined;
  }

  /** The oldest first. @returns whether anything went */
  async function shed(worth: Worth, until: number): Promise<boolean> {
    const before = size();
    for (const segment of [...segments]) {
      if (size() <= until) break;
      if (!segment.holds.delete(worth)) continue;
      if (segment === segments.at(-1)) await seal();
      await rewrite(segment, worth);
    }
    return size() < before;
  }

  async function rewrite(segment: Segment, without: Worth): Promise<void> {
    const path = pathOf(segment.number);
    const lines = (await readFile(path)).subarray(segment.read).toString('latin1').split('\n');
    const kept: string[] = [];
    const gone: { seq: number; worth: Worth }[] = [];
    for (const line of lines) {
      const [, worth, seq] = line.split(' ', 3);
      if (worth === without) gone.push({ seq: Number(seq), worth: without });
      else if (line !== '') kept.push(`${line}\n`);
    }
    if (gone.length === 0) return;
    // A place that was reached in what it was would be another one in what it becomes: until that is written down there
    // is none, and what was delivered would be so again.
    await rm(positionIn(folder), { force: true });
    if (kept.length === 0 && segments.length > 1) await forget(segment);
    else {
      const bytes = Buffer.from(kept.join(''), 'latin1');
      await replace(path, bytes).catch(() => overwrite(path, bytes));
      Object.assign(segment, { size: bytes.length, read: 0, told: 0 });
      given = undefined;
      await savePosition();
    }
    for (const dropped of tally(gone)) drop(dropped);
  }

  async function forget(segment: Segment): Promise<void> {
    segments.splice(segments.indexOf(segment), 1);
    await rm(pathOf(segment.number), { force: true });
    if (given?.segment === segment) given = undefined;
  }

  async function next(limits: {
    readonly events: number;
    readonly bytes: number;
  }): Promise<readonly string[]> {
    for (;;) {
      const segment = segments[0];
      if (segment === undefined) return [];
      const { lines, end, damaged } = await readLines(pathOf(segment.number), segment, limits);
      if (damaged > 0) broken(damaged);
      segment.told = Math.max(segment.told, end);
      given = { segment, end };
      if (lines.length > 0) return lines;
      segment.read = end;
      if (segment === segments.at(-1)) return [];
      await forget(segment);
    }
  }

  async function taken(): Promise<void> {
    if (given === undefined) return;
    given.segment.read = given.end;
    given = undefined;
    await savePosition();
  }

  async function savePosition(): Promise<void> {
    const [first] = segments;
    if (first === undefined) return;
    await writePosition(folder, { segment: first.number, read: first.read });
  }

  const commits = createGroupCommit(write);
  return {
    append: commits.append,
    next: (limits) => inTurn(() => next(limits)),
    taken: () => inTurn(taken),
    get size() {
      return size();
    },
    most,
    async close() {
      await commits.idle();
      await turn;
      await file?.close();
    },
  };
}

async function replace(path: string, bytes: Buffer): Promise<void> {
  try {
    await writeFile(`${path}.new`, bytes, { mode: 0o600, flush: true });
    await rename(`${path}.new`, path);
  } catch (error) {
    await rm(`${path}.new`, { force: true });
    throw error;
  }
}

/** Where there is no room for a second copy. Cut in the middle, it has what it shall keep as it is or as it was. */
async function overwrite(path: string, bytes: Buffer): Promise<void> {
  await using file = await open(path, 'r+');
  await file.write(bytes, 0, bytes.length, 0);
  await file.truncate(bytes.length);
  await file.datasync();
}

function lineOf({ seq, worth, line }: NumberedEvent): string {
  const rest = `${worth} ${seq} ${line}`;
  return `${checksum(Buffer.from(rest))} ${rest}\n`;
}

/** A line is no longer than this, in bytes. */
const maxLine = 512 * 1024;

async function readLines(
  path: string,
  { read, size, told }: Segment,
  limits: { readonly events: number; readonly bytes: number },
): Promise<{ readonly lines: readonly string[]; readonly end: number; readonly damaged: number }> {
  const lines: string[] = [];
  let [at, damaged] = [0, 0];
  await using file = await open(path);
  const window = Buffer.alloc(Math.min(size - read, limits.bytes + maxLine));
  const { bytesRead } = await file.read(window, 0, window.length, read);
  while (lines.length < limits.events) {
    const feed = window.subarray(0, bytesRead).indexOf(10, at);
    if (feed < 0) break;
    if (lines.length > 0 && feed > limits.bytes) break;
    const rest = window.subarray(at + 9, feed);
    if (checksum(rest) === window.toString('latin1', at, at + 8)) {
      const text = rest.toString();
      lines.push(text.slice(text.indexOf(' ', text.indexOf(' ') + 1) + 1));
    } else if (read + at >= told) damaged += 1;
    at = feed + 1;
  }
  // What is torn at the end of a segment, or has no end at all, is given up.
  const isStuck = at === 0 && bytesRead > 0;
  return { lines, end: isStuck ? read + bytesRead : read + at, damaged: damaged + (isStuck ? 1 : 0) };
}
