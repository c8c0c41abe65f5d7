/** rm, rmdir, unlink and shred. */
import { FileError, type Node } from '../../files/node.ts';
import { join, parentOf } from '../../files/tree.ts';
import type { Run } from '../../program.ts';
import { now } from '../../world.ts';
import { countOf, misuse, type Options, optionsOf } from '../options.ts';
import { quoteAlways } from '../quote.ts';
import { complain, type Flavour, reasonOf, type Tool } from '../tool.ts';
import { isConfirmed } from './copy.ts';

export const rm: Tool = async (run, flavour) => {
  const options = optionsOf(run, flavour, {
    short: 'dfiIrRv',
    long: {
      dir: 'd',
      force: 'f',
      interactive: 'i',
      recursive: 'r',
      verbose: 'v',
      'no-preserve-root': 'no-preserve-root',
      'preserve-root': 'preserve-root',
      'one-file-system': 'one-file-system',
    },
  });
  if (options.operands.length === 0) {
    if (options.has('f')) return 0;
    throw misuse(run, flavour, {}, flavour === 'gnu' ? 'missing operand' : '');
  }
  const remover = new Remover(run, flavour, options);
  for (const path of options.operands) await remover.remove(path);
  return remover.exitCode;
};

class Remover {
  exitCode = 0;
  private readonly run: Run;
  private readonly flavour: Flavour;
  private readonly options: Options;

  constructor(run: Run, flavour: Flavour, options: Options) {
    this.run = run;
    this.flavour = flavour;
    this.options = options;
  }

  async remove(path: string): Promise<void> {
    const { run } = this;
    const trimmed = path.replace(/(?<=.)\/+$/, '');
    if (/(^|\/)\.\.?$/.test(trimmed) && this.options.has('r', 'R') && this.flavour === 'gnu')
      return this.say(`refusing to remove '.' or '..' directory: skipping ${quoteAlways(path)}`);
    if (
      trimmed === '/' &&
      this.options.has('r', 'R') &&
      !this.options.has('no-preserve-root') &&
      this.flavour === 'gnu'
    )
      return this.say(
        `it is dangerous to operate recursively on '/'\n${run.args[0]}: use --no-preserve-root to override this failsafe`,
      );
    let node: Node;
    try {
      node = run.files.lstat(path.endsWith('/') && run.files.exists(path) ? trimmed : path);
    } catch (error) {
      return this.options.has('f') ? undefined : this.fail(path, error);
    }
    if (node.kind === 'directory' && !this.options.has('r', 'R')) {
      if (this.options.has('d')) return this.removeOne(trimmed, () => run.files.rmdir(trimmed));
      return this.flavour === 'gnu'
        ? this.fail(path, new FileError('EISDIR'))
        : this.say(`'${path}' is a directory`);
    }
    await this.removeAll(trimmed);
  }

  /** From the leaves up, without recursion in the program: trees may be deep. */
  private async removeAll(path: string): Promise<void> {
    const { files } = this.run;
    if (files.lstat(path).kind !== 'directory')
      return this.removeOne(path, () => files.unlink(path, now(this.run.world)));
    const folders = [path];
    for (let at = 0; at < folders.length; at++) {
      const folder = folders[at]!;
      for (const { name, node } of this.list(folder)) {
        const inside = join(folder, name);
        if (node.kind === 'directory') folders.push(inside);
        else await this.removeOne(inside, () => files.unlink(inside, now(this.run.world)));
      }
    }
    for (const folder of folders.reverse())
      await this.removeOne(folder, () => files.rmdir(folder, now(this.run.world)));
  }

  private list(folder: string) {
    try {
      return this.run.files.list(folder);
    } catch {
      return [];
    }
  }

  private async removeOne(path: string, remove: () => void): Promise<void> {
    const { run } = this;
    await run.work(3);
    const isFolder = run.files.lstat(path).kind === 'directory';
    if (this.options.has('i') && !this.options.has('f')) {
      const what = isFolder ? 'remove directory' : 'remove regular file';
      if (!(await isConfirmed(run, `${what} ${quoteAlways(path)}? `))) return;
    }
    try {
      remove();
      if (this.options.has('v'))
        await run.stdout.write(
          isFolder ? `removed directory ${quoteAlways(path)}\n` : `removed ${quoteAlways(path)}\n`,
        );
    } catch (error) {
      await this.fail(path, error);
    }
  }

