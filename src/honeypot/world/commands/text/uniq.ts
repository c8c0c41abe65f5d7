/** uniq and comm. */
import type { Run } from '../../program.ts';
import { now } from '../../world.ts';
import { countOf, type Options, optionsOf } from '../options.ts';
import { Out, openInput, readAll } from '../streams.ts';
import { bytes, complain, contentOfText, type Flavour, fault, latin, reasonOf, type Tool } from '../tool.ts';

export const uniq: Tool = async (run, flavour) => {
  const options = optionsOf(run, flavour, {
    short: 'cdDf:is:uw:z',
    long: {
      count: 'c',
      repeated: 'd',
      'all-repeated=?': 'D',
      'skip-fields=': 'f',
      'ignore-case': 'i',
      'skip-chars=': 's',
      unique: 'u',
      'check-chars=': 'w',
      'zero-terminated': 'z',
    },
  });
  const end = options.has('z') ? '\0' : '\n';
  const [path = '-', output] = options.operands;
  let content: string;
  try {
    content = latin(await readAll(run, openInput(run, path)));
  } catch (error) {
    throw fault(
      run,
      flavour === 'gnu' ? `${path}: ${reasonOf(error)}` : `can't open '${path}': ${reasonOf(error)}`,
    );
  }
  const lines = content === '' ? [] : content.replace(new RegExp(`${end}$`), '').split(end);
  await run.work(1 + lines.length);
  let text = '';
  for (const group of groupsOf(run, flavour, lines, options)) {
    const isRepeated = group.length > 1;
    if ((options.has('d', 'D') && !isRepeated) || (options.has('u') && isRepeated)) continue;
    const count = options.has('c') ? `${`${group.length}`.padStart(7)} ` : '';
    text += (options.has('D') ? group : group.slice(0, 1)).map((line) => count + line + end).join('');
  }
  if (output !== undefined) run.files.write(output, bytes(text), { now: now(run.world) });
  else await run.stdout.write(bytes(text));
  return 0;
};

function groupsOf(run: Run, flavour: Flavour, lines: readonly string[], options: Options): string[][] {
  const count = (name: string, what: string): number =>
    countOf(run, flavour, options.value(name), 0, (text) => `${text}: invalid number of ${what}`);
  const fields = count('f', 'fields to skip');
  const skip = count('s', 'bytes to skip');
  const width = options.has('w') ? count('w', 'bytes to compare') : undefined;
  const keyOfLine = (line: string): string => {
    let rest = line;
    for (let field = 0; field < fields && rest !== ''; field++) rest = rest.replace(/^[ \t]*[^ \t]*/, '');
    rest = rest.slice(skip);
    if (width !== undefined) rest = rest.slice(0, width);
    return options.has('i') ? rest.toLowerCase() : rest;
  };
  const groups: string[][] = [];
  let last: string | undefined;
  for (const line of lines) {
    const key = keyOfLine(line);
    if (key === last) groups.at(-1)!.push(line);
    else groups.push([line]);
    last = key;
  }
  return groups;
}

export const comm: Tool = async (run, flavour) => {
  const options = optionsOf(run, flavour, {
    short: '123z',
    long: { 'check-order': 'check', 'nocheck-order': 'nocheck', 'output-delimiter=': 'out' },
  });
  const [first, second] = options.operands;
  if (first === undefined || second === undefined) throw missing(run, first, flavour);
  const lists: string[][] = [];
  for (const path of [first, second]) {
    const content = latin(await readAll(run, openInput(run, path)));
    lists.push(content === '' ? [] : content.replace(/\n$/, '').split('\n'));
  }
  const [left = [], right = []] = lists;
  const tab = contentOfText(options.value('out') ?? '\t');
  const [one, two] = [options.has('1') ? '' : tab, options.has('2') ? '' : tab];
  const out = new Out(run);
  let [a, b] = [0, 0];
  let isPaired = true;
  while (a < left.length || b < right.length) {
    const [l, r] = [left[a], right[b]];
    if (l !== undefined && l === r) {
      if (!options.has('3')) await out.add(`${one}${two}${l}\n`);
      a += 1;
      b += 1;
      continue;
    }
    isPaired = false;
    const isLeft = r === undefined || (l !== undefined && l < r);
    if (isLeft ? !options.has('1') : !options.has('2')) await out.add(isLeft ? `${l}\n` : `${one}${r}\n`);
    if (isLeft) a += 1;
    else b += 1;
  }
  await out.flush();
  if (isPaired || options.has('nocheck')) return 0;
  const unsorted = lists.flatMap((list, index) =>
    list.some((line, at) => at > 0 && list[at - 1]! > line) ? [index + 1] : [],
  );
  for (const number of unsorted) await complain(run, `file ${number} is not in sorted order`);
  if (unsorted.length > 0) await complain(run, 'input is not in sorted order');
  return unsorted.length > 0 ? 1 : 0;
};

function missing(run: Run, first: string | undefined, flavour: Flavour): Error {
  const said = first === undefined ? 'missing operand' : `missing operand after '${first}'`;
  return fault(run, flavour === 'gnu' ? `${said}\nTry '${run.args[0]} --help' for more information.` : said);
}
