/** All builtins, and which of them a shell has. */
import type { Dialect } from '../dialect.ts';
import type { Shell } from '../shell.ts';
import type { Builtin } from './builtin.ts';
import { declare, evaluateAll, exportNames, local, readonly, unset } from './declare.ts';
import { cd, dirs, popd, pushd, pwd } from './directories.ts';
import { echo } from './echo.ts';
import { builtin, command, evaluate, exec, exit, leaveLoop, returnFrom, source } from './flow.ts';
import { enable, help, history } from './history.ts';
import { disown, foreground, jobs, kill, wait } from './jobs.ts';
import { times, ulimit, umask } from './limits.ts';
import { getopts, set, shift, shopt } from './options.ts';
import { printf } from './printf.ts';
import { mapfile, read } from './read.ts';
import { test } from './test.ts';
import { trap } from './trap.ts';
import { alias, hash, type, unalias } from './type.ts';

/** Those whose failure ends a shell of POSIX (POSIX, 2.14). */
const special: ReadonlySet<string> = new Set(
  ': . break continue eval exec exit export readonly return set shift times trap unset'.split(' '),
);

export function isSpecial(name: string): boolean {
  return special.has(name);
}

const nothing: Builtin = () => 0;
const failure: Builtin = () => 1;

/** That all three have. */
function common(): Readonly<Record<string, Builtin>> {
  return {
    '.': source,
    ':': nothing,
    '[': test,
    alias,
    bg: foreground,
    break: leaveLoop,
    cd,
    command,
    continue: leaveLoop,
    echo,
    eval: evaluate,
    exec,
    exit,
    export: exportNames,
    false: failure,
    fg: foreground,
    getopts,
    hash,
    jobs,
    kill,
    local,
    printf,
    pwd,
    read,
    readonly,
    return: returnFrom,
    set,
    shift,
    test,
    times,
    trap,
    true: nothing,
    type,
    ulimit,
    umask,
    unalias,
    unset,
    wait,
  };
}

function tableOf(name: Dialect['name']): ReadonlyMap<string, Builtin> {
  const extended = { source, let: evaluateAll, history, help };
  const own: Readonly<Record<Dialect['name'], Readonly<Record<string, Builtin>>>> = {
    dash: { chdir: cd },
    ash: { ...extended, chdir: cd, '[[': test },
    bash: {
      ...extended,
      builtin,
      bind: nothing,
      complete: nothing,
      compopt: nothing,
      declare,
      dirs,
      disown,
      enable,
      logout: exit,
      mapfile,
      popd,
      pushd,
      readarray: mapfile,
      shopt,
      typeset: declare,
    },
  };
  return new Map(Object.entries({ ...common(), ...own[name] }).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Made when the first shell asks, since builtins and shells know each other. */
const tables = new Map<Dialect['name'], ReadonlyMap<string, Builtin>>();

function table({ dialect }: Shell): ReadonlyMap<string, Builtin> {
  let found = tables.get(dialect.name);
  if (found === undefined) {
    found = tableOf(dialect.name);
    tables.set(dialect.name, found);
  }
  return found;
}

export function builtinNamed(shell: Shell, name: string): Builtin | undefined {
  return table(shell).get(name);
}

export function builtinNames(shell: Shell): readonly string[] {
  return [...table(shell).keys()];
}
