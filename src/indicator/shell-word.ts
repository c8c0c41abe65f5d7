/**
 * One word of shell text: quotes, escapes, substitutions and variables. Half of `shell.ts`, which describes what
 * is understood; here because quoting is a grammar of its own.
 */
import type { Command } from './shell.ts';

/** Text behind `text` characters is not read; commands and words past their limits are dropped. */
export const limits = {
  text: 1 << 20,
  commands: 20_000,
  words: 2_000,
  depth: 8,
  expansion: 1 << 20,
} as const;

/** State of the one pass, which `shell.ts` and this file advance together. */
export interface Reader {
  readonly text: string;
  at: number;
  readonly depth: number;
  /** What ends the list; empty for the text itself. */
  readonly closer: '' | ')' | '`';
  readonly variables: Map<string, string>;
  /** Commands of substitutions; they come behind the list that they occur in, so that pipelines stay together. */
  readonly nested: Command[];
  /** Reads on from behind an opening `$(` or backtick to its closer. */
  readonly readNested: (reader: Reader, closer: ')' | '`') => void;
  /** Characters that variables may still add, shared by nested readers. */
  readonly budget: { expansion: number; commands: number };
}

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
}

const enders = new Set([' ', '\t', '\r', '\n', ';', '&', '|', '<', '>', '(', ')']);

/** By character code: what may mean something in a word, and what does between double quotes. */
const specials = marked([...enders, ...`'"\\$\`=`]);
const quotedSpecials = marked([...'"\\$`']);

function marked(characters: readonly string[]): Uint8Array {
  const marks = new Uint8Array(128);
  for (const character of characters) marks[character.charCodeAt(0)] = 1;
  return marks;
}

/** Reads from `reader.at` to the end of the word, which may be empty. */
export function readWord(reader: Reader): Word {
  const word: Draft = { fields: [], current: '', started: false, plain: true };
  const { text } = reader;
  while (reader.at < text.length) {
    const character = text[reader.at]!;
    if (enders.has(character) || (character === '`' && reader.closer === '`')) break;
    if (character === "'") readSingle(reader, word);
    else if (character === '"') readDouble(reader, word);
    else if (character === '\\') readEscape(reader, word);
    else if (character === '$') readDollar(reader, word, false);
    else if (character === '`') readSubstitution(reader, word, 1, '`');
    else {
      if (character === '=' && word.name === undefined && word.plain && isName(word.current))
        word.name = word.current;
      takePlain(reader, word, specials);
    }
  }
  if (word.started || word.current !== '') word.fields.push(word.current);
  return {
    fields: word.fields,
    plain: word.plain,
    ...(word.name === undefined ? {} : { name: word.name }),
  };
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
      readSubstitution(reader, word, 1, '`');
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
    readSubstitution(reader, word, 2, ')');
  } else if (next === "'" && !quoted) {
    readAnsi(reader, word);
  } else if (next === '"' && !quoted) {
    reader.at++;
  } else if (next === '{') {
    readBraces(reader, word, quoted);
  } else {
    const name = /^[A-Za-z_][A-Za-z0-9_]*/.exec(text.slice(reader.at + 1, reader.at + 129))?.[0];
    const value = name === undefined ? undefined : reader.variables.get(name);
    if (name === undefined || value === undefined) take(reader, word, 1 + (name?.length ?? 0));
    else expand(reader, word, 1 + name.length, value, quoted);
  }
}

/** Copies text as it stands. */
function take(reader: Reader, word: Draft, length: number): void {
  word.current += reader.text.slice(reader.at, reader.at + length);
  word.started = true;
  reader.at += length;
}

/** `${NAME}`, and `${NAME:-default}` and its kin; any other operation stays as written. */
function readBraces(reader: Reader, word: Draft, quoted: boolean): void {
  const window = reader.text.slice(reader.at, reader.at + 256);
  const end = window.indexOf('}');
  const inside = window.slice(2, Math.max(end, 2));
  const name = /^[A-Za-z_][A-Za-z0-9_]*/.exec(inside)?.[0] ?? '';
  const rest = inside.slice(name.length);
  const known = name === '' ? undefined : reader.variables.get(name);
  const fallback = /^:?[-=]/.exec(rest)?.[0];
  const value =
    rest === '' || (fallback !== undefined && known) ? known : fallback && rest.slice(fallback.length);
  if (end < 0 || value === undefined || value.includes('$')) take(reader, word, end < 0 ? 2 : end + 1);
  else expand(reader, word, end + 1, value, quoted);
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
    }
    word.current += part;
  }
}

/** The word keeps the substitution as written; its commands are read as nested ones. */
function readSubstitution(reader: Reader, word: Draft, opening: number, closer: ')' | '`'): void {
  const start = reader.at;
  word.plain = false;
  word.started = true;
  reader.at += opening;
  if (reader.depth < limits.depth) reader.readNested(reader, closer);
  word.current += reader.text.slice(start, reader.at);
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
