/**
 * Walks over a large zip while it streams past, and tells where whole members lie, so that each part of the file can
 * be inspected by itself. Nothing is unpacked here. A zip that is stored in it, and too large to be a member, is
 * walked in its turn. What cannot be read on the way is named.
 */
import { decodeLossless } from '../../model/printable.ts';
import type { FileKind, Unseen } from '../detector.ts';
import { mostLevels } from './members.ts';
import { behindZeros } from './streams.ts';
import { type Extent, extentOf, lookahead, nextMark } from './zip-entries.ts';
import { createLedger, type Ledger } from './zip-ledger.ts';
import {
  centralMark,
  centralRecordAt,
  endMark,
  endSize,
  inZip64,
  type LocalHeader,
  localHeaderAt,
  localMark,
  locatorMark,
  locatorSize,
  wideEndMark,
  wideEndSize,
} from './zip-records.ts';

/** Members of one archive, one behind the other, in `[start, end)`. */
export interface ZipPart {
  readonly start: number;
  readonly end: number;
  /** Of zips around it, with a `!` behind each; empty for the file's own. */
  readonly outer: string;
  /** How deep its members lie; those of the file's own zip at 1. */
  readonly level: number;
}

export interface ZipWalk {
  /**
   * Walks on as far as whole members reach.
   * @param bytes of the file from `from` on, with all from where the last walk ended
   * @returns where that is in the file; nothing before it is needed again
   */
  read(bytes: Buffer, from: number): number;
  /** The parts that were passed since the last call, by places in the file. */
  take(): ZipPart[];
  /** After the last bytes. */
  unseen(): Unseen[];
}

interface Level {
  readonly outer: string;
  readonly start: number;
  readonly end: number;
  readonly ledger: Ledger;
  /** Behind the last end of its directory: the comment may be anything up to there. */
  commentEnd: number;
  /** The last Zip64 end, and what it says. */
  wide: { readonly at: number; readonly size: number; readonly offset: number } | undefined;
  /** Members whose end was looked for in vain. */
  endless: number;
  /** Records that cannot be what they seem. */
  broken: number;
}

/** Each of them takes a search through all that is there. */
const mostEndless = 4;

/** Behind so many, a zip is nothing that could be read. */
const mostBroken = 10_000;

/** Parts that one window may have: between two of them lies something else. */
const mostParts = 1000;

/** A script stands before a zip that can be run; the modules of a JDK have four bytes. */
const longestPrefix = { script: 64 * 1024, binary: 4, archive: 0 };

/** @param head at least 64 KiB @returns where a zip begins in the file; undefined for other files */
export function zipStart(head: Buffer, kind: FileKind): number | undefined {
  if (kind === 'elf' || kind === 'text') return undefined;
  const at = head.subarray(0, longestPrefix[kind] + 4).indexOf('PK\x03\x04', 0, 'latin1');
  return at < 0 ? undefined : at;
}

/**
 * @param start where the zip begins in a file of `size` bytes
 * @param most longest member; larger ones stay closed
 */
