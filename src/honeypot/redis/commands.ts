/** What Redis knows of its commands: how many arguments they take, what they may, where their keys are. */
import { commandTable } from './reference/command-table.ts';
import { type Reply, set, status } from './reply.ts';

export interface Command {
  /** `get`, `config|set`. */
  readonly name: string;
  /** With the name itself; at least so many where negative. */
  readonly arity: number;
  readonly flags: ReadonlySet<string>;
  /** First and last key and what lies between two; from the end where negative. */
  readonly keys: readonly [first: number, last: number, step: number];
  readonly categories: readonly string[];
  readonly tips: readonly string[];
  readonly keySpecs: readonly string[];
  /** By their own name. */
  readonly subcommands: ReadonlyMap<string, Command>;
}

/** In the order of their names. */
export const commands: ReadonlyMap<string, Command> = readTable();

function readTable(): Map<string, Command> {
  const all = new Map<string, Command & { readonly subcommands: Map<string, Command> }>();
  for (const line of commandTable.split('\n')) {
    const [name = '', arity, flags = '', keys = '', categories = '', tips = '', ...keySpecs] =
      line.split('\t');
    const [first = 0, last = 0, step = 0] = keys.split(' ').map(Number);
    const command = {
      name,
      arity: Number(arity),
      flags: new Set(words(flags)),
      keys: [first, last, step] as const,
      categories: words(categories).map((one) => one.slice(1)),
      tips: words(tips),
      keySpecs,
      subcommands: new Map<string, Command>(),
    };
    const [container = '', own] = name.split('|');
    if (own === undefined) all.set(name, command);
    else all.get(container)!.subcommands.set(own, command);
  }
  return all;
}

/** All of them and their subcommands. */
export function* everyCommand(): Generator<Command> {
  for (const command of commands.values()) {
    yield command;
    yield* command.subcommands.values();
  }
}

export function takes({ arity }: Command, args: number): boolean {
  return arity >= 0 ? args === arity : args >= -arity;
}

/**
 * The keys among the arguments, the name with them, as the table's specifications find them; those that are found by a
 * keyword of the data (BY and GET of SORT) are not.
 */
export function keysOf({ keySpecs }: Command, args: readonly string[]): string[] {
  return keySpecs.flatMap((spec) => {
    const [, begin = '', find = ''] = spec.split(' ');
    const first = beginOf(begin, args);
    return first === undefined || first >= args.length ? [] : found(find, first, args);
  });
}

function beginOf(begin: string, args: readonly string[]): number | undefined {
  const [kind, what = '', from = ''] = begin.split(':');
  if (kind === 'index') return Number(what);
  if (kind !== 'keyword') return undefined;
  const start = Number(from) < 0 ? args.length + Number(from) : Number(from);
  const at = args.findIndex((arg, index) => index >= start && arg.toUpperCase() === what);
  return at < 0 ? undefined : at + 1;
}

function found(find: string, first: number, args: readonly string[]): string[] {
  const [kind, a = 0, b = 0, c = 0] = find
    .split(':')
    .map((part, index) => (index === 0 ? part : Number(part)));
  if (kind === 'keynum') {
    const count = Number(args[first + Number(a)]);
    const start = first + Number(b);
    return Number.isInteger(count) && count > 0 ? args.slice(start, start + count) : [];
  }
  if (kind !== 'range') return [];
  const last = Number(a) < 0 ? args.length + Number(a) : first + Number(a);
  const end = Number(c) > 1 ? first + Math.floor((last - first + 1) / Number(c)) - 1 : last;
  const keys: string[] = [];
  for (let at = first; at <= end && at < args.length; at += Number(b)) keys.push(args[at]!);
  return keys;
}

/** As COMMAND tells of it. */
export function describe(command: Command): Reply {
  const statuses = (list: Iterable<string>): Reply => set([...list].map(status));
  return [
    command.name,
    command.arity,
    statuses(command.flags),
    ...command.keys,
    statuses(command.categories.map((one) => `@${one}`)),
    set(command.tips),
    set(command.keySpecs.map(describeKeys)),
    set([...command.subcommands.values()].map(describe)),
  ];
}

function describeKeys(spec: string): Reply {
  const [flags = '', begin = '', find = '', ...note] = spec.split(' ');
  const map = (...entries: (readonly [Reply, Reply])[]): Reply => ({ kind: 'map', entries });
  const typed = (text: string, names: Readonly<Record<string, readonly string[]>>): Reply => {
    const [type = '', ...values] = text.split(':');
    const entries = (names[type] ?? []).map(
      (name, index) => [name, name === 'keyword' ? values[index]! : Number(values[index])] as const,
    );
    return map(['type', type], ['spec', map(...entries)]);
  };
  return map(
    ...(note.length > 0 ? [['notes', note.join(' ')] as const] : []),
    ['flags', set(flags.split(',').map(status))],
    ['begin_search', typed(begin, { index: ['index'], keyword: ['keyword', 'startfrom'] })],
    [
      'find_keys',
      typed(find, { range: ['lastkey', 'keystep', 'limit'], keynum: ['keynumidx', 'firstkey', 'keystep'] }),
    ],
  );
}

function words(text: string): string[] {
  return text === '' ? [] : text.split(' ');
}
