/** `read` and `mapfile`. */

import { Ended } from '../../program.ts';
import { bytesOf, textOf } from '../bytes.ts';
import { assign, assignNamed } from '../expansion/scope.ts';
import { consoleOf } from '../interact.ts';
import { Life } from '../process/life.ts';
import type { Stream } from '../process/stream.ts';
import type { Shell } from '../shell.ts';
import { badOption, type Call, fail, optionsOf } from './builtin.ts';

const usage =
  'read [-ers] [-a array] [-d delim] [-i text] [-n nchars] [-N nchars] [-p prompt] [-t timeout] [-u fd] [name ...]';
/** Bytes of a line. */
const longest = 1 << 20;
/** Bytes that are looked at at a time. */
const block = 8192;
const letters = { bash: 'ersa:d:i:n:N:p:t:u:', ash: 'rsd:n:p:t:u:', dash: 'rp:' };
const goodName = /^[A-Za-z_]\w*(?:\[[^\]]*\])?$/;
/** 128 + SIGALRM. */
const timedOut = 142;

export async function read(call: Call): Promise<number> {
  const { shell, args } = call;
  const { isBash, name: dialect } = shell.dialect;
  const options = optionsOf(args, letters[dialect]);
  if (options.unknown !== '') return badOption(call, options.unknown, usage);
  const given = new Map(options.found);
  const names = options.rest;
  if (names.length === 0 && dialect === 'dash') return fail(call, 'arg count', 2);
  const bad = names.find((name) => !goodName.test(name));
  if (bad !== undefined) return badName(call, bad);
  const file = shell.descriptors.get(Number(given.get('u') ?? 0));
  if (file?.input === undefined)
    return isBash ? fail(call, `${given.get('u') ?? 0}: invalid file descriptor: Bad file descriptor`) : 1;
  const prompt = given.get('p');
  if (prompt !== undefined && file.input.isTerminal) await shell.write(2, prompt);
  const wanted = wantedBy(given);
  const seconds = given.has('t') ? Number(given.get('t')) : undefined;
  if (seconds === 0) return 0;
  if (given.has('s')) consoleOf(shell)?.setEcho(false);
  const line = await withTimeout(shell, seconds, (life) =>
    readUnits(shell, file.input!, life, wanted, given.has('r')),
  );
  consoleOf(shell)?.setEcho(true);
  const { units, isWhole } = line ?? { units: [], isWhole: false };
  const array = given.get('a');
  if (array !== undefined) shell.variables.setElements(array, fieldsOf(shell, units).entries(), false);
  else if (given.has('N')) assignExactly(shell, units, names);
  else assignFields(shell, units, names);
  if (line === undefined) return dialect === 'bash' ? timedOut : 1;
  return isWhole ? 0 : 1;
}

async function badName(call: Call, name: string): Promise<number> {
  switch (call.shell.dialect.name) {
    case 'bash':
      return fail(call, `\`${name}': not a valid identifier`);
    case 'dash':
      return fail(call, `${name}: bad variable name`, 2);
    case 'ash':
      await call.shell.write(2, `${call.shell.applet}: read: '${name}': bad variable name\n`);
      return 1;
  }
}

interface Wanted {
  readonly delimiter: string;
  readonly most: number;
  /** `-N`: whatever they are. */
  readonly isExact: boolean;
}

function wantedBy(given: ReadonlyMap<string, string>): Wanted {
  const count = given.get('N') ?? given.get('n');
  return {
    delimiter: given.has('d') ? given.get('d')!.charAt(0) || '\0' : '\n',
    most: count === undefined ? longest : Math.min(Number(count) || 0, longest),
    isExact: given.has('N'),
  };
}

/** One character, and whether a backslash stood before it, so that it separates nothing. */
interface Unit {
  readonly text: string;
  readonly isQuoted: boolean;
}

async function readUnits(
  shell: Shell,
  input: Stream,
  life: Life,
  { delimiter, most, isExact }: Wanted,
  isRaw: boolean,
): Promise<{ units: Unit[]; isWhole: boolean }> {
  const units: Unit[] = [];
  let isQuoted = false;
  if (most === 0) return { units, isWhole: true };
  for (let length = 0; ; ) {
    const bytes = await input.readLine(life, block);
    if (bytes === undefined || length > longest) return { units, isWhole: false };
    length += bytes.length;
    await shell.work(1 + (bytes.length >> 2));
    const text = textOf(bytes);
    let used = 0;
    for (const char of text) {
      used += char.length;
      if (isQuoted) {
        isQuoted = false;
        if (char !== '\n') units.push({ text: char, isQuoted: true });
      } else if (char === '\\' && !isRaw && !isExact) isQuoted = true;
      else if (char === delimiter && !isExact) {
        input.unread(bytesOf(text.slice(used)));
        return { units, isWhole: true };
      } else if (char !== '\0') units.push({ text: char, isQuoted: false });
      if (units.length < most) continue;
      input.unread(bytesOf(text.slice(used)));
      return { units, isWhole: most < longest };
    }
  }
}

