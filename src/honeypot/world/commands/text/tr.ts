/** tr: sets of bytes, as POSIX and GNU write them. */
import type { Run } from '../../program.ts';
import { misuse, optionsOf } from '../options.ts';
import { quoteWord } from '../quote.ts';
import { bytes, contentOfText, fault, latin, type Tool } from '../tool.ts';

export const tr: Tool = async (run, flavour) => {
  const options = optionsOf(run, flavour, {
    short: 'cCdst',
    long: { complement: 'c', delete: 'd', 'squeeze-repeats': 's', 'truncate-set1': 't' },
    stopsEarly: true,
  });
  const { operands } = options;
  const [first, second] = operands;
  if (first === undefined) throw misuse(run, flavour, {}, flavour === 'gnu' ? 'missing operand' : '');
  const [deletes, squeezes, isComplement] = [options.has('d'), options.has('s'), options.has('c', 'C')];
  const needsSecond = !deletes && !squeezes;
  const hint = needsSecond
    ? 'Two strings must be given when translating.'
    : deletes && squeezes
      ? 'Two strings must be given when both deleting and squeezing repeats.'
      : '';
  if (second === undefined && (needsSecond || (deletes && squeezes)))
    throw misuse(
      run,
      flavour,
      {},
      flavour === 'gnu' ? `missing operand after ${quoteWord(run, first)}\n${hint}` : '',
    );
  if (second !== undefined && deletes && !squeezes)
    throw misuse(
      run,
      flavour,
      {},
      `extra operand ${quoteWord(run, second)}\nOnly one string may be given when deleting without squeezing repeats.`,
    );
  if (operands.length > 2) throw misuse(run, flavour, {}, `extra operand ${quoteWord(run, operands[2]!)}`);
  const from = isComplement ? complement(setOf(run, first, 0)) : setOf(run, first, 0);
  const to = second === undefined ? '' : setOf(run, second, from.length);
  const table = tableOf(run, from, deletes ? '' : to, options.has('t'));
  const removed = new Set(deletes ? from : '');
  const squeezed = new Set(squeezes ? (second === undefined ? from : to) : '');
  let last = '';
  for (;;) {
    const part = await run.stdin.read();
    if (part === undefined) return 0;
    await run.work(1 + (part.length >> 6));
    let text = '';
    for (const char of latin(part)) {
      if (removed.has(char)) continue;
      const mapped = table.get(char) ?? char;
      if (mapped === last && squeezed.has(mapped)) continue;
      text += mapped;
      last = mapped;
    }
    if (text !== '') await run.stdout.write(bytes(text));
  }
};

function tableOf(run: Run, from: string, to: string, isTruncated: boolean): ReadonlyMap<string, string> {
  const table = new Map<string, string>();
  if (to === '') {
    if (from !== '' && run.args.every((arg) => !/^-[a-zA-Z]*[ds]/.test(arg) && !arg.startsWith('--')))
      throw fault(run, 'when not truncating set1, string2 must be non-empty');
    return table;
  }
  for (let at = 0; at < from.length; at++) {
    if (isTruncated && at >= to.length) break;
    table.set(from[at]!, to[Math.min(at, to.length - 1)]!);
  }
  return table;
}

function complement(set: string): string {
  let text = '';
  for (let code = 0; code < 256; code++) {
    const char = String.fromCharCode(code);
    if (!set.includes(char)) text += char;
  }
  return text;
}

const all = Array.from({ length: 256 }, (_, code) => String.fromCharCode(code));
const classes: Readonly<Record<string, RegExp>> = {
  alnum: /[0-9A-Za-z]/,
  alpha: /[A-Za-z]/,
  blank: /[ \t]/,
  cntrl: /[\x00-\x1f\x7f]/,
  digit: /[0-9]/,
  graph: /[\x21-\x7e]/,
  lower: /[a-z]/,
  print: /[\x20-\x7e]/,
  punct: /[\x21-\x2f\x3a-\x40\x5b-\x60\x7b-\x7e]/,
  space: /[ \t\n\v\f\r]/,
  upper: /[A-Z]/,
  xdigit: /[0-9A-Fa-f]/,
};
const escapes: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
};

/** @param length of the first set, to which `[x*]` in the second fills it up */
function setOf(run: Run, written: string, length: number): string {
  const source = contentOfText(written);
  let set = '';
  let at = 0;
  const char = (): string => {
    const octal = /^\\([0-7]{1,3})/.exec(source.slice(at, at + 4));
    if (octal !== null) {
      at += octal[0].length;
      return String.fromCharCode(Number.parseInt(octal[1]!, 8) & 255);
    }
    const escaped = source[at] === '\\' ? source[at + 1] : undefined;
    at += escaped === undefined ? 1 : 2;
    return escaped === undefined ? source[at - 1]! : (escapes[escaped] ?? escaped);
  };
  while (at < source.length) {
    const named = /^\[:([a-z]+):\]/.exec(source.slice(at, at + 12));
    if (named !== null) {
      const pattern = classes[named[1]!];
      if (pattern === undefined) throw fault(run, `invalid character class '${named[1]}'`);
      set += all.filter((one) => pattern.test(one)).join('');
      at += named[0].length;
      continue;
    }
    const equal = /^\[=(.)=\]/s.exec(source.slice(at, at + 5));
    if (equal !== null) {
      set += equal[1];
      at += 5;
      continue;
    }
    const repeat = /^\[(\\?[\s\S])\*(\d*)\]/.exec(source.slice(at, at + 20));
    if (repeat !== null) {
      const one = repeat[1]!.length === 2 ? (escapes[repeat[1]![1]!] ?? repeat[1]![1]!) : repeat[1]!;
      const digits = repeat[2]!;
      const count =
        digits === '' || Number(digits) === 0
          ? Math.max(0, length - set.length)
          : Number.parseInt(digits, digits.startsWith('0') ? 8 : 10);
      set += one.repeat(Math.min(count, 1024));
      at += repeat[0].length;
      continue;
    }
    const first = char();
    if (source[at] !== '-' || at + 1 >= source.length) {
      set += first;
      continue;
    }
    at += 1;
    const last = char();
    if (last < first)
      throw fault(run, `range-endpoints of '${first}-${last}' are in reverse collating sequence order`);
    for (let code = first.charCodeAt(0); code <= last.charCodeAt(0); code++) set += String.fromCharCode(code);
  }
  return set;
}
