/** Programs that start others in some way: nohup, setsid, timeout, nice, time, watch, flock, screen, tmux. */
import type { Output, Run } from '../../program.ts';
import { now } from '../../world.ts';
import { misuse, optionsOf } from '../options.ts';
import { quoteAlways, quoteWord } from '../quote.ts';
import { durationOf } from '../system/clock.ts';
import { formatTime } from '../time.ts';
import { complain, Fault, type Flavour, fault, shortNameOf, type Tool } from '../tool.ts';

async function started(
  run: Run,
  flavour: Flavour,
  words: readonly string[],
  change: Parameters<Run['exec']>[1] = {},
): Promise<number> {
  const code = await run.exec(words, change);
  if (code !== 127 && code !== 126) return code;
  const reason = code === 127 ? 'No such file or directory' : 'Permission denied';
  const name = words[0] ?? '';
  const isFound =
    run.files.exists(name) ||
    (run.env.get('PATH') ?? '').split(':').some((folder) => run.files.exists(`${folder}/${name}`));
  if (!isFound || code === 126)
    await complain(
      run,
      flavour === 'gnu'
        ? `failed to run command ${quoteWord(run, name)}: ${reason}`
        : `can't execute '${name}': ${reason}`,
    );
  return code;
}

export const nohup: Tool = async (run, flavour) => {
  const words = run.args.slice(1);
  if (words.length === 0)
    throw misuse(run, flavour, { misuse: 125 }, flavour === 'gnu' ? 'missing operand' : '');
  const ignores = run.stdin.isTerminal ? 'ignoring input' : '';
  if (!run.stdout.isTerminal) {
    if (ignores !== '') await run.stderr.write(`${run.args[0]}: ${ignores}\n`);
    return startedQuoted(run, flavour, words);
  }
  const path = 'nohup.out';
  const both = ignores === '' ? 'appending' : `${ignores} and appending`;
  await run.stderr.write(`${run.args[0]}: ${both} output to ${quoteAlways(path)}\n`);
  const output = fileOutput(run, path);
  return startedQuoted(run, flavour, words, {
    stdout: output,
    ...(run.stderr.isTerminal && { stderr: output }),
  });
};

async function startedQuoted(
  run: Run,
  flavour: Flavour,
  words: readonly string[],
  change: Parameters<Run['exec']>[1] = {},
): Promise<number> {
  const code = await run.exec(words, {
    ...change,
    ...(run.stdin.isTerminal && { stdin: { isTerminal: false, read: () => Promise.resolve(undefined) } }),
  });
  if (code === 127) {
    const said =
      flavour === 'gnu' ? `failed to run command ${quoteAlways(words[0]!)}` : `can't execute '${words[0]}'`;
    await complain(run, `${said}: No such file or directory`);
  }
  return code;
}

function fileOutput(run: Run, path: string): Output {
  return {
    isTerminal: false,
    write: async (data) => {
      run.files.write(path, typeof data === 'string' ? Buffer.from(data) : data, {
        append: true,
        mode: 0o600,
        now: now(run.world),
      });
    },
  };
}

export const setsid: Tool = async (run, flavour) => {
  const options = optionsOf(run, flavour, {
    short: 'cfw',
    long: { ctty: 'c', fork: 'f', wait: 'w' },
    stopsEarly: true,
  });
  if (options.operands.length === 0)
    throw new Fault("setsid: no command specified\nTry 'setsid --help' for more information.\n", 1);
  if (!options.has('f')) return started(run, flavour, options.operands);
  void run.exec(options.operands, { isDetached: true });
  return 0;
};

/** In the background, as it says of itself. */
export const daemonize: Tool = async (run) => {
  const at = run.args.findIndex((arg, index) => index > 0 && !arg.startsWith('-'));
  if (at < 0) return 1;
  void run.exec(run.args.slice(at), { isDetached: true });
  return 0;
};

