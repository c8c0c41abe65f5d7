/**
 * One word of shell text: quotes, escapes, substitutions and variables. Half of `shell.ts`, which describes what
 * is understood; here because quoting is a grammar of its own.
 */
import { isVariable, printedByAll } from './shell-output.ts';
import { parameterValue } from './shell-parameter.ts';
import { limits, type Reader } from './shell-reader.ts';

export interface Word {
  /** The word after expansion: several where an unquoted variable held blanks, none where it was empty. */
  readonly fields: readonly string[];
  /** Neither quoted nor expanded: only such a word can be a keyword. */
  readonly plain: boolean;
  /** Set where the word has the form `NAME=value`. */
  readonly name?: string;
}

interface Draft {
  fields: string[];
  current: string;
  /** Something was there, if only an empty pair of quotes. */
  started: boolean;
  plain: boolean;
  name?: string;
  /** Where `{`, `,` and `}` without quotes stand in the current field. */
  readonly braces: number[];
}

const enders = new Set([' ', '\t', '\r', '\n', ';', '&', '|', '<', '>', '(', ')']);

/** By character code: what may mean something in a word, and what does between double quotes. */
const specials = marked([...enders, ...`'"\\$\`={,}`]);
const quotedSpecials = marked([...'"\\$`']);

function marked(characters: readonly string[]): Uint8Array {
  const marks = new Uint8Array(128);
  for (const character of characters) marks[character.charCodeAt(0)] = 1;
  return marks;
}

/** Reads from `reader.at` to the end of the word, which may be empty. */
export function readWord(reader: Reader): Word {
  const word: Draft = { fields: [], current: '', started: false, plain: true, braces: [] };
  const { text } = reader;
  while (reader.at < text.length) {
    const character = text[reader.at]!;
    if (enders.has(character) || (character === '`' && reader.closer === '`')) break;
    if (character === "'") readSingle(reader, word);
    else if (character === '"') readDouble(reader, word);
    else if (character === '\\') readEscape(reader, word);
    else if (character === '$') readDollar(reader, word, false);
    else if (character === '`') readSubstitution(reader, word, 1, '`', false);
    else {
      if (character === '=' && word.name === undefined && word.plain && isName(word.current))
        word.name = word.current;
      else if (braceParts.has(character) && word.braces.length < maxBraces)
        word.braces.push(word.current.length);
      takePlain(reader, word, specials);
    }
  }
  if (word.started || word.current !== '') word.fields.push(...bracesExpanded(word));
  return {
    fields: word.fields,
    plain: word.plain,
    ...(word.name === undefined ? {} : { name: word.name }),
  };
}

const braceParts = new Set(['{', ',', '}']);
const maxBraces = 64;

/** `{curl,-s,URL}` is three words, `x.{a,b}` two; one pair of braces, as nobody nests them in commands. */
function bracesExpanded({ current, braces, name }: Draft): readonly string[] {
  const open = braces.findLast(
    (at, index) => current[at] === '{' && current[braces[index + 1] ?? -1] === ',',
  );
  const close = open === undefined ? undefined : braces.find((at) => at > open && current[at] === '}');
  if (open === undefined || close === undefined || name !== undefined) return [current];
  const commas = braces.filter((at) => at > open && at < close);
  const starts = [open, ...commas].map((at) => at + 1);
  const before = current.slice(0, open);
  const after = current.slice(close + 1);
  return starts.map((start, index) => before + current.slice(start, commas[index] ?? close) + after);
}

function isName(text: string): boolean {
  return text.length <= 256 && /^[A-Za-z_][A-Za-z0-9_]*$/.test(text);
}

function readSingle(reader: Reader, word: Draft): void {
  const end = reader.text.indexOf("'", reader.at + 1);
  word.current += reader.text.slice(reader.at + 1, end < 0 ? reader.text.length : end);
  reader.at = end < 0 ? reader.text.length : end + 1;
  word.started = true;
  word.plain = false;
}

