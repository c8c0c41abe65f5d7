/** xargs. */
import { misuse, optionsOf } from '../options.ts';
import { openInput, readAll } from '../streams.ts';
import { complain, fault, latin, type Tool, textOfContent } from '../tool.ts';

/** Most commands of one call, and characters of one command's arguments. */
const mostCommands = 1000;
const mostCharacters = 128 << 10;

export const xargs: Tool = async (run, flavour) => {
  const options = optionsOf(run, flavour, {
    short: '0a:d:E:eI:i::L:l::n:oP:prs:tx',
    long: {
      null: '0',
      'arg-file=': 'a',
      'delimiter=': 'd',
      'replace=?': 'i',
      'max-lines=?': 'l',
      'max-args=': 'n',
      'max-procs=': 'P',
      interactive: 'p',
      'no-run-if-empty': 'r',
      verbose: 't',
      'max-chars=': 's',
      exit: 'x',
    },
    stopsEarly: true,
  });
  const content = latin(await readAll(run, openInput(run, options.value('a') ?? '-')));
  const place = options.has('I')
    ? options.value('I')
    : options.has('i')
      ? options.value('i') || '{}'
      : undefined;
  const delimiter = options.has('0') ? '\0' : options.has('d') ? unescaped(options.value('d')!) : undefined;
  const isByLine = place !== undefined || options.has('L', 'l');
  let words: string[];
  try {
    words = (
      delimiter !== undefined
        ? content
            .replace(new RegExp(`${delimiter === '\\' ? '\\\\' : delimiter}$`), '')
            .split(delimiter)
            .filter((_, index, all) => all.length > 1 || content !== '' || index > 0)
        : wordsOf(content, isByLine)
    ).map(textOfContent);
  } catch (error) {
    throw fault(run, (error as Error).message);
  }
  const count = (name: string, otherwise: number): number => {
    const value = options.value(name);
    const text = value ?? '';
    const wrong =
      value === undefined || /^[1-9]\d*$/.test(value)
        ? undefined
        : /^-?\d+$/.test(text)
          ? `value ${text} for -${name} option should be >= 1`
          : `invalid number "${text}" for -${name} option`;
    if (wrong !== undefined) throw misuse(run, flavour, {}, wrong);
    return value === undefined ? otherwise : Number(value);
  };
  const command = options.operands.length === 0 ? ['echo'] : [...options.operands];
  const most = options.has('n') || !isByLine ? count('n', Number.POSITIVE_INFINITY) : count('L', 1);
  let exitCode = 0;
  let commands = 0;
  const call = async (args: readonly string[]): Promise<boolean> => {
    commands += 1;
    if (commands > mostCommands) return false;
    if (options.has('t')) await run.stderr.write(`${args.join(' ')}\n`);
    const code = await run.exec(args, { stdin: empty });
    if (code === 127) {
      await complain(run, `${args[0]}: No such file or directory`);
      exitCode = 127;
      return false;
    }
    if (code === 255) {
      exitCode = 124;
      await complain(run, `${args[0]}: exited with status 255; aborting`);
      return false;
    }
    if (code !== 0) exitCode = code === 126 ? 126 : 123;
    return true;
  };
  if (place !== undefined) {
    for (const word of words)
      if (!(await call(command.map((part) => part.replaceAll(place, word.trimStart()))))) break;
    return exitCode;
  }
  if (words.length === 0) {
    if (!options.has('r') && flavour === 'gnu') await call(command);
    return exitCode;
  }
  const lineWords = options.has('L', 'l')
    ? words.flatMap((line) => [line.split(/[ \t]+/).filter((word) => word !== '')])
    : undefined;
  const groups =
    lineWords === undefined ? grouped(words, most) : grouped(lineWords, most).map((group) => group.flat());
  for (const group of groups) if (!(await call([...command, ...group]))) break;
  return exitCode;
};

const empty = { isTerminal: false, read: () => Promise.resolve(undefined) };

function grouped<T extends string | readonly string[]>(items: readonly T[], most: number): T[][] {
  const groups: T[][] = [];
  let size = 0;
  for (const item of items) {
    const length = typeof item === 'string' ? item.length : item.join(' ').length;
    const last = groups.at(-1);
    if (last === undefined || last.length >= most || size + length > mostCharacters) {
      groups.push([item]);
      size = length;
    } else {
      last.push(item);
      size += length + 1;
    }
  }
  return groups;
}

function unescaped(text: string): string {
  return { '\\n': '\n', '\\t': '\t', '\\0': '\0', '\\\\': '\\' }[text] ?? text.slice(0, 1);
}

/** Words as a shell would split them, quotes and backslashes taken away; or lines. */
function wordsOf(content: string, isByLine: boolean): string[] {
  if (isByLine)
    return content
      .split('\n')
      .filter((line) => line.trim() !== '')
      .map((line) => unquoted(line));
  const words: string[] = [];
  let word: string | undefined;
  for (let at = 0; at < content.length; at++) {
    const char = content[at]!;
    if (/[ \t\n]/.test(char)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else if (char === '"' || char === "'") {
      const end = content.indexOf(char, at + 1);
      if (end < 0 || content.slice(at, end).includes('\n'))
        throw new Error(
          `unmatched ${char === '"' ? 'double' : 'single'} quote; by default quotes are special to xargs unless you use the -0 option`,
        );
      word = (word ?? '') + content.slice(at + 1, end);
      at = end;
    } else if (char === '\\') {
      at += 1;
      word = (word ?? '') + (content[at] ?? '');
    } else word = (word ?? '') + char;
  }
  if (word !== undefined) words.push(word);
  return words;
}

function unquoted(line: string): string {
  return line.replace(
    /"([^"]*)"|'([^']*)'|\\(.)/g,
    (_, double?: string, single?: string, escaped?: string) => double ?? single ?? escaped ?? '',
  );
}
