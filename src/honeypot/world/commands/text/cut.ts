/** cut, paste, fold, nl, expand. */
import type { Run } from '../../program.ts';
import { countOf, misuse, type Options, optionsOf } from '../options.ts';
import { inputsOf, linesOf, Out, openInput, readAll } from '../streams.ts';
import { contentOfText, type Flavour, fault, latin, type Tool } from '../tool.ts';

/** From and to, counted from 1. */
type Range = readonly [number, number];

export const cut: Tool = async (run, flavour) => {
  const options = optionsOf(run, flavour, {
    short: 'b:c:d:f:nsz',
    long: {
      'bytes=': 'b',
      'characters=': 'c',
      'delimiter=': 'd',
      'fields=': 'f',
      'only-delimited': 's',
      'zero-terminated': 'z',
      complement: 'complement',
      'output-delimiter=': 'out',
    },
  });
  const list = options.given.filter(([name]) => 'bcf'.includes(name));
  const [chosen] = list;
  if (chosen === undefined)
    throw flavour === 'gnu'
      ? misuse(run, flavour, {}, 'you must specify a list of bytes, characters, or fields')
      : fault(run, 'expected a list of bytes, characters, or fields');
  if (list.length > 1) throw misuse(run, flavour, {}, 'only one type of list may be specified');
  const [kind, text] = chosen;
  const delimiter = contentOfText(options.value('d') ?? '\t');
  if (options.has('d') && kind !== 'f')
    throw misuse(run, flavour, {}, 'an input delimiter may be specified only when operating on fields');
  if (delimiter.length > 1) throw misuse(run, flavour, {}, 'the delimiter must be a single character');
  const ranges = rangesOf(run, flavour, text, kind);
  const has = (place: number): boolean =>
    ranges.some(([from, to]) => place >= from && place <= to) !== options.has('complement');
  const cutLine =
    kind === 'f'
      ? fieldCutter(options, delimiter === '' ? '\0' : delimiter, has)
      : characterCutter(options, has);
  const end = options.has('z') ? '\0' : '\n';
  const out = new Out(run);
  let exitCode = 0;
  const fail = (): void => {
    exitCode = 1;
  };
  for await (const { input } of inputsOf(run, flavour, options.operands, fail))
    for await (const { lines } of linesOf(run, input, end)) {
      for (const line of lines) {
        const kept = cutLine(line);
        if (kept !== undefined) await out.add(kept + end);
      }
      await out.flush();
    }
  return exitCode;
};

function rangesOf(run: Run, flavour: Flavour, text: string, kind: string): Range[] {
  const what = kind === 'f' ? 'field' : kind === 'b' ? 'byte' : 'byte/character';
  return text.split(/[, \t]/).map((part) => {
    const match = /^(\d*)(-?)(\d*)$/.exec(part);
    if (match === null || part === '' || part === '-') {
      if (part === '-') throw misuse(run, flavour, {}, 'invalid range with no endpoint: -');
      throw misuse(
        run,
        flavour,
        {},
        kind === 'f' ? `invalid field value '${part}'` : `invalid byte/character position '${part}'`,
      );
    }
    const [, first = '', dash, last = ''] = match;
    const from = first === '' ? 1 : Number(first);
    if (from === 0)
      throw misuse(
        run,
        flavour,
        {},
        kind === 'f' ? 'fields are numbered from 1' : `${what} positions are numbered from 1`,
      );
    const to = dash === '' ? from : last === '' ? Number.POSITIVE_INFINITY : Number(last);
    if (to < from) throw misuse(run, flavour, {}, 'invalid decreasing range');
    return [from, to];
  });
}

function fieldCutter(
  options: Options,
  delimiter: string,
  has: (place: number) => boolean,
): (line: string) => string | undefined {
  const joint = options.has('out') ? contentOfText(options.value('out')!) : delimiter;
  return (line) => {
    if (!line.includes(delimiter)) return options.has('s') ? undefined : line;
    return line
      .split(delimiter)
      .filter((_, index) => has(index + 1))
      .join(joint);
  };
}

function characterCutter(options: Options, has: (place: number) => boolean): (line: string) => string {
  const joint = options.value('out');
  return (line) => {
    let text = '';
    let wasKept = true;
    for (let at = 0; at < line.length; at++) {
      const isKept = has(at + 1);
      if (isKept) text += (!wasKept && text !== '' ? (joint ?? '') : '') + line[at]!;
      wasKept = isKept;
    }
    return text;
  };
}