function readDouble(reader: Reader, word: Draft): void {
  const { text } = reader;
  word.started = true;
  word.plain = false;
  reader.at++;
  while (reader.at < text.length) {
    const character = text[reader.at]!;
    if (character === '"') {
      reader.at++;
      return;
    }
    if (character === '\\') {
      const next = text[reader.at + 1] ?? '';
      if (next !== '\n') word.current += '$`"\\'.includes(next) ? next : '\\' + next;
      reader.at += 2;
    } else if (character === '$') {
      readDollar(reader, word, true);
    } else if (character === '`') {
      if (reader.closer === '`') return;
      readSubstitution(reader, word, 1, '`', true);
    } else {
      takePlain(reader, word, quotedSpecials);
    }
  }
}

/** Takes the character at hand as it is, and those behind it up to one that may mean something. */
function takePlain(reader: Reader, word: Draft, special: Uint8Array): void {
  const { text } = reader;
  const start = reader.at++;
  while (reader.at < text.length && special[text.charCodeAt(reader.at)] !== 1) reader.at++;
  word.current += text.slice(start, reader.at);
  word.started = true;
}

/** A backslash outside quotes: joins lines, or takes the next character as it is. */
function readEscape(reader: Reader, word: Draft): void {
  const next = reader.text[reader.at + 1] ?? '';
  if (next === '\r' && reader.text[reader.at + 2] === '\n') {
    reader.at += 3;
    return;
  }
  reader.at += 2;
  if (next === '\n') return;
  word.current += next;
  word.started = true;
  word.plain = false;
}

function readDollar(reader: Reader, word: Draft, quoted: boolean): void {
  const { text } = reader;
  const next = text[reader.at + 1];
  word.plain = false;
  if (next === '(' && text[reader.at + 2] === '(') {
    const end = text.slice(reader.at, reader.at + 256).indexOf('))');
    take(reader, word, end < 0 ? 3 : end + 2);
  } else if (next === '(') {
    readSubstitution(reader, word, 2, ')', quoted);
  } else if (next === "'" && !quoted) {
    readAnsi(reader, word);
  } else if (next === '"' && !quoted) {
    reader.at++;
  } else if (next === '{') {
    readBraces(reader, word, quoted);
  } else if ((next === '@' || next === '*') && !quoted && splitsWord(reader, 2)) {
    reader.at += 2;
  } else {
    const name = /^[A-Za-z_][A-Za-z0-9_]*/.exec(text.slice(reader.at + 1, reader.at + 129))?.[0];
    const value = name === undefined ? undefined : reader.variables.get(name);
    const partly = word.current !== '' && value !== undefined && isVariable(value);
    if (name === undefined || value === undefined || partly) take(reader, word, 1 + (name?.length ?? 0));
    else expand(reader, word, 1 + name.length, value, quoted);
  }
}

/** Copies text as it stands. */
function take(reader: Reader, word: Draft, length: number): void {
  word.current += reader.text.slice(reader.at, reader.at + length);
  word.started = true;
  reader.at += length;
}

/** `cu$@rl`: arguments that are not there, between letters, for no other reason than to keep a word from being found. */
function splitsWord({ text, at }: Reader, length: number): boolean {
  return /[A-Za-z]/.test(text[at - 1] ?? '') && /[A-Za-z]/.test(text[at + length] ?? '');
}

/** `${NAME}` with or without an operation; what cannot be told stays as written. */
function readBraces(reader: Reader, word: Draft, quoted: boolean): void {
  const window = reader.text.slice(reader.at, reader.at + 256);
  const end = window.indexOf('}');
  const inside = window.slice(2, Math.max(end, 2));
  const name = /^[A-Za-z_][A-Za-z0-9_]*/.exec(inside)?.[0] ?? '';
  const index = name === '' ? undefined : /^\[(?:([@*])|(\d{1,4}))\]$/.exec(inside.slice(name.length));
  const array = index ? reader.arrays.get(name) : undefined;
  if (array !== undefined && index?.[1] !== undefined && end >= 0) {
    expandArray(reader, word, end + 1, array);
    return;
  }
  const known = name === '' ? undefined : reader.variables.get(name);
  const value =
    array === undefined ? parameterValue(known, inside.slice(name.length)) : array[Number(index?.[2])];
  if (/^[@*]$/.test(inside) && !quoted && splitsWord(reader, end + 1)) reader.at += end + 1;
  else if (end < 0 || name === '' || value === undefined || value.includes('$')) {
    take(reader, word, end < 0 ? 2 : end + 1);
  } else {
    expand(reader, word, end + 1, value, quoted);
  }
}

