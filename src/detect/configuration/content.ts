/**
 * What a pipeline carries or a file holds, as far as the commands before it tell: where it was fetched from, and what
 * it says where that can be worked out.
 */
import { isReadable } from '../../indicator/code-payload.ts';
import type { Command } from '../../indicator/shell.ts';
import { isDecoder, isVariable, printedBy, withoutBox } from '../../indicator/shell-output.ts';
import { programName } from '../../indicator/shell-unwrap.ts';
import { isDownloader, readDownload } from './download.ts';
import { interpreter, shells } from './program.ts';

export interface Content {
  /** Where it was fetched from; as written, so they may hold variables. */
  readonly urls: readonly string[];
  /** Certificates are not verified. */
  readonly insecure: boolean;
  /** What it says, where that is known; a byte string. */
  readonly text?: string;
  /** A decoder made it. */
  readonly decoded: boolean;
  /** Hidden, and not by accident: encrypted with the key beside it, or a literal that no decoder here can read. */
  readonly sealed: boolean;
  /** Came out of an archive. */
  readonly unpacked: boolean;
  /** Fetched by a program whose name was written so that nobody finds it. */
  readonly veiled: boolean;
}

export const nothingKnown: Content = {
  urls: [],
  insecure: false,
  decoded: false,
  sealed: false,
  unpacked: false,
  veiled: false,
};

/** Whether there is anything to say about a content. */
export function isForeign(content: Content): boolean {
  return content.urls.length > 0 || content.decoded || content.text !== undefined;
}

/** Finds the content of a file that the same text wrote. */
export type FileContent = (path: string) => Content | undefined;

/** URLs kept of one pipeline. */
const maxUrls = 20;

/**
 * @param command without wrappers
 * @param before what the command in front of it in the pipeline writes
 * @returns what it writes to standard output
 */
export function contentBehind(command: Command, before: Content, file: FileContent): Content {
  const words = withoutBox(command.words);
  const read = inputFiles(words, command);
  const files = read.flatMap((path) => file(path) ?? []);
  const input = files.reduce(joined, read.length > 0 && files.length === 0 ? withoutText(before) : before);
  const fetched = fetchedBy(command, words, input);
  const urls = [...input.urls, ...(fetched?.urls ?? [])].slice(0, maxUrls);
  const known = input.text === undefined ? undefined : { text: input.text, decoded: input.decoded };
  const printed = fetched === undefined ? outputOf(command, words, known, files.length > 0) : undefined;
  const decodes = isDecoder(command) || printed?.decoded === true;
  return {
    urls,
    insecure: input.insecure || (fetched?.insecure ?? false),
    ...(printed !== undefined && { text: printed.text }),
    decoded: input.decoded || decodes,
    sealed:
      input.sealed || (printed === undefined && isDecoder(command) && hides(words, input, read.length > 0)),
    unpacked: input.unpacked,
    veiled: input.veiled || (fetched?.veiled ?? false),
  };
}

/** Two contents in one file or pipeline. */
export function joined(one: Content, other: Content): Content {
  const text = one.text === undefined && isForeign(one) ? undefined : joinedText(one.text ?? '', other.text);
  return {
    urls: [...one.urls, ...other.urls].slice(0, maxUrls),
    insecure: one.insecure || other.insecure,
    ...(text !== undefined && { text }),
    decoded: one.decoded || other.decoded,
    sealed: one.sealed || other.sealed,
    unpacked: one.unpacked || other.unpacked,
    veiled: one.veiled || other.veiled,
  };
}

/** Longest text that is kept, in characters. */
const longestText = 64 * 1024;

function joinedText(one: string, other: string | undefined): string | undefined {
  if (other === undefined || one.length + other.length > longestText) return undefined;
  return one === '' ? other : `${one}\n${other}`;
}

/** The same, where following the text would take too long. */
export function withoutText({ text: _, ...rest }: Content): Content {
  return rest;
}

