/** What commands do to files: copy, move, link, unpack, write. */
import type { Command } from '../../indicator/shell.ts';
import { withoutBox } from '../../indicator/shell-output.ts';
import { programName } from '../../indicator/shell-unwrap.ts';
import { type Content, isForeign, isStandardOutput } from './content.ts';
import { readDownload } from './download.ts';
import { baseName, type Files, read, resolve, unpackInto, write } from './files.ts';

/** A file that a command writes. */
interface Change {
  readonly path: string;
  readonly content: Content;
  /** Behind what is there. */
  readonly append?: boolean;
}

/**
 * @param command without wrappers
 * @param input what comes through the pipe
 * @param output what it writes to standard output
 * @returns paths of the files that it wrote and that there is something to say about
 */
export function changeFiles(
  files: Files,
  command: Command,
  input: Content,
  output: Content,
): readonly string[] {
  const words = withoutBox(command.words);
  const name = programName(words[0]);
  if (name === 'cd' || name === 'pushd') {
    files.folder = words[1] === undefined || words[1] === '-' ? '' : resolve(files.folder, words[1]);
    return [];
  }
  const changes = [
    ...downloaded(command, output),
    ...redirected(command, words, output),
    ...copied(files, name, words),
    ...decompressed(files, name, words),
  ];
  for (const { path, content, append } of changes) write(files, path, content, append);
  unpack(files, name, words, input);
  return changes.map(({ path }) => path);
}

function downloaded(command: Command, output: Content): readonly Change[] {
  const download = readDownload(command);
  if (download === undefined || isStandardOutput(download.output)) return [];
  const { urls, insecure } = download;
  const { text: _, ...rest } = output;
  return [{ path: download.output, content: { ...rest, urls, insecure } }];
}

/** Where standard output goes. */
function redirected(command: Command, words: readonly string[], content: Content): readonly Change[] {
  if (!isForeign(content) || readDownload(command) !== undefined) return [];
  const found: Change[] = command.redirects
    .filter((one) => /^(?:&?>{1,2}|>\|)$/.test(one.operator) && !/^(?:\d|&|\/dev\/)/.test(one.target))
    .map((one) => ({ path: one.target, content, append: one.operator.endsWith('>>') }));
  const args = words.slice(1);
  const paths: string[] = [];
  switch (programName(words[0])) {
    case 'tee':
    case 'sponge':
      paths.push(...args.filter((arg) => !arg.startsWith('-') && !arg.startsWith('/dev/')));
      break;
    case 'dd':
      paths.push(...args.filter((arg) => arg.startsWith('of=')).map((arg) => arg.slice(3)));
      break;
    case 'openssl':
    case 'gpg':
    case 'gpg2': {
      const at = words.findIndex((word) => ['-out', '-o', '--output'].includes(word));
      const target = at < 0 ? undefined : words[at + 1];
      if (target !== undefined) paths.push(target);
      break;
    }
    default:
  }
  found.push(...paths.map((path) => ({ path, content, append: args.includes('-a') })));
  return found.slice(0, 20);
}

const copying = new Set(['cp', 'mv', 'ln', 'install']);
/** Their options that take the next word; `-t` names the target folder. */
const valued = new Set(['-m', '-o', '-g', '-S', '--mode', '--owner', '--group', '--suffix']);

function copied(files: Files, name: string, words: readonly string[]): readonly Change[] {
  const paths = copiedPaths(name, words);
  const target = paths.at(-1);
  if (target === undefined || paths.length < 2) return [];
  return paths
    .slice(0, -1)
    .slice(0, 20)
    .flatMap((path) => {
      const content = read(files, path);
      if (content === undefined) return [];
      const inside = { path: `${target.replace(/\/$/, '')}/${baseName(path)}`, content };
      // Whether the target is a folder cannot be seen, so it may be both.
      return target.endsWith('/') || paths.length > 2 ? [inside] : [{ path: target, content }, inside];
    });
}

