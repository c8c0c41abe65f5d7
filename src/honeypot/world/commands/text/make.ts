/** Programs that make text: seq, yes, shuf; and true and false, which make none. */
import { randomInt } from 'node:crypto';
import { countOf, misuse, optionsOf } from '../options.ts';
import { conversionAt, formatReal } from '../printf.ts';
import { quoteWord } from '../quote.ts';
import { Out, openInput, readAll } from '../streams.ts';
import { latin, type Tool } from '../tool.ts';

/** Most lines of one call. */
const mostLines = 5_000_000;

export const seq: Tool = async (run, flavour) => {
  // Negative numbers look like options.
  const operands: string[] = [];
  let [separator, isEqualWidth, format] = ['\n', false, undefined as string | undefined];
  const rest = run.args.slice(1);
  while (rest.length > 0) {
    const arg = rest.shift()!;
    if (arg === '-w' || arg === '--equal-width') isEqualWidth = true;
    else if (arg === '-s' || arg === '-f') {
      const value = rest.shift();
      if (value === undefined) throw misuse(run, flavour, {}, `option requires an argument -- '${arg[1]}'`);
      if (arg === '-s') separator = value;
      else format = value;
    } else if (/^-[sf]./.test(arg)) {
      if (arg[1] === 's') separator = arg.slice(2);
      else format = arg.slice(2);
    } else if (/^--(separator|format)=/.test(arg)) {
      const value = arg.slice(arg.indexOf('=') + 1);
      if (arg.startsWith('--s')) separator = value;
      else format = value;
    } else if (/^-[^0-9.]/.test(arg)) throw misuse(run, flavour, {}, `invalid option -- '${arg[1]}'`);
    else operands.push(arg);
  }
  if (operands.length === 0) throw misuse(run, flavour, {}, flavour === 'gnu' ? 'missing operand' : '');
  if (operands.length > 3) throw misuse(run, flavour, {}, `extra operand ${quoteWord(run, operands[3]!)}`);
  for (const operand of operands)
    if (!/^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(operand))
      throw misuse(run, flavour, {}, `invalid floating point argument: ${quoteWord(run, operand)}`);
  const last = operands.at(-1)!;
  const first = operands.length > 1 ? operands[0]! : '1';
  const step = operands.length > 2 ? operands[1]! : '1';
  if (Number(step) === 0)
    throw misuse(run, flavour, {}, `invalid Zero increment value: ${quoteWord(run, step)}`);
  const places = Math.max(...[first, step].map((text) => text.split('.')[1]?.length ?? 0));
  const count = Math.floor((Number(last) - Number(first)) / Number(step) + 1e-10) + 1;
  const show = (value: number): string => {
    if (format === undefined) return value.toFixed(places);
    const at = format.search(/%[^%]/);
    const found = at < 0 ? undefined : conversionAt(format, at, () => 0);
    return found === undefined
      ? format
      : format.slice(0, at) + formatReal(found.conversion, value) + format.slice(found.end);
  };
  const width = isEqualWidth
    ? Math.max(show(Number(first)).length, show(Number(first) + (count - 1) * Number(step)).length)
    : 0;
  const out = new Out(run);
  for (let index = 0; index < Math.min(count, mostLines); index++) {
    const text = show(Number(first) + index * Number(step));
    const padded = text.startsWith('-')
      ? `-${text.slice(1).padStart(width - 1, '0')}`
      : text.padStart(width, '0');
    await out.add(padded + (index === count - 1 ? '\n' : separator));
    if (index % 1000 === 999) await run.work(100);
  }
  await out.flush();
  return 0;
};

/** Until nobody reads. */
export const yes: Tool = async (run) => {
  const line = `${run.args.slice(1).join(' ') || 'y'}\n`;
  const many = line.repeat(Math.max(1, Math.floor(8192 / line.length)));
  for (;;) {
    await run.work(20);
    await run.stdout.write(many);
  }
};

export const shuf: Tool = async (run, flavour) => {
  const options = optionsOf(run, flavour, {
    short: 'ei:n:o:rz',
    long: {
      echo: 'e',
      'input-range=': 'i',
      'head-count=': 'n',
      repeat: 'r',
      'zero-terminated': 'z',
      'output=': 'o',
    },
  });
  const range = /^(\d+)-(\d+)$/.exec(options.value('i') ?? '');
  let lines: string[];
  if (options.has('e')) lines = [...options.operands];
  else if (range !== null) {
    const [from, to] = [Number(range[1]), Number(range[2])];
    lines = Array.from(
      { length: Math.max(0, Math.min(to - from + 1, 100_000)) },
      (_, index) => `${from + index}`,
    );
  } else {
    const content = latin(await readAll(run, openInput(run, options.operands[0] ?? '-')));
    lines = content === '' ? [] : content.replace(/\n$/, '').split('\n');
  }
  const most = Math.min(
    countOf(run, flavour, options.value('n'), lines.length, (text) => `invalid line count: '${text}'`),
    options.has('r') ? 100_000 : lines.length,
  );
  const out = new Out(run);
  for (let count = 0; count < most && lines.length > 0; count++) {
    const at = randomInt(lines.length);
    const [line] = options.has('r')
      ? [lines[at]!]
      : lines.splice(at, 1, ...(at < lines.length - 1 ? [lines.pop()!] : []));
    await out.add(`${line}\n`);
  }
  await out.flush();
  return 0;
};

/** /bin/true and /bin/false. */
export const isTrue: Tool = () => 0;
export const isFalse: Tool = () => 1;
