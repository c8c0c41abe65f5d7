/** chmod, chown, chgrp, chattr and lsattr. */
import { FileError, type Node } from '../../files/node.ts';
import { join } from '../../files/tree.ts';
import type { Run } from '../../program.ts';
import { accountsOf } from '../../systems/account-database.ts';
import { changedMode, modeText } from '../mode.ts';
import { misuse, type Options, optionsOf } from '../options.ts';
import { ownersOf, parseOwner } from '../owners.ts';
import { quoteAlways, quoteWord } from '../quote.ts';
import { complain, type Flavour, fault, reasonOf, type Tool } from '../tool.ts';

/** Deepest directory that is gone into. */
const deepest = 64;

const long = {
  changes: 'c',
  quiet: 'f',
  silent: 'f',
  verbose: 'v',
  recursive: 'R',
  'reference=': 'reference',
  dereference: 'L',
  'no-dereference': 'h',
  'preserve-root': 'preserve-root',
  'no-preserve-root': 'no-preserve-root',
  'from=': 'from',
};

export const chmod: Tool = async (run, flavour) => {
  // A mode such as -x looks like an option.
  const args = run.args.map((arg, index) =>
    index > 0 && /^-[rwxXst]+$/.test(arg) && index === 1 ? `a${arg}` : arg,
  );
  const options = optionsOf({ ...run, args }, flavour, { short: 'Rcfv', long });
  const reference = options.value('reference');
  const [text, ...rest] = reference === undefined ? options.operands : ['', ...options.operands];
  if (text === undefined) throw misuse(run, flavour, {}, flavour === 'gnu' ? 'missing operand' : '');
  if (rest.length === 0)
    throw misuse(run, flavour, {}, flavour === 'gnu' ? `missing operand after ${quoteWord(run, text)}` : '');
  const referred = reference === undefined ? undefined : run.files.stat(reference).mode;
  if (referred === undefined && changedMode(text, 0, false) === undefined)
    throw flavour === 'gnu'
      ? misuse(run, flavour, {}, `invalid mode: ${quoteWord(run, text)}`)
      : fault(run, `invalid mode '${text}'`);
  return eachOf(run, flavour, options, rest, 'permissions', (path, node) => {
    const mode = referred ?? changedMode(text, node.mode, node.kind === 'directory')!;
    run.files.change(path, { mode });
    const [before, after] = [modeText(node), modeText({ ...node, mode })].map((shown) => shown.slice(1));
    const octal = (value: number): string => value.toString(8).padStart(4, '0');
    const isChanged = mode !== node.mode;
    return {
      isChanged,
      said: isChanged
        ? `mode of ${quoteAlways(path)} changed from ${octal(node.mode)} (${before}) to ${octal(mode)} (${after})`
        : `mode of ${quoteAlways(path)} retained as ${octal(mode)} (${after})`,
    };
  });
};

export const chown: Tool = (run, flavour) => changeOwner(run, flavour, false);
export const chgrp: Tool = (run, flavour) => changeOwner(run, flavour, true);

async function changeOwner(run: Run, flavour: Flavour, isGroup: boolean): Promise<number> {
  const options = optionsOf(run, flavour, { short: 'RchfvHLP', long });
  const reference = options.value('reference');
  const [text, ...rest] = reference === undefined ? options.operands : ['', ...options.operands];
  if (text === undefined) throw misuse(run, flavour, {}, flavour === 'gnu' ? 'missing operand' : '');
  if (rest.length === 0)
    throw misuse(run, flavour, {}, flavour === 'gnu' ? `missing operand after ${quoteWord(run, text)}` : '');
  const referred = reference === undefined ? undefined : run.files.stat(reference);
  const change = referred ?? parseOwner(accountsOf(run.files), isGroup ? `:${text}` : text);
  if (change === 'user' || change === 'group') {
    const isBoth = change === 'group' && !isGroup;
    if (flavour === 'busybox')
      throw fault(run, isBoth ? `unknown user/group ${text}` : `unknown ${change} ${text}`);
    throw fault(run, `invalid ${change}: ${quoteWord(run, text)}`);
  }
  const { uid, gid } = change;
  const owners = ownersOf(run);
  return eachOf(run, flavour, options, rest, isGroup ? 'group' : 'ownership', (path, node) => {
    if (node.kind !== 'link' || !options.has('h'))
      run.files.change(path, {
        ...(uid !== undefined && !isGroup && { uid }),
        ...(gid !== undefined && { gid }),
      });
    const isChanged = (uid !== undefined && uid !== node.uid) || (gid !== undefined && gid !== node.gid);
    const what = isGroup ? 'group' : 'ownership';
    const written = (user: number, group: number): string =>
      isGroup
        ? owners.group(group)
        : gid === undefined
          ? owners.user(user)
          : `${owners.user(user)}:${owners.group(group)}`;
    const [before, after] = [written(node.uid, node.gid), written(uid ?? node.uid, gid ?? node.gid)];
    return {
      isChanged,
      said: isChanged
        ? `changed ${what} of ${quoteAlways(path)} from ${before} to ${after}`
        : `${what} of ${quoteAlways(path)} retained as ${after}`,
    };
  });
}

type Apply = (path: string, node: Node) => { readonly isChanged: boolean; readonly said: string };