/** Operands of `cp` and its like, the target last. */
function copiedPaths(name: string, words: readonly string[]): readonly string[] {
  if (!copying.has(name)) return [];
  const operands = words.filter(
    (word, at) =>
      at > 0 && !word.startsWith('-') && !valued.has(words[at - 1] ?? '') && words[at - 1] !== '-t',
  );
  const folder = words[words.indexOf('-t') + 1];
  return words.includes('-t') && folder !== undefined ? [...operands, `${folder}/`] : operands;
}

/** A program under another name: `mv /usr/bin/curl /usr/bin/cd1`, `ln -s /bin/sh /tmp/s`. */
export function renamedProgram(command: Command): readonly [name: string, program: string] | undefined {
  const [from, to, ...more] = copiedPaths(programName(command.words[0]), command.words);
  if (from === undefined || to === undefined || more.length > 0 || !renamable.has(baseName(from)))
    return undefined;
  return baseName(to) === '' || baseName(to) === baseName(from) ? undefined : [baseName(to), baseName(from)];
}

const renamable = new Set('curl wget sh bash dash zsh base64 openssl nc ncat perl ruby php'.split(' '));

const unpackers: Readonly<Record<string, string>> = {
  gunzip: 'gz',
  gzip: 'gz',
  unxz: 'xz',
  xz: 'xz',
  bunzip2: 'bz2',
  bzip2: 'bz2',
  unzstd: 'zst',
  zstd: 'zst',
};

/** `gunzip x.gz` leaves `x`. */
function decompressed(files: Files, name: string, words: readonly string[]): readonly Change[] {
  const ending = Object.hasOwn(unpackers, name) ? unpackers[name] : undefined;
  if (ending === undefined) return [];
  return words.slice(1, 20).flatMap((word) => {
    const content = word.endsWith(`.${ending}`) ? read(files, word) : undefined;
    return content === undefined ? [] : [{ path: word.slice(0, -ending.length - 1), content }];
  });
}

/** `tar x`, `unzip`, `7z x` and their like, of a file that the text fetched or of what comes through the pipe. */
function unpack(files: Files, name: string, words: readonly string[], input: Content): void {
  const args = words.slice(1, 50);
  const folder = unpackFolder(name, args);
  if (folder === undefined) return;
  const archive = args.flatMap((arg) => (arg.startsWith('-') ? [] : (read(files, arg) ?? [])))[0];
  const content = archive ?? input;
  if (content.urls.length > 0 || content.decoded) unpackInto(files, folder, content);
}

/** The folder that an archive is unpacked into; `undefined` where nothing is. */
function unpackFolder(name: string, args: readonly string[]): string | undefined {
  const optionValue = (short: string, long: string): string => {
    const at = args.findIndex((arg) => arg === short || arg === long);
    const attached = args.find(
      (arg) => arg.startsWith(`${long}=`) || (arg.startsWith(short) && arg !== short),
    );
    return at < 0
      ? (attached?.slice(attached.startsWith('--') ? long.length + 1 : short.length) ?? '')
      : (args[at + 1] ?? '');
  };
  if (/^(?:bsd|g)?tar$/.test(name)) {
    const extracts = args.some((arg, at) =>
      (at === 0 ? /^-?[a-zA-Z]*x/ : /^-[a-zA-Z]*x|^--extract$/).test(arg),
    );
    return extracts ? optionValue('-C', '--directory') : undefined;
  }
  if (name === 'unzip') return optionValue('-d', '--directory');
  if (/^7z?[arz]?$/.test(name))
    return /^[xe]$/.test(args[0] ?? '') ? optionValue('-o', '--output') : undefined;
  if (name === 'cpio')
    return args.some((arg) => /^-[a-z]*i/.test(arg)) ? optionValue('-D', '--directory') : undefined;
  return undefined;
}
