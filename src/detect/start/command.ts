/**
 * What a command starts and what it reads: `exec gosu app python3 -m miner --config=/etc/x.json` runs gosu,
 * python3 and the module, and reads the file. Pure text; whether any of it exists is the walk's question.
 */
import { type Interpreter, interpreters, type Wrapper, wrappers } from './program.ts';

export type Use =
  /** A program or script by path or by name (then looked up in PATH); `args` as it would see them. */
  | { readonly kind: 'run'; readonly name: string; readonly args: readonly string[] }
  | { readonly kind: 'read'; readonly path: string }
  /** `sh -c TEXT`; `args` become `$0`, `$1` and so on. */
  | { readonly kind: 'shell'; readonly text: string; readonly args: readonly string[] }
  /** `python -c CODE` and the like. */
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: 'module'; readonly name: string }
  | { readonly kind: 'service'; readonly name: string }
  /** Every file of a directory: `run-parts DIR`, `find DIR …`. */
  | { readonly kind: 'folder'; readonly path: string }
  | { readonly kind: 'enter'; readonly path: string };

/** Wrappers in wrappers: more than any real command has. */
const maxWrapping = 8;
const maxArguments = 2000;

/** @param words the command as a list, unquoted; the first one names the program */
export function readCommand(words: readonly string[], depth = 0): readonly Use[] {
  const list = words.slice(0, maxArguments);
  const program = list[0] ?? '';
  if (program === '' || depth > maxWrapping) return [];
  const args = list.slice(1);
  const name = baseName(program);
  const own: Use = { kind: 'run', name: program, args };

  if (inert.has(name)) return name === program ? [] : [own];
  const special = builtins.get(name);
  if (special) return [...(name === program ? [] : [own]), ...special(args, depth)];
  if (shells.has(name)) return [own, ...readShell(args)];
  const wrapper = wrappers.get(name);
  if (wrapper) return [own, ...readCommand(unwrap(args, wrapper), depth + 1)];
  const interpreter = interpreterOf(name);
  if (interpreter) return [own, ...readInterpreter(args, interpreter)];
  return [own, ...readArguments(args), ...afterDashes(args, depth)];
}

/** Commands of the shell itself and those whose arguments mean something else than files to read. */
const builtins: ReadonlyMap<string, (args: readonly string[], depth: number) => readonly Use[]> = new Map(
  Object.entries({
    cd: (args) => enter(args),
    pushd: (args) => enter(args),
    '.': (args) => runScript(args),
    source: (args) => runScript(args),
    set: (args, depth) => (args[0] === '--' ? readCommand(args.slice(1), depth + 1) : []),
    eval: (args) => [{ kind: 'shell', text: args.join(' '), args: [] }],
    trap: (args) => (args[0] && args[0] !== '-' ? [{ kind: 'shell', text: args[0], args: [] }] : []),
    su: (args) => readUserSwitch(args),
    runuser: (args) => readUserSwitch(args),
    service: (args) => serviceNamed(args[0]),
    'invoke-rc.d': (args) => serviceNamed(args.find(isPlain)),
    'rc-service': (args) => serviceNamed(args.find(isPlain)),
    systemctl: (args) => readSystemctl(args),
    'run-parts': (args) => folders(args),
    'chronic-run-parts': (args) => folders(args),
    's6-svscan': (args) => folders(args),
    runsvdir: (args) => folders(args),
    find: (args) => readFind(args),
    npm: () => [{ kind: 'read', path: 'package.json' }],
    yarn: () => [{ kind: 'read', path: 'package.json' }],
    pnpm: () => [{ kind: 'read', path: 'package.json' }],
    foreman: () => [{ kind: 'read', path: 'Procfile' }],
    honcho: () => [{ kind: 'read', path: 'Procfile' }],
  }),
);

/** Nothing but noise for a walk: it runs no other program and reads no file. */
export function isInert(words: readonly string[]): boolean {
  return inert.has(words[0] ?? '');
}

