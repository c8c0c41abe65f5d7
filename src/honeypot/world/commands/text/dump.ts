/** hexdump, xxd and strings. */
import type { Run } from '../../program.ts';
import { countOf, optionsOf } from '../options.ts';
import { parseSize } from '../size.ts';
import { complainOfFile, Out, openInput, readAll } from '../streams.ts';
import { type Flavour, fault, latin, reasonOf, type Tool } from '../tool.ts';

export async function contentOf(
  run: Run,
  flavour: Flavour,
  paths: readonly string[],
): Promise<{ content: Buffer; failed: boolean }> {
  const parts: Buffer[] = [];
  let failed = false;
  for (const path of paths.length === 0 ? ['-'] : paths) {
    try {
      parts.push(await readAll(run, openInput(run, path)));
    } catch (error) {
      failed = true;
      await complainOfFile(run, flavour, path, error);
    }
  }
  return { content: Buffer.concat(parts), failed };
}

function hex(byte: number): string {
  return byte.toString(16).padStart(2, '0');
}

function printable(row: Uint8Array): string {
  return Array.from(row, (byte) => (byte >= 32 && byte < 127 ? String.fromCharCode(byte) : '.')).join('');
}

export const hexdump: Tool = async (run, flavour) => {
  const options = optionsOf(run, flavour, {
    short: 'bcCde:f:n:os:vx',
    long: { canonical: 'C', 'length=': 'n', 'skip=': 's', 'no-squeezing': 'v' },
  });
  const isCanonical = options.has('C') || run.args[0]?.endsWith('hd') === true;
  const all = await contentOf(run, flavour, options.operands);
  const from = parseSize(options.value('s') ?? '0') ?? 0;
  const most = options.has('n') ? (parseSize(options.value('n')!) ?? 0) : all.content.length;
  const content = all.content.subarray(from, from + most);
  const out = new Out(run);
  let last: string | undefined;
  let isStarred = false;
  const address = (at: number): string => at.toString(16).padStart(isCanonical ? 8 : 7, '0');
  for (let at = 0; at < content.length; at += 16) {
    const row = content.subarray(at, at + 16);
    const key = row.toString('latin1');
    if (key === last && row.length === 16 && !options.has('v')) {
      if (!isStarred) await out.add('*\n');
      isStarred = true;
      continue;
    }
    [last, isStarred] = [key, false];
    if (isCanonical) {
      const cells = Array.from({ length: 16 }, (_, index) =>
        row[index] === undefined ? '  ' : hex(row[index]),
      );
      await out.add(
        `${address(from + at)}  ${cells.slice(0, 8).join(' ')}  ${cells.slice(8).join(' ')}  |${printable(row)}|\n`,
      );
    } else {
      let text = '';
      for (let pair = 0; pair < 16; pair += 2)
        text +=
          pair < row.length
            ? ` ${(row[pair]! | ((row[pair + 1] ?? 0) << 8)).toString(16).padStart(4, '0')}`
            : '     ';
      await out.add(`${address(from + at)}${text}\n`);
    }
    if (at % 4096 === 0) await run.work(20);
  }
  if (content.length > 0) await out.add(`${address(from + content.length)}\n`);
  await out.flush();
  return all.failed ? 1 : 0;
};

