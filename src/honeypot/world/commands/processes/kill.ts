/** kill, pkill, pgrep, pidof, killall. Who is taken off the list of processes is dead. */
import type { Run } from '../../program.ts';
import { accountsOf } from '../../systems/account-database.ts';
import { executableOf, isKernelThread, nameOfProcess } from '../../systems/process-facts.ts';
import type { Process } from '../../world.ts';
import { optionsOf } from '../options.ts';
import { posixRegex, type Regex, RegexFault } from '../regex.ts';
import { complain, Fault, type Flavour, fault, nameOf, type Tool } from '../tool.ts';

const names =
  'HUP INT QUIT ILL TRAP ABRT BUS FPE KILL USR1 SEGV USR2 PIPE ALRM TERM STKFLT CHLD CONT STOP TSTP TTIN TTOU URG XCPU XFSZ VTALRM PROF WINCH POLL PWR SYS'.split(
    ' ',
  );

/** Number of a signal by its number or name; undefined where there is none. */
function signalOf(text: string): number | undefined {
  if (/^\d+$/.test(text)) return Number(text) <= 64 ? Number(text) : undefined;
  const at = names.indexOf(text.toUpperCase().replace(/^SIG/, ''));
  return at < 0 ? undefined : at + 1;
}

/** Signals that end who does not handle them; others are as if they were handled. */
function isDeadly(signal: number): boolean {
  return signal !== 0 && ![17, 18, 19, 20, 21, 22, 23, 28].includes(signal);
}

/** @returns why it cannot be done */
export function sendSignal(run: Run, process: Process, signal: number): 'EPERM' | undefined {
  if (run.user.uid !== 0 && process.user !== run.user.name) return 'EPERM';
  if (!isDeadly(signal) || process.pid === 1 || isKernelThread(process)) return undefined;
  const { processes } = run.world;
  const at = processes.indexOf(process);
  if (at >= 0) processes.splice(at, 1);
  return undefined;
}

const killUsage = `
Usage:
 kill [options] <pid> [...]

Options:
 <pid> [...]            send signal to every <pid> listed
 -<signal>, -s, --signal <signal>
                        specify the <signal> to be sent
 -q, --queue <value>    integer value to be sent with the signal
 -l, --list=[<signal>]  list all signal names, or convert one to a name
 -L, --table            list all signal names in a nice table

 -h, --help     display this help and exit
 -V, --version  output version information and exit

For more details see kill(1).
`;

export const kill: Tool = async (run, flavour) => {
  const rest = run.args.slice(1);
  let signal: number | undefined = 15;
  if (/^-(l|L|-list|-table)$/.test(rest[0] ?? '')) return list(run, rest[1]);
  const [first = ''] = rest;
  if (first === '-s' || first === '--signal' || first === '-n') {
    signal = signalOf(rest[1] ?? '');
    rest.splice(0, 2);
  } else if (/^-[A-Za-z0-9]/.test(first) && (rest.length > 1 || !/^-\d+$/.test(first))) {
    signal = signalOf(first.slice(1));
    rest.shift();
  }
  if (signal === undefined)
    throw flavour === 'gnu' ? new Fault(killUsage, 1) : fault(run, `bad signal name '${first.slice(1)}'`);
  if (rest[0] === '--') rest.shift();
  if (rest.length === 0)
    throw flavour === 'gnu' ? new Fault(killUsage, 1) : fault(run, 'you need to specify whom to kill');
  let exitCode = 0;
  for (const text of rest) {
    if (!/^-?\d+$/.test(text)) {
      exitCode = 1;
      await complain(
        run,
        flavour === 'gnu' ? `failed to parse argument: '${text}'` : `invalid number '${text}'`,
      );
      continue;
    }
    const pid = Number(text);
    if (pid === -1) {
      for (const process of [...run.world.processes])
        if (process.pid !== run.pid) sendSignal(run, process, signal);
      continue;
    }
    const process = run.world.processes.find((one) => one.pid === Math.abs(pid));
    const failure =
      process === undefined
        ? 'No such process'
        : sendSignal(run, process, signal) && 'Operation not permitted';
    if (failure === undefined) continue;
    exitCode = 1;
    await complain(run, flavour === 'gnu' ? `(${pid}): ${failure}` : `can't kill pid ${pid}: ${failure}`);
  }
  return exitCode;
};

