/** ln. */
import { FileError } from '../../files/node.ts';
import type { Run } from '../../program.ts';
import { now } from '../../world.ts';
import { optionsOf } from '../options.ts';
import { quoteAlways } from '../quote.ts';
import { complain, type Flavour, reasonOf, type Tool } from '../tool.ts';
import { isThere } from './copy.ts';
import { destinationOf } from './target.ts';

export const ln: Tool = async (run, flavour) => {
  const options = optionsOf(run, flavour, {
    short: 'bdfFiLnPrsS:t:Tv',
    long: {
      force: 'f',
      interactive: 'i',
      'no-dereference': 'n',
      relative: 'r',
      symbolic: 's',
      'target-directory=': 't',
      'no-target-directory': 'T',
      verbose: 'v',
    },
  });
  const { operands } = options;
  const [only] = operands;
  const isSymbolic = options.has('s');
  const destination =
    operands.length === 1 && !options.has('t')
      ? { sources: operands, pathFor: (source: string) => source.slice(source.lastIndexOf('/') + 1) }
      : destinationOf(
          { ...run, files: options.has('n') ? withoutFollowing(run) : run.files } as Run,
          flavour,
          options,
        );
  if (only === undefined) return 1;
  let exitCode = 0;
  for (const source of destination.sources) {
    const path = destination.pathFor(source);
    const said = link(run, flavour, source, path, { isSymbolic, isForced: options.has('f') });
    if (said === undefined) {
      if (options.has('v'))
        await run.stdout.write(`${quoteAlways(path)} ${isSymbolic ? '->' : '=>'} ${quoteAlways(source)}\n`);
      continue;
    }
    exitCode = 1;
    await complain(run, said);
  }
  return exitCode;
};

/** For `ln -n`: a link to a directory is replaced, not entered. */
function withoutFollowing(run: Run): Pick<Run['files'], 'exists' | 'stat'> {
  return { exists: (path) => isThere(run, path), stat: (path) => run.files.lstat(path) };
}

/** @returns what went wrong */
function link(
  run: Run,
  flavour: Flavour,
  source: string,
  path: string,
  { isSymbolic, isForced }: { readonly isSymbolic: boolean; readonly isForced: boolean },
): string | undefined {
  const { files } = run;
  try {
    if (!isSymbolic) {
      if (!isThere(run, source))
        return flavour === 'gnu'
          ? `failed to access ${quoteAlways(source)}: No such file or directory`
          : `${source}: No such file or directory`;
      if (files.lstat(source).kind === 'directory')
        return flavour === 'gnu'
          ? `${source}: hard link not allowed for directory`
          : `${path}: Operation not permitted`;
    }
    if (isForced && isThere(run, path)) files.unlink(path);
    if (isSymbolic) files.symlink(source, path, now(run.world));
    else files.link(source, path);
    return undefined;
  } catch (error) {
    const reason = reasonOf(error);
    if (flavour === 'busybox') return `${path}: ${reason}`;
    const kind = isSymbolic ? 'symbolic' : 'hard';
    const detail =
      !isSymbolic && error instanceof FileError && error.code !== 'EEXIST'
        ? `${quoteAlways(path)} => ${quoteAlways(source)}`
        : quoteAlways(path);
    return `failed to create ${kind} link ${detail}: ${reason}`;
  }
}
