/**
 * What commands print as far as their text alone tells, without running them: `echo`, `printf` and here-documents,
 * and what decoders make of it (`base64 -d`, `xxd -r`, `rev`, `tr`, `sed s/a/b/`, `gunzip`, code that decodes a
 * string). A shell that reads such a pipeline runs known text. Texts are byte strings (one character, one byte).
 */
import { decodeCode, inflated } from './code-payload.ts';
import { programName } from './program-name.ts';
import type { Command } from './shell.ts';

/** What a command prints. */
export interface Printed {
  readonly text: string;
  /** Not as it stood: a decoder or character codes made it. */
  readonly decoded: boolean;
}

type Plain = Pick<Command, 'words' | 'input'>;

/** Longest text that is followed, in characters. */
const longest = 64 * 1024;

/**
 * @param command without wrappers
 * @param before what the command in front of it in the pipeline prints
 * @returns `undefined` where that is not known
 */
export function printedBy(command: Plain, before: Printed | undefined): Printed | undefined {
  const words = withoutBox(command.words);
  const name = programName(words[0]);
  const args = words.slice(1);
  if (name === 'echo') return echoed(args);
  if (name === 'printf') return formatted(args);
  if (name === 'which' || (name === 'command' && args[0] === '-v') || (name === 'type' && args[0] === '-P'))
    return { text: args.at(-1) ?? '', decoded: false };
  if (codeOption.test(name)) return printedByCode(args);
  const input = command.input === undefined ? before : { text: command.input, decoded: false };
  if (input === undefined || input.text.length > longest) return undefined;
  if (passing.has(name)) return args.every((arg) => passes(name, arg)) ? input : undefined;
  const text = isVariable(input.text) ? undefined : transformed(name, args, input.text);
  return text === undefined ? undefined : { text: text.slice(0, longest), decoded: true };
}

/** Longest pipeline that is followed. */
const mostSteps = 8;

/** What a list of commands prints, where it is one pipeline, or a first try whose fallbacks do not matter. */
export function printedByAll(commands: readonly Command[]): Printed | undefined {
  if (commands.length > mostSteps) return undefined;
  let printed: Printed | undefined;
  for (const [index, command] of commands.entries()) {
    if (index > 0 && command.joined === '||') return printed;
    if (index > 0 && command.joined !== '|') return undefined;
    if (command.redirects.some(({ target }) => target !== '/dev/null' && target !== '1')) return undefined;
    printed = printedBy(command, printed);
    if (printed === undefined) return undefined;
  }
  return printed;
}

/** `busybox echo` is `echo`. */
export function withoutBox(words: readonly string[]): readonly string[] {
  const name = programName(words[0]);
  return (name === 'busybox' || name === 'toybox') && words.length > 1 ? words.slice(1) : words;
}

