/** ps of busybox: all processes, or the columns that `-o` names. */
import { View } from '../../files/view.ts';
import type { Run } from '../../program.ts';
import { accountsOf } from '../../systems/account-database.ts';
import { nameOfProcess, virtualKiB } from '../../systems/process-facts.ts';
import type { Process } from '../../world.ts';
import { fault } from '../tool.ts';

interface Column {
  readonly head: string;
  readonly width: number;
  readonly cell: (process: Process, userOf: (process: Process) => string) => string;
}

const columns: ReadonlyMap<string, Column> = new Map<string, Column>([
  ['user', { head: 'USER', width: 8, cell: (process, userOf) => userOf(process) }],
  ['group', { head: 'GROUP', width: 8, cell: (process, userOf) => userOf(process) }],
  ['comm', { head: 'COMMAND', width: 16, cell: nameOfProcess }],
  ['args', { head: 'COMMAND', width: 0, cell: ({ args }) => args.join(' ') }],
  ['pid', { head: 'PID', width: 5, cell: ({ pid }) => `${pid}`.padStart(5) }],
  ['ppid', { head: 'PPID', width: 5, cell: ({ ppid }) => `${ppid}`.padStart(5) }],
  ['pgid', { head: 'PGID', width: 5, cell: ({ pid }) => `${pid}`.padStart(5) }],
  ['nice', { head: 'NI', width: 5, cell: () => '    0' }],
  ['time', { head: 'TIME', width: 5, cell: timeOf }],
  ['tty', { head: 'TT', width: 6, cell: ({ tty }) => (tty === undefined ? '?' : '136,0') }],
  ['vsz', { head: 'VSZ', width: 4, cell: (process) => `${virtualKiB(process)}` }],
  ['stat', { head: 'STAT', width: 4, cell: () => 'S' }],
  ['rss', { head: 'RSS', width: 4, cell: ({ memory }) => `${memory}` }],
]);

export async function busyboxPs(run: Run): Promise<number> {
  const at = run.args.findIndex((arg) => arg.startsWith('-o'));
  const wanted = at < 0 ? undefined : run.args[at] === '-o' ? run.args[at + 1] : run.args[at]!.slice(2);
  const processes = [...run.world.processes].sort((a, b) => a.pid - b.pid);
  const userOf = namesOf(run);
  if (wanted !== undefined) {
    const chosen = wanted.split(',').map((word) => columnNamed(run, word));
    const rows = [
      chosen.map(({ head, width }) => head.padEnd(width)),
      ...processes.map((process) => chosen.map(({ cell, width }) => cell(process, userOf).padEnd(width))),
    ];
    await run.stdout.write(rows.map((cells) => `${cells.join(' ').trimEnd()}\n`).join(''));
    return 0;
  }
  const lines = processes.map(
    (process) =>
      `${`${process.pid}`.padStart(5)} ${userOf(process).padEnd(8)} ${timeOf(process)} ${process.args.join(' ')}`,
  );
  const width = run.stdout.isTerminal ? (run.terminal?.columns ?? 80) : Number.POSITIVE_INFINITY;
  await run.stdout.write(
    ['PID   USER     TIME  COMMAND', ...lines].map((text) => `${text.slice(0, width)}\n`).join(''),
  );
  return 0;
}

/** `pid`, or `pid=PROCESS` with a head of its own. */
function columnNamed(run: Run, word: string): Column {
  const [name = '', head] = word.split('=');
  const column = columns.get(name);
  if (column === undefined)
    throw fault(run, `bad -o argument '${name}', supported arguments: ${[...columns.keys()].join(',')}`);
  return head === undefined ? column : { ...column, head };
}

/** Users of the host have numbers where they have no names. */
function namesOf(run: Run): (process: Process) => string {
  const accounts = accountsOf(run.files);
  const outside = run.world.host && accountsOf(new View(run.world.host.files));
  return ({ user }) => `${accounts.byName(user)?.name ?? outside?.byName(user)?.uid ?? user}`.slice(0, 8);
}

function timeOf({ cpu }: Process): string {
  return `${`${Math.floor(cpu / 60)}`.padStart(2)}:${`${Math.floor(cpu) % 60}`.padStart(2, '0')}`;
}
