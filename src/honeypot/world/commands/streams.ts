/** Reading and writing of content: streams that may never end, lines in batches, output that is gathered. */
import { randomBytes } from 'node:crypto';
import { contentOf, FileError } from '../files/node.ts';
import { maxFile } from '../files/view.ts';
import { Ended, type Input, type Run } from '../program.ts';
import { bytes, complain, type Flavour, latin, reasonOf, shortNameOf } from './tool.ts';

/** How much is read at once, in bytes. */
const gulp = 1 << 16;
/** 128 + SIGKILL: memory is spent. */
const killed = 137;

/** A file as a stream; `-` and /dev/stdin are standard input. @throws FileError */
export function openInput(run: Run, path: string): Input {
  if (path === '-' || /^\/dev\/(stdin|fd\/0|tty)$|^\/proc\/self\/fd\/0$/.test(path)) return run.stdin;
  const node = run.files.stat(path);
  if (node.kind === 'directory') throw new FileError('EISDIR');
  if (node.kind !== 'file') throw new FileError('ENOENT');
  if (!run.files.allows(node, 4)) throw new FileError('EACCES');
  if (node.device?.major === 1 && node.device.minor >= 5)
    return endless(run, node.device.minor >= 8 ? () => randomBytes(gulp) : () => new Uint8Array(gulp));
  return inParts(contentOf(node));
}

/** A file, some of it at a time: whoever reads it lets others run in between. */
function inParts(content: Uint8Array): Input {
  let at = 0;
  return {
    isTerminal: false,
    read: () => {
      if (at >= content.length) return Promise.resolve(undefined);
      const part = content.subarray(at, at + gulp);
      at += gulp;
      return Promise.resolve(part);
    },
  };
}

function endless(run: Run, make: () => Uint8Array): Input {
  return {
    isTerminal: false,
    read: async () => {
      await run.work(60);
      return make();
    },
  };
}

/** All of a stream. @throws Ended where it does not end, as the kernel ends who takes all memory */
export async function readAll(run: Run, input: Input, most = maxFile): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for (;;) {
    const part = await input.read();
    if (part === undefined) break;
    size += part.length;
    if (size > most) throw new Ended(killed);
    parts.push(part);
    await run.work(1 + (part.length >> 9));
  }
  return parts.length === 1
    ? Buffer.from(parts[0]!.buffer, parts[0]!.byteOffset, size)
    : Buffer.concat(parts);
}

export interface Lines {
  readonly lines: readonly string[];
  /** The last line of the last batch has no newline. */
  readonly isOpen: boolean;
}

/** Content line by line, a batch for each piece that comes. @param end what ends a line: a newline, or NUL */
export async function* linesOf(run: Run, input: Input, end = '\n'): AsyncGenerator<Lines> {
  let rest = '';
  for (;;) {
    const part = await input.read();
    if (part === undefined) break;
    const lines = (rest + latin(part)).split(end);
    rest = lines.pop()!;
    if (rest.length > maxFile) throw new Ended(killed);
    await run.work(1 + lines.length + (part.length >> 7));
    if (lines.length > 0) yield { lines, isOpen: false };
  }
  if (rest !== '') yield { lines: [rest], isOpen: true };
}

/** Files that are named, or standard input. Complains of those that cannot be read. */
export async function* inputsOf(
  run: Run,
  flavour: Flavour,
  paths: readonly string[],
  onFailure: () => void,
): AsyncGenerator<{ readonly path: string; readonly input: Input }> {
  for (const path of paths.length === 0 ? ['-'] : paths) {
    let input: Input;
    try {
      input = openInput(run, path);
    } catch (error) {
      onFailure();
      await complainOfFile(run, flavour, path, error);
      continue;
    }
    yield { path, input };
  }
}

/** What `cat` and most others say of a file that they cannot open. */
export async function complainOfFile(
  run: Run,
  flavour: Flavour,
  path: string,
  error: unknown,
): Promise<void> {
  const reason = reasonOf(error);
  const isRead = error instanceof FileError && error.code === 'EISDIR';
  if (flavour === 'gnu') return complain(run, `${path}: ${reason}`);
  const said = isRead ? `read error: ${reason}` : `can't open '${path}': ${reason}`;
  await run.stderr.write(`${shortNameOf(run)}: ${said}\n`);
}

/** Characters that are gathered before they are written. */
const gathered = 1 << 15;

/** Content on its way out, in pieces of a reasonable size. */
export class Out {
  private readonly run: Run;
  private parts: string[] = [];
  private size = 0;

  constructor(run: Run) {
    this.run = run;
  }

  /** @param content one character a byte */
  add(content: string): Promise<void> | undefined {
    this.parts.push(content);
    this.size += content.length;
    return this.size > gathered ? this.flush() : undefined;
  }

  async flush(): Promise<void> {
    if (this.size === 0) return;
    const content = this.parts.join('');
    this.parts = [];
    this.size = 0;
    await this.run.work(1 + (content.length >> 10));
    await this.run.stdout.write(bytes(content));
  }
}
