/** sort. */
import type { Run } from '../../program.ts';
import { now } from '../../world.ts';
import { type Options, optionsOf } from '../options.ts';
import { quoteWord } from '../quote.ts';
import { Out, openInput, readAll } from '../streams.ts';
import { bytes, complain, contentOfText, fault, latin, reasonOf, type Tool } from '../tool.ts';

interface Key {
  readonly startField: number;
  readonly startCharacter: number;
  /** Undefined: to the end of the line. */
  readonly endField: number | undefined;
  readonly endCharacter: number;
  readonly flags: string;
}

const spec = {
  short: 'bcCdfghik:MmnR:o:rsS:t:T:uVz',
  long: {
    'ignore-leading-blanks': 'b',
    'dictionary-order': 'd',
    'ignore-case': 'f',
    'general-numeric-sort': 'g',
    'human-numeric-sort': 'h',
    'month-sort': 'M',
    'numeric-sort': 'n',
    'random-sort': 'R',
    reverse: 'r',
    'sort=': 'sort',
    'version-sort': 'V',
    check: 'c',
    'check=?': 'c',
    'key=': 'k',
    merge: 'm',
    'output=': 'o',
    stable: 's',
    'field-separator=': 't',
    unique: 'u',
    'zero-terminated': 'z',
    'parallel=': 'parallel',
  },
  misuse: 2,
};

export const sort: Tool = async (run, flavour) => {
  const options = optionsOf(run, flavour, { ...spec, short: spec.short.replace('R:', 'R') });
  const end = options.has('z') ? '\0' : '\n';
  const separator = separatorOf(run, options);
  const flags = [...'bdfghiMnrRV'].filter((letter) => options.has(letter)).join('');
  const keys = options.values('k').map((text) => keyOf(run, text, flags));
  const compare = comparator(keys, flags, separator, options.has('s') || options.has('u'), options.has('r'));
  const lines: string[] = [];
  for (const path of options.operands.length === 0 ? ['-'] : options.operands) {
    try {
      const content = latin(await readAll(run, openInput(run, path)));
      if (content !== '') lines.push(...content.replace(new RegExp(`${end}$`), '').split(end));
    } catch (error) {
      const reason = reasonOf(error);
      throw fault(
        run,
        flavour === 'gnu' ? `cannot read: ${path}: ${reason}` : `${path}: ${reason}`,
        flavour === 'gnu' ? 2 : 1,
      );
    }
  }
  await run.work(1 + lines.length * 2);
  if (options.has('c', 'C')) return check(run, options, lines, compare);
  const sorted = options.has('R') ? shuffled(lines) : lines.sort(compare);
  const kept = options.has('u')
    ? sorted.filter((line, index) => index === 0 || compare(sorted[index - 1]!, line) !== 0)
    : sorted;
  const output = options.value('o');
  const text = kept.map((line) => line + end).join('');
  if (output !== undefined) run.files.write(output, bytes(text), { now: now(run.world) });
  else {
    const out = new Out(run);
    await out.add(text);
    await out.flush();
  }
  return 0;
};

function shuffled(lines: string[]): string[] {
  return lines
    .map((line) => ({ line, key: Math.random() }))
    .sort((a, b) => a.key - b.key)
    .map(({ line }) => line);
}

async function check(
  run: Run,
  options: Options,
  lines: readonly string[],
  compare: (a: string, b: string) => number,
): Promise<number> {
  const at = lines.findIndex(
    (line, index) =>
      index > 0 &&
      (options.has('u') ? compare(lines[index - 1]!, line) >= 0 : compare(lines[index - 1]!, line) > 0),
  );
  if (at < 0) return 0;
  if (options.has('c'))
    await complain(run, `${options.operands[0] ?? '-'}:${at + 1}: disorder: ${lines[at]}`);
  return 1;
}

function separatorOf(run: Run, options: Options): string | undefined {
  const text = options.value('t');
  if (text === undefined) return undefined;
  const separator = text === '\\0' ? '\0' : contentOfText(text);
  if (separator.length !== 1)
    throw fault(run, separator === '' ? 'empty tab' : `multi-character tab '${text}'`, 2);
  return separator;
}

function keyOf(run: Run, text: string, outer: string): Key {
  const match = /^(\d+)(?:\.(\d+))?([bdfghiMnrRV]*)(?:,(\d+)(?:\.(\d+))?([bdfghiMnrRV]*))?$/.exec(text);
  if (match === null)
    throw fault(run, `invalid number at field start: invalid count at start of '${text}'`, 2);
  const [, field = '', character = '1', first = '', endField, endCharacter = '0', second = ''] = match;
  if (field === '0')
    throw fault(run, `field number is zero: invalid field specification ${quoteWord(run, text)}`, 2);
  const own = first + second;
  return {
    startField: Number(field) - 1,
    startCharacter: Number(character) - 1,
    endField: endField === undefined ? undefined : Number(endField) - 1,
    endCharacter: Number(endCharacter),
    flags: own === '' ? outer : own,
  };
}

type Compare = (a: string, b: string) => number;

