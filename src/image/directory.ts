/**
 * Walks a directory on disk as if it were a layer: `waterguard scan dir:PATH`. Symbolic links are entries and
 * never followed, devices are never opened, and the walk crosses into other file systems (a container's root
 * is often made of several) except those that the kernel makes up: /proc and its like have no end. A name that
 * begins with `.wh.` is a file like any other here.
 *
 * System calls are synchronous, which is much faster for small files; the walk gives way to the event loop
 * every 20 ms and waits for `ready` between pieces.
 */
import {
  accessSync,
  constants,
  lstatSync,
  readdirSync,
  readlinkSync,
  type Stats,
  statfsSync,
  statSync,
} from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { messageOf, WaterguardError } from '../model/error.ts';
import { createFileReader, type FileReader, skipReasonOf } from './directory-file.ts';
import type { EntrySink, EntryType } from './entry.ts';

export interface DirectoryOptions {
  /** Resolves when the sink welcomes more. */
  readonly ready: () => Promise<void>;
  readonly signal?: AbortSignal;
  /** Default 4,000,000; what follows is left out (`entry-limit`). */
  readonly maxEntries?: number;
  /** Bytes. Larger files are not opened: entries without content, which the sink lists. Default: none is too large. */
  readonly maxFileSize?: number;
}

/**
 * Paths begin with `/` and are relative to `root`.
 * @throws WaterguardError `unreadable` where the root is no directory that can be listed; the signal's reason
 */
export async function walkDirectory(root: string, sink: EntrySink, options: DirectoryOptions): Promise<void> {
  const walk = startWalk(root, sink, options);
  for (let next = walk.pending.pop(); next !== undefined; next = walk.pending.pop()) {
    await walkOne(walk, next);
    if (walk.entries > walk.maxEntries) {
      sink.skip('/', 'entry-limit', `more than ${walk.maxEntries} entries; the rest is not read`);
      return;
    }
  }
}

interface Walk {
  /** Bytes of the root's path, without a slash at the end. */
  readonly root: Buffer;
  readonly sink: EntrySink;
  readonly files: FileReader;
  readonly maxEntries: number;
  /** Directories that are known and not listed yet. */
  readonly pending: PendingDirectory[];
  /** After each entry and piece. */
  pause(): Promise<void>;
  entries: number;
}

interface PendingDirectory {
  /** As in entries, with `/` for the root. */
  readonly path: Buffer;
  readonly device: number;
}

function startWalk(root: string, sink: EntrySink, options: DirectoryOptions): Walk {
  const { ready, signal, maxEntries = 4_000_000, maxFileSize = Number.POSITIVE_INFINITY } = options;
  let resumed = performance.now();
  const pause = async (): Promise<void> => {
    await ready();
    signal?.throwIfAborted();
    if (performance.now() - resumed < 20) return;
    await setImmediate();
    resumed = performance.now();
  };
  const bytes = Buffer.from(root.replace(/\/$/, ''));
  const device = deviceOfRoot(root);
  const pending = [{ path: slash, device }];
  const files = createFileReader(sink, pause, maxFileSize);
  return { root: bytes, sink, files, maxEntries, pending, pause, entries: 0 };
}

function deviceOfRoot(root: string): number {
  let stats: Stats;
  try {
    stats = statSync(root);
    if (stats.isDirectory()) accessSync(root, constants.R_OK | constants.X_OK);
  } catch (error) {
    throw new WaterguardError('unreadable', `cannot list ${root}: ${messageOf(error)}`, { cause: error });
  }
  if (!stats.isDirectory()) throw new WaterguardError('unreadable', `${root} is not a directory`);
  return stats.dev;
}

async function walkOne(walk: Walk, directory: PendingDirectory): Promise<void> {
  // As latin1 every byte is a character: names stay exact, at a quarter of the memory of buffers.
  const names = attempt(walk, directory.path, () => readdirSync(onDisk(walk, directory.path), 'latin1'));
  for (const name of names?.sort() ?? []) {
    if (++walk.entries > walk.maxEntries) return;
    await visit(walk, directory, join(directory.path, Buffer.from(name, 'latin1')));
    await walk.pause();
  }
}

async function visit(walk: Walk, directory: PendingDirectory, path: Buffer): Promise<void> {
  const { sink } = walk;
  const stats = attempt(walk, path, () => lstatSync(onDisk(walk, path)));
  if (stats === undefined) return;
  const type = typeOf(stats);
  const common = { path, type, mode: stats.mode & 0o7777, uid: stats.uid, gid: stats.gid, size: 0 };
  switch (type) {
    case 'file':
      await walk.files.read(onDisk(walk, path), { ...common, size: stats.size }, stats);
      return;
    case 'symlink': {
      const link = attempt(walk, path, () => readlinkSync(onDisk(walk, path), 'buffer'));
      if (link !== undefined) sink.entry({ ...common, link });
      return;
    }
    case 'directory':
      sink.entry(common);
      if (stats.dev !== directory.device && isMadeUp(walk, path)) {
        sink.skip(path, 'device', 'a file system that the kernel makes up');
      } else walk.pending.push({ path, device: stats.dev });
      return;
    default:
      sink.entry(common);
      if (type === 'device') sink.skip(path, 'device');
  }
}

function typeOf(stats: Stats): EntryType {
  if (stats.isFile()) return 'file';
  if (stats.isDirectory()) return 'directory';
  if (stats.isSymbolicLink()) return 'symlink';
  return stats.isFIFO() || stats.isSocket() ? 'fifo' : 'device';
}

/**
 * Magic numbers of Linux (include/uapi/linux/magic.h): proc, sysfs, cgroup, cgroup2, debugfs, tracefs, securityfs,
 * bpf, pstore, efivarfs, devpts, configfs, selinuxfs, binfmt_misc, mqueue.
 */
const madeUp: ReadonlySet<number> = new Set([
  0x9fa0, 0x62656572, 0x27e0eb, 0x63677270, 0x64626720, 0x74726163, 0x73636673, 0xcafe4a11, 0x6165676c,
  0xde5e81e4, 0x1cd1, 0x62656570, 0xf97cff8c, 0x42494e4d, 0x19800202,
]);

function isMadeUp(walk: Walk, path: Buffer): boolean {
  const found = attempt(walk, path, () => statfsSync(onDisk(walk, path)));
  return found !== undefined && madeUp.has(found.type >>> 0);
}

/** What a system call gives, or undefined with a skip: files vanish, and not all may be read. */
function attempt<Result>(walk: Walk, path: Buffer, call: () => Result): Result | undefined {
  try {
    return call();
  } catch (error) {
    walk.sink.skip(path, skipReasonOf(error), messageOf(error));
    return undefined;
  }
}

const slash = Buffer.from('/');

function join(directory: Buffer, name: Buffer): Buffer {
  return Buffer.concat(directory.length === 1 ? [slash, name] : [directory, slash, name]);
}

function onDisk({ root }: Walk, path: Buffer): Buffer {
  return path.length === 1 && root.length > 0 ? root : Buffer.concat([root, path]);
}