export const xxd: Tool = async (run, flavour) => {
  // Its options may be written as words: -plain, -revert.
  const args = run.args.map(
    (arg) =>
      ({
        '-plain': '-p',
        '-ps': '-p',
        '-postscript': '-p',
        '-revert': '-r',
        '-include': '-i',
        '-bits': '-b',
        '-cols': '-c',
        '-len': '-l',
        '-seek': '-s',
        '-groupsize': '-g',
        '-uppercase': '-u',
      })[arg] ?? arg,
  );
  const options = optionsOf({ ...run, args }, flavour, { short: 'abc:dEeg:il:n:o:prs:uv' });
  const [path = '-'] = options.operands;
  let content: Buffer;
  try {
    content = await readAll(run, openInput(run, path));
  } catch (error) {
    throw fault(run, `${path}: ${reasonOf(error)}`, 2);
  }
  if (options.has('r')) {
    await run.stdout.write(reverted(latin(content), options.has('p')));
    return 0;
  }
  const number = (name: string, otherwise: number): number => {
    const value = options.value(name);
    if (value === undefined) return otherwise;
    return Number(/^(?:0x[0-9a-f]{1,12}|\d{1,15})/i.exec(value)?.[0] ?? 0);
  };
  const from = number('s', 0);
  const part = content.subarray(from, from + number('l', content.length));
  await run.work(1 + (part.length >> 6));
  const upper = (text: string): string => (options.has('u') ? text.toUpperCase() : text);
  if (options.has('p')) {
    const width = number('c', 30);
    const text = upper(part.toString('hex'));
    await run.stdout.write(
      width === 0
        ? `${text}\n`
        : text.replace(new RegExp(`.{1,${Math.min(width, 10_000) * 2}}`, 'g'), '$&\n'),
    );
    return 0;
  }
  const isBits = options.has('b');
  const width = Math.min(number('c', 0) || (isBits ? 6 : 16), 256);
  const group = number('g', isBits ? 1 : 2) || width;
  const out = new Out(run);
  for (let at = 0; at < part.length; at += width) {
    const row = part.subarray(at, at + width);
    let cells = '';
    for (let index = 0; index < width; index++) {
      const byte = row[index];
      const size = isBits ? 8 : 2;
      cells +=
        byte === undefined ? ' '.repeat(size) : isBits ? byte.toString(2).padStart(8, '0') : upper(hex(byte));
      if ((index + 1) % group === 0 || index === width - 1) cells += ' ';
    }
    await out.add(`${(from + at).toString(16).padStart(8, '0')}: ${cells} ${printable(row)}\n`);
  }
  await out.flush();
  return 0;
};

/** Most bytes that a reverted dump may have. */
const mostReverted = 4 << 20;

function reverted(text: string, isPlain: boolean): Buffer {
  if (isPlain) return Buffer.from(text.replace(/[^0-9a-fA-F]/g, ''), 'hex');
  const parts: Buffer[] = [];
  let size = 0;
  for (const line of text.split('\n')) {
    const match = /^([0-9a-fA-F]+): ?((?:[0-9a-fA-F]{2,} ?)+)/.exec(line);
    if (match === null) continue;
    const at = Number.parseInt(match[1]!, 16);
    if (at > mostReverted) break;
    const bytes = Buffer.from(match[2]!.replace(/ /g, ''), 'hex');
    if (at > size) parts.push(Buffer.alloc(at - size));
    parts.push(bytes);
    size = Math.max(size, at) + bytes.length;
  }
  return Buffer.concat(parts);
}

const radixes: ReadonlyMap<string, number> = new Map([
  ['d', 10],
  ['o', 8],
  ['x', 16],
]);

export const strings: Tool = async (run, flavour) => {
  const options = optionsOf(run, flavour, {
    short: 'ade:fn:os:t:T:w',
    long: { all: 'a', 'bytes=': 'n', 'radix=': 't', 'print-file-name': 'f', data: 'd' },
    number: 'n',
  });
  const least = Math.max(
    1,
    countOf(run, flavour, options.value('n'), 4, (text) => `invalid integer argument ${text}`),
  );
  let exitCode = 0;
  for (const path of options.operands.length === 0 ? ['-'] : options.operands) {
    let content: string;
    try {
      content = latin(await readAll(run, openInput(run, path)));
    } catch (error) {
      const reason = reasonOf(error);
      exitCode = 1;
      const said =
        reason === 'No such file or directory' && flavour === 'gnu'
          ? `'${path}': No such file`
          : `${path}: ${reason}`;
      await run.stderr.write(`${run.args[0]}: ${said}\n`);
      continue;
    }
    await run.work(1 + (content.length >> 7));
    const out = new Out(run);
    for (const match of content.matchAll(/[\t\x20-\x7e]+/g)) {
      if (match[0].length < least) continue;
      const radix = radixes.get(options.value('t') ?? '');
      const address = radix === undefined ? '' : `${match.index.toString(radix).padStart(7)} `;
      await out.add(`${options.has('f') ? `${path}: ` : ''}${address}${match[0]}\n`);
    }
    await out.flush();
  }
  return exitCode;
};