export function createZipWalk(start: number, size: number, most: number): ZipWalk {
  const levels: Level[] = [];
  const unseen: Unseen[] = [];
  const noted = new Set<string>();
  let parts: ZipPart[] = [];
  let at = start;
  /** Up to the end of the level. */
  let bytes: Buffer = none;
  let from = 0;

  enter('', 0, size);

  function enter(outer: string, begin: number, end: number): void {
    const ledger = createLedger();
    levels.push({ outer, start: begin, end, ledger, commentEnd: 0, wide: undefined, endless: 0, broken: 0 });
  }

  /** Of each kind of hole one for each archive: a hostile one has no end of them. */
  function noteOnce(level: Level, name: string, reason: Unseen['reason'], detail: string): void {
    const member = level.outer + name;
    const key = `${member}\n${reason}`;
    if (noted.has(key)) return;
    noted.add(key);
    unseen.push({ member, reason, detail });
  }

  function leave(level: Level): void {
    levels.pop();
    for (const { name, reason, detail } of level.ledger.holes())
      unseen.push({ member: level.outer + name, reason, detail });
  }

  /** @returns false where more bytes are needed */
  function step(level: Level): boolean {
    const place = at - from;
    if (at >= level.end) {
      leave(level);
      return true;
    }
    if (place + 4 > bytes.length && !isLast(level)) return false;
    const mark = place + 4 > bytes.length ? 0 : bytes.readUInt32LE(place);
    if (mark === localMark) return member(level, place);
    if (mark === centralMark) return record(level, place);
    if (mark === wideEndMark || mark === locatorMark || mark === endMark) return end(level, place, mark);
    return pass(level, place);
  }

  function member(level: Level, place: number): boolean {
    const header = localHeaderAt(bytes, place);
    if (header === undefined) return isLast(level) && strange(level, 'a member breaks off');
    // No further than that, so that it does not depend on the windows what is found.
    const extent = extentOf(bytes.subarray(0, place + most), header);
    const end = from + (extent?.end ?? bytes.length);
    const isEndless = extent === undefined && place + most <= bytes.length;
    const isLarge = extent !== undefined && end <= level.end && end - at > most - lookahead;
    if (isEndless || isLarge) return large(level, header, extent);
    if (end > level.end || (extent === undefined && isLast(level))) {
      if (header.packed === undefined) level.endless++;
      return strange(level, 'a member breaks off');
    }
    if (extent === undefined || (end + lookahead > from + bytes.length && !isLast(level))) return false;
    level.ledger.member(at - level.start, header.method, extent.dataEnd - header.start);
    addPart(level, end);
    at = end;
    return true;
  }

  /** Whether all bytes of the level are there. */
  function isLast(level: Level): boolean {
    return from + bytes.length >= level.end;
  }

  function addPart(level: Level, end: number): void {
    const { outer } = level;
    const last = parts.at(-1);
    if (last !== undefined && last.end === at && last.outer === outer)
      parts[parts.length - 1] = { ...last, end };
    else if (parts.length < mostParts) parts.push({ start: at, end, outer, level: levels.length });
    else noteOnce(level, '(rest)', 'entry-limit', 'members of the zip with too much between them');
  }

  function large(level: Level, header: LocalHeader, extent: Extent | undefined): boolean {
    const name = decodeLossless(header.name);
    const { start, method, packed } = header;
    if (start + 4 > bytes.length) return false;
    level.ledger.member(at - level.start, method, extent && extent.dataEnd - start);
    const isZip = method === 0 && packed !== undefined && bytes.readUInt32LE(start) === localMark;
    if (isZip && levels.length < mostLevels) {
      at = from + start;
      enter(`${level.outer}${name}!`, at, at + packed);
      return true;
    }
    const detail = 'more than 16 MiB, too large to be opened in a large archive';
    unseen.push({ member: level.outer + name, reason: 'size-limit', detail });
    // Where its end is not known, whatever looks like a member behind it is read as one.
    if (extent === undefined) level.endless++;
    at = extent === undefined ? at + 4 : from + extent.end;
    if (level.endless > mostEndless) return strange(level, 'members without end');
    return true;
  }

  function record(level: Level, place: number): boolean {
    const found = centralRecordAt(bytes, place);
    if (found === undefined) return isLast(level) && strange(level, 'the directory breaks off');
    const end = from + found.end;
    if (end > level.end) return strange(level, 'the directory breaks off');
    level.ledger.record(at - level.start, { ...found, end: end - level.start });
    at = end;
    return true;
  }

  function end(level: Level, place: number, mark: number): boolean {
    const size = mark === endMark ? endSize : mark === locatorMark ? locatorSize : wideEndSize;
    if (at + size > level.end) return strange(level, 'the end of the zip breaks off');
    if (place + size > bytes.length) return false;
    const wideAt = (field: number): number => Number(bytes.readBigUInt64LE(place + field));
    if (mark === wideEndMark) level.wide = { at, size: wideAt(40), offset: wideAt(48) };
    else if (mark === endMark) close(level, place);
    // It may be counted from the archive's beginning or from the file's.
    else if (![level.start, level.start + start].includes((level.wide?.at ?? -1) - wideAt(8)))
      noteOnce(level, '(directory)', 'truncated', 'the zip has two ends');
    at += size;
    return true;
  }

  function close(level: Level, place: number): void {
    const { wide } = level;
    const size = bytes.readUInt32LE(place + 12);
    const offset = bytes.readUInt32LE(place + 16);
    level.commentEnd = at + endSize + bytes.readUInt16LE(place + 20);
    if (wide === undefined || wide.at + wideEndSize + locatorSize !== at) {
      level.ledger.close(at - level.start, { size, offset });
      return;
    }
    level.ledger.close(wide.at - level.start, wide);
    // Some readers know the short record only.
    if (![inZip64, wide.size].includes(size) || ![inZip64, wide.offset].includes(offset))
      noteOnce(level, '(directory)', 'truncated', 'the zip has two directories');
  }

  /** What is no record, up to what might be one. */
  function pass(level: Level, place: number): boolean {
    let next = nextMark(bytes, place + 1);
    while (next >= 0 && !records.has(bytes.readUInt32LE(next))) next = nextMark(bytes, next + 1);
    if (next < 0) next = isLast(level) ? bytes.length : Math.max(place, bytes.length - 3);
    const isComment = level.commentEnd === level.end && level.commentEnd > 0;
    const isNothing = isComment || behindZeros(bytes.subarray(place, next), 0) === next - place;
    if (!isNothing) noteOnce(level, '(rest)', 'unsupported', `not of the zip, from byte ${at} on`);
    at = from + next;
    return next > place;
  }

  function strange(level: Level, detail: string): boolean {
    noteOnce(level, '(rest)', 'truncated', `${detail}, at byte ${at}`);
    level.broken++;
    const isLost = level.endless > mostEndless || level.broken > mostBroken;
    at = isLost ? level.end : Math.min(level.end, at + 4);
    return true;
  }

  return {
    read(all, begin) {
      from = begin;
      for (let level = levels.at(-1); level !== undefined; level = levels.at(-1)) {
        bytes = all.subarray(0, level.end - from);
        if (at > from + bytes.length || !step(level)) break;
      }
      const reached = Math.min(at, from + all.length);
      bytes = none;
      return reached;
    },
    take() {
      const taken = parts;
      parts = [];
      return taken;
    },
    unseen() {
      const [outermost] = levels;
      if (outermost !== undefined && at < size) {
        const detail = `the zip breaks off before its byte ${size}`;
        noteOnce(outermost, '(rest)', 'truncated', detail);
      }
      for (let level = levels.at(-1); level !== undefined; level = levels.at(-1)) leave(level);
      return unseen;
    },
  };
}

const records: ReadonlySet<number> = new Set([localMark, centralMark, endMark, wideEndMark, locatorMark]);

const none = Buffer.alloc(0);