const inert = new Set(
  (
    'echo printf rm rmdir mkdir touch chmod chown chgrp test [ [[ ls export local readonly declare unset return ' +
    'exit kill pkill killall true false : shift wait sleep hash type which alias umask dirname basename case'
  ).split(' '),
);

const shells = new Set(['sh', 'bash', 'dash', 'ash', 'ksh', 'mksh', 'zsh', 'fish', 'rbash']);

function readShell(args: readonly string[]): readonly Use[] {
  for (let at = 0; at < args.length; at++) {
    const arg = args[at] ?? '';
    if (/^-[a-zA-Z]*c[a-zA-Z]*$/.test(arg)) {
      const textAt = args.findIndex((one, index) => index > at && isPlain(one));
      return textAt < 0 ? [] : [{ kind: 'shell', text: args[textAt] ?? '', args: args.slice(textAt + 1) }];
    }
    if (arg === '-o' || arg === '+o' || arg === '--rcfile' || arg === '--init-file') at++;
    else if (isPlain(arg)) return [{ kind: 'run', name: arg, args: args.slice(at + 1) }];
  }
  return [];
}

/** `su [-] USER -c TEXT`, `runuser -u USER [--] PROGRAM …`. */
function readUserSwitch(args: readonly string[]): readonly Use[] {
  const flag = args.findIndex((arg) => arg === '-c' || arg === '--command');
  const text = flag < 0 ? undefined : args[flag + 1];
  if (text !== undefined) return [{ kind: 'shell', text, args: [] }];
  return readCommand(unwrap(args, { valued: ['-u', '-g', '-s', '-G', '-w'], operands: 0 }), 1);
}

/** The command inside: options, their values, assignments and the wrapper's own operands are left out. */
function unwrap(args: readonly string[], wrapper: Wrapper): readonly string[] {
  if (wrapper.after !== undefined) {
    const marker = args.indexOf(wrapper.after);
    if (marker >= 0) return args.slice(marker + 1);
  }
  let at = 0;
  let operands = wrapper.operands;
  while (at < args.length) {
    const arg = args[at] ?? '';
    if (arg === '--') {
      at++;
      break;
    }
    if (arg.startsWith('-') && arg.length > 1) at += wrapper.valued.includes(arg) ? 2 : 1;
    else if (wrapper.assignments && /^[A-Za-z_][A-Za-z0-9_]*=/.test(arg)) at++;
    else if (operands-- > 0) at++;
    else break;
  }
  return args.slice(at);
}

function interpreterOf(name: string): Interpreter | undefined {
  return interpreters.get(name.replace(/[\d.]+$/, '')) ?? interpreters.get(name);
}

function readInterpreter(args: readonly string[], interpreter: Interpreter): readonly Use[] {
  const uses: Use[] = [];
  for (let at = 0; at < args.length; at++) {
    const arg = args[at] ?? '';
    const next = args[at + 1] ?? '';
    if (interpreter.code.includes(arg)) return [...uses, { kind: 'code', text: next }];
    if (arg === interpreter.module)
      return [...uses, { kind: 'module', name: next }, ...readArguments(args.slice(at + 2))];
    if (arg === interpreter.program) {
      return [
        ...uses,
        { kind: 'run', name: asFile(next), args: args.slice(at + 2) },
        ...readArguments(args.slice(at + 2)),
      ];
    }
    if (interpreter.reads.includes(arg)) {
      uses.push(...next.split(':').map((path): Use => ({ kind: 'read', path })));
      at++;
    } else if (interpreter.valued.includes(arg)) at++;
    else if (!isPlain(arg)) uses.push(...readArguments([arg]));
    else if (interpreter.verbs.includes(arg)) continue;
    else {
      const rest = args.slice(at + 1);
      return [...uses, { kind: 'run', name: asFile(arg), args: rest }, ...readArguments(rest)];
    }
  }
  return uses;
}

