/** ps, of procps; that of busybox is beside it. */
import { accountsOf } from '../../systems/account-database.ts';
import { Fault, type Tool } from '../tool.ts';
import { busyboxPs } from './ps-busybox.ts';
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
