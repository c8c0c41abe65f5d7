/** `docker top`: what `ps` on the host says of the processes of a container. */
import type { Process } from '../../world/world.ts';

import { argumentsOf } from './config.ts';
import { type Container, isRunning } from './container.ts';
import type { Engine } from './engine.ts';
import { broken, notRunning } from './failure.ts';

interface Line {
  readonly user: string;
  readonly pid: number;
  readonly parent: number;
  readonly startedAt: number;
  readonly command: string;
  readonly memory: number;
}

interface Column {
  readonly title: string;
  readonly value: (line: Line) => string;
}

const columns: Readonly<Record<string, Column>> = {
  pid: { title: 'PID', value: ({ pid }) => String(pid) },
  ppid: { title: 'PPID', value: ({ parent }) => String(parent) },
  user: { title: 'USER', value: ({ user }) => user },
  uid: { title: 'UID', value: ({ user }) => (user === 'root' ? '0' : user) },
  args: { title: 'COMMAND', value: ({ command }) => command },
  cmd: { title: 'CMD', value: ({ command }) => command },
  command: { title: 'COMMAND', value: ({ command }) => command },
  comm: { title: 'COMMAND', value: ({ command }) => command.split(' ', 1)[0]!.split('/').at(-1)! },
  time: { title: 'TIME', value: () => '00:00:00' },
  etime: { title: 'ELAPSED', value: ({ startedAt }) => elapsed(startedAt) },
  stime: { title: 'STIME', value: ({ startedAt }) => clock(startedAt) },
  start: { title: 'START', value: ({ startedAt }) => clock(startedAt) },
  tty: { title: 'TT', value: () => '?' },
  c: { title: 'C', value: () => '0' },
  stat: { title: 'STAT', value: () => 'Ss' },
  '%cpu': { title: '%CPU', value: () => '0.0' },
  '%mem': { title: '%MEM', value: () => '0.0' },
  rss: { title: 'RSS', value: ({ memory }) => String(memory) },
  vsz: { title: 'VSZ', value: ({ memory }) => String(memory * 3) },
};
const full: readonly Column[] = [
  { title: 'UID', value: ({ user }) => user },
  ...['pid', 'ppid', 'c', 'stime'].map((name) => columns[name]!),
  { title: 'TTY', value: () => '?' },
  columns.time!,
  columns.cmd!,
];
const userStyle: readonly Column[] = [
  ...['user', 'pid', '%cpu', '%mem', 'vsz', 'rss'].map((name) => columns[name]!),
  { title: 'TTY', value: () => '?' },
  ...['stat', 'start', 'time', 'command'].map((name) => columns[name]!),
];

/** @throws DockerError */
export function processesOf(engine: Engine, container: Container, args: string): object {
  if (/[^\w\s,.:=%/-]/.test(args)) throw broken('ps arguments are not allowed');
  if (!isRunning(container)) throw notRunning(container.id);
  const chosen = chosenColumns(args);
  if (!chosen.some(({ title }) => title === 'PID')) throw broken("Couldn't find PID field in ps output");
  return {
    Processes: linesOf(engine, container).map((line) => chosen.map(({ value }) => value(line))),
    Titles: chosen.map(({ title }) => title),
  };
}

function chosenColumns(args: string): readonly Column[] {
  const named = /(?:^|\s)-?[a-zA-Z]*o\s*([\w,%=]+)/.exec(args)?.[1];
  if (named !== undefined)
    return named.split(',').flatMap((name) => columns[name.split('=', 1)[0]!.toLowerCase()] ?? []);
  return /^\s*-?aux/.test(args) ? userStyle : full;
}

/** Most that are shown. */
const most = 100;

function linesOf(engine: Engine, container: Container): Line[] {
  const { pid: first, world, hostConfig } = container;
  const lineOf = ({ user, pid, ppid, startedAt, args, memory }: Process): Line => ({
    user,
    pid,
    parent: ppid,
    startedAt,
    command: args.join(' '),
    memory,
  });
  if (world !== undefined && hostConfig.PidMode !== 'host' && world.processes.length > 0) {
    // Numbers of the host follow each other as those of the container do; above the first is its shim.
    const outside = (pid: number): number => (pid === 0 ? first - 21 : first + pid - 1);
    return world.processes
      .slice(0, most)
      .map(lineOf)
      .map((line) => ({ ...line, pid: outside(line.pid), parent: outside(line.parent) }));
  }
  const known = engine.host().processes.filter(({ pid, ppid }) => pid === first || ppid === first);
  if (known.length > 0) return known.map(lineOf);
  return [
    {
      user: container.config.User || 'root',
      pid: first,
      parent: first - 21,
      startedAt: container.startedAt?.at ?? Date.now(),
      command: argumentsOf(container.config).join(' '),
      memory: 3200,
    },
  ];
}

function clock(at: number): string {
  const isOld = Date.now() - at > 86_400_000;
  const text = new Date(at).toUTCString();
  return isOld ? `${text.slice(8, 11)}${text.slice(5, 7)}` : text.slice(17, 22);
}

function elapsed(at: number): string {
  const seconds = Math.max(0, Math.floor((Date.now() - at) / 1000));
  const part = (value: number): string => String(value).padStart(2, '0');
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  return hours > 0
    ? `${part(hours)}:${part(minutes)}:${part(seconds % 60)}`
    : `${part(minutes)}:${part(seconds % 60)}`;
}