export const paste: Tool = async (run, flavour) => {
  const options = optionsOf(run, flavour, {
    short: 'd:sz',
    long: { 'delimiters=': 'd', serial: 's', 'zero-terminated': 'z' },
  });
  const delimiters = [
    ...contentOfText(options.value('d') ?? '\t').replace(
      /\\(.)/g,
      (_, letter: string) => ({ n: '\n', t: '\t', 0: '' })[letter] ?? letter,
    ),
  ];
  const joint = (index: number): string =>
    delimiters.length === 0 ? '' : delimiters[index % delimiters.length]!;
  const columns: string[][] = [];
  for (const path of options.operands.length === 0 ? ['-'] : options.operands) {
    const content = latin(await readAll(run, openInput(run, path)));
    columns.push(content === '' ? [] : content.replace(/\n$/, '').split('\n'));
  }
  const out = new Out(run);
  const joined = (cells: readonly string[]): string =>
    cells.map((cell, index) => (index === 0 ? cell : joint(index - 1) + cell)).join('');
  if (options.has('s')) for (const column of columns) await out.add(`${joined(column)}\n`);
  else {
    const rows = Math.max(...columns.map(({ length }) => length));
    for (let row = 0; row < rows; row++)
      await out.add(`${joined(columns.map((column) => column[row] ?? ''))}\n`);
  }
  await out.flush();
  return 0;
};

export const fold: Tool = async (run, flavour) => {
  const options = optionsOf(run, flavour, {
    short: 'bsw:',
    long: { bytes: 'b', spaces: 's', 'width=': 'w' },
    number: 'w',
  });
  const wrong = (text: string): string => `invalid number of columns: '${text}'`;
  const width = countOf(run, flavour, options.value('w'), 80, wrong);
  if (width === 0) throw fault(run, `${wrong('0')}: Numerical result out of range`);
  const out = new Out(run);
  let exitCode = 0;
  const fail = (): void => {
    exitCode = 1;
  };
  for await (const { input } of inputsOf(run, flavour, options.operands, fail))
    for await (const { lines, isOpen } of linesOf(run, input)) {
      for (const line of lines) {
        let rest = line;
        while (rest.length > width) {
          const space = options.has('s') ? rest.lastIndexOf(' ', width - 1) : -1;
          const at = space >= 0 ? space + 1 : width;
          await out.add(`${rest.slice(0, at)}\n`);
          rest = rest.slice(at);
        }
        await out.add(isOpen ? rest : `${rest}\n`);
      }
      await out.flush();
    }
  return exitCode;
};

export const nl: Tool = async (run, flavour) => {
  const options = optionsOf(run, flavour, {
    short: 'b:d:f:h:i:l:n:ps:v:w:',
    long: {
      'body-numbering=': 'b',
      'line-increment=': 'i',
      'number-format=': 'n',
      'number-separator=': 's',
      'starting-line-number=': 'v',
      'number-width=': 'w',
    },
  });
  const style = options.value('b') ?? 't';
  const width = Math.min(
    100,
    countOf(run, flavour, options.value('w'), 6, (text) => `invalid line number field width: '${text}'`),
  );
  const separator = contentOfText(options.value('s') ?? '\t');
  const format = options.value('n') ?? 'rn';
  const step = countOf(
    run,
    flavour,
    options.value('i'),
    1,
    (text) => `invalid line number increment: '${text}'`,
  );
  let number = countOf(
    run,
    flavour,
    options.value('v'),
    1,
    (text) => `invalid starting line number: '${text}'`,
  );
  const out = new Out(run);
  let exitCode = 0;
  const fail = (): void => {
    exitCode = 1;
  };
  for await (const { input } of inputsOf(run, flavour, options.operands, fail))
    for await (const { lines } of linesOf(run, input)) {
      for (const line of lines) {
        const isNumbered = style === 'a' || (style === 't' && line !== '');
        const shown =
          format === 'ln'
            ? `${number}`.padEnd(width)
            : `${number}`.padStart(width, format === 'rz' ? '0' : ' ');
        await out.add(
          isNumbered ? `${shown}${separator}${line}\n` : `${' '.repeat(width + separator.length)}${line}\n`,
        );
        if (isNumbered) number += step;
      }
      await out.flush();
    }
  return exitCode;
};

/** Tabs to spaces. */
export const expand: Tool = async (run, flavour) => {
  const options = optionsOf(run, flavour, {
    short: 'it:',
    long: { 'tabs=': 't', initial: 'i' },
    number: 't',
  });
  const tab = countOf(
    run,
    flavour,
    options.value('t'),
    8,
    (text) => `tab size contains invalid character(s): '${text}'`,
  );
  if (tab === 0) throw fault(run, 'tab size cannot be 0');
  const out = new Out(run);
  let exitCode = 0;
  const fail = (): void => {
    exitCode = 1;
  };
  for await (const { input } of inputsOf(run, flavour, options.operands, fail))
    for await (const { lines, isOpen } of linesOf(run, input)) {
      for (const line of lines) {
        let text = '';
        for (const piece of line.split(/(\t)/))
          text += piece === '\t' ? ' '.repeat(tab - (text.length % tab)) : piece;
        await out.add(isOpen ? text : `${text}\n`);
      }
      await out.flush();
    }
  return exitCode;
};
