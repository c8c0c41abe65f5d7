/** Redirections: what a descriptor stands for while a command runs, and what is said where that cannot be. */
import { contentOf, type File, FileError, type FileErrorCode } from '../files/node.ts';
import { now } from '../world.ts';
import { bytesOf } from './bytes.ts';
import { expandText, expandWords } from './expansion/expand.ts';
import { assign } from './expansion/scope.ts';
import { Failure } from './failure.ts';
import { forget, OpenFile, type Replaced, type Sink } from './process/descriptors.ts';
import { fileOutput } from './process/file-output.ts';
import { Stream, streamOf } from './process/stream.ts';
import type { Shell } from './shell.ts';
import type { Redirection } from './syntax/syntax.ts';

/** One that could not be made; only a special builtin of POSIX ends its shell for it. */
export class RedirectionFailure extends Failure {}

/**
 * @returns what to hand to `undo` when the command is over
 * @throws RedirectionFailure, with everything as it was
 */
export async function redirect(
  shell: Shell,
  redirections: readonly Redirection[],
): Promise<readonly Replaced[]> {
  const replaced: Replaced[] = [];
  try {
    for (const redirection of redirections) await apply(shell, numbered(shell, redirection), replaced);
  } catch (error) {
    undo(shell, replaced);
    throw error;
  }
  return replaced;
}

export function undo({ descriptors }: Shell, replaced: readonly Replaced[]): void {
  for (const each of replaced.toReversed()) descriptors.restore(each);
}

/** Makes them stay, as `exec` does. */
export function keep(replaced: readonly Replaced[]): void {
  for (const each of replaced) forget(each);
}

/** Descriptors that a shell takes for `{name}` begin here. */
const firstFree = 10;

function numbered(shell: Shell, redirection: Redirection): Redirection {
  const { variable, target } = redirection;
  if (variable === undefined) return redirection;
  const [only] = target;
  const isClosing = target.length === 1 && only?.kind === 'text' && only.text === '-';
  if (isClosing) return { ...redirection, fd: Number(shell.variables.get(variable) ?? 0) };
  let fd = firstFree;
  while (shell.descriptors.get(fd) !== undefined) fd += 1;
  assign(shell, variable, String(fd));
  return { ...redirection, fd };
}

async function apply(shell: Shell, redirection: Redirection, replaced: Replaced[]): Promise<void> {
  const { operator, fd } = redirection;
  const set = (number: number, file: OpenFile | undefined): void => {
    replaced.push(shell.descriptors.replace(number, file));
  };
  switch (operator) {
    case '<':
    case '<>':
      return set(fd ?? 0, await openForReading(shell, redirection));
    case '<<':
      return set(fd ?? 0, textFile(await expandText(shell, redirection.target, 'none')));
    case '<<<':
      return set(fd ?? 0, textFile(`${await expandText(shell, redirection.target)}\n`));
    case '<&':
    case '>&':
      return duplicate(shell, redirection, set);
    case '&>':
    case '&>>': {
      const file = await openForWriting(shell, redirection);
      set(1, file);
      return set(2, file);
    }
    default:
      return set(fd ?? 1, await openForWriting(shell, redirection));
  }
}

function textFile(text: string): OpenFile {
  return new OpenFile({ input: streamOf(bytesOf(text)) });
}

async function duplicate(
  shell: Shell,
  redirection: Redirection,
  set: (number: number, file: OpenFile | undefined) => void,
): Promise<void> {
  const { operator, source, fd } = redirection;
  const target = await targetOf(shell, redirection);
  const own = fd ?? (operator === '<&' ? 0 : 1);
  if (target === '-') return set(own, undefined);
  const found = /^(\d{1,4})(-?)$/.exec(target);
  if (found === null) {
    if (!shell.dialect.isBash) throw new Failure('Syntax error: Bad fd number', 2, true);
    if (operator === '<&' || fd !== undefined) throw failed(shell, `${source}: ambiguous redirect`);
    const file = await openForWriting(shell, redirection);
    set(1, file);
    return set(2, file);
  }
  const number = Number(found[1]);
  const file = shell.descriptors.get(number);
  if (file === undefined) throw failed(shell, `${number}: Bad file descriptor`);
  set(own, file);
  if (found[2] === '-' && number !== own) set(number, undefined);
}

function failed(shell: Shell, message: string): RedirectionFailure {
  return new RedirectionFailure(message, shell.dialect.redirectionFailure);
}

