/** What the two ends of scp's own protocol say to each other (scp.c of OpenSSH 9.2), as the far end says and hears it. */
import type { Run } from '../../program.ts';
import { bytes, latin } from '../tool.ts';

/** Characters of a record. */
export const longestRecord = 2048;

/** What comes next: a file's content, or what is in a folder. */
export interface ScpEntry {
  readonly kind: 'file' | 'folder';
  readonly mode: number;
  /** Of a file's content, in bytes, as it is told. */
  readonly size: number;
  /** In Latin-1; it may be anything. */
  readonly name: string;
}

/** What one end tells the other in a line. */
export type ScpRecord =
  | ScpEntry
  /** Of what comes next. Milliseconds. */
  | { readonly kind: 'times'; readonly mtime: number }
  /** Of a folder. */
  | { readonly kind: 'end' }
  | { readonly kind: 'complaint'; readonly isFatal: boolean }
  | { readonly kind: 'malformed'; readonly why: string }
  | { readonly kind: 'none' };

/** @param line without its end; in Latin-1 */
export function readRecord(line: string): ScpRecord {
  switch (line[0]) {
    case undefined:
      return malformed('unexpected <newline>');
    case '\u0001':
    case '\u0002':
      return { kind: 'complaint', isFatal: line[0] === '\u0002' };
    case 'E':
      return { kind: 'end' };
    case 'T': {
      const [, seconds] = /^T(\d{1,15}) \d+ \d{1,15} \d+$/.exec(line) ?? [];
      if (seconds === undefined) return malformed('mtime.sec not delimited');
      return { kind: 'times', mtime: Number(seconds) * 1000 };
    }
    case 'C':
    case 'D': {
      const [, digits] = /^.([0-7]{4})/.exec(line) ?? [];
      if (digits === undefined) return malformed('bad mode');
      if (line[5] !== ' ') return malformed('mode not delimited');
      const [, size, name = ''] = /^.{6}(\d{1,15}) (.*)$/s.exec(line) ?? [];
      if (size === undefined) return malformed('size not delimited');
      const kind = line[0] === 'C' ? 'file' : 'folder';
      return { kind, mode: Number.parseInt(digits, 8), size: Number(size), name };
    }
    default:
      return { kind: 'none' };
  }
}

function malformed(why: string): ScpRecord {
  return { kind: 'malformed', why };
}

/** Whether a file of that name lies in the folder itself. */
export function isNameInFolder(name: string): boolean {
  return name !== '' && !name.includes('/') && name !== '.' && name !== '..';
}

/** Ends the program, with what was to be said said. */
export class Over extends Error {}

export class ScpLine {
  readonly run: Run;
  errors = 0;
  private ahead: Uint8Array = new Uint8Array();

  constructor(run: Run) {
    this.run = run;
  }

  /** @returns so many bytes at most, undefined at the end */
  async read(most: number): Promise<Uint8Array | undefined> {
    while (this.ahead.length === 0) {
      const chunk = await this.run.stdin.read();
      if (chunk === undefined) return undefined;
      this.ahead = chunk;
    }
    const some = this.ahead.subarray(0, most);
    this.ahead = this.ahead.subarray(some.length);
    return some;
  }

  /** @returns a record without its end, undefined at the end. @throws Over for one without end */
  async record(): Promise<string | undefined> {
    let text = '';
    for (;;) {
      const some = await this.read(1);
      if (some === undefined) {
        if (text === '') return undefined;
        return this.screwUp('lost connection');
      }
      if (some[0] === 10) return text;
      text += latin(some);
      if (text.length > longestRecord) throw new Over();
    }
  }

  agree(): Promise<void> {
    return this.run.stdout.write('\0');
  }

  /** A warning to the other end. */
  async complain(message: string): Promise<void> {
    this.errors += 1;
    await this.run.stdout.write(bytes(`\u0001scp: ${message}\n`));
  }

  async screwUp(why: string): Promise<never> {
    await this.complain(`protocol error: ${why}`);
    throw new Over();
  }

  /** @returns whether the other end agrees. @throws Over where it is gone, or has failed for good */
  async isAgreed(): Promise<boolean> {
    const [code] = (await this.read(1)) ?? [];
    if (code === undefined) throw new Over();
    if (code === 0) return true;
    this.errors += 1;
    await this.record();
    if (code !== 1) throw new Over();
    return false;
  }
}

/** Runs one end. @returns its exit code */
export async function ended(line: ScpLine, work: () => Promise<void>): Promise<number> {
  try {
    await work();
    return line.errors === 0 ? 0 : 1;
  } catch (error) {
    if (error instanceof Over) return 1;
    throw error;
  }
}
