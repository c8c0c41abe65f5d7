/** ps, of procps and of busybox; pstree. */
import { View } from '../../files/view.ts';
import type { Run } from '../../program.ts';
import { accountsOf } from '../../systems/account-database.ts';
import { nameOfProcess, virtualKiB } from '../../systems/process-facts.ts';
import type { Process } from '../../world.ts';
import { Fault, type Tool } from '../tool.ts';
import { chosenBy, forestIndent, sorted } from './ps-choice.ts';
import { type Column, type ColumnContext, columnNamed } from './ps-columns.ts';
import { helpHint, type PsRequest, requestOf } from './ps-request.ts';

export const ps: Tool = async (run, flavour) => {
  if (flavour === 'busybox') return busyboxPs(run);
  const request = requestOf(run);
  const chosen = sorted(run, chosenBy(run, request), request);
  const context: ColumnContext = {
    world: run.world,
    accounts: accountsOf(run.files),
    readerPid: run.pid,
    indent: request.isForest ? forestIndent(chosen) : () => '',
    showsArguments: request.style !== 'short' || request.format !== undefined,
  };
  const columns = columnsOf(request, context);
  await run.work(20 + chosen.length * columns.length);
  const rows = chosen.map((process) => columns.map((column) => column.show(process)));
  const heads = columns.map(({ head }) => head);
  const width =
    run.stdout.isTerminal && !request.isWide ? (run.terminal?.columns ?? 80) : Number.POSITIVE_INFINITY;
  const lines = [...(request.hasHead && heads.some((head) => head !== '') ? [heads] : []), ...rows].map(
    (cells) => line(cells, columns).slice(0, width),
  );
  await run.stdout.write(lines.map((text) => `${text}\n`).join(''));
  return chosen.length === 0 ? 1 : 0;
};

const layouts: Readonly<Record<PsRequest['style'], string>> = {
  short: 'pid tty time cmd',
  full: 'uname pid ppid c stime tty time cmd',
  user: 'user pid %cpu %mem vsz rss tty stat start bsdtime command',
  long: 's uid pid ppid c pri ni rss vsz wchan tty time cmd',
  bsd: 'pid tty stat bsdtime command',
};

function columnsOf({ format, style }: PsRequest, context: ColumnContext): Column[] {
  const named = format ?? layouts[style].split(' ').map((name): [string, undefined] => [name, undefined]);
  return named.map(([name, head]) => {
    const column = columnNamed(name.toLowerCase(), context);
    if (column === undefined)
      throw new Fault(`error: unknown user-defined format specifier "${name}"\n${helpHint}`, 1);
    const shown = style === 'full' && name === 'cmd' ? { ...column, head: 'CMD' } : column;
    return head === undefined ? shown : { ...shown, head };
  });
}

/** A cell that is too wide moves the next ones, until a gap takes it up. */
function line(cells: readonly string[], columns: readonly Column[]): string {
  let text = '';
  let end = 0;
  for (const [index, cell] of cells.entries()) {
    const { width, isLeft, head } = columns[index]!;
    const room = Math.max(width, head.length);
    const start = end + (index === 0 ? 0 : 1);
    end = start + room;
    const isLast = index === cells.length - 1;
    if (isLeft) {
      text += (index === 0 ? '' : ' ') + cell;
      if (!isLast) text = text.padEnd(end);
    } else
      text +=
        (index === 0 ? '' : ' ') + cell.padStart(Math.max(0, end - text.length - (index === 0 ? 0 : 1)));
  }
  return text;
}

async function busyboxPs(run: Run): Promise<number> {
  const at = run.args.findIndex((arg) => arg.startsWith('-o'));
  const wanted = at < 0 ? undefined : run.args[at] === '-o' ? run.args[at + 1] : run.args[at]!.slice(2);
  const accounts = accountsOf(run.files);
  const processes = [...run.world.processes].sort((a, b) => a.pid - b.pid);
  // Users of the host have numbers where they have no names.
  const outside = run.world.host && accountsOf(new View(run.world.host.files));
  const user = (process: Process): string => {
    const name = accounts.byName(process.user)?.name ?? outside?.byName(process.user)?.uid ?? process.user;
    return `${name}`.slice(0, 8);
  };
  if (wanted !== undefined) {
    const names = wanted.split(',').map((one) => one.split('=')[0]!);
    const widths: Readonly<Record<string, number>> = {
      pid: 5,
      ppid: 5,
      user: 8,
      comm: 16,
      args: 0,
      vsz: 4,
      rss: 4,
      time: 5,
      stat: 4,
    };
    const cell = (process: Process, name: string): string => {
      const values: Readonly<Record<string, string>> = {
        pid: `${process.pid}`.padStart(5),
        ppid: `${process.ppid}`.padStart(5),
        user: user(process),
        comm: nameOfProcess(process),
        args: process.args.join(' '),
        vsz: `${virtualKiB(process)}`,
        rss: `${process.memory}`,
        stat: 'S',
        time: timeOf(process),
      };
      return (values[name] ?? '').padEnd(widths[name] ?? 5);
    };
    const head = names.map((name) => ({ args: 'COMMAND', comm: 'COMMAND' })[name] ?? name.toUpperCase());
    await run.stdout.write(
      `${head
        .map((name, index) => name.padEnd(widths[names[index]!] ?? 5))
        .join(' ')
        .trimEnd()}\n`,
    );
    await run.stdout.write(
      processes
        .map(
          (process) =>
            `${names
              .map((name) => cell(process, name))
              .join(' ')
              .trimEnd()}\n`,
        )
        .join(''),
    );
    return 0;
  }
  const lines = processes.map(
    (process) =>
      `${`${process.pid}`.padStart(5)} ${user(process).padEnd(8)} ${timeOf(process)} ${process.args.join(' ')}`,
  );
  const width = run.stdout.isTerminal ? (run.terminal?.columns ?? 80) : Number.POSITIVE_INFINITY;
  await run.stdout.write(
    ['PID   USER     TIME  COMMAND', ...lines].map((text) => `${text.slice(0, width)}\n`).join(''),
  );
  return 0;
}

function timeOf({ cpu }: Process): string {
  return `${`${Math.floor(cpu / 60)}`.padStart(2)}:${`${Math.floor(cpu) % 60}`.padStart(2, '0')}`;
}

export const pstree: Tool = async (run) => {
  const { processes } = run.world;
  const lines: string[] = [];
  const visit = (process: Process, prefix: string, depth: number): void => {
    const children = processes.filter(
      ({ ppid, pid }) => ppid === process.pid && pid !== process.pid && pid !== 2,
    );
    for (const [index, child] of children.entries()) {
      const isLast = index === children.length - 1;
      lines.push(`${prefix}${isLast ? '`-' : '|-'}${nameOfProcess(child)}`);
      if (depth < 20) visit(child, prefix + (isLast ? '  ' : '| '), depth + 1);
    }
  };
  const first = processes.find(({ pid }) => pid === 1) ?? processes[0];
  if (first === undefined) return 1;
  visit(first, ' ', 0);
  await run.stdout.write(`${nameOfProcess(first)}\n${lines.map((text) => `${text}\n`).join('')}`);
  return 0;
};