/** bash wants one word, the others take what there is. */
async function targetOf(shell: Shell, { target, source }: Redirection): Promise<string> {
  if (!shell.dialect.isBash) return expandText(shell, target);
  const [word, more] = await expandWords(shell, [target]);
  if (word === undefined || more !== undefined) throw failed(shell, `${source}: ambiguous redirect`);
  return word;
}

/** @throws RedirectionFailure */
export async function openForReading(shell: Shell, redirection: Redirection): Promise<OpenFile> {
  const path = await targetOf(shell, redirection);
  const special = specialFile(shell, path);
  if (special !== undefined) return special;
  const { files } = shell;
  try {
    if (redirection.operator === '<>' && !files.exists(path)) create(shell, path, true);
    const node = files.stat(path);
    if (node.kind === 'directory') throw new FileError('EISDIR');
    if (!files.allows(node, 4)) throw new FileError('EACCES');
    const input =
      (node as File).device === undefined ? streamOf(files.read(path)) : deviceInput(node as File);
    const isBoth = redirection.operator === '<>';
    return new OpenFile(
      isBoth ? { input, output: fileOutput(files, path, () => now(shell.world)) } : { input },
    );
  } catch (error) {
    throw failed(shell, shell.say.cannotOpen(path, codeOf(error)));
  }
}

/** @throws RedirectionFailure */
async function openForWriting(shell: Shell, redirection: Redirection): Promise<OpenFile> {
  const path = await targetOf(shell, redirection);
  const special = specialFile(shell, path);
  if (special !== undefined) return special;
  const { operator } = redirection;
  try {
    if (operator === '>' && shell.has('noclobber') && isRegular(shell, path)) throw new FileError('EEXIST');
    create(shell, path, operator === '>>' || operator === '&>>');
    return new OpenFile({ output: fileOutput(shell.files, path, () => now(shell.world)) });
  } catch (error) {
    throw failed(shell, shell.say.cannotCreate(path, codeOf(error)));
  }
}

function isRegular({ files }: Shell, path: string): boolean {
  if (!files.exists(path)) return false;
  const node = files.stat(path);
  return node.kind === 'file' && node.device === undefined;
}

function create({ files, mask, world }: Shell, path: string, append: boolean): void {
  files.write(path, new Uint8Array(), { append, mode: 0o666 & ~mask, now: now(world) });
}

function codeOf(error: unknown): FileErrorCode {
  if (error instanceof FileError) return error.code;
  throw error;
}

/** A device that never ends is read again and again. */
function deviceInput(file: File): Stream {
  return new Stream(async () => {
    const bytes = contentOf(file);
    return bytes.length > 0 ? bytes : undefined;
  });
}

const descriptorPath = /^\/(?:dev\/fd|proc\/self\/fd)\/(\d{1,4})$/;
const standard: Readonly<Record<string, number>> = { '/dev/stdin': 0, '/dev/stdout': 1, '/dev/stderr': 2 };
const networkPath = /^\/dev\/(?:tcp|udp)\/([^/]+)\/([^/]+)$/;

/** What is not looked up in the files: descriptors, the terminal, and bash's connections. */
export function specialFile(shell: Shell, path: string): OpenFile | undefined {
  const number = standard[path] ?? Number(descriptorPath.exec(path)?.[1] ?? Number.NaN);
  if (!Number.isNaN(number)) {
    const file = shell.descriptors.get(number);
    if (file === undefined) throw failed(shell, shell.say.cannotOpen(path, 'ENOENT'));
    return file;
  }
  if (path === '/dev/tty') return shell.kernel.terminal === undefined ? undefined : shell.descriptors.get(2);
  const address = shell.dialect.isBash ? networkPath.exec(path) : null;
  return address === null ? undefined : connection(shell, address[1]!, address[2]!);
}

/** To its end, as far as memory goes. */
export async function readAll(shell: Shell, input: Stream): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  const most = shell.kernel.budget.limits.memory;
  for (let size = 0; size < most; size += chunks.at(-1)!.length) {
    const chunk = await input.read(shell.life);
    if (chunk === undefined) break;
    chunks.push(chunk);
    await shell.work(1 + (chunk.length >> 10));
  }
  return Buffer.concat(chunks);
}

/** A peer that takes everything, says nothing and closes; nothing leaves the world. */
function connection(shell: Shell, host: string, service: string): OpenFile {
  const port = Number(service);
  const isPort = Number.isInteger(port) && port > 0 && port < 65_536;
  shell.kernel.note({ kind: 'connect', tool: 'bash', host, ...(isPort && { port }) });
  const output: Sink = { isTerminal: false, cost: 1, write: () => undefined };
  return new OpenFile({ input: streamOf(new Uint8Array()), output });
}
