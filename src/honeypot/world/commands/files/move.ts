/** mv. */
import { FileError } from '../../files/node.ts';
import { join } from '../../files/tree.ts';
import type { Run } from '../../program.ts';
import { now } from '../../world.ts';
import { type Options, optionsOf } from '../options.ts';
import { quoteAlways } from '../quote.ts';
import { complain, type Flavour, reasonOf, type Tool } from '../tool.ts';
import { contentToCopy, deepest, isConfirmed, isThere, realOf } from './copy.ts';
import { destinationOf } from './target.ts';

const moveSpec = {
  short: 'bfinS:t:TuvZ',
  long: {
    'backup=?': 'b',
    force: 'f',
    interactive: 'i',
    'no-clobber': 'n',
    'target-directory=': 't',
    'no-target-directory': 'T',
    update: 'u',
    verbose: 'v',
  },
};

export const mv: Tool = async (run, flavour) => {
  const options = optionsOf(run, flavour, moveSpec);
  const destination = destinationOf(run, flavour, options);
  let exitCode = 0;
  for (const source of destination.sources) {
    const target = destination.pathFor(source);
    const said = await move(run, flavour, options, source, target);
    if (said === undefined) continue;
    exitCode = 1;
    await complain(run, said);
  }
  return exitCode;
};

/** @returns what went wrong */
async function move(
  run: Run,
  flavour: Flavour,
  options: Options,
  source: string,
  target: string,
): Promise<string | undefined> {
  const isGnu = flavour === 'gnu';
  if (!isThere(run, source)) {
    const reason = 'No such file or directory';
    return isGnu ? `cannot stat ${quoteAlways(source)}: ${reason}` : `can't rename '${source}': ${reason}`;
  }
  if (isThere(run, target)) {
    if (options.has('n')) return undefined;
    if (realOf(run, source) === realOf(run, target) && run.files.lstat(source).kind !== 'link')
      return isGnu ? `${quoteAlways(source)} and ${quoteAlways(target)} are the same file` : undefined;
    if (
      options.has('i') &&
      run.stdin.isTerminal &&
      !(await isConfirmed(run, `overwrite ${quoteAlways(target)}? `))
    )
      return undefined;
  }
  const [from, to] = [run.files.lstat(source), run.files.exists(target) ? run.files.stat(target) : undefined];
  if (isGnu && to !== undefined && (from.kind === 'directory') !== (to.kind === 'directory'))
    return to.kind === 'directory'
      ? `cannot overwrite directory ${quoteAlways(target)} with non-directory`
      : `cannot overwrite non-directory ${quoteAlways(target)} with directory ${quoteAlways(source)}`;
  try {
    await rename(run, source, target);
    if (options.has('v'))
      await run.stdout.write(isGnu ? `renamed '${source}' -> '${target}'\n` : `'${source}' -> '${target}'\n`);
    return undefined;
  } catch (error) {
    const reason = reasonOf(error);
    if (!isGnu) return `can't rename '${source}': ${reason}`;
    if (error instanceof FileError && error.code === 'EINVAL')
      return `cannot move ${quoteAlways(source)} to a subdirectory of itself, ${quoteAlways(target)}`;
    return `cannot move ${quoteAlways(source)} to ${quoteAlways(target)}: ${reason}`;
  }
}

/** Between file systems it is a copy, and a removal. */
async function rename(run: Run, source: string, target: string): Promise<void> {
  const { files } = run;
  try {
    const node = files.lstat(source);
    if (target.endsWith('/') && node.kind !== 'directory' && !isThere(run, target))
      throw new FileError('ENOTDIR');
    files.rename(source.replace(/(?<=.)\/+$/, ''), target.replace(/(?<=.)\/+$/, ''), now(run.world));
  } catch (error) {
    if (!(error instanceof FileError) || error.code !== 'EXDEV') throw error;
    await moveAcross(run, source, target, 0);
  }
}

async function moveAcross(run: Run, source: string, target: string, depth: number): Promise<void> {
  const { files } = run;
  const node = files.lstat(source);
  await run.work(5);
  if (node.kind === 'directory') {
    if (!isThere(run, target)) files.mkdir(target, { mode: node.mode, now: node.mtime });
    if (depth < deepest)
      for (const { name } of files.list(source))
        await moveAcross(run, join(source, name), join(target, name), depth + 1);
    files.rmdir(source);
    return;
  }
  if (node.kind === 'link') files.symlink(node.target, target, node.mtime);
  else files.write(target, contentToCopy(run, node, source), { mode: node.mode, now: node.mtime });
  files.unlink(source);
}