async function withTimeout<T>(
  shell: Shell,
  seconds: number | undefined,
  body: (life: Life) => Promise<T>,
): Promise<T | undefined> {
  if (seconds === undefined || !(seconds > 0)) return body(shell.life);
  const life = new Life(shell.life);
  const alarm = shell.kernel.sleep(seconds * 1000, shell.world, life).then(
    () => life.end(timedOut),
    () => {},
  );
  try {
    return await body(life);
  } catch (error) {
    if (error instanceof Ended && shell.life.ended === undefined && life.ended?.exitCode === timedOut)
      return undefined;
    throw error;
  } finally {
    life.end(0);
    await alarm;
  }
}

function assignExactly(shell: Shell, units: readonly Unit[], names: readonly string[]): void {
  const [name = 'REPLY', ...others] = names;
  assign(shell, name, units.map(({ text }) => text).join(''));
  for (const other of others) assign(shell, other, '');
}

/** The last name takes what is left of the line. */
function assignFields(shell: Shell, units: readonly Unit[], names: readonly string[]): void {
  const ifs = shell.variables.get('IFS') ?? ' \t\n';
  if (names.length === 0) {
    assign(shell, 'REPLY', textOfUnits(shell.dialect.isBash ? units : trimmed(units, ifs)));
    return;
  }
  let rest = skipSpace(units, ifs);
  for (const [index, name] of names.entries()) {
    if (index === names.length - 1) {
      assignNamed(shell, name, textOfUnits(lastField(rest, ifs)));
      return;
    }
    const end = rest.findIndex((unit) => separates(unit, ifs));
    assignNamed(shell, name, textOfUnits(end < 0 ? rest : rest.slice(0, end)));
    rest = end < 0 ? [] : behindSeparator(rest.slice(end), ifs);
  }
}

function fieldsOf(shell: Shell, units: readonly Unit[]): string[] {
  const ifs = shell.variables.get('IFS') ?? ' \t\n';
  const fields: string[] = [];
  let rest = skipSpace(units, ifs);
  while (rest.length > 0) {
    const end = rest.findIndex((unit) => separates(unit, ifs));
    fields.push(textOfUnits(end < 0 ? rest : rest.slice(0, end)));
    rest = end < 0 ? [] : behindSeparator(rest.slice(end), ifs);
  }
  return fields;
}

function separates({ text, isQuoted }: Unit, ifs: string): boolean {
  return !isQuoted && ifs.includes(text);
}

function isSpace(unit: Unit, ifs: string): boolean {
  return separates(unit, ifs) && ' \t\n'.includes(unit.text);
}

function skipSpace(units: readonly Unit[], ifs: string): readonly Unit[] {
  const start = units.findIndex((unit) => !isSpace(unit, ifs));
  return start < 0 ? [] : units.slice(start);
}

/** White space around one other character of IFS is one separator. */
function behindSeparator(units: readonly Unit[], ifs: string): readonly Unit[] {
  const rest = skipSpace(units, ifs);
  const [first] = rest;
  return first !== undefined && separates(first, ifs) ? skipSpace(rest.slice(1), ifs) : rest;
}

function trimmed(units: readonly Unit[], ifs: string): readonly Unit[] {
  const start = skipSpace(units, ifs);
  const end = start.findLastIndex((unit) => !isSpace(unit, ifs));
  return start.slice(0, end + 1);
}

/** A single separator at the end is not a part of the last field. */
function lastField(units: readonly Unit[], ifs: string): readonly Unit[] {
  const rest = trimmed(units, ifs);
  const end = rest.findIndex((unit) => separates(unit, ifs));
  const isOneField = end >= 0 && behindSeparator(rest.slice(end), ifs).length === 0;
  return isOneField ? trimmed(rest.slice(0, end), ifs) : rest;
}

function textOfUnits(units: readonly Unit[]): string {
  return units.map(({ text }) => text).join('');
}

/** Lines of an array. */
const mostLines = 20_000;

export async function mapfile(call: Call): Promise<number> {
  const { shell, args } = call;
  const options = optionsOf(args, 'tn:O:s:u:d:C:c:');
  if (options.unknown !== '')
    return badOption(
      call,
      options.unknown,
      `${call.name} [-d delim] [-n count] [-O origin] [-s count] [-t] [-u fd] [-C callback] [-c quantum] [array]`,
    );
  const given = new Map(options.found);
  const name = options.rest[0] ?? 'MAPFILE';
  const input = shell.descriptors.get(Number(given.get('u') ?? 0))?.input;
  const most = Math.min(Number(given.get('n') ?? 0) || mostLines, mostLines);
  const wanted: Wanted = { ...wantedBy(new Map(options.found.filter(([letter]) => letter === 'd'))) };
  const lines: string[] = [];
  let skipped = Number(given.get('s') ?? 0);
  while (input !== undefined && lines.length < most) {
    await shell.work(5);
    const { units, isWhole } = await readUnits(shell, input, shell.life, wanted, true);
    if (!isWhole && units.length === 0) break;
    if (skipped > 0) skipped -= 1;
    else lines.push(textOfUnits(units) + (isWhole && !given.has('t') ? wanted.delimiter : ''));
  }
  const origin = Number(given.get('O') ?? 0);
  if (origin === 0) shell.variables.setElements(name, lines.entries(), false);
  else for (const [index, line] of lines.entries()) shell.variables.setElement(name, origin + index, line);
  return 0;
}
