import type { Run } from '../../program.ts';
import { optionsOf } from '../options.ts';
import { openInput, readAll } from '../streams.ts';
import { contentOfText, Fault, type Flavour, fault, latin, nameOf, reasonOf, type Tool } from '../tool.ts';
import { busyboxUsage } from '../usage.ts';
import { matcherOf } from './grep-matcher.ts';
import { Search } from './grep-search.ts';

const spec = {
  short: 'A:aB:C:cD:d:Ee:Ff:GHhIiLlm:nobPqRrsTUuVvwxyZz',
  long: {
    'after-context=': 'A',
    text: 'a',
    'before-context=': 'B',
    'context=': 'C',
    count: 'c',
    'color=?': 'color',
    'colour=?': 'color',
    'extended-regexp': 'E',
    'regexp=': 'e',
    'fixed-strings': 'F',
    'file=': 'f',
    'basic-regexp': 'G',
    'with-filename': 'H',
    'no-filename': 'h',
    'ignore-case': 'i',
    'files-without-match': 'L',
    'files-with-matches': 'l',
    'max-count=': 'm',
    'line-number': 'n',
    'only-matching': 'o',
    'byte-offset': 'b',
    'perl-regexp': 'P',
    quiet: 'q',
    silent: 'q',
    'dereference-recursive': 'R',
    recursive: 'r',
    'no-messages': 's',
    'initial-tab': 'T',
    'invert-match': 'v',
    'word-regexp': 'w',
    'line-regexp': 'x',
    null: 'Z',
    'null-data': 'z',
    'include=': 'include',
    'exclude=': 'exclude',
    'exclude-dir=': 'exclude-dir',
    'line-buffered': 'line-buffered',
    'label=': 'label',
    'binary-files=': 'binary',
  },
  misuse: 2,
  number: 'C',
};

export const grep: Tool = async (run, flavour) => {
  const options = optionsOf(run, flavour, {
    ...spec,
    short: flavour === 'gnu' ? spec.short : spec.short.replace('P', ''),
  });
  const { operands } = options;
  const patterns = options.values('e').flatMap((text) => contentOfText(text).split('\n'));
  for (const path of options.values('f')) patterns.push(...(await patternsIn(run, path)));
  const hasPatterns = options.has('e', 'f');
  const paths = hasPatterns ? [...operands] : operands.slice(1);
  if (!hasPatterns) {
    const [pattern] = operands;
    if (pattern === undefined) throw usage(run, flavour);
    patterns.push(...contentOfText(pattern).split('\n'));
  }
  const search = new Search(run, flavour, options, matcherOf(run, options, patterns));
  const isRecursive = options.has('r', 'R');
  const chosen = paths.length > 0 ? paths : isRecursive ? ['.'] : ['-'];
  search.showsNames = options.has('H') || (!options.has('h') && (chosen.length > 1 || isRecursive));
  for (const path of chosen) {
    if (search.isOver) break;
    if (isRecursive && path !== '-') await search.descend(path, paths.length === 0, 0);
    else await search.file(path, path);
  }
  if (search.hasMatched && (options.has('q') || !search.hasFailed)) return 0;
  return search.hasFailed ? 2 : 1;
};

function usage(run: Run, flavour: Flavour): Fault {
  const name = nameOf(run);
  if (flavour === 'busybox') return new Fault(busyboxUsage(run, name), 1);
  return new Fault(
    `Usage: ${name} [OPTION]... PATTERNS [FILE]...\nTry '${name} --help' for more information.\n`,
    2,
  );
}

async function patternsIn(run: Run, path: string): Promise<string[]> {
  try {
    const content = latin(await readAll(run, openInput(run, path)));
    return content === '' ? [] : content.replace(/\n$/, '').split('\n');
  } catch (error) {
    throw fault(run, `${path}: ${reasonOf(error)}`, 2);
  }
}
