/** cp. */
import { type Content, FileError, type Node } from '../../files/node.ts';
import { join, parentOf } from '../../files/tree.ts';
import type { Run } from '../../program.ts';
import { now } from '../../world.ts';
import { type Options, optionsOf } from '../options.ts';
import { quoteAlways } from '../quote.ts';
import { complain, type Flavour, reasonOf, type Tool } from '../tool.ts';
import { type Destination, destinationOf } from './target.ts';

/** Deepest directory that is copied. */
export const deepest = 64;

const copySpec = {
  short: 'abdfHilLnprRs::S:t:TuvxPZ',
  long: {
    archive: 'a',
    'backup=?': 'b',
    force: 'f',
    interactive: 'i',
    link: 'l',
    dereference: 'L',
    'no-clobber': 'n',
    'no-dereference': 'P',
    'preserve=?': 'p',
    recursive: 'r',
    'reflink=?': 'reflink',
    'remove-destination': 'f',
    'symbolic-link': 's',
    'target-directory=': 't',
    'no-target-directory': 'T',
    update: 'u',
    verbose: 'v',
    'one-file-system': 'x',
  },
};

export const cp: Tool = async (run, flavour) => {
  const options = optionsOf(run, flavour, copySpec);
  const destination = destinationOf(run, flavour, options);
  const copier = new Copier(run, flavour, options);
  for (const source of destination.sources) await copier.copyTo(source, destination);
  return copier.exitCode;
};

class Copier {
  exitCode = 0;
  private readonly run: Run;
  private readonly flavour: Flavour;
  private readonly options: Options;

  constructor(run: Run, flavour: Flavour, options: Options) {
    this.run = run;
    this.flavour = flavour;
    this.options = options;
  }

  async copyTo(source: string, destination: Destination): Promise<void> {
    await this.copy(source, destination.pathFor(source), 0);
  }

  private async copy(source: string, target: string, depth: number): Promise<void> {
    const { run, options } = this;
    let node: Node;
    try {
      const keepsLinks = options.has('a', 'd', 'P') || (options.has('r', 'R') && !options.has('L', 'H'));
      node = keepsLinks ? run.files.lstat(source) : run.files.stat(source);
    } catch (error) {
      return this.fail(`${this.flavour === 'gnu' ? 'cannot' : "can't"} stat ${this.quoted(source)}`, error);
    }
    await run.work(5);
    if (node.kind === 'directory') return this.copyFolder(node, source, target, depth);
    if (await this.isRefused(source, target, node)) return;
    try {
      if (target.endsWith('/')) throw new FileError('ENOTDIR');
      if (node.kind === 'link') {
        if (isThere(run, target)) run.files.unlink(target);
        run.files.symlink(node.target, target, now(run.world));
      } else if (options.has('l')) run.files.link(source, target);
      else if (options.has('s')) run.files.symlink(source, target, now(run.world));
      else this.copyFile(node, source, target);
      if (options.has('v')) await run.stdout.write(`'${source}' -> '${target}'\n`);
    } catch (error) {
      const said =
        this.flavour === 'busybox'
          ? `can't create '${target}'`
          : `cannot create regular file ${quoteAlways(target)}`;
      await this.fail(said, error);
    }
  }

  private copyFile(node: Node & { readonly kind: 'file' }, source: string, target: string): void {
    const { files, world } = this.run;
    const keeps = this.options.has('a', 'p');
    const time = keeps ? node.mtime : now(world);
    if (this.options.has('f') && isThere(this.run, target) && !mayWrite(this.run, target))
      files.unlink(target);
    files.write(target, contentToCopy(this.run, node, source), { mode: node.mode & 0o777, now: time });
    if (keeps) files.change(target, { mode: node.mode, mtime: time });
    if (keeps && this.run.user.uid === 0) files.change(target, { uid: node.uid, gid: node.gid });
  }

  private async copyFolder(node: Node, source: string, target: string, depth: number): Promise<void> {
    const { run, options, flavour } = this;
    if (!options.has('r', 'R', 'a')) {
      const said =
        flavour === 'gnu'
          ? `-r not specified; omitting directory ${quoteAlways(source)}`
          : `omitting directory '${source}'`;
      return this.fail(said);
    }
    if (depth > deepest) return;
    const inside =
      realOf(run, target) ?? realOf(run, parentOf(target.includes('/') ? target : `./${target}`));
    const outside = run.files.realpath(source);
    if (inside !== undefined && `${inside}/`.startsWith(`${outside}/`) && depth === 0)
      return this.fail(
        flavour === 'gnu'
          ? `cannot copy a directory, ${quoteAlways(source)}, into itself, ${quoteAlways(target)}`
          : `recursion detected, omitting directory '${source}'`,
      );
    try {
      if (!run.files.exists(target)) {
        const time = options.has('a', 'p') ? node.mtime : now(run.world);
        run.files.mkdir(target, { mode: node.mode & 0o777, now: time });
        if (options.has('v')) await run.stdout.write(`'${source}' -> '${target}'\n`);
      }
      for (const { name } of run.files.list(source))
        await this.copy(join(source, name), join(target, name), depth + 1);
    } catch (error) {
      await this.fail(`cannot create directory ${quoteAlways(target)}`, error);
    }
  }

  /** Where nothing is to be copied, or the same file. */
  private async isRefused(source: string, target: string, node: Node): Promise<boolean> {
    const { run, options, flavour } = this;
    if (!isThere(run, target)) return false;
    if (options.has('n')) return true;
    const there = run.files.exists(target) ? run.files.stat(target) : undefined;
    if (there?.kind === 'directory') {
      await this.fail(
        `cannot overwrite directory ${quoteAlways(target)} with non-directory ${quoteAlways(source)}`,
      );
      return true;
    }
    if (realOf(run, source) === realOf(run, target)) {
      await this.fail(`${this.quoted(source)} and ${this.quoted(target)} are the same file`);
      return true;
    }
    if (
      options.has('i') &&
      run.stdin.isTerminal &&
      !(await isConfirmed(run, `overwrite ${flavour === 'gnu' ? quoteAlways(target) : `'${target}'`}? `))
    )
      return true;
    return options.has('u') && there !== undefined && there.mtime >= node.mtime;
  }

  private quoted(path: string): string {
    return this.flavour === 'gnu' ? quoteAlways(path) : `'${path}'`;
  }

  private async fail(said: string, error?: unknown): Promise<void> {
    this.exitCode = 1;
    await complain(this.run, error === undefined ? said : `${said}: ${reasonOf(error)}`);
  }
}

/** What was made for somebody to read is copied as it is: a program stays the program that it was. */
export function contentToCopy(run: Run, node: Node & { readonly kind: 'file' }, source: string): Content {
  if (!run.files.allows(node, 4)) throw new FileError('EACCES');
  if (typeof node.content === 'function' && node.size > 0 && node.device === undefined)
    return { size: node.size, content: node.content };
  return run.files.read(source);
}

function mayWrite(run: Run, path: string): boolean {
  return run.files.exists(path) && run.files.allows(run.files.stat(path), 2);
}

export function isThere(run: Run, path: string): boolean {
  try {
    run.files.lstat(path);
    return true;
  } catch {
    return false;
  }
}

export function realOf(run: Run, path: string): string | undefined {
  try {
    return run.files.realpath(path);
  } catch {
    return undefined;
  }
}

export async function isConfirmed(run: Run, question: string): Promise<boolean> {
  await run.stderr.write(`${run.args[0]}: ${question}`);
  const answer = await run.stdin.read();
  return answer !== undefined && /^\s*y/i.test(Buffer.from(answer).toString());
}
