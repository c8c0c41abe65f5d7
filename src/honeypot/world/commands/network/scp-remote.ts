/**
 * The far end of a copy by scp's own protocol (`scp -t` takes, `scp -f` gives; scp.c of OpenSSH 9.2): what `scp -O`,
 * dropbear's scp and most libraries speak, where newer ones speak SFTP. What is taken lies in the world's files, as far
 * as it came.
 */
import { createBeginning } from '../../../beginning.ts';
import type { Run } from '../../program.ts';
import { now } from '../../world.ts';
import { bytes, latin, reasonOf } from '../tool.ts';
import { ended, isNameInFolder, Over, readRecord, type ScpEntry, ScpLine } from './scp-line.ts';

/** Bytes of a file that are kept; the rest is taken and let go. */
const mostKept = 8 << 20;
/** Records of one copy, as each may make a folder. */
const mostRecords = 5000;
const umask = 0o022;

export interface ScpFlags {
  readonly recursive: boolean;
  readonly keepsTimes: boolean;
  readonly needsFolder: boolean;
}

/** @returns whether these arguments are those of the far end, and what it is to do */
export function remoteScp(
  args: readonly string[],
): { readonly takes: boolean; readonly flags: ScpFlags; readonly paths: readonly string[] } | undefined {
  let letters = '';
  let at = 0;
  for (; args[at]?.startsWith('-') === true && args[at] !== '-'; at += 1) {
    if (args[at] === '--') {
      at += 1;
      break;
    }
    letters += args[at]!.slice(1);
    // Those with a value of their own.
    if (/[DFJMPScilXo]$/.test(args[at]!)) at += 1;
  }
  const takes = letters.includes('t');
  if (!takes && !letters.includes('f')) return undefined;
  const flags = {
    recursive: letters.includes('r'),
    keepsTimes: letters.includes('p'),
    needsFolder: letters.includes('d'),
  };
  return { takes, flags, paths: args.slice(at) };
}

/** @returns its exit code */
export async function takeByScp(run: Run, flags: ScpFlags, paths: readonly string[]): Promise<number> {
  if (paths.length !== 1) {
    await new ScpLine(run).complain('ambiguous target');
    return 1;
  }
  return new Sink(run, flags).serve(paths[0]!);
}

/** @returns its exit code */
export async function giveByScp(run: Run, flags: ScpFlags, paths: readonly string[]): Promise<number> {
  return new Source(run, flags).serve(paths);
}

class Sink {
  private readonly run: Run;
  private readonly flags: ScpFlags;
  private readonly line: ScpLine;
  private records = 0;

  constructor(run: Run, flags: ScpFlags) {
    this.run = run;
    this.flags = flags;
    this.line = new ScpLine(run);
  }

  serve(target: string): Promise<number> {
    return ended(this.line, async () => {
      if (this.flags.needsFolder && !this.isFolder(target)) {
        await this.line.complain(
          `${target}: ${this.run.files.exists(target) ? 'Not a directory' : 'No such file or directory'}`,
        );
        throw new Over();
      }
      await this.take(target);
    });
  }

  private isFolder(path: string): boolean {
    return this.run.files.exists(path) && this.run.files.stat(path).kind === 'directory';
  }

  /** Until the other end leaves the folder, or ends. */
  private async take(target: string): Promise<void> {
    const isFolder = this.isFolder(target);
    let mtime: number | undefined;
    await this.line.agree();
    for (let isFirst = true; ; isFirst = false) {
      const record = await this.line.record();
      this.records += 1;
      if (record === undefined || this.records > mostRecords) return;
      const said = readRecord(record);
      switch (said.kind) {
        case 'malformed':
          return this.line.screwUp(said.why);
        case 'complaint':
          this.line.errors += 1;
          if (said.isFatal) throw new Over();
          break;
        case 'end':
          return this.line.agree();
        case 'times':
          mtime = said.mtime;
          await this.line.agree();
          break;
        case 'none':
          if (!isFirst) await this.line.screwUp('expected control record');
          await this.line.complain(record);
          throw new Over();
        case 'file':
        case 'folder':
          await this.takeOne(said, target, isFolder, mtime);
          mtime = undefined;
      }
    }
  }

  private async takeOne(
    { kind, mode, size, name }: ScpEntry,
    target: string,
    isFolder: boolean,
    mtime: number | undefined,
  ): Promise<void> {
    if (!isNameInFolder(name)) {
      await this.line.complain(`error: unexpected filename: ${name}`);
      throw new Over();
    }
    const called = Buffer.from(name, 'latin1').toString('utf8');
    const path = isFolder ? `${target === '/' ? '' : target.replace(/\/+$/, '')}/${called}` : target;
    if (kind === 'folder') return this.takeFolder(path, mode, mtime);
    return this.takeFile(path, mode, size, mtime);
  }

