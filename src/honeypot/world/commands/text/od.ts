/** od. */
import type { Run } from '../../program.ts';
import { type Options, optionsOf } from '../options.ts';
import { parseSize } from '../size.ts';
import { Out } from '../streams.ts';
import { fault, type Tool } from '../tool.ts';
import { contentOf } from './dump.ts';

interface Format {
  readonly size: number;
  /** Of one value, with the space before it. */
  readonly width: number;
  show(content: Buffer, at: number): string;
}

export const od: Tool = async (run, flavour) => {
  const options = optionsOf(run, flavour, {
    short: 'A:abcdfhij:lN:oS::st:vw::x',
    long: {
      'address-radix=': 'A',
      'skip-bytes=': 'j',
      'read-bytes=': 'N',
      'format=': 't',
      'output-duplicates': 'v',
      'width=?': 'w',
    },
  });
  const all = await contentOf(run, flavour, options.operands);
  const size = (name: string, text: string): number => {
    const bytes = parseSize(text);
    if (bytes === undefined) throw fault(run, `invalid -${name} argument '${text}'`);
    return bytes;
  };
  const from = size('j', options.value('j') ?? '0');
  const most = options.has('N') ? size('N', options.value('N')!) : all.content.length;
  const content = all.content.subarray(from, from + most);
  const width = size('w', options.value('w') || (options.has('w') ? '32' : '16'));
  const formats = formatsOf(run, options);
  const radix = options.value('A') ?? 'o';
  const address = (at: number): string => {
    if (radix === 'n') return '';
    return radix === 'x'
      ? at.toString(16).padStart(6, '0')
      : `${radix === 'd' ? at : at.toString(8)}`.padStart(7, '0');
  };
  const out = new Out(run);
  let last: string | undefined;
  let isStarred = false;
  for (let at = 0; at < content.length; at += width) {
    const row = content.subarray(at, at + width);
    const key = row.toString('latin1');
    if (key === last && row.length === width && !options.has('v')) {
      if (!isStarred) await out.add('*\n');
      isStarred = true;
      continue;
    }
    isStarred = false;
    last = key;
    const lines = formats.map(
      (format, index) =>
        (index === 0 ? address(from + at) : ' '.repeat(address(0).length)) +
        rowOf(format, row, width, formats),
    );
    await out.add(`${lines.join('\n')}\n`);
    if (at % 4096 === 0) await run.work(20);
  }
  if (radix !== 'n') await out.add(`${address(from + content.length)}\n`);
  await out.flush();
  return all.failed ? 1 : 0;
};

/** Values of several formats stand below each other, so each is as wide as the widest of that many bytes. */
function rowOf(format: Format, row: Buffer, width: number, formats: readonly Format[]): string {
  const perByte = Math.max(...formats.map((one) => one.width / one.size));
  const cell = Math.round(perByte * format.size);
  let text = '';
  for (let at = 0; at < Math.min(row.length, width); at += format.size) {
    const padded = Buffer.concat([row, Buffer.alloc(format.size)]);
    text += format.show(padded, at).padStart(cell);
  }
  return text;
}

function formatsOf(run: Run, options: Options): Format[] {
  const chosen: string[] = [];
  const short: Readonly<Record<string, string>> = {
    a: 'a',
    b: 'o1',
    c: 'c',
    d: 'u2',
    f: 'f4',
    h: 'x2',
    i: 'd4',
    l: 'd8',
    o: 'o2',
    s: 'd2',
    x: 'x2',
  };
  for (const [name, value] of options.given) {
    if (name === 't') chosen.push(...(value.match(/[acdfoux](?:\d+|[CSILFD])?z?/g) ?? [fail(run, value)]));
    else if (short[name] !== undefined) chosen.push(short[name]);
  }
  return (chosen.length === 0 ? ['o2'] : chosen).map((text) => formatOf(text));
}

function fail(run: Run, value: string): never {
  throw fault(run, `invalid type string '${value}'`);
}

function formatOf(text: string): Format {
  const kind = text[0]!;
  if (kind === 'a' || kind === 'c')
    return { size: 1, width: 4, show: (content, at) => characterOf(content[at]!, kind) };
  const letters: Readonly<Record<string, number>> = { C: 1, S: 2, I: 4, L: 8, F: 4, D: 8 };
  const given = text.slice(1).replace('z', '');
  const size = letters[given] ?? Number(given || (kind === 'f' ? 8 : 4));
  const unsigned = (content: Buffer, at: number): bigint =>
    size === 8 ? content.readBigUInt64LE(at) : BigInt(content.readUIntLE(at, size));
  const digits = {
    x: size * 2,
    o: Math.ceil((size * 8) / 3),
    u: [0, 3, 5, 0, 10, 0, 0, 0, 20][size]!,
    d: [0, 4, 6, 0, 11, 0, 0, 0, 20][size]!,
    f: size === 4 ? 15 : 24,
  }[kind]!;
  const width = digits + 1;
  switch (kind) {
    case 'x':
      return {
        size,
        width,
        show: (content, at) => ` ${unsigned(content, at).toString(16).padStart(digits, '0')}`,
      };
    case 'o':
      return {
        size,
        width,
        show: (content, at) => ` ${unsigned(content, at).toString(8).padStart(digits, '0')}`,
      };
    case 'u':
      return { size, width, show: (content, at) => ` ${unsigned(content, at)}`.padStart(width) };
    case 'd':
      return {
        size,
        width,
        show: (content, at) => ` ${BigInt.asIntN(size * 8, unsigned(content, at))}`.padStart(width),
      };
    default:
      return {
        size,
        width,
        show: (content, at) =>
          ` ${size === 4 ? content.readFloatLE(at) : content.readDoubleLE(at)}`.padStart(width),
      };
  }
}

const names =
  'nul soh stx etx eot enq ack bel bs ht nl vt ff cr so si dle dc1 dc2 dc3 dc4 nak syn etb can em sub esc fs gs rs us sp'.split(
    ' ',
  );
const escapes: Readonly<Record<number, string>> = {
  0: '\\0',
  7: '\\a',
  8: '\\b',
  9: '\\t',
  10: '\\n',
  11: '\\v',
  12: '\\f',
  13: '\\r',
};

function characterOf(byte: number, kind: string): string {
  if (kind === 'a') {
    const low = byte & 127;
    return low <= 32 ? names[low]! : low === 127 ? 'del' : String.fromCharCode(low);
  }
  if (escapes[byte] !== undefined) return escapes[byte];
  return byte >= 32 && byte < 127 ? String.fromCharCode(byte) : byte.toString(8).padStart(3, '0');
}
