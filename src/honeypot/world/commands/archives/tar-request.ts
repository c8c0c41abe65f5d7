/** What tar is asked for, with letters that may stand without a dash. */
import { maxFile } from '../../files/view.ts';
import type { Run } from '../../program.ts';
import { Fault, type Flavour, nameOf, reasonOf } from '../tool.ts';
import { busyboxUsage } from '../usage.ts';

export interface TarRequest {
  readonly mode: 'c' | 'x' | 't';
  readonly file: string;
  readonly packing: 'z' | 'j' | 'J' | undefined;
  readonly verbose: boolean;
  readonly folder: string | undefined;
  readonly strip: number;
  readonly toStdout: boolean;
  readonly keepsOld: boolean;
  readonly excluded: readonly string[];
  readonly operands: readonly string[];
}

/** @throws Fault */
export function requestOf(run: Run, flavour: Flavour): TarRequest {
  const [first = '', ...others] = run.args.slice(1);
  // The first word may be letters without a dash.
  const args = first !== '' && !first.startsWith('-') ? [`-${first}`, ...others] : run.args.slice(1);
  let mode: TarRequest['mode'] | undefined;
  let [file, folder, strip] = ['-', undefined as string | undefined, 0];
  let packing: TarRequest['packing'];
  let [verbose, toStdout, keepsOld] = [false, false, false];
  const [excluded, operands]: [string[], string[]] = [[], []];
  const rest = [...args];
  while (rest.length > 0) {
    const arg = rest.shift()!;
    if (arg === '--') {
      operands.push(...rest);
      break;
    }
    if (arg.startsWith('--')) {
      const [name = '', inline] = arg.slice(2).split(/=(.*)/s);
      const value = (): string => inline ?? rest.shift() ?? '';
      if (name === 'create') mode = 'c';
      else if (name === 'extract' || name === 'get') mode = 'x';
      else if (name === 'list') mode = 't';
      else if (name === 'file') file = value();
      else if (name === 'directory') folder = value();
      else if (name === 'gzip' || name === 'gunzip') packing = 'z';
      else if (name === 'bzip2') packing = 'j';
      else if (name === 'xz') packing = 'J';
      else if (name === 'verbose') verbose = true;
      else if (name === 'strip-components') strip = Number(value()) || 0;
      else if (name === 'exclude') excluded.push(value());
      else if (name === 'to-stdout') toStdout = true;
      else if (name === 'version') throw new Fault('tar (GNU tar) 1.34\n', 0);
      else if (
        /^(owner|group|mode|mtime|transform|xform|files-from|exclude-from|format|checkpoint|warning|sort)$/.test(
          name,
        ) &&
        inline === undefined
      )
        rest.shift();
      continue;
    }
    if (!arg.startsWith('-') || arg === '-') {
      operands.push(arg);
      continue;
    }
    for (let at = 1; at < arg.length; at++) {
      const letter = arg[at]!;
      if ('cxt'.includes(letter)) mode = letter as 'c';
      else if (letter === 'z' || letter === 'j' || letter === 'J') packing = letter;
      else if (letter === 'v') verbose = true;
      else if (letter === 'O') toStdout = true;
      else if (letter === 'k') keepsOld = true;
      else if ('fCTXbgHIKLNV'.includes(letter)) {
        const isCluster = arg === `-${first}`;
        const value = !isCluster && at + 1 < arg.length ? arg.slice(at + 1) : (rest.shift() ?? '');
        if (letter === 'f') file = value;
        else if (letter === 'C') folder = value;
        if (!isCluster) break;
      } else if (!'aphmPSWlostUwrAudi'.includes(letter))
        throw new Fault(
          `${nameOf(run)}: invalid option -- '${letter}'\nTry '${nameOf(run)} --help' or '${nameOf(run)} --usage' for more information.\n`,
          64,
        );
    }
  }
  if (mode === undefined)
    throw new Fault(
      flavour === 'busybox'
        ? busyboxUsage(run, 'tar')
        : `${nameOf(run)}: You must specify one of the '-Acdtrux', '--delete' or '--test-label' options\nTry '${nameOf(run)} --help' or '${nameOf(run)} --usage' for more information.\n`,
      flavour === 'busybox' ? 1 : 2,
    );
  return { mode, file, packing, verbose, folder, strip, toStdout, keepsOld, excluded, operands };
}

/** Where `-C` goes. */
export function inFolder(run: Run, flavour: Flavour, folder: string | undefined): Run {
  if (folder === undefined) return run;
  try {
    return { ...run, files: run.files.in(folder) };
  } catch (error) {
    const said =
      flavour === 'gnu'
        ? `${nameOf(run)}: ${folder}: Cannot open: ${reasonOf(error)}\n${nameOf(run)}: Error is not recoverable: exiting now\n`
        : `tar: can't change directory to '${folder}': ${reasonOf(error)}\n`;
    throw new Fault(said, flavour === 'gnu' ? 2 : 1);
  }
}

/** Most that an archive may hold, in bytes. */
export const mostBytes = 2 * maxFile;
export const deepest = 64;
