/**
 * What a command line really starts: `sudo -u x nohup sh -c "a; b"` starts `a` and `b`, and so does `echo "a; b" | sh`.
 * Start paths, history lines and decoys all look behind wrappers, functions and shells this way.
 */
import { isReadable } from './code-payload.ts';
import { programName } from './program-name.ts';
import { type Command, splitShell } from './shell.ts';
import { isVariable, type Printed, printedBy, withoutBox } from './shell-output.ts';
import { addExported, withSettings } from './shell-settings.ts';
import { behindOptions, keepsItself, unwrapArguments } from './shell-wrapper.ts';

export { programName } from './program-name.ts';

/** By name, or by the variable that holds the user's own. */
const shells = new Set([
  'sh',
  'bash',
  'dash',
  'ash',
  'zsh',
  'ksh',
  'mksh',
  'rbash',
  '$SHELL',
  '${SHELL}',
  '$BASH',
]);

/**
 * Bounds of one list. Without them, `sh -c "$(` repeated 22 times gives 200,000 commands: each level is read as a
 * command of its own and again inside every level around it. Behind them commands stay as they are.
 */
const bounds = { depth: 6, commands: 5000, text: 1024 * 1024 } as const;

/** What the commands of one text share. */
interface Shared {
  /** What is left of the bounds: commands that come out of others, and the characters that are read for them. */
  commands: number;
  text: number;
  /** Bodies of the functions that the text defines. */
  readonly functions: ReadonlyMap<string, readonly Command[]>;
  /** Wrappers that are told beside what they run. */
  readonly kept: ReadonlySet<string>;
  /** What shells that are started find set: `export X=…`. */
  readonly exported: Map<string, string>;
}

/**
 * The commands behind the wrappers, functions and shell texts of each; the command itself where there are none.
 * Offsets stay those of the outer command, or of the pipeline that printed a shell's text.
 * @param commands all of a text: they share the bounds
 * @param kept wrappers that are told beside what they run
 */
export function unwrapCommands(commands: readonly Command[], kept = keepsItself): readonly Command[] {
  const known = kept === keepsItself ? unwrapped.get(commands) : undefined;
  if (known !== undefined) return known;
  const functions = bodiesIn(commands);
  const exported = new Map<string, string>();
  const shared = { commands: bounds.commands, text: bounds.text, functions, kept, exported };
  const all = unwrapList(commands, 0, shared);
  if (kept === keepsItself) unwrapped.set(commands, all);
  return all;
}

/** Several readers of one script look behind its commands. */
const unwrapped = new WeakMap<readonly Command[], readonly Command[]>();

/** A longer function is a part of the script's story, not a tool that is handed an address and a path. */
const longestBody = 40;

/** Functions that make something of their arguments; the others are read where they stand. */
function bodiesIn(commands: readonly Command[]): ReadonlyMap<string, readonly Command[]> {
  const bodies = new Map<string, Command[]>();
  for (const command of commands) {
    if (command.within === undefined) continue;
    const body = bodies.get(command.within);
    if (body === undefined) bodies.set(command.within, [command]);
    else body.push(command);
  }
  for (const [name, body] of bodies) {
    if (body.length > longestBody || !body.some(usesArguments)) bodies.delete(name);
  }
  return bodies;
}

function usesArguments({ words, redirects, input = '' }: Command): boolean {
  return (
    words.some((word) => argument.test(word)) ||
    redirects.some(({ target }) => argument.test(target)) ||
    argument.test(input)
  );
}