function comparator(
  keys: readonly Key[],
  flags: string,
  separator: string | undefined,
  isStable: boolean,
  isReverse: boolean,
): Compare {
  const whole: Compare = (a, b) => (a < b ? -1 : a > b ? 1 : 0);
  if (keys.length === 0) {
    const by = comparing(flags);
    const isPlain = by === whole;
    return (a, b) => {
      const order = by(prepared(a, flags), prepared(b, flags)) || (isStable || isPlain ? 0 : whole(a, b));
      return isReverse ? -order : order;
    };
  }
  const each = keys.map((key) => ({ key, by: comparing(key.flags), isReverse: key.flags.includes('r') }));
  return (a, b) => {
    for (const { key, by, isReverse: isTurned } of each) {
      const order = by(
        prepared(part(a, key, separator), key.flags),
        prepared(part(b, key, separator), key.flags),
      );
      if (order !== 0) return isTurned ? -order : order;
    }
    if (isStable) return 0;
    return isReverse ? -whole(a, b) : whole(a, b);
  };
}

function prepared(text: string, flags: string): string {
  let made = text;
  if (flags.includes('b')) made = made.replace(/^[ \t]+/, '');
  if (flags.includes('d')) made = made.replace(/[^ \t0-9A-Za-z]/g, '');
  if (flags.includes('i')) made = made.replace(/[^\x20-\x7e]/g, '');
  if (flags.includes('f')) made = made.replace(/[a-z]+/g, (letters) => letters.toUpperCase());
  return made;
}

function comparing(flags: string): Compare {
  if (flags.includes('n')) return (a, b) => numeric(a) - numeric(b);
  if (flags.includes('g')) return (a, b) => general(a) - general(b);
  if (flags.includes('h')) return (a, b) => human(a) - human(b);
  if (flags.includes('M')) return (a, b) => month(a) - month(b);
  if (flags.includes('V')) return versions;
  return (a, b) => (a < b ? -1 : a > b ? 1 : 0);
}

function numeric(text: string): number {
  return Number(/^[ \t]*(-?\d*(?:\.\d*)?)/.exec(text)?.[1]?.replace(/^(-?)\.?$/, '0') || 0) || 0;
}

function general(text: string): number {
  const hex = /^[ \t]*[-+]?0[xX][0-9a-fA-F]+/.exec(text);
  const value = hex === null ? Number.parseFloat(text) : Number(hex[0].trim());
  return Number.isNaN(value) ? Number.NEGATIVE_INFINITY : value;
}

function human(text: string): number {
  const match = /^[ \t]*(-?\d*(?:\.\d+)?)([KkMGTPEZY]?)/.exec(text);
  const power = ' KMGTPEZY'.indexOf((match?.[2] ?? '').toUpperCase() || ' ');
  // What has a larger letter is larger, whatever its number.
  const value = Number(match?.[1] || 0) || 0;
  return value === 0 ? 0 : Math.sign(value) * power * 1e12 + value;
}

const months = 'JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC'.split(' ');

function month(text: string): number {
  return months.indexOf(text.trim().slice(0, 3).toUpperCase());
}

function versions(a: string, b: string): number {
  const pieces = (text: string): readonly string[] => text.match(/\d+|\D+/g) ?? [];
  const [left, right] = [pieces(a), pieces(b)];
  for (let at = 0; at < Math.max(left.length, right.length); at++) {
    const [one = '', other = ''] = [left[at], right[at]];
    const both = /^\d/.test(one) && /^\d/.test(other);
    const order = both ? Number(one) - Number(other) : compareWords(one, other);
    if (order !== 0) return order;
  }
  return 0;
}

/** Letters come before everything else, and the end before both. */
function compareWords(a: string, b: string): number {
  const rank = (char: string | undefined): number => {
    if (char === undefined || /\d/.test(char)) return 0;
    if (char === '~') return -1;
    return char.charCodeAt(0) + (/[A-Za-z]/.test(char) ? 0 : 256);
  };
  for (let at = 0; at < Math.max(a.length, b.length); at++) {
    const order = rank(a[at]) - rank(b[at]);
    if (order !== 0) return order;
  }
  return 0;
}

/** What a key takes of a line. Without a separator a field has the blanks before it. */
function part(
  line: string,
  { startField, startCharacter, endField, endCharacter, flags }: Key,
  separator: string | undefined,
): string {
  const fields = separator === undefined ? fieldsWithBlanks(line) : line.split(separator);
  const joint = separator ?? '';
  const first = fields[startField];
  if (first === undefined) return '';
  const skip = (field: string): string => (flags.includes('b') ? field.replace(/^[ \t]+/, '') : field);
  if (endField === undefined)
    return [skip(first).slice(startCharacter), ...fields.slice(startField + 1)].join(joint);
  if (endField < startField) return '';
  if (endField === startField)
    return skip(first).slice(startCharacter, endCharacter === 0 ? undefined : endCharacter);
  const last = fields[endField] ?? '';
  return [
    skip(first).slice(startCharacter),
    ...fields.slice(startField + 1, endField),
    endCharacter === 0 ? last : skip(last).slice(0, endCharacter),
  ].join(joint);
}

function fieldsWithBlanks(line: string): string[] {
  return line.match(/[ \t]*[^ \t]+|[ \t]+$/g) ?? [''];
}