  private fail(path: string, error: unknown): Promise<void> {
    const reason = reasonOf(error);
    return this.say(
      this.flavour === 'gnu'
        ? `cannot remove ${quoteAlways(path)}: ${reason}`
        : `can't remove '${path}': ${reason}`,
    );
  }

  private async say(message: string): Promise<void> {
    this.exitCode = 1;
    await complain(this.run, message);
  }
}

export const rmdir: Tool = async (run, flavour) => {
  const options = optionsOf(run, flavour, {
    short: 'pv',
    long: { parents: 'p', verbose: 'v', 'ignore-fail-on-non-empty': 'ignore' },
  });
  if (options.operands.length === 0)
    throw misuse(run, flavour, {}, flavour === 'gnu' ? 'missing operand' : '');
  let exitCode = 0;
  for (const operand of options.operands) {
    const trimmed = operand.replace(/(?<=.)\/+$/, '');
    const paths = [trimmed];
    while (options.has('p') && paths.at(-1)!.includes('/') && parentOf(paths.at(-1)!) !== '/')
      paths.push(parentOf(paths.at(-1)!));
    for (const path of paths) {
      try {
        run.files.rmdir(path);
        if (options.has('v'))
          await run.stdout.write(`${run.args[0]}: removing directory, ${quoteAlways(path)}\n`);
      } catch (error) {
        const reason = reasonOf(error);
        if (options.has('ignore') && error instanceof FileError && error.code === 'ENOTEMPTY') break;
        exitCode = 1;
        await complain(
          run,
          flavour === 'gnu' ? `failed to remove ${quoteAlways(path)}: ${reason}` : `'${path}': ${reason}`,
        );
        break;
      }
    }
  }
  return exitCode;
};

export const unlink: Tool = async (run, flavour) => {
  const { operands } = optionsOf(run, flavour, { short: '' });
  const [path] = operands;
  if (path === undefined) throw misuse(run, flavour, {}, flavour === 'gnu' ? 'missing operand' : '');
  try {
    run.files.unlink(path);
    return 0;
  } catch (error) {
    await complain(run, `cannot unlink ${quoteAlways(path)}: ${reasonOf(error)}`);
    return 1;
  }
};

/** Writes over what is there, as far as anybody can see. */
export const shred: Tool = async (run, flavour) => {
  const options = optionsOf(run, flavour, {
    short: 'fn:s:uvxz',
    long: {
      force: 'f',
      'iterations=': 'n',
      'size=': 's',
      'remove=?': 'u',
      remove: 'u',
      verbose: 'v',
      exact: 'x',
      zero: 'z',
    },
  });
  if (options.operands.length === 0)
    throw misuse(run, flavour, {}, flavour === 'gnu' ? 'missing file operand' : '');
  const passes =
    Math.min(
      100,
      countOf(
        run,
        flavour,
        options.value('n'),
        3,
        (text) => `invalid number of passes: ${quoteAlways(text)}`,
      ),
    ) + (options.has('z') ? 1 : 0);
  let exitCode = 0;
  for (const path of options.operands) {
    try {
      const { length } = run.files.read(path);
      for (let pass = 1; pass <= passes && options.has('v'); pass++)
        await run.stderr.write(
          `${run.args[0]}: ${path}: pass ${pass}/${passes} (${pass === passes && options.has('z') ? '000000' : 'random'})...\n`,
        );
      await run.work(length >> 6);
      if (options.has('u')) run.files.unlink(path);
      else {
        const noise = options.has('z')
          ? Buffer.alloc(length)
          : run.world.persona.random(`shred/${path}`).bytes(Math.min(length, 1 << 16));
        run.files.write(path, Buffer.alloc(length, noise), { now: now(run.world) });
      }
    } catch (error) {
      exitCode = 1;
      await complain(run, `${path}: failed to open for writing: ${reasonOf(error)}`);
    }
  }
  return exitCode;
};