  private async takeFolder(path: string, mode: number, mtime: number | undefined): Promise<void> {
    if (!this.flags.recursive) await this.line.screwUp('received directory without -r');
    const { files, world } = this.run;
    try {
      if (!files.exists(path)) files.mkdir(path, { mode: (mode | 0o700) & ~umask, now: now(world) });
      else if (!this.isFolder(path)) return this.line.complain(`${path}: Not a directory`);
    } catch (error) {
      return this.line.complain(`${path}: ${reasonOf(error)}`);
    }
    await this.take(path);
    this.date(path, mtime);
  }

  private async takeFile(path: string, mode: number, size: number, mtime: number | undefined): Promise<void> {
    const { files, world } = this.run;
    const isNew = !files.exists(path);
    try {
      files.write(path, new Uint8Array(), { mode: (mode | 0o200) & ~umask, now: now(world) });
    } catch (error) {
      return this.line.complain(`${path}: ${reasonOf(error)}`);
    }
    await this.line.agree();
    const kept = createBeginning(mostKept);
    let left = size;
    let isLost = false;
    while (left > 0 && !isLost) {
      const some = await this.line.read(left);
      isLost = some === undefined;
      if (some === undefined) continue;
      left -= some.length;
      kept.add(some);
      await this.run.work(1);
    }
    let problem: string | undefined;
    try {
      files.write(path, kept.bytes(), { now: now(world) });
      if (isNew || this.flags.keepsTimes)
        files.change(path, { mode: this.flags.keepsTimes ? mode : mode & ~umask });
    } catch (error) {
      problem = `${path}: ${reasonOf(error)}`;
    }
    if (isLost) {
      await this.line.complain('Broken pipe');
      throw new Over();
    }
    await this.line.isAgreed();
    this.date(path, mtime);
    if (problem === undefined) await this.line.agree();
    else await this.line.complain(problem);
  }

  private date(path: string, mtime: number | undefined): void {
    if (mtime === undefined) return;
    try {
      this.run.files.change(path, { mtime });
    } catch (error) {
      reasonOf(error);
    }
  }
}

class Source {
  private readonly run: Run;
  private readonly flags: ScpFlags;
  private readonly line: ScpLine;

  constructor(run: Run, flags: ScpFlags) {
    this.run = run;
    this.flags = flags;
    this.line = new ScpLine(run);
  }

  serve(paths: readonly string[]): Promise<number> {
    return ended(this.line, async () => {
      await this.line.isAgreed();
      for (const path of paths) await this.give(path);
    });
  }

  private async give(path: string): Promise<void> {
    const { files } = this.run;
    let node: ReturnType<typeof files.stat>;
    let content: Uint8Array | undefined;
    try {
      node = files.stat(path);
      if (node.kind === 'file' && node.device === undefined) content = files.read(path);
    } catch (error) {
      return this.line.complain(`${path}: ${reasonOf(error)}`);
    }
    const name = latin(Buffer.from(path.replace(/\/+$/, '').split('/').at(-1) ?? ''));
    if (node.kind === 'directory' && this.flags.recursive) return this.giveFolder(path, name, node);
    if (content === undefined) return this.line.complain(`${path}: not a regular file`);
    if (!(await this.tellTimes(node.mtime))) return;
    const mode = (node.mode & 0o7777).toString(8).padStart(4, '0');
    if (!(await this.isTaken(`C${mode} ${content.length} ${name}\n`))) return;
    await this.run.stdout.write(content);
    await this.line.agree();
    await this.line.isAgreed();
  }

  private async giveFolder(
    path: string,
    name: string,
    { mode, mtime }: { mode: number; mtime: number },
  ): Promise<void> {
    if (!(await this.tellTimes(mtime))) return;
    const digits = (mode & 0o7777).toString(8).padStart(4, '0');
    if (!(await this.isTaken(`D${digits} 0 ${name.slice(0, 1024)}\n`))) return;
    for (const entry of this.run.files.list(path)) {
      await this.run.work(10);
      await this.give(`${path.replace(/\/+$/, '')}/${entry.name}`);
    }
    await this.isTaken('E\n');
  }

  private async tellTimes(mtime: number): Promise<boolean> {
    const seconds = Math.floor(mtime / 1000);
    return !this.flags.keepsTimes || this.isTaken(`T${seconds} 0 ${seconds} 0\n`);
  }

  private async isTaken(record: string): Promise<boolean> {
    await this.run.stdout.write(bytes(record));
    return this.line.isAgreed();
  }
}
