/** `list:FILE`: targets as `scan` takes them, one a line; blank lines and lines that begin with `#` are left out. */
import { createReadStream } from 'node:fs';
import { asUnreadable, kindOfPath } from '../../image/local/members.ts';
import { splitPath } from '../../image/local/path-and-name.ts';
import { parseReference } from '../../image/reference.ts';
import type { RegistryLimits } from '../../image/registry/limits.ts';
import { openTarget, parseTarget, type Target } from '../../image/target.ts';
import { readAll } from '../../image/verify.ts';
import { WaterguardError } from '../../model/error.ts';
import { printable } from '../../model/printable.ts';
import { ahead } from './ahead.ts';
import { openPace } from './pace.ts';
import { asProblem } from './problem.ts';
import { openSession, type RegistrySession } from './registry-session.ts';
import type { ListedImage, ListOptions } from './source.ts';

/**
 * A bad line is a problem that names its number. Registries are asked side by side, each at its own pace.
 * @throws WaterguardError `unreadable` for the file, `limit` past 64 MiB
 */
export async function* listFile(
  file: string,
  options: ListOptions,
  limits?: RegistryLimits,
): AsyncGenerator<ListedImage> {
  const content = await readList(file, options.signal);
  using sessions = openSessions(options, limits);
  const archives = openPace(2);
  const images = ahead(linesOf(content), 4 * options.concurrency, async ({ number, line }) => {
    try {
      const target = parseLine(line);
      if (target.kind === 'registry') return await imageInRegistry(sessions.of, target.rest);
      return await archives.run(() => localImage(line.toString(), target, options));
    } catch (error) {
      options.signal?.throwIfAborted();
      if (!sessions.isGone(error)) options.problem(asProblem(`${printable(file, 300)}:${number}`, error));
      return undefined;
    }
  });
  for await (const image of images) if (image) yield image;
  for (const error of sessions.gone()) options.problem(asProblem(printable(file, 300), error));
}

/** Bytes; some million lines. */
const fileLimit = 64 * 1024 * 1024;
/** Bytes. The longest reference has 1,024, the longest path of Linux 4,096. */
const lineLimit = 8192;

async function readList(file: string, signal: AbortSignal | undefined): Promise<Buffer> {
  const shown = printable(file, 300);
  const kind = await kindOfPath(file);
  if (kind !== 'file') {
    const what = kind === undefined ? 'There is no file' : 'This is not a file:';
    throw new WaterguardError('unreadable', `${what} ${shown}. Give a text file with a target on each line.`);
  }
  try {
    return await readAll(createReadStream(file, signal && { signal }), fileLimit, `The list ${shown}`);
  } catch (error) {
    signal?.throwIfAborted();
    throw asUnreadable(error, `The list ${shown}`);
  }
}

interface Line {
  /** From 1. */
  readonly number: number;
  /** Without the white space around it. */
  readonly line: Buffer;
}

async function* linesOf(content: Buffer): AsyncGenerator<Line> {
  const start = content.subarray(0, 3).equals(byteOrderMark) ? 3 : 0;
  let number = 0;
  for (let at = start; at < content.length; ) {
    const end = content.indexOf(0x0a, at);
    const line = trimmed(content.subarray(at, end < 0 ? content.length : end));
    number += 1;
    if (line.length > 0 && line[0] !== hash) yield { number, line };
    at = end < 0 ? content.length : end + 1;
  }
}

const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf]);
const hash = 0x23;

function trimmed(line: Buffer): Buffer {
  let [from, to] = [0, line.length];
  while (from < to && isSpace(line[from])) from += 1;
  while (to > from && isSpace(line[to - 1])) to -= 1;
  return line.subarray(from, to);
}

function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x09 || byte === 0x0d;
}

/** @throws WaterguardError `limit`, `usage` */
function parseLine(line: Buffer): Target {
  if (line.length > lineLimit) {
    throw new WaterguardError(
      'limit',
      `the line has ${line.length} bytes and more than ${lineLimit} are not read`,
    );
  }
  const target = parseTarget(line.toString());
  if (target.kind !== 'dir') return target;
  throw new WaterguardError('usage', 'a directory is no image; scan it with waterguard scan dir:PATH');
}

function imageInRegistry(
  session: (registry: string) => RegistrySession,
  text: string,
): Promise<ListedImage | undefined> {
  const reference = parseReference(text);
  return session(reference.registry).image(reference);
}

/** What lies here is opened: an archive tells its digest in no other way. */
async function localImage(text: string, { kind, rest }: Target, options: ListOptions): Promise<ListedImage> {
  const image = await openTarget(text, options);
  try {
    if (image.kind !== 'image')
      throw new WaterguardError('unreadable', `${printable(text, 300)} is no image`);
    const path = kind === 'docker' ? rest : (await splitPath(rest)).path;
    const { reference, digest } = image;
    return { reference, repository: `${kind}:${printable(path)}`, digest, target: text };
  } finally {
    await image.close();
  }
}

/** One session for each registry that the list names. */
function openSessions(options: ListOptions, limits: RegistryLimits | undefined) {
  const opened = new Map<string, RegistrySession>();
  return {
    of(registry: string): RegistrySession {
      const session = opened.get(registry) ?? openSession(registry, options, limits);
      opened.set(registry, session);
      return session;
    },
    /** True for the lines that were not tried, because their registry was given up. */
    isGone: (error: unknown) =>
      [...opened.values()].some((one) => one.gone !== undefined && one.gone === error),
    gone: () => [...opened.values()].flatMap((one) => one.gone ?? []),
    [Symbol.dispose]() {
      for (const session of opened.values()) session[Symbol.dispose]();
    },
  };
}