/** A reference that the text itself does not resolve: `$URL`, `${X}`, `$(cat x)`. */
export function isVariable(text: string): boolean {
  return /\$[\w{(@*]|`/.test(text);
}

/** `base64 -d`, `xxd -r`, `openssl enc -d`, `gunzip`, `rev` and the like: what goes in is not what comes out. */
export function isDecoder({ words }: Pick<Command, 'words'>): boolean {
  const plain = withoutBox(words);
  const args = plain.slice(1);
  switch (programName(plain[0])) {
    case 'base64':
    case 'base32':
    case 'basenc':
      return args.some((arg) => /^-[a-z]*[dD]/.test(arg) || arg === '--decode');
    case 'openssl':
      return args.includes('-d') || args.includes('-decrypt');
    case 'gpg':
    case 'gpg2':
      return args.some((arg) => /^-[a-z]*d$|^--decrypt$/.test(arg));
    case 'xxd':
      return args.some((arg) => /^-[a-z]*r/.test(arg));
    case 'gzip':
    case 'xz':
    case 'bzip2':
    case 'zstd':
    case 'lzma':
      return args.some((arg) => /^-[a-z0-9]*d|^--decompress$|^--uncompress$/.test(arg));
    case 'uudecode':
    case 'rev':
    case 'gunzip':
    case 'zcat':
    case 'unxz':
    case 'xzcat':
    case 'bunzip2':
    case 'bzcat':
    case 'unzstd':
    case 'zstdcat':
      return true;
    case 'tr':
      // ROT13 and its kin: letters for letters.
      return (
        args.length > 1 && !args[0]?.startsWith('-') && args.every((arg) => /[A-Za-z]-[A-Za-z]/.test(arg))
      );
    default:
      return false;
  }
}

const passing = new Set(['cat', 'tee', 'dd', 'pv', 'buffer', 'stdbuf']);

/** Options that leave a text as it is; `cat FILE` prints something else. */
function passes(name: string, arg: string): boolean {
  if (name === 'cat') return arg === '-' || arg === '-u' || arg === '/dev/stdin';
  return name !== 'dd' || !arg.startsWith('if=');
}

function transformed(name: string, args: readonly string[], text: string): string | undefined {
  switch (name) {
    case 'base64':
      return isDecoder({ words: [name, ...args] }) && !hasFile(args) ? fromBase64(text) : undefined;
    case 'base32':
      return isDecoder({ words: [name, ...args] }) && !hasFile(args) ? fromBase32(text) : undefined;
    case 'openssl':
      return args.includes('-d') && opensslBase64(args) ? fromBase64(text) : undefined;
    case 'xxd':
      return args.some((arg) => /^-[a-z]*r/.test(arg)) && !hasFile(args) ? fromHex(text) : undefined;
    case 'rev':
      return text
        .split('\n')
        .map((line) => [...line].reverse().join(''))
        .join('\n');
    case 'tr':
      return translated(args, text);
    case 'sed':
      return substituted(args, text);
    case 'gunzip':
    case 'zcat':
    case 'gzip':
      return name !== 'gzip' || args.some((arg) => /^-[a-z]*d/.test(arg)) ? unzipped(text) : undefined;
    default:
      return undefined;
  }
}

function hasFile(args: readonly string[]): boolean {
  return args.some((arg) => !arg.startsWith('-') && arg !== '/dev/stdin');
}

/** Base64 alone, without a cipher. */
function opensslBase64(args: readonly string[]): boolean {
  if (args[0] === 'base64') return true;
  return (
    args[0] === 'enc' &&
    !args.includes('-in') &&
    args.slice(1).every((arg) => ['-d', '-a', '-A', '-base64'].includes(arg))
  );
}

/** `echo` reads escapes with `-e`, and in dash always. */
function echoed(args: readonly string[]): Printed {
  let first = 0;
  while (first < args.length && /^-[neE]{1,3}$/.test(args[first] ?? '')) first++;
  const text = args.slice(first).join(' ').slice(0, longest);
  return unescaped(text);
}

/** `printf FORMAT ARG…`: the format again and again while there are arguments. */
function formatted(args: readonly string[]): Printed {
  const [format = '', ...values] = args[0] === '--' ? args.slice(1) : args;
  const { text: pattern, decoded } = unescaped(format.slice(0, longest));
  let text = '';
  let next = 0;
  for (let round = 0; round < 100 && text.length < longest; round++) {
    const before = next;
    text += pattern.replace(/%(?:%|[-+ 0#]{0,4}\d{0,4}(?:\.\d{0,4})?([sbdiuxXcq]))/g, (_, kind?: string) => {
      if (kind === undefined) return '%';
      const value = values[next++] ?? '';
      return kind === 'b' ? unescaped(value).text : kind === 'c' ? value.slice(0, 1) : value;
    });
    if (next === before || next >= values.length) break;
  }
  return { text: text.slice(0, longest), decoded: decoded || values.some((one) => unescaped(one).decoded) };
}

/** C escapes as `echo -e` and `printf` read them. */
function unescaped(text: string): Printed {
  if (!text.includes('\\')) return { text, decoded: false };
  let decoded = false;
  const result = text.replace(
    /\\(?:x([0-9a-fA-F]{1,2})|0?([0-7]{3})|([nrt\\]))/g,
    (_, hex: string | undefined, octal: string | undefined, letter: string | undefined) => {
      if (letter !== undefined)
        return letter === 'n' ? '\n' : letter === 'r' ? '\r' : letter === 't' ? '\t' : '\\';
      decoded = true;
      return String.fromCharCode(
        (hex === undefined ? Number.parseInt(octal ?? '', 8) : Number.parseInt(hex, 16)) & 0xff,
      );
    },
  );
  return { text: result, decoded };
}

function fromBase64(text: string): string {
  return Buffer.from(text.replace(/\s/g, ''), 'base64').toString('latin1');
}

function fromBase32(text: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  let bits = 0;
  let held = 0;
  const bytes: number[] = [];
  for (const letter of text) {
    const value = alphabet.indexOf(letter);
    if (value < 0) continue;
    held = ((held << 5) | value) & 0xfff;
    bits += 5;
    if (bits < 8) continue;
    bits -= 8;
    bytes.push((held >> bits) & 0xff);
  }
  return Buffer.from(bytes).toString('latin1');
}

function fromHex(text: string): string {
  return Buffer.from(text.replace(/[^0-9a-fA-F]/g, ''), 'hex').toString('latin1');
}

function unzipped(text: string): string | undefined {
  return inflated(Buffer.from(text, 'latin1'))?.toString('latin1');
}

/** `tr SET1 SET2` and `tr -d SET`. */
function translated(args: readonly string[], text: string): string | undefined {
  const bytes = Buffer.from(text, 'latin1');
  if (args[0] === '-d' && args.length === 2) {
    const dropped = new Set(characters(args[1] ?? ''));
    return Buffer.from(bytes.filter((one) => !dropped.has(one))).toString('latin1');
  }
  const [from, to] = args.map(characters);
  if (args.length !== 2 || args[0]?.startsWith('-') || from === undefined || to === undefined)
    return undefined;
  const meaning = Uint8Array.from({ length: 256 }, (_, code) => code);
  for (const [index, code] of from.entries()) meaning[code] = to[index] ?? to.at(-1) ?? code;
  return Buffer.from(bytes.map((one) => meaning[one] ?? one)).toString('latin1');
}

/** The bytes in a set of `tr`, ranges and escapes written out. */
function characters(set: string): readonly number[] {
  const plain = unescaped(set.slice(0, 1024)).text;
  const found: number[] = [];
  for (let at = 0; at < plain.length && found.length < 512; at++) {
    const first = plain.charCodeAt(at) & 0xff;
    const last = plain[at + 1] === '-' && at + 2 < plain.length ? plain.charCodeAt(at + 2) & 0xff : first;
    if (last !== first) at += 2;
    for (let code = first; code <= last; code++) found.push(code);
  }
  return found;
}

/** `sed s/a/b/g` with plain text on both sides; with a pattern that is more than that, nobody knows. */
function substituted(args: readonly string[], text: string): string | undefined {
  const script = args.filter((arg) => arg !== '-e');
  const match = /^s(.)(.{1,200}?)\1(.{0,200}?)\1(g?)$/s.exec(script[0]?.slice(0, 500) ?? '');
  const [, , pattern = '', replacement = '', all] = match ?? [];
  const plain = pattern.replace(/\\([^\w])/g, '');
  if (match === null || script.length !== 1 || /[.*[\]^$\\]/.test(plain) || /[&\\]/.test(replacement))
    return undefined;
  const literal = pattern.replace(/\\(.)/g, '$1');
  return text
    .split('\n')
    .map((line) =>
      all === 'g' ? line.replaceAll(literal, () => replacement) : line.replace(literal, () => replacement),
    )
    .join('\n');
}

const codeOption = /^(?:python|perl|ruby|php|node|nodejs)[\d.]*$/;

/** `python -c 'print(b64decode("…"))'`: prints what it decodes. */
function printedByCode(args: readonly string[]): Printed | undefined {
  const flag = args.findIndex((arg) => /^-[a-zA-Z]{0,3}[cerE]$/.test(arg));
  const code = flag < 0 ? '' : (args[flag + 1] ?? '').slice(0, longest);
  if (
    !/\b(?:print|puts|echo|say|printf|console\.log|stdout)\b/.test(code) ||
    /\b(?:eval|exec|system)\b/.test(code)
  )
    return undefined;
  const text = decodeCode(code);
  return text === undefined ? undefined : { text, decoded: true };
}