export const timeout: Tool = async (run, flavour) => {
  const options = optionsOf(run, flavour, {
    short: 'k:s:vt:',
    long: {
      'kill-after=': 'k',
      'signal=': 's',
      foreground: 'foreground',
      'preserve-status': 'preserve',
      verbose: 'v',
    },
    stopsEarly: true,
    misuse: 125,
  });
  const [time, ...words] = options.operands;
  if (time === undefined || words.length === 0)
    throw misuse(run, flavour, { misuse: 125 }, flavour === 'gnu' ? 'missing operand' : '');
  const limit = durationOf(time);
  if (limit === undefined)
    throw flavour === 'gnu'
      ? misuse(run, flavour, { misuse: 125 }, `invalid time interval ${quoteWord(run, time)}`)
      : fault(run, `invalid number '${time}'`);
  const begun = now(run.world);
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, limit === 0 ? longest : Math.min(limit, longest));
  });
  try {
    const code = await Promise.race([started(run, flavour, words), late]);
    // Where nobody watches, sleeping takes no time, and only the clock tells.
    const isLate = typeof code !== 'number' || (limit > 0 && now(run.world) - begun > limit);
    if (!isLate) return code;
  } finally {
    clearTimeout(timer);
  }
  const { processes } = run.world;
  for (const process of processes.filter(({ ppid }) => ppid === run.pid))
    processes.splice(processes.indexOf(process), 1);
  return /^(KILL|SIGKILL|9)$/.test(options.value('s') ?? '') ? 137 : 124;
};

/** What Node's timers take, in milliseconds. */
const longest = 2 ** 31 - 1;

/** nice, ionice, taskset, chrt, stdbuf, unbuffer, time -p: what follows runs as ever. */
export const around: Tool = async (run, flavour) => {
  const name = shortNameOf(run);
  const withValue: Readonly<Record<string, RegExp>> = {
    nice: /^-n$|^--adjustment$/,
    ionice: /^-[cn]$/,
    stdbuf: /^-[ioe]$/,
    time: /^-[fo]$/,
    renice: /^$/,
  };
  const rest = run.args.slice(1);
  while (rest[0]?.startsWith('-')) {
    const arg = rest.shift()!;
    if (withValue[name]?.test(arg)) rest.shift();
    if (/^-p$/.test(arg) && (name === 'ionice' || name === 'taskset' || name === 'chrt')) return 0;
  }
  if (name === 'taskset' || name === 'chrt') rest.shift();
  if (rest.length === 0) {
    if (name === 'nice') await run.stdout.write('0\n');
    else if (name === 'ionice') await run.stdout.write('none: prio 0\n');
    return 0;
  }
  const begun = now(run.world);
  const code = await started(run, flavour, rest);
  if (name === 'time') {
    const seconds = (now(run.world) - begun) / 1000;
    await run.stderr.write(
      `real\t${Math.floor(seconds / 60)}m ${(seconds % 60).toFixed(2)}s\nuser\t0m 0.00s\nsys\t0m 0.00s\n`,
    );
  }
  return code;
};

export const renice: Tool = async (run) => {
  const numbers = run.args.slice(1).filter((arg) => /^-?\d+$/.test(arg));
  const [priority = '0', ...pids] = numbers;
  for (const pid of pids)
    await run.stdout.write(`${pid} (process ID) old priority 0, new priority ${priority}\n`);
  return 0;
};

/** Most screens that watch shows. */
const mostScreens = 1000;