const argument = /\$\{?[1-9@*]/;

function unwrapList(commands: readonly Command[], depth: number, shared: Shared): Command[] {
  const all: Command[] = [];
  let printed: Printed | undefined;
  let start = 0;
  for (const command of commands) {
    if (command.joined !== '|') {
      printed = undefined;
      start = command.offset;
    }
    const words = unwrapArguments(command.words, shared.kept);
    if (words[0] === 'export') addExported(words, shared.exported);
    const bare = words === command.words ? command : { ...command, words };
    for (const one of unwrap(bare, depth, shared, { printed, start })) all.push(one);
    shared.text -= printed?.text.length ?? 0;
    printed = shared.text <= 0 ? undefined : printedBy(bare, printed);
  }
  return all;
}

/** Where a command stands in its pipeline. */
interface Piped {
  /** What it reads, where that is known. */
  readonly printed: Printed | undefined;
  /** Offset of the pipeline. */
  readonly start: number;
}

function unwrap(command: Command, depth: number, shared: Shared, piped: Piped): Command[] {
  const name = programName(command.words[0]);
  const outer = shared.kept.has(name) ? [command] : [];
  const isWrapper = outer.length > 0 && !keepsInput.has(name);
  const behind = isWrapper ? behindOptions(command.words) : command.words;
  if (isWrapper && behind.length === 0) return outer;
  const words = isWrapper ? unwrapArguments(behind, shared.kept) : behind;
  const bare = { ...command, words };
  if (isWrapper && shared.kept.has(programName(words[0])) && depth < bounds.depth)
    return [...outer, ...unwrap(bare, depth + 1, shared, piped)];
  const script = depth < bounds.depth ? scriptOf(bare, piped, shared) : undefined;
  const inner = script === undefined || shared.commands <= 0 ? [] : script.commands;
  if (inner.length === 0 || script === undefined) return isWrapper ? [...outer, bare] : [bare];
  const kept: Command[] = [];
  for (const [index, one] of inner.entries()) {
    shared.text -= lengthOf(one);
    if (shared.commands-- <= 0 || shared.text <= 0) break;
    const joined = index === 0 ? command.joined : one.joined;
    const payload = script.decoded ?? command.payload;
    const assignments: Command['assignments'] =
      index === 0
        ? Object.assign(Object.create(null), command.assignments, one.assignments)
        : one.assignments;
    kept.push({
      ...one,
      joined,
      assignments,
      offset: script.offset,
      ...(payload !== undefined && { payload }),
    });
  }
  return [...outer, ...(kept.length === 0 ? [bare] : unwrapList(kept, depth + 1, shared))];
}

/** What a command makes a shell run. */
interface Script {
  readonly commands: readonly Command[];
  readonly offset: number;
  /** The text, where a decoder printed it. */
  readonly decoded?: string;
}

function scriptOf(command: Command, { printed, start }: Piped, shared: Shared): Script | undefined {
  const { words, offset } = command;
  const body = shared.functions.get(words[0] ?? '');
  if (body !== undefined && command.within !== words[0] && words.some(namesHost))
    return { commands: called(body, words, shared), offset };
  const named = namedText(command);
  if (named !== undefined) {
    const decoded = command.decoded?.find((one) => one !== '' && named.includes(one));
    return split(withSettings(named, command.assignments, shared.exported), offset, shared, decoded);
  }
  const input = command.input ?? (runsInput(words) ? printed?.text : undefined);
  if (input === undefined || !runsInput(words) || !isReadable(input)) return undefined;
  if (command.input === undefined) {
    // `echo "$X" | sh`: nobody knows.
    if (printed === undefined || isVariable(input.slice(0, 2))) return undefined;
    return split(input, start, shared, printed.decoded ? input : undefined);
  }
  return split(
    input,
    offset,
    shared,
    command.decoded?.find((one) => one !== '' && input.includes(one)),
  );
}

function split(
  text: string,
  offset: number,
  shared: Shared,
  decoded: string | undefined,
): Script | undefined {
  if (text.length > shared.text) return undefined;
  shared.text -= text.length;
  return { commands: splitShell(text), offset, ...(decoded !== undefined && { decoded }) };
}

/** A URL, an address, or a host with a port or path: what is worth to be followed into a function. */
function namesHost(word: string, index: number): boolean {
  return index > 0 && /:\/\/|\d\.\d{1,3}\.\d|[\w-]\.[\w-]{2,63}[:/]/.test(word);
}

/** A function's body with the arguments in place of `$1`, `$2` and `$@`. */
function called(
  body: readonly Command[],
  [, ...args]: readonly string[],
  shared: Shared,
): readonly Command[] {
  return body.map((command) => {
    const { within: _, ...one } = command;
    shared.text -= lengthOf(one);
    return {
      ...one,
      words: one.words.flatMap((word) => (/^\$[@*]$/.test(word) ? args : [withArguments(word, args)])),
      redirects: one.redirects.map((to) => ({ ...to, target: withArguments(to.target, args) })),
      ...(one.input !== undefined && { input: withArguments(one.input, args) }),
    };
  });
}

function lengthOf({ words }: Command): number {
  return words.reduce((sum, word) => sum + word.length, 0);
}

/** Longest word that a function's arguments make. */
const longestWord = 4096;

function withArguments(word: string, args: readonly string[]): string {
  if (!word.includes('$') || word.length > longestWord) return word;
  return word
    .replace(/\$(?:([1-9@*])|\{([1-9@*])\})/g, (whole, plain?: string, braced?: string) => {
      const name = plain ?? braced ?? '';
      return /[@*]/.test(name) ? args.join(' ') : (args[Number(name) - 1] ?? whole);
    })
    .slice(0, longestWord);
}

/** Text that stands in the command's own words: `sh -c TEXT`, `trap TEXT EXIT`, `alias x=TEXT`, PROMPT_COMMAND. */
function namedText(command: Command): string | undefined {
  const words = withoutBox(command.words);
  const [name = '', first = '', second] = words;
  if (name === 'trap' && second !== undefined && !first.startsWith('-')) return first;
  if (name === 'alias' && first.includes('=')) return first.slice(first.indexOf('=') + 1);
  const settings = name === 'export' || name === 'declare' ? words : [];
  const prompt = settings.find((word) => word.startsWith('PROMPT_COMMAND='))?.slice('PROMPT_COMMAND='.length);
  if (words.length === 0 || prompt !== undefined) return prompt ?? command.assignments.PROMPT_COMMAND;
  if (!shells.has(programName(name))) return undefined;
  for (let at = 1; at < words.length; at++) {
    const word = words[at]!;
    if (/^-[a-z]{0,8}c$/.test(word)) return words[at + 1];
    if (!word.startsWith('-') && !word.startsWith('+')) return undefined;
    if (word === '-o' || word === '+o') at++;
  }
  return undefined;
}

/** Programs that run what they read, later. */
const keepsInput: ReadonlySet<string> = new Set(['at', 'batch']);

/** A shell without a script of its own, or a program that keeps what it reads for a shell: `at now`. */
function runsInput(all: readonly string[]): boolean {
  const words = withoutBox(all);
  const name = programName(words[0]);
  if (keepsInput.has(name)) return !words.includes('-f');
  if ((name === 'source' || name === '.') && isInput(words[1])) return true;
  if (!shells.has(name)) return false;
  for (let at = 1; at < words.length; at++) {
    const word = words[at]!;
    if (/^-[a-z]*s[a-z]*$/.test(word) || isInput(word)) return true;
    if (!word.startsWith('-') && !word.startsWith('+')) return false;
    if (word === '-o' || word === '+o') at++;
  }
  return true;
}

/** The names of standard input, as a file to read a program from. */
export function isInput(path: string | undefined): boolean {
  return path === '-' || path === '/dev/stdin' || path === '/dev/fd/0' || path === '/proc/self/fd/0';
}
