/** Columns of ps: what they are called, how wide they are, what stands in them (procps 4.0.2). */
import type { Accounts } from '../../systems/account-database.ts';
import { memoryOf } from '../../systems/machine.ts';
import { isKernelThread, nameOfProcess, stateOf, virtualKiB } from '../../systems/process-facts.ts';
import { now, type Process, type World } from '../../world.ts';
import { formatTime } from '../time.ts';

export interface Column {
  readonly head: string;
  readonly width: number;
  readonly isLeft: boolean;
  show(process: Process): string;
}

export interface ColumnContext {
  readonly world: World;
  readonly accounts: Accounts;
  /** Of the ps that asks. */
  readonly readerPid: number;
  /** Puts a tree before commands. */
  indent(process: Process): string;
  /** Whether `cmd` shows arguments: they do except in `ps` and `ps -e`. */
  readonly showsArguments: boolean;
}

export function columnNamed(name: string, context: ColumnContext): Column | undefined {
  const { world, accounts, readerPid } = context;
  const time = now(world);
  const total = memoryOf(world).total;
  const right = (head: string, width: number, show: Column['show']): Column => ({
    head,
    width,
    isLeft: false,
    show,
  });
  const left = (head: string, width: number, show: Column['show']): Column => ({
    head,
    width,
    isLeft: true,
    show,
  });
  const args = (process: Process): string => {
    const text =
      context.showsArguments || isKernelThread(process) ? process.args.join(' ') : nameOfProcess(process);
    return (
      context.indent(process) +
      (context.showsArguments || !isKernelThread(process) ? text : nameOfProcess(process))
    );
  };
  switch (name) {
    case 'pid':
    case 'tgid':
      return right('PID', 7, ({ pid }) => `${pid}`);
    case 'ppid':
      return right('PPID', 7, ({ ppid }) => `${ppid}`);
    case 'pgid':
    case 'pgrp':
      return right('PGID', 7, ({ pid }) => `${pid}`);
    case 'sid':
    case 'sess':
      return right('SID', 7, ({ pid }) => `${pid}`);
    case 'user':
    case 'euser':
    case 'ruser':
      return left('USER', 8, ({ user }) => shortUser(user));
    case 'uname':
      return left('UID', 8, ({ user }) => shortUser(user));
    case 'uid':
    case 'euid':
    case 'ruid':
      return right('UID', 5, ({ user }) => `${accounts.byName(user)?.uid ?? user}`);
    case 'group':
    case 'egroup':
      return left(
        'GROUP',
        8,
        ({ user }) => accounts.groupById(accounts.byName(user)?.gid ?? -1)?.name ?? user,
      );
    case '%cpu':
    case 'pcpu':
      return right('%CPU', 4, (process) => share(process.cpu * 1000, time - process.startedAt));
    case 'c':
      return right(
        'C',
        2,
        (process) => `${Math.floor(Number(share(process.cpu * 1000, time - process.startedAt)))}`,
      );
    case '%mem':
    case 'pmem':
      return right('%MEM', 4, ({ memory }) => share(memory, total));
    case 'vsz':
    case 'vsize':
      return right('VSZ', 6, (process) => `${virtualKiB(process)}`);
    case 'rss':
    case 'rssize':
      return right('RSS', 5, ({ memory }) => `${memory}`);
    case 'tty':
    case 'tt':
    case 'tname':
      return left(name === 'tt' ? 'TT' : 'TTY', 8, ({ tty }) => tty ?? '?');
    case 'stat':
      return left('STAT', 4, (process) => stateOf(process, process.pid === readerPid));
    case 's':
    case 'state':
      return left('S', 1, (process) => stateOf(process, process.pid === readerPid)[0]!);
    case 'start':
    case 'start_time':
      return right('START', 5, ({ startedAt }) => startOf(startedAt, time));
    case 'stime':
      return right('STIME', 5, ({ startedAt }) => startOf(startedAt, time));
    case 'lstart':
      return right('STARTED', 24, ({ startedAt }) => formatTime('%a %b %e %H:%M:%S %Y', startedAt));
    case 'time':
    case 'cputime':
      return right('TIME', 8, ({ cpu }) => clock(cpu, true));
    case 'bsdtime':
      return right(
        'TIME',
        6,
        ({ cpu }) => `${Math.floor(cpu / 60)}:${`${Math.floor(cpu) % 60}`.padStart(2, '0')}`,
      );
    case 'etime':
      return right('ELAPSED', 11, ({ startedAt }) => elapsed(time - startedAt));
    case 'etimes':
      return right('ELAPSED', 7, ({ startedAt }) => `${Math.floor((time - startedAt) / 1000)}`);
    case 'ni':
    case 'nice':
      return right('NI', 3, (process) => (/<$/.test(stateOf(process)) ? '-20' : '0'));
    case 'pri':
      return right('PRI', 3, (process) => (/<$/.test(stateOf(process)) ? '39' : '19'));
    case 'nlwp':
    case 'thcount':
      return right('NLWP', 4, (process) => (stateOf(process).includes('l') ? '9' : '1'));
    case 'psr':
      return right('PSR', 3, ({ pid }) => `${pid % world.persona.machine.cores}`);
    case 'wchan':
      return left('WCHAN', 6, () => '-');
    case 'comm':
    case 'ucmd':
    case 'fname':
      return left('COMMAND', 27, (process) => context.indent(process) + nameOfProcess(process));
    case 'args':
    case 'command':
      return left('COMMAND', 27, (process) => context.indent(process) + process.args.join(' '));
    case 'cmd':
      return left('CMD', 27, args);
    default:
      return undefined;
  }
}

/** Longer names end with a plus. */
function shortUser(name: string): string {
  return name.length > 8 ? `${name.slice(0, 7)}+` : name;
}

function share(part: number, whole: number): string {
  const percent = whole <= 0 ? 0 : Math.min(99.9, (part / whole) * 100);
  return percent.toFixed(1);
}

function startOf(startedAt: number, time: number): string {
  if (new Date(startedAt).getUTCFullYear() !== new Date(time).getUTCFullYear())
    return formatTime('%Y', startedAt).padStart(5);
  return formatTime(time - startedAt < 86_400_000 ? '%H:%M' : '%b%d', startedAt);
}

function clock(seconds: number, hasHours: boolean): string {
  const two = (value: number): string => `${Math.floor(value)}`.padStart(2, '0');
  const days = Math.floor(seconds / 86_400);
  const rest = `${two((seconds % 86_400) / 3600)}:${two((seconds % 3600) / 60)}:${two(seconds % 60)}`;
  return days > 0 ? `${days}-${rest}` : hasHours ? rest : rest.slice(3);
}

function elapsed(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  return clock(seconds, seconds >= 3600);
}
