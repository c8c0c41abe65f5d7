/** Jobs: what runs behind a shell, and how to wait for it and end it. */
import type { Job, Shell } from '../shell.ts';
import { signalNames, signalOf } from '../signals.ts';
import { badOption, type Call, fail, hasOption, optionsOf } from './builtin.ts';

/** A job by `%1`, `%+`, `%-`, `%name`, or by its pid. */
function jobOf({ jobs }: Shell, text: string): Job | undefined {
  if (/^\d{1,9}$/.test(text)) return jobs.find(({ pid }) => pid === Number(text));
  const listed = jobs.filter(({ isForgotten }) => !isForgotten);
  const wanted = text.replace(/^%/, '');
  if (wanted === '' || wanted === '+' || wanted === '%') return listed.at(-1);
  if (wanted === '-') return listed.at(-2) ?? listed.at(-1);
  if (/^\d{1,4}$/.test(wanted)) return listed.find(({ number }) => number === Number(wanted));
  return listed.find(({ source }) =>
    wanted.startsWith('?') ? source.includes(wanted.slice(1)) : source.startsWith(wanted),
  );
}

function noSuchJob({ shell }: Call, text: string): string {
  const sentence = {
    bash: `${text}: no such job`,
    dash: `No such job: ${text}`,
    ash: `${text}: no such job`,
  };
  return sentence[shell.dialect.name];
}

/** As `jobs` lists it. */
export function jobLine(shell: Shell, job: Job, hasPid = false): string {
  const { isBash } = shell.dialect;
  const mark = job === shell.jobs.at(-1) ? '+' : job === shell.jobs.at(-2) ? '-' : ' ';
  const code = job.exitCode;
  const state = code === undefined ? 'Running' : code === 0 ? 'Done' : stateOf(code, isBash);
  const pid = hasPid ? `${job.pid} ` : '';
  if (isBash) {
    const text = code === undefined ? `${job.source} &` : job.source;
    return `[${job.number}]${mark} ${pid || ' '}${state.padEnd(24)}${text}`;
  }
  // Without job control they do not know what it was.
  const text = shell.isInteractive ? job.source : '';
  const head =
    shell.dialect.name === 'dash' ? `[${job.number}] ${mark} ${pid}` : `[${job.number}]${mark} ${pid || ' '}`;
  return `${head.padEnd(6)}${state}`.padEnd(33) + text;
}

function stateOf(exitCode: number, isBash: boolean): string {
  if (exitCode === 143) return 'Terminated';
  if (exitCode === 137) return 'Killed';
  return isBash ? `Exit ${exitCode}` : `Done(${exitCode})`;
}

/** Jobs that ended are told once. */
export function forgetEnded({ jobs }: Shell): void {
  for (const job of jobs) job.isForgotten ||= job.exitCode !== undefined;
}

export async function jobs(call: Call): Promise<number> {
  const { shell, args } = call;
  const options = optionsOf(args, shell.dialect.isBash ? 'lnprs' : 'lp');
  if (options.unknown !== '')
    return badOption(call, options.unknown, 'jobs [-lnprs] [jobspec ...] or jobs -x command [args]');
  const found = options.rest.map((text) => [text, jobOf(shell, text)] as const);
  const missing = found.find(([, job]) => job === undefined);
  if (missing !== undefined) return fail(call, noSuchJob(call, missing[0]), shell.dialect.isBash ? 1 : 2);
  const list =
    options.rest.length > 0 ? found.map(([, job]) => job!) : shell.jobs.filter((job) => !job.isForgotten);
  const wanted = hasOption(options, 'r') ? list.filter(({ exitCode }) => exitCode === undefined) : list;
  const isShort = hasOption(options, 'p');
  await shell.write(
    1,
    wanted.map((job) => `${isShort ? job.pid : jobLine(shell, job, hasOption(options, 'l'))}\n`).join(''),
  );
  forgetEnded(shell);
  return 0;
}