export const watch: Tool = async (run, flavour) => {
  const options = optionsOf(run, flavour, {
    short: 'bcCdegn:pq:rtwx',
    long: { 'interval=': 'n', 'no-title': 't', differences: 'd', exec: 'x', precise: 'p', chgexit: 'g' },
    stopsEarly: true,
  });
  const words = options.operands;
  if (words.length === 0) throw new Fault('\nUsage:\n watch [options] command\n', 1);
  const interval = Math.min(Math.max(0.1, Number(options.value('n') ?? 2)), 86_400);
  if (Number.isNaN(interval))
    throw fault(run, `failed to parse argument: '${options.value('n')}': Invalid argument`);
  for (let screen = 0; screen < mostScreens; screen++) {
    const title = `Every ${interval.toFixed(1)}s: ${words.join(' ')}`;
    const stamp = `${run.world.hostname}: ${formatTime('%a %b %e %H:%M:%S %Y', now(run.world))}`;
    const width = run.terminal?.columns ?? 80;
    await run.stdout.write(
      `\x1b[H\x1b[2J${options.has('t') ? '' : `${title.padEnd(Math.max(0, width - stamp.length))}${stamp}\n\n`}`,
    );
    await run.exec(['/bin/sh', '-c', words.join(' ')]);
    await run.sleep(interval * 1000);
  }
  return 0;
};

export const flock: Tool = async (run, flavour) => {
  const options = optionsOf(run, flavour, {
    short: 'c:eE:FnosuvVw:x',
    long: {
      nonblock: 'n',
      nb: 'n',
      exclusive: 'x',
      shared: 's',
      unlock: 'u',
      'wait=': 'w',
      'timeout=': 'w',
      'command=': 'c',
      close: 'o',
    },
    stopsEarly: true,
  });
  const [lock, ...words] = options.operands;
  if (lock === undefined) throw new Fault('flock: not enough arguments\n', 64);
  if (!/^\d+$/.test(lock) && !run.files.exists(lock))
    run.files.write(lock, new Uint8Array(), { now: now(run.world) });
  const command = options.value('c') ?? (words[0] === '-c' ? words[1] : undefined);
  if (command !== undefined) return run.exec(['/bin/sh', '-c', command]);
  return words.length === 0 ? 0 : started(run, flavour, words);
};

/** screen and tmux: a session in the background runs its command; one in front is a shell. */
export const multiplexer: Tool = async (run) => {
  const args = run.args.slice(1);
  const name = shortNameOf(run);
  const isListing =
    name === 'screen'
      ? args.some((arg) => /^-(ls|list)$/.test(arg))
      : /^(ls|list-sessions|a|attach|attach-session|kill-server|kill-session)$/.test(args[0] ?? '');
  if (isListing) {
    await (name === 'screen'
      ? run.stdout.write('No Sockets found in /run/screen/S-root.\n\n')
      : run.stderr.write('no server running on /tmp/tmux-0/default\n'));
    return 1;
  }
  const isDetached =
    name === 'screen'
      ? /-\w*[dD]\w*m|-m\w*d/.test(args.join(' '))
      : args.includes('-d') ||
        (/^new(-session)?$/.test(args[0] ?? '') && args.some((arg) => /^-\w*d/.test(arg)));
  const command = commandOf(name, args);
  if (isDetached) {
    if (command.length > 0)
      void run.exec(command.length === 1 ? ['/bin/sh', '-c', command[0]!] : command, { isDetached: true });
    return 0;
  }
  if (!run.stdin.isTerminal) {
    await run.stderr.write(
      name === 'screen' ? 'Must be connected to a terminal.\n' : 'open terminal failed: not a terminal\n',
    );
    return 1;
  }
  const code = await run.exec(command.length > 0 ? command : [run.env.get('SHELL') ?? '/bin/sh']);
  await run.stdout.write(name === 'screen' ? '[screen is terminating]\n' : '[exited]\n');
  return code;
};

function commandOf(name: string, args: readonly string[]): string[] {
  const rest = [...args];
  if (name === 'tmux' && rest[0] !== undefined && !rest[0].startsWith('-')) rest.shift();
  while (rest[0]?.startsWith('-')) {
    const arg = rest.shift()!;
    if (/^-\w*[SscpthnxyFe]$/.test(arg) && !/^-(ls|m|d|D|dm|L|A|U|q|X)$/.test(arg)) rest.shift();
  }
  return rest;
}
