/**
 * Splits shell text into commands and their argument lists, the way a POSIX shell or bash would read it, without
 * running or looking up anything: what a script, a history line, a crontab or a decoy's input would start.
 *
 * Understood: quotes, `$'…'`, escapes, line continuation, comments, `;` `&` `&&` `||` `|`, subshells, groups,
 * keywords, functions, substitutions, braces, here-documents, redirections, variables and arrays that the text itself
 * assigned a literal value, and operations on them. Never fails: text that is no shell yields words that are of no use. One pass, bounded by `limits`.
 */
import { type Draft, draft, isBare } from './shell-draft.ts';
import { limits, type Reader } from './shell-reader.ts';
import { blanks, type HereDocument, readHereDocument, readRedirect } from './shell-redirect.ts';
import { readWord, type Word } from './shell-word.ts';

/** How a command is joined to the one before it in the list; the first has the empty string. */
export type Joint = '' | ';' | '&&' | '||' | '|' | '&';

export interface Redirect {
  /** `>`, `>>`, `<`, `&>` …, without file descriptor number. */
  readonly operator: string;
  readonly target: string;
}

/** One simple command. Either `words` or `assignments` or `redirects` is not empty. */
export interface Command {
  /** Program and arguments, quotes removed and known variables replaced. */
  readonly words: readonly string[];
  /** Set for this command alone, or, where `words` is empty, for what follows. Has no prototype. */
  readonly assignments: Readonly<Record<string, string>>;
  /** Where it begins in the text, in UTF-16 units (bytes, if the text was decoded as latin1). */
  readonly offset: number;
  readonly joined: Joint;
  readonly redirects: readonly Redirect[];
  /** Body of a here-document or here-string. */
  readonly input?: string;
  /** 0 for the text itself, 1 for a command in a substitution, and so on. */
  readonly depth: number;
  /** Texts in its words and input that decoders printed: `eval "$(echo … | base64 -d)"`. */
  readonly decoded?: readonly string[];
  /** The decoded text that it comes from; set by `unwrapCommands`. */
  readonly payload?: string;
  /** Name of the function whose body it stands in. */
  readonly within?: string;
}

/**
 * All commands of a text: those of the text in order, then those inside substitutions. Several detectors ask for the
 * same text one after the other, so the last answer is kept.
 * @param text any text; only the first 1 MiB is read
 */
export function splitShell(text: string): readonly Command[] {
  if (last?.text !== text) last = { text, commands: readText(text) };
  return last.commands;
}

let last: { readonly text: string; readonly commands: readonly Command[] } | undefined;

function readText(text: string): readonly Command[] {
  const reader: Reader = {
    text: withSeparators(text.length > limits.text ? text.slice(0, limits.text) : text),
    at: 0,
    depth: 0,
    closer: '',
    variables: new Map(),
    arrays: new Map(),
    readNested,
    nested: [],
    decoded: [],
    budget: { expansion: limits.expansion, commands: limits.commands, outputs: limits.outputs },
  };
  const list = readList(reader);
  return reader.nested.length === 0 ? list : [...list, ...reader.nested];
}

/** `curl$IFS-s${IFS}URL`: the separator written as a variable, so that a word is not found. Same length, for offsets. */
function withSeparators(text: string): string {
  return text.replace(/\$(?:\{IFS\}|IFS\b)(?:\$[0-9@*])?/g, (name) => ' '.repeat(name.length));
}

/** Reads a substitution's commands up to its closing character and keeps them as nested. */
function readNested(outer: Reader, closer: ')' | '`'): readonly Command[] {
  const variables = new Map(outer.variables);
  const inner: Reader = { ...outer, depth: outer.depth + 1, closer, variables, nested: [], decoded: [] };
  const list = readList(inner);
  outer.at = inner.at;
  for (const command of list) outer.nested.push(command);
  for (const command of inner.nested) outer.nested.push(command);
  return list;
}

const keywords = new Set('if then elif else fi while until do done esac ! { } time coproc'.split(' '));
const declarations = new Set(['export', 'readonly', 'local', 'declare', 'typeset']);

