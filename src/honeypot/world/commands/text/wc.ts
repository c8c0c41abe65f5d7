/** wc. */
import { FileError } from '../../files/node.ts';
import type { Input, Run } from '../../program.ts';
import { optionsOf } from '../options.ts';
import { openInput } from '../streams.ts';
import { complain, latin, reasonOf, type Tool } from '../tool.ts';

interface Counts {
  lines: number;
  words: number;
  characters: number;
  bytes: number;
  longest: number;
}

export const wc: Tool = async (run, flavour) => {
  const options = optionsOf(run, flavour, {
    short: 'clLmw',
    long: { bytes: 'c', chars: 'm', lines: 'l', 'max-line-length': 'L', words: 'w' },
  });
  const isDefault = !options.has('c', 'l', 'L', 'm', 'w');
  const shows = (letter: string): boolean => options.has(letter) || (isDefault && 'lwc'.includes(letter));
  const pick = (counts: Counts): number[] => [
    ...(shows('l') ? [counts.lines] : []),
    ...(shows('w') ? [counts.words] : []),
    ...(shows('m') ? [counts.characters] : []),
    ...(shows('c') ? [counts.bytes] : []),
    ...(shows('L') ? [counts.longest] : []),
  ];
  const total: Counts = { lines: 0, words: 0, characters: 0, bytes: 0, longest: 0 };
  const paths = options.operands.length === 0 ? [undefined] : options.operands;
  const width = flavour === 'gnu' ? widthOf(run, paths, pick(total).length) : undefined;
  let exitCode = 0;
  for (const path of paths) {
    let counts: Counts = { lines: 0, words: 0, characters: 0, bytes: 0, longest: 0 };
    try {
      counts = await countsOf(run, openInput(run, path ?? '-'));
    } catch (error) {
      exitCode = 1;
      const isFolder = error instanceof FileError && error.code === 'EISDIR';
      await complain(run, `${path}: ${reasonOf(error)}`);
      if (!isFolder) continue;
    }
    for (const key of ['lines', 'words', 'characters', 'bytes'] as const) total[key] += counts[key];
    total.longest = Math.max(total.longest, counts.longest);
    await run.stdout.write(line(pick(counts), path, width));
  }
  if (paths.length > 1) await run.stdout.write(line(pick(total), 'total', width));
  return exitCode;
};

/** @param width of coreutils: as many digits as the files have bytes together; busybox aligns in its own way */
function line(numbers: readonly number[], path: string | undefined, width: number | undefined): string {
  const name = path === undefined ? '' : ` ${path}`;
  if (width !== undefined)
    return `${numbers.map((number) => `${number}`.padStart(width)).join(' ')}${name}\n`;
  if (numbers.length === 1) return `${numbers[0]}${name}\n`;
  return `${numbers.map((number) => `${number}`.padStart(9)).join(' ')}${name}\n`;
}

function widthOf(run: Run, paths: readonly (string | undefined)[], columns: number): number {
  if (paths.length === 1 && columns === 1) return 1;
  let bytes = 0;
  let least = 1;
  for (const path of paths) {
    if (path === undefined || path === '-') {
      least = 7;
      continue;
    }
    if (!run.files.exists(path)) continue;
    const node = run.files.stat(path);
    if (node.kind === 'file' && node.device === undefined) bytes += node.size;
    else least = 7;
  }
  return Math.max(least, `${bytes}`.length);
}

const blank = /[ \t\n\v\f\r]+/;
const printable = /[\x21-\x7e\xa1-\xff]/;

async function countsOf(run: Run, input: Input): Promise<Counts> {
  const counts: Counts = { lines: 0, words: 0, characters: 0, bytes: 0, longest: 0 };
  let isInWord = false;
  let column = 0;
  for (;;) {
    const part = await input.read();
    if (part === undefined) break;
    const content = latin(part);
    await run.work(1 + (content.length >> 8));
    counts.bytes += content.length;
    counts.characters += content.length - (content.match(/[\x80-\xbf]/g)?.length ?? 0);
    const lines = content.split('\n');
    counts.lines += lines.length - 1;
    for (const [index, text] of lines.entries()) {
      if (index > 0) column = 0;
      column += text.length;
      counts.longest = Math.max(counts.longest, column);
    }
    const words = content.split(blank);
    // What has no printable character is no word.
    const isWord = words.map((word) => printable.test(word));
    counts.words += isWord.filter((one) => one).length - (isInWord && isWord[0] ? 1 : 0);
    isInWord = isWord.at(-1)! || (words.length === 1 && isInWord);
  }
  return counts;
}