/** An interpreter takes its script from the working directory, not from PATH. */
function asFile(path: string): string {
  return path.includes('/') ? path : `./${path}`;
}

/** Files that arguments name: `/etc/x`, `conf.d/x.json`, `--config=x`, `-c x`, `-c/etc/x`, `@file`, `a.jar:b.jar`. */
function readArguments(args: readonly string[]): readonly Use[] {
  const uses: Use[] = [];
  args.forEach((arg, index) => {
    const value = optionValue(arg);
    const follows = (args[index - 1] ?? '').startsWith('-') && isPlain(arg);
    for (const path of value.split(value.includes('://') ? '\n' : /[:,]/)) {
      if (looksLikePath(path) || (follows && path === arg && isShortName(path)))
        uses.push({ kind: 'read', path });
    }
    if (/^[\w.]+:[A-Za-z_]\w*(?:\(\))?$/.test(arg))
      uses.push({ kind: 'module', name: arg.split(':')[0] ?? '' });
  });
  return uses;
}

function optionValue(arg: string): string {
  if (arg.startsWith('@')) return arg.slice(1);
  const equals = arg.indexOf('=');
  if (equals > 0 && !arg.slice(0, equals).includes('/')) return arg.slice(equals + 1);
  return /^-[A-Za-z][./~]/.test(arg) ? arg.slice(2) : arg;
}

export function looksLikePath(text: string): boolean {
  if (text.length < 2 || text.length > 1024 || text.startsWith('-')) return false;
  if (text.includes('://') || /[\s"'`;|<>(){}\\]/.test(text)) return false;
  return text.includes('/') ? /[^/.]/.test(text) : /^[\w.+@-]*\w\.[A-Za-z][A-Za-z0-9]{0,7}$/.test(text);
}

function isShortName(text: string): boolean {
  return /^[\w.+-]{1,255}$/.test(text) && !/^\d+$/.test(text);
}

/** `wait-for-it db:5432 -- /app/run`: what follows two dashes is often a command. */
function afterDashes(args: readonly string[], depth: number): readonly Use[] {
  const dashes = args.indexOf('--');
  return dashes < 0 ? [] : readCommand(args.slice(dashes + 1), depth + 1);
}

function enter(args: readonly string[]): readonly Use[] {
  const path = args.find((arg) => isPlain(arg));
  return path === undefined ? [] : [{ kind: 'enter', path }];
}

function runScript(args: readonly string[]): readonly Use[] {
  return args[0] === undefined ? [] : [{ kind: 'run', name: args[0], args: args.slice(1) }];
}

function serviceNamed(name: string | undefined): readonly Use[] {
  return name === undefined || name === '' ? [] : [{ kind: 'service', name }];
}

function readSystemctl(args: readonly string[]): readonly Use[] {
  const [verb, ...names] = args.filter(isPlain);
  const starts = ['start', 'restart', 'enable', 'reenable', 'try-restart', 'reload-or-restart'];
  return starts.includes(verb ?? '') ? names.flatMap((name) => serviceNamed(name)) : [];
}

function folders(args: readonly string[]): readonly Use[] {
  return args.filter(looksLikePath).map((path): Use => ({ kind: 'folder', path }));
}

/** Directories that hold the whole system: `find /usr …` does not start what it finds. */
const broad = /^\/(?:[^/]*|usr\/[^/]*|var\/[^/]*|home\/[^/]*)\/?$/;

function readFind(args: readonly string[]): readonly Use[] {
  const roots = args.slice(0, args.findIndex((arg) => arg.startsWith('-')) >>> 0);
  return folders(roots).filter(
    (use) => use.kind === 'folder' && (!broad.test(use.path) || use.path.endsWith('.d/')),
  );
}

function isPlain(arg: string): boolean {
  return !arg.startsWith('-') && !arg.startsWith('+') && arg !== '';
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