/** `"${a[@]}"`: a field for each element. */
function expandArray(reader: Reader, word: Draft, length: number, array: readonly string[]): void {
  const size = array.reduce((sum, one) => sum + one.length + 1, 0);
  if (size > reader.budget.expansion) {
    take(reader, word, length);
    return;
  }
  reader.budget.expansion -= size;
  reader.at += length;
  for (const [index, element] of array.entries()) {
    if (index > 0) {
      word.fields.push(word.current);
      word.current = '';
      word.braces.length = 0;
    }
    word.current += element;
  }
  word.started ||= array.length > 0;
}

/** Puts a variable's value in place; without quotes its blanks separate fields. */
function expand(reader: Reader, word: Draft, length: number, value: string, quoted: boolean): void {
  if (value.length > reader.budget.expansion) {
    take(reader, word, length);
    return;
  }
  reader.budget.expansion -= value.length;
  reader.at += length;
  if (quoted || word.name !== undefined || !/\s/.test(value)) {
    word.current += value;
    word.started ||= value !== '';
    return;
  }
  const parts = value.split(/\s/);
  for (const [index, part] of parts.entries()) {
    if (index > 0 && word.current !== '') {
      word.fields.push(word.current);
      word.current = '';
      word.braces.length = 0;
    }
    word.current += part;
  }
}

/**
 * What the substitution prints takes its place where the text tells it; else the word keeps it as written. Its
 * commands are read as nested ones in any case.
 */
function readSubstitution(
  reader: Reader,
  word: Draft,
  opening: number,
  closer: ')' | '`',
  quoted: boolean,
): void {
  const start = reader.at;
  word.plain = false;
  reader.at += opening;
  const list = reader.depth < limits.depth ? reader.readNested(reader, closer) : [];
  // `c$()url`: nothing, between letters, for no other reason than to keep a word from being found.
  if (list.length === 0 && reader.at === start + opening + 1) return;
  word.started = true;
  const printed = list.length > 0 && reader.budget.outputs-- > 0 ? printedByAll(list) : undefined;
  if (printed === undefined || isVariable(printed.text) || printed.text.length > reader.budget.expansion) {
    word.current += reader.text.slice(start, reader.at);
    return;
  }
  const text = printed.text.replace(/\n{1,8}$/, '');
  if (printed.decoded) reader.decoded.push(text);
  expand(reader, word, 0, text, quoted);
}

const escapes: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  e: '\x1b',
  E: '\x1b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

/** `$'…'`: C escapes. */
function readAnsi(reader: Reader, word: Draft): void {
  const { text } = reader;
  word.started = true;
  reader.at += 2;
  while (reader.at < text.length && text[reader.at] !== "'") {
    const found =
      text[reader.at] === '\\'
        ? /^\\(?:x([0-9a-fA-F]{1,2})|u([0-9a-fA-F]{1,4})|([0-7]{1,3})|([\s\S]))/.exec(
            text.slice(reader.at, reader.at + 6),
          )
        : null;
    if (found === null) {
      word.current += text[reader.at++];
      continue;
    }
    const [whole, hex, unicode, octal, letter] = found;
    const digits = hex ?? unicode;
    if (digits !== undefined) word.current += String.fromCharCode(Number.parseInt(digits, 16));
    else if (octal !== undefined) word.current += String.fromCharCode(Number.parseInt(octal, 8) & 0xff);
    else word.current += escapes[letter ?? ''] ?? letter ?? '';
    reader.at += whole.length;
  }
  reader.at++;
}