/** Names of files that a filter or decoder reads instead of its input; every `<`. */
function inputFiles(words: readonly string[], { redirects }: Command): readonly string[] {
  const found = redirects.filter((one) => one.operator === '<').map((one) => one.target);
  const name = programName(words[0]);
  if (filters.has(name)) {
    const from = words.findIndex((word) => word === '-in' || word === '-i');
    if (name === 'openssl') found.push(...(from < 0 ? [] : words.slice(from + 1, from + 2)));
    else if (name === 'dd')
      found.push(...words.filter((word) => word.startsWith('if=')).map((word) => word.slice(3)));
    else
      found.push(
        ...words.slice(1).filter((word) => !word.startsWith('-') && /[/.]|^[\w-]{1,64}$/.test(word)),
      );
  }
  return found;
}

const filters = new Set(
  'cat zcat xzcat bzcat zstdcat gunzip gzip xz unxz bzip2 bunzip2 zstd base64 base32 xxd openssl gpg gpg2 uudecode head tail dd rev'.split(
    ' ',
  ),
);

/** A filter that reads a file which the text wrote prints what it makes of that. */
function outputOf(
  command: Command,
  words: readonly string[],
  before: { readonly text: string; readonly decoded: boolean } | undefined,
  fromFile: boolean,
): ReturnType<typeof printedBy> {
  const plain = fromFile ? words.filter((word, at) => at === 0 || word.startsWith('-')) : words;
  return printedBy({ words: plain, ...(command.input !== undefined && { input: command.input }) }, before);
}

interface Fetched {
  readonly urls: readonly string[];
  readonly insecure: boolean;
  readonly veiled: boolean;
}

function fetchedBy(command: Command, words: readonly string[], input: Content): Fetched | undefined {
  const download = readDownload(command);
  if (download !== undefined) {
    if (!isStandardOutput(download.output)) return undefined;
    return {
      urls: download.urls.map((url) => filledIn(url, input)),
      insecure: download.insecure,
      veiled: false,
    };
  }
  // `echo URL | xargs curl`, `wget -i -`: the address comes through the pipe.
  if (isDownloader(words) && command.joined === '|') {
    return { urls: input.text === undefined ? ['$'] : urlsIn(input.text), insecure: false, veiled: false };
  }
  const program = words[0] ?? '';
  const name = programName(program);
  if (texts.has(name) || shells.has(name) || interpreter.test(name) || name === '') return undefined;
  const urls = words.slice(1).filter((word) => /^(?:https?|ftp):\/\/[^\s]{1,2000}$/.test(word));
  // `cu${x}l`, `$(rev <<< lruc)`: neither a plain name nor a variable alone.
  const veiled =
    isVariable(program) && !/^\$(?:\w+|\{\w+(?:\[[@*]\])?\}|\((?:which|command -v) [\w ]+\))$/.test(program);
  return urls.length === 0 ? undefined : { urls, insecure: false, veiled };
}

/** `xargs -I {} curl {}` and `parallel curl {}`. */
function filledIn(url: string, { text }: Content): string {
  return url.includes('{}') && text !== undefined && text.length < 2000
    ? url.replace('{}', () => text.trim())
    : url;
}

function urlsIn(text: string): readonly string[] {
  return [...text.slice(0, 4096).matchAll(/\b(?:https?|ftp):\/\/[^\s'"]{1,2000}/g)]
    .map((match) => match[0])
    .slice(0, maxUrls);
}

/** Programs that are given URLs as text and fetch nothing. */
const texts = new Set(
  'echo printf sed awk gawk grep egrep jq yq cat cut tr sort tee test [ [[ envsubst export local git docker kubectl helm'.split(
    ' ',
  ),
);

export function isStandardOutput(path: string): boolean {
  return path === '-' || path === '/dev/stdout' || path === '/proc/self/fd/1' || path === '&1';
}

/** A literal that stays closed, or a file whose key stands in the same line: that protects nothing, it hides. */
function hides(words: readonly string[], input: Content, fromFile: boolean): boolean {
  const keyed = words.some(
    (word, at) =>
      /^pass:[^$]/.test(word) ||
      /^--passphrase=[^$]/.test(word) ||
      (['-k', '-K', '--passphrase'].includes(words[at - 1] ?? '') && /^[^-$]/.test(word)),
  );
  if (fromFile) return keyed;
  return input.text !== undefined && !isVariable(input.text) && (keyed || isReadable(input.text));
}