function readList(reader: Reader): Command[] {
  const { text, closer } = reader;
  const list: Command[] = [];
  let waiting: HereDocument[] = [];
  let command = draft(reader, '');
  let groups = 0;
  const functions: Functions = { name: '', open: [] };

  const finish = (joint: Joint): void => {
    if (reader.decoded.length > 0) command.decoded = reader.decoded.splice(0, limits.words);
    if (!isBare(command)) {
      const body = functions.open.findLast((one) => one !== '');
      if (body !== undefined) command.within = body;
      remember(reader, command);
      if (reader.budget.commands-- > 0) list.push(command);
      command = draft(reader, joint);
    } else if (joint !== ';' && list.length > 0) {
      command.joined = joint; // `( … ) | next`; a line break behind `|` changes nothing
    }
  };

  while (reader.at < text.length) {
    const character = text[reader.at]!;
    if (blanks.has(character)) {
      reader.at++;
    } else if (character === '\n') {
      reader.at++;
      for (const document of waiting) document.command.input = readHereDocument(reader, document);
      waiting = [];
      finish(';');
    } else if (character === '#') {
      const end = text.indexOf('\n', reader.at);
      reader.at = end < 0 ? text.length : end;
    } else if (character === closer && (closer === '`' || groups === 0)) {
      reader.at++;
      break;
    } else if (character === '(') {
      reader.at++;
      if (text[reader.at] === ')' && command.words.length > 0) {
        reader.at++; // `name()` opens a function: its body is read like any list
        functions.name = command.words.at(-1) ?? '';
        command = draft(reader, ';');
      } else {
        groups++;
        finish(';');
      }
    } else if (character === ')') {
      reader.at++;
      groups = Math.max(0, groups - 1);
      finish(';');
    } else if (character === ';' || character === '|' || isBackground(reader)) {
      finish(readOperator(reader));
    } else if (character === '<' || character === '>' || character === '&') {
      readRedirect(reader, command, waiting);
    } else {
      if (isBare(command)) command.offset = reader.at;
      addWord(reader, command, functions);
    }
  }
  for (const document of waiting) document.command.input = '';
  finish(';');
  return list;
}

/** `&` that is not part of `&>` or `>&`. */
function isBackground(reader: Reader): boolean {
  return reader.text[reader.at] === '&' && reader.text[reader.at + 1] !== '>';
}

function readOperator(reader: Reader): Joint {
  const first = reader.text[reader.at++]!;
  const second = reader.text[reader.at];
  if (first === ';') {
    while (reader.text[reader.at] === ';') reader.at++;
    return ';';
  }
  if (second === first) {
    reader.at++;
    return first === '&' ? '&&' : '||';
  }
  if (first === '|' && second === '&') reader.at++;
  return first === '&' ? '&' : '|';
}

/** Which function's body is being read: braces close in the order in which they open. */
interface Functions {
  /** Announced by `name()` or `function name`, until its brace opens. */
  name: string;
  /** For every open brace the function that it belongs to, or the empty string. */
  readonly open: string[];
}

function readBrace(word: string, functions: Functions): void {
  if (word === '{' && functions.open.length < limits.words) functions.open.push(functions.name);
  if (word === '}') functions.open.pop();
  functions.name = '';
}

function addWord(reader: Reader, command: Draft, functions: Functions): void {
  const start = reader.at;
  const word = readWord(reader);
  if (reader.at === start) reader.at++;
  // `2>file`: the number belongs to the redirection.
  if (word.plain && /^\d{1,3}$/.test(word.fields[0] ?? '') && /[<>]/.test(reader.text[reader.at] ?? ''))
    return;
  if (command.words.length === 0) {
    if (word.plain && keywords.has(word.fields[0] ?? '')) {
      readBrace(word.fields[0] ?? '', functions);
      return;
    }
    if (word.name !== undefined) {
      if (reader.text[reader.at] === '(' && assigned(word) === '') readArray(reader, word.name);
      command.assignments[word.name] = assigned(word);
      return;
    }
  } else if (command.words.length === 1 && command.words[0] === 'function' && word.plain) {
    functions.name = word.fields[0] ?? '';
    command.words = [];
    return;
  }
  // An assignment's value is not split into fields, `export A=$B` included.
  const fields = word.name !== undefined ? [word.name + '=' + assigned(word)] : word.fields;
  for (const field of fields) if (command.words.length < limits.words) command.words.push(field);
}

function assigned(word: Word): string {
  return word.fields.join(' ').slice((word.name ?? '').length + 1);
}

/** `a=(curl -s URL)`: from the opening to the closing bracket. */
function readArray(reader: Reader, name: string): void {
  const elements: string[] = [];
  reader.at++;
  while (reader.at < reader.text.length && reader.text[reader.at] !== ')') {
    const start = reader.at;
    const { fields } = readWord(reader);
    if (reader.at === start) reader.at++;
    for (const field of fields) if (elements.length < limits.words) elements.push(field);
  }
  reader.at++;
  reader.arrays.set(name, elements);
}

/** Assignments that stand alone hold for what follows. */
function remember(reader: Reader, command: Draft): void {
  if (command.words.length === 0) {
    for (const [name, value] of Object.entries(command.assignments)) reader.variables.set(name, value);
  } else if (declarations.has(command.words[0]!)) {
    for (const word of command.words) {
      const equals = word.indexOf('=');
      if (equals > 0) reader.variables.set(word.slice(0, equals), word.slice(equals + 1));
    }
  }
}
