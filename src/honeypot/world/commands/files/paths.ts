/** basename, dirname, readlink, realpath, pwd. */
import { FileError } from '../../files/node.ts';
import { join } from '../../files/tree.ts';
import type { Run } from '../../program.ts';
import { misuse, optionsOf } from '../options.ts';
import { complain, reasonOf, type Tool } from '../tool.ts';

export const basename: Tool = async (run, flavour) => {
  const options = optionsOf(run, flavour, {
    short: 'as:z',
    long: { multiple: 'a', 'suffix=': 's', zero: 'z' },
    stopsEarly: true,
  });
  const { operands } = options;
  if (operands.length === 0) throw misuse(run, flavour, {}, flavour === 'gnu' ? 'missing operand' : '');
  const isMany = options.has('a', 's');
  if (!isMany && operands.length > 2) throw misuse(run, flavour, {}, `extra operand '${operands[2]}'`);
  const suffix = isMany ? options.value('s') : operands[1];
  const end = options.has('z') ? '\0' : '\n';
  for (const path of isMany ? operands : operands.slice(0, 1)) {
    const name = lastName(path);
    const cut =
      suffix !== undefined && name.endsWith(suffix) && name !== suffix
        ? name.slice(0, -suffix.length || undefined)
        : name;
    await run.stdout.write(cut + end);
  }
  return 0;
};

function lastName(path: string): string {
  const trimmed = path.replace(/(?<=.)\/+$/, '');
  return /^\/+$/.test(trimmed) ? '/' : trimmed.slice(trimmed.lastIndexOf('/') + 1);
}

export const dirname: Tool = async (run, flavour) => {
  const options = optionsOf(run, flavour, { short: 'z', long: { zero: 'z' } });
  if (options.operands.length === 0)
    throw misuse(run, flavour, {}, flavour === 'gnu' ? 'missing operand' : '');
  for (const path of options.operands)
    await run.stdout.write(folderOf(path) + (options.has('z') ? '\0' : '\n'));
  return 0;
};

function folderOf(path: string): string {
  const trimmed = path.replace(/(?<=.)\/+$/, '');
  const slash = trimmed.lastIndexOf('/');
  if (slash < 0) return '.';
  return trimmed.slice(0, slash).replace(/\/+$/, '') || '/';
}

export const readlink: Tool = async (run, flavour) => {
  const options = optionsOf(run, flavour, {
    short: 'femnqsvz',
    long: {
      canonicalize: 'f',
      'canonicalize-existing': 'e',
      'canonicalize-missing': 'm',
      'no-newline': 'n',
      verbose: 'v',
    },
  });
  if (options.operands.length === 0)
    throw misuse(run, flavour, {}, flavour === 'gnu' ? 'missing operand' : '');
  let exitCode = 0;
  const end = options.has('n') && options.operands.length === 1 ? '' : '\n';
  for (const path of options.operands) {
    try {
      const way = options.given.findLast(([name]) => 'fem'.includes(name))?.[0];
      await run.stdout.write(
        (way === undefined ? run.files.readlink(path) : canonical(run, path, way)) + end,
      );
    } catch (error) {
      exitCode = 1;
      const reason = reasonOf(error);
      if (options.has('v')) await complain(run, `${path}: ${reason}`);
    }
  }
  return exitCode;
};

export const realpath: Tool = async (run, flavour) => {
  const options = optionsOf(run, flavour, {
    short: 'emLPqsz',
    long: {
      'canonicalize-existing': 'e',
      'canonicalize-missing': 'm',
      strip: 's',
      'no-symlinks': 's',
      quiet: 'q',
    },
  });
  if (options.operands.length === 0)
    throw misuse(run, flavour, {}, flavour === 'gnu' ? 'missing operand' : '');
  let exitCode = 0;
  const way = options.given.findLast(([name]) => 'em'.includes(name))?.[0] ?? (flavour === 'gnu' ? 'f' : 'e');
  for (const path of options.operands) {
    try {
      await run.stdout.write(`${canonical(run, path, way)}\n`);
    } catch (error) {
      exitCode = 1;
      if (!options.has('q')) await complain(run, `${path}: ${reasonOf(error)}`);
    }
  }
  return exitCode;
};

/** @param way `e`: all of it has to be there; `f`: all but the last name; `m`: nothing has to */
function canonical(run: Run, path: string, way: string): string {
  const { files } = run;
  try {
    return files.realpath(path);
  } catch (error) {
    if (way === 'e' || !(error instanceof FileError)) throw error;
    if (error.code !== 'ENOENT') throw error;
    const trimmed = path.replace(/(?<=.)\/+$/, '');
    const folder = folderOf(trimmed);
    const above = way === 'm' && folder !== path ? canonical(run, folder, 'm') : files.realpath(folder);
    const name = lastName(trimmed);
    // A link to nowhere is followed as far as it goes.
    const node = files.exists(above) ? linkAt(run, join(above, name)) : undefined;
    if (node !== undefined) return canonical(run, node.startsWith('/') ? node : join(above, node), way);
    return name === '.' ? above : name === '..' ? folderOf(above) : join(above, name);
  }
}

function linkAt(run: Run, path: string): string | undefined {
  try {
    return run.files.readlink(path);
  } catch {
    return undefined;
  }
}

export const pwd: Tool = async (run) => {
  await run.stdout.write(`${run.files.cwd}\n`);
  return 0;
};