/** Applies a change to paths, and with `-R` to what is in them. */
async function eachOf(
  run: Run,
  flavour: Flavour,
  options: Options,
  paths: readonly string[],
  what: string,
  apply: Apply,
): Promise<number> {
  let exitCode = 0;
  const fail = async (said: string, error: unknown): Promise<void> => {
    const reason = reasonOf(error);
    exitCode = 1;
    if (!options.has('f')) await complain(run, `${said}: ${reason}`);
  };
  const visit = async (path: string, depth: number): Promise<void> => {
    await run.work(3);
    let node: Node;
    try {
      node = depth === 0 ? run.files.stat(path) : run.files.lstat(path);
    } catch (error) {
      return fail(flavour === 'gnu' ? `cannot access ${quoteAlways(path)}` : path, error);
    }
    if (node.kind === 'link') return;
    try {
      const { isChanged, said } = apply(path, node);
      if (options.has('v') || (options.has('c') && isChanged)) await run.stdout.write(`${said}\n`);
    } catch (error) {
      await fail(flavour === 'gnu' ? `changing ${what} of ${quoteAlways(path)}` : path, error);
    }
    if (node.kind !== 'directory' || !options.has('R') || depth >= deepest) return;
    for (const { name } of run.files.list(path)) await visit(join(path, name), depth + 1);
  };
  for (const path of paths) await visit(path, 0);
  return exitCode;
}

/** Of ext4; `e` is shown of all files and changed of none. */
const attributes = 'aAcCdDijPsStTuxF';

/** Also under the names that intruders give it, to keep others from undoing what they did. */
export const chattr: Tool = async (run) => {
  let mode: { readonly sign: string; readonly flags: string } | undefined;
  let isRecursive = false;
  const changes: { readonly sign: string; readonly flags: string }[] = [];
  const paths: string[] = [];
  const rest = run.args.slice(1);
  for (const [index, arg] of rest.entries()) {
    if (paths.length === 0 && /^[-+=][a-zA-Z]*$/.test(arg)) {
      if (/^-[RVf]+$/.test(arg)) isRecursive ||= arg.includes('R');
      else if (/^-[vp]$/.test(arg)) rest.splice(index + 1, 1);
      else {
        mode = { sign: arg[0]!, flags: arg.slice(1).replaceAll('R', '') };
        isRecursive ||= arg.startsWith('-') && arg.includes('R');
        if ([...mode.flags].some((flag) => !attributes.includes(flag) && flag !== 'e'))
          return chattrUsage(run);
        changes.push(mode);
      }
    } else paths.push(arg);
  }
  if (changes.length === 0) {
    await run.stderr.write("Must use '-v', =, - or +\n");
    return 1;
  }
  if (paths.length === 0) return chattrUsage(run);
  let exitCode = 0;
  const visit = async (path: string, depth: number): Promise<void> => {
    await run.work(3);
    try {
      const node = run.files.stat(path);
      if (node.kind === 'link' || (node.kind === 'file' && node.device !== undefined))
        throw new FileError('EINVAL');
      run.files.change(path, {
        flags: changes.reduce((flags, change) => changedFlags(flags, change), node.flags ?? ''),
      });
      if (node.kind === 'directory' && isRecursive && depth < deepest)
        for (const { name } of run.files.list(path)) await visit(join(path, name), depth + 1);
    } catch (error) {
      exitCode = 1;
      const reason = reasonOf(error);
      const isMissing = error instanceof FileError && /ENOENT|ENOTDIR/.test(error.code);
      await complain(
        run,
        isMissing ? `${reason} while trying to stat ${path}` : `${reason} while setting flags on ${path}`,
      );
    }
  };
  for (const path of paths) await visit(path, 0);
  return exitCode;
};

async function chattrUsage(run: Run): Promise<number> {
  await run.stderr.write(`Usage: ${run.args[0]} [-pRVf] [-+=aAcCdDeijPsStTuFx] [-v version] files...\n`);
  return 1;
}

function changedFlags(
  flags: string,
  { sign, flags: changed }: { readonly sign: string; readonly flags: string },
): string {
  if (sign === '=') return changed.replaceAll('e', '');
  const kept = [...flags].filter((flag) => !changed.includes(flag)).join('');
  return sign === '+' ? kept + changed.replaceAll('e', '') : kept;
}

/** In the order of e2fsprogs 1.47; `e` is set of all that ext4 has. */
const order = 'suSDiadAcEjItTeCxFNPVm';

export const lsattr: Tool = async (run, flavour) => {
  const options = optionsOf(run, flavour, { short: 'RVadlpv' });
  let exitCode = 0;
  const show = async (path: string, node: Node): Promise<void> => {
    const flags = `${node.flags ?? ''}e`;
    const shown = [...order].map((flag) => (flags.includes(flag) ? flag : '-')).join('');
    await run.stdout.write(`${shown} ${path}
`);
  };
  for (const path of options.operands.length === 0 ? ['.'] : options.operands) {
    try {
      const node = run.files.stat(path);
      if (node.kind !== 'directory' || options.has('d')) {
        await show(path, node);
        continue;
      }
      for (const entry of run.files.list(path)) {
        if (entry.node.kind === 'link' || (entry.name.startsWith('.') && !options.has('a'))) continue;
        await show(join(path, entry.name), entry.node);
      }
    } catch (error) {
      exitCode = 1;
      await complain(run, `${reasonOf(error)} while trying to stat ${path}`);
    }
  }
  return exitCode;
};