export async function foreground(call: Call): Promise<number> {
  const { shell, args, name } = call;
  if (shell.dialect.isBash && !shell.isInteractive) return fail(call, 'no job control');
  const [text = '%+'] = args;
  const job = jobOf(shell, text);
  const exitCode = shell.dialect.isBash ? 1 : 2;
  if (job === undefined) {
    if (args.length > 0) return fail(call, noSuchJob(call, text), exitCode);
    return fail(call, shell.dialect.isBash ? 'current: no such job' : 'No current job', exitCode);
  }
  if (name === 'bg')
    return shell.dialect.isBash ? fail(call, `job ${job.number} already in background`, 0) : 0;
  await shell.write(1, `${job.source}\n`);
  const status = await shell.life.race(job.ended);
  forgetEnded(shell);
  return status;
}

export async function disown(call: Call): Promise<number> {
  const { shell, args } = call;
  const options = optionsOf(args, 'ahr');
  if (options.unknown !== '')
    return badOption(call, options.unknown, 'disown [-h] [-ar] [jobspec ... | pid ...]');
  const isAll = hasOption(options, 'a') || hasOption(options, 'r');
  const texts = options.rest.length > 0 ? options.rest : ['%+'];
  for (const job of isAll ? shell.jobs : []) job.isForgotten = true;
  for (const text of isAll ? [] : texts) {
    const job = jobOf(shell, text);
    if (job === undefined)
      return fail(call, options.rest.length > 0 ? `${text}: no such job` : 'current: no such job');
    job.isForgotten = true;
  }
  return 0;
}

export async function wait(call: Call): Promise<number> {
  const { shell, args } = call;
  const { isBash } = shell.dialect;
  const options = optionsOf(args, isBash ? 'fnp:' : '');
  if (options.unknown !== '') return badOption(call, options.unknown, 'wait [-fn] [-p var] [id ...]');
  if (hasOption(options, 'n')) return waitForOne(shell);
  if (options.rest.length === 0) {
    await shell.life.race(
      Promise.all(shell.jobs.filter((job) => !job.isForgotten).map(({ ended }) => ended)),
    );
    forgetEnded(shell);
    return 0;
  }
  let status = 0;
  for (const text of options.rest) {
    const job = jobOf(shell, text);
    if (job !== undefined) {
      status = await shell.life.race(job.ended);
      job.isForgotten = true;
    } else if (/^\d+$/.test(text))
      status = isBash ? await fail(call, `pid ${text} is not a child of this shell`, 127) : 127;
    else if (text.startsWith('%')) status = await fail(call, noSuchJob(call, text), isBash ? 127 : 2);
    else if (isBash) status = await fail(call, `\`${text}': not a pid or valid job spec`);
    else return fail(call, `Illegal number: ${text}`, 2);
  }
  return status;
}

async function waitForOne(shell: Shell): Promise<number> {
  const listed = shell.jobs.filter(({ isForgotten }) => !isForgotten);
  if (listed.length === 0) return 127;
  const first = Promise.race(listed.map((job) => job.ended.then(() => job)));
  const job = listed.find(({ exitCode }) => exitCode !== undefined) ?? (await shell.life.race(first));
  job.isForgotten = true;
  return job.ended;
}

export async function kill(call: Call): Promise<number> {
  const { shell } = call;
  const { isBash, name: dialect } = shell.dialect;
  let args = call.args[0] === '--' ? call.args.slice(1) : call.args;
  let signal = signalOf('TERM')!;
  const [first = ''] = args;
  if (first === '-l' || first === '-L') return listSignals(call, args.slice(1));
  if (/^-./.test(first)) {
    const isNamed = first === '-s' || (isBash && first === '-n');
    const text = isNamed ? (args[1] ?? '') : first.replace(/^-s?(?=[A-Z0-9])/, '');
    const found = signalOf(text);
    if (found === undefined) return badSignal(call, text);
    signal = found;
    args = args.slice(isNamed ? 2 : 1);
    if (args[0] === '--') args = args.slice(1);
  }
  if (args.length === 0) return killUsage(call);
  let status = 0;
  for (const text of args) {
    const job = text.startsWith('%') ? jobOf(shell, text) : undefined;
    const pid = job?.pid ?? Number(text);
    if (text.startsWith('%') && job === undefined) status = await fail(call, noSuchJob(call, text));
    else if (!/^-?\d{1,9}$/.test(String(pid))) status = await badPid(call, text);
    else if (!sendSignal(shell, pid, signal.number, signal.name)) {
      status = 1;
      if (dialect === 'bash') await fail(call, `(${text}) - No such process`);
      else if (dialect === 'dash') await fail(call, 'No such process\n');
      else await shell.complainAsProgram(`can't kill pid ${text}: No such process`, 'kill');
    }
  }
  return status;
}