async function list(run: Run, which: string | undefined): Promise<number> {
  if (which === undefined) {
    await run.stdout.write(`${names.join(' ')}\n`);
    return 0;
  }
  const number = Number(which) > 128 ? Number(which) - 128 : Number(which);
  const said = Number.isNaN(number) ? signalOf(which) : names[number - 1];
  if (said === undefined) throw fault(run, `unknown signal name ${which}`);
  await run.stdout.write(`${said}\n`);
  return 0;
}

const grepSpec = {
  short: 'acd:fF:g:G:HiLlnoO:P:q:rs:t:u:U:vwx',
  long: {
    full: 'f',
    exact: 'x',
    'list-name': 'l',
    'list-full': 'a',
    newest: 'n',
    oldest: 'o',
    'parent=': 'P',
    'euid=': 'u',
    'uid=': 'U',
    inverse: 'v',
    count: 'c',
    'signal=': 'signal',
    'delimiter=': 'd',
    echo: 'e',
    'ignore-case': 'i',
    'terminal=': 't',
  },
  misuse: 2,
};

/** pgrep and pkill: one program under two names. */
export const pgrep: Tool = async (run, flavour) => {
  const isKill = nameOf(run).endsWith('pkill');
  let signal = 15;
  const args = run.args.filter((arg, index) => {
    const match = index > 0 && isKill ? /^-([A-Z]\w+|\d+)$/.exec(arg) : null;
    const number = match === null ? undefined : signalOf(match[1]!);
    if (number === undefined) return true;
    signal = number;
    return false;
  });
  const options = optionsOf({ ...run, args }, flavour, {
    ...grepSpec,
    short: isKill ? `${grepSpec.short}e` : grepSpec.short,
  });
  if (options.has('signal')) signal = signalOf(options.value('signal')!) ?? 15;
  const [pattern] = options.operands;
  if (pattern === undefined && !options.has('u', 'U', 'P', 't', 'g', 's', 'G'))
    throw new Fault(
      `${nameOf(run)}: no matching criteria specified\nTry \`${nameOf(run)} --help' for more information.\n`,
      2,
    );
  let regex: Regex | undefined;
  try {
    regex =
      pattern === undefined
        ? undefined
        : posixRegex(options.has('x') ? `^(${pattern})$` : pattern, {
            isExtended: true,
            ignoresCase: options.has('i'),
          });
  } catch (error) {
    if (error instanceof RegexFault) throw fault(run, error.message, 2);
    throw error;
  }
  const users = [...options.values('u'), ...options.values('U')].flatMap((text) => text.split(','));
  const parents = options
    .values('P')
    .flatMap((text) => text.split(','))
    .map(Number);
  const accounts = accountsOf(run.files);
  let found = run.world.processes.filter((process) => {
    if (process.pid === run.pid) return false;
    const text = options.has('f')
      ? process.args.join(' ').replace(/^\[(.*)\]$/, '$1')
      : nameOfProcess(process);
    const isUser =
      users.length === 0 ||
      users.some((user) => user === process.user || accounts.byName(process.user)?.uid === Number(user));
    const isChild = parents.length === 0 || parents.includes(process.ppid);
    return ((regex?.test(text) ?? true) && isUser && isChild) !== options.has('v');
  });
  found = [...found].sort((a, b) => a.pid - b.pid);
  if (options.has('n')) found = found.slice(-1);
  if (options.has('o')) found = found.slice(0, 1);
  if (!isKill) {
    const show = (process: Process): string =>
      `${process.pid}${options.has('a') ? ` ${process.args.join(' ')}` : options.has('l') ? ` ${nameOfProcess(process)}` : ''}`;
    if (options.has('c')) await run.stdout.write(`${found.length}\n`);
    else if (found.length > 0)
      await run.stdout.write(`${found.map(show).join(options.value('d') ?? '\n')}\n`);
    return found.length > 0 ? 0 : 1;
  }
  for (const process of found) {
    if (sendSignal(run, process, signal) === undefined) {
      if (options.has('e')) await run.stdout.write(`${nameOfProcess(process)} killed (pid ${process.pid})\n`);
    } else await complain(run, `killing pid ${process.pid} failed: Operation not permitted`);
  }
  return found.length > 0 ? 0 : 1;
};