const stopped = new Set(['STOP', 'TSTP', 'CONT', 'CHLD', 'WINCH', 'URG', 'TTIN', 'TTOU']);

/** @returns false where there is no such process. @throws Ended where it is the shell itself */
function sendSignal(shell: Shell, pid: number, number: number, name: string): boolean {
  const { kernel, world } = shell;
  const target = Math.abs(pid);
  if (pid === shell.ownPid || pid === 0) {
    if (shell.traps.has(name)) {
      if (shell.traps.get(name) !== '') shell.signals.push(name);
    } else if (number !== 0 && !stopped.has(name)) shell.life.end(128 + number);
    shell.life.check();
    return true;
  }
  const listed = world.processes.findIndex((process) => process.pid === target);
  const living = kernel.processes.get(target);
  if (listed < 0 && living === undefined) return false;
  if (number === 0 || stopped.has(name)) return true;
  // A kernel thread and the first process take no notice.
  if (living !== undefined) living.life.end(128 + number);
  else if (target > 2) world.processes.splice(listed, 1);
  return true;
}

async function badSignal(call: Call, text: string): Promise<number> {
  switch (call.shell.dialect.name) {
    case 'bash':
      return fail(call, `${text.replace(/^-/, '')}: invalid signal specification`);
    case 'dash':
      return fail(call, `Illegal option -${text.replace(/^-/, '').charAt(0)}`, 2);
    case 'ash':
      await call.shell.complainAsProgram(`bad signal name '${text.replace(/^-/, '')}'`, 'kill');
      return 1;
  }
}

async function badPid(call: Call, text: string): Promise<number> {
  switch (call.shell.dialect.name) {
    case 'bash':
      return fail(call, `${text}: arguments must be process or job IDs`);
    case 'dash':
      return fail(call, `Illegal number: ${text}`, 2);
    case 'ash':
      await call.shell.complainAsProgram(`invalid number '${text}'`, 'kill');
      return 1;
  }
}

async function killUsage(call: Call): Promise<number> {
  switch (call.shell.dialect.name) {
    case 'bash':
      await call.shell.write(
        2,
        'kill: usage: kill [-s sigspec | -n signum | -sigspec] pid | jobspec ... or kill -l [sigspec]\n',
      );
      return 2;
    case 'dash':
      return fail(
        call,
        'Usage: kill [-s sigspec | -signum | -sigspec] [pid | job]... or\nkill -l [exitstatus]',
        2,
      );
    case 'ash':
      await call.shell.complainAsProgram('you need to specify whom to kill', 'kill');
      return 1;
  }
}

async function listSignals(call: Call, args: readonly string[]): Promise<number> {
  const { shell } = call;
  for (const text of args) {
    const number = Number(text) > 128 ? String(Number(text) - 128) : text;
    const found = signalOf(number);
    if (found === undefined) return fail(call, `${text}: invalid signal specification`);
    await shell.write(1, `${/^\d/.test(text) ? found.name : found.number}\n`);
  }
  if (args.length > 0) return 0;
  switch (shell.dialect.name) {
    case 'bash': {
      const cells = signalNames.map(([number, name]) => `${String(number).padStart(2)}) SIG${name}`);
      const rows: string[] = [];
      for (let at = 0; at < cells.length; at += 5) rows.push(`${cells.slice(at, at + 5).join('\t')}\n`);
      await shell.write(1, rows.join(''));
      break;
    }
    case 'dash':
      await shell.write(1, `0\n${signalNames.map(([, name]) => `${name}\n`).join('')}`);
      break;
    case 'ash': {
      const plain = signalNames.filter(([number]) => number < 32);
      await shell.write(
        1,
        plain.map(([number, name]) => `${String(number).padStart(2)}) ${name}\n`).join(''),
      );
    }
  }
  return 0;
}