function named(run: Run, name: string): Process[] {
  return run.world.processes.filter((process) => {
    if (isKernelThread(process)) return false;
    const program = executableOf(process);
    return name.startsWith('/')
      ? program === name || process.args[0] === name
      : nameOfProcess(process) === name.slice(0, 15) || program.endsWith(`/${name}`);
  });
}

export const pidof: Tool = async (run, flavour) => {
  const options = optionsOf(run, flavour, { short: 'cno:qsxzS:', long: {} });
  const omitted = options
    .values('o')
    .flatMap((text) => text.split(','))
    .map((text) => (text === '%PPID' ? run.pid : Number(text)));
  const found = options.operands
    .flatMap((name) => named(run, name))
    .filter(({ pid }) => pid !== run.pid && !omitted.includes(pid))
    .sort((a, b) => b.pid - a.pid);
  const shown = options.has('s') ? found.slice(0, 1) : found;
  if (shown.length > 0 && !options.has('q'))
    await run.stdout.write(`${shown.map(({ pid }) => pid).join(options.value('S') ?? ' ')}\n`);
  return found.length > 0 ? 0 : 1;
};

export const killall: Tool = async (run, flavour) => {
  let signal = 15;
  const rest: string[] = [];
  const args = run.args.slice(1);
  let isQuiet = false;
  while (args.length > 0) {
    const arg = args.shift()!;
    if (arg === '-l' || arg === '--list') return list(run, undefined);
    if (arg === '-s' || arg === '--signal') signal = signalOf(args.shift() ?? '') ?? 15;
    else if (arg === '-q' || arg === '--quiet') isQuiet = true;
    else if (/^-(u|o|y|Z)$/.test(arg)) args.shift();
    else if (/^-([A-Z]+\d*|\d+)$/.test(arg)) signal = signalOf(arg.slice(1)) ?? 15;
    else if (arg.startsWith('-') && arg !== '--') continue;
    else if (arg !== '--') rest.push(arg);
  }
  if (rest.length === 0) throw killallUsage(run, flavour);
  let exitCode = 0;
  for (const name of rest) {
    const found = named(run, name).filter(({ pid }) => pid !== run.pid);
    if (found.length === 0) {
      exitCode = 1;
      if (!isQuiet)
        await run.stderr.write(
          flavour === 'gnu' ? `${name}: no process found\n` : `killall: ${name}: no process killed\n`,
        );
    }
    for (const process of found)
      if (sendSignal(run, process, signal) !== undefined) {
        exitCode = 1;
        await run.stderr.write(`${name}(${process.pid}): Operation not permitted\n`);
      }
  }
  return exitCode;
};

function killallUsage(run: Run, flavour: Flavour): Fault {
  if (flavour === 'busybox') return fault(run, 'you need to specify whom to kill');
  return new Fault(
    'Usage: killall [ -Z CONTEXT ] [ -u USER ] [ -y TIME ] [ -o TIME ] [ -eIgiqrvw ]\n               [ -s SIGNAL | -SIGNAL ] NAME...\n       killall -l, --list\n       killall -V, --version\n',
    1,
  );
}
