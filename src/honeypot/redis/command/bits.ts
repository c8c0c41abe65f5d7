/** Texts as rows of bits. */
import { outOfMemory } from '../keyspace.ts';
import { integer } from '../numbers.ts';
import { RedisError, type Reply, syntaxError } from '../reply.ts';
import type { Call, Handlers } from './call.ts';
import { textOf } from './strings.ts';

/** Bits of 512 MiB. */
const maxBits = 2 ** 32;
/** Bytes that one command looks at. */
const maxWork = 8 << 20;

export const bits: Handlers = {
  getbit({ db }, key, offset) {
    const { byte, bit } = placeOf(offset!);
    return ((textOf(db, key) ?? '').charCodeAt(byte) >> bit) & 1;
  },
  setbit({ db }, key, offset, value) {
    const { byte, bit } = placeOf(offset!);
    if (value !== '0' && value !== '1') throw new RedisError('ERR bit is not an integer or out of range');
    db.keyspace.need(byte);
    const bytes = Buffer.from((textOf(db, key) ?? '').padEnd(byte + 1, '\0'), 'latin1');
    const before = (bytes[byte]! >> bit) & 1;
    bytes[byte] = (bytes[byte]! & ~(1 << bit)) | (Number(value) << bit);
    db.put(key!, { kind: 'string', text: bytes.toString('latin1') }, true);
    return before;
  },
  bitcount({ db }, key, ...args) {
    const text = textOf(db, key);
    const { from, to } = bitRange(text ?? '', args);
    let sum = 0;
    for (let at = from; at <= to; at += 1) sum += bitOf(text!, at);
    return sum;
  },
  bitpos,
  bitop,
};

function placeOf(offset: string): { readonly byte: number; readonly bit: number } {
  const complaint = 'ERR bit offset is not an integer or out of range';
  const at = integer(offset, complaint);
  if (at < 0 || at >= maxBits) throw new RedisError(complaint);
  return { byte: Math.floor(at / 8), bit: 7 - (at % 8) };
}

function bitOf(text: string, at: number): number {
  return (text.charCodeAt(at >> 3) >> (7 - (at & 7))) & 1;
}

/** In bits, both included. */
function bitRange(
  text: string,
  [start, end, unit]: readonly string[],
): { readonly from: number; readonly to: number } {
  if (start !== undefined && end === undefined) throw syntaxError();
  if (unit !== undefined && !/^(?:byte|bit)$/i.test(unit)) throw syntaxError();
  const isBits = unit?.toLowerCase() === 'bit';
  const length = isBits ? 8 * text.length : text.length;
  const place = (one: string): number => {
    const at = integer(one);
    return at < 0 ? Math.max(0, at + length) : at;
  };
  const [from, to] = [place(start ?? '0'), Math.min(place(end ?? '-1'), length - 1)];
  return isBits ? { from, to } : { from: 8 * from, to: 8 * to + 7 };
}

function bitpos({ db }: Call, key?: string, bit?: string, ...args: string[]): Reply {
  if (bit !== '0' && bit !== '1') throw new RedisError('ERR The bit argument must be 1 or 0.');
  const text = textOf(db, key);
  if (text === undefined) return bit === '1' ? -1 : 0;
  const { from, to } = bitRange(
    text,
    args[0] !== undefined && args[1] === undefined ? [args[0], '-1'] : args,
  );
  for (let at = from; at <= to; at += 1) if (bitOf(text, at) === Number(bit)) return at;
  return bit === '0' && args[1] === undefined && from <= to ? 8 * text.length : -1;
}

function bitop({ db }: Call, operation?: string, target?: string, ...keys: string[]): Reply {
  const name = operation!.toLowerCase();
  if (!['and', 'or', 'xor', 'not'].includes(name)) throw syntaxError();
  if (name === 'not' && keys.length !== 1)
    throw new RedisError('ERR BITOP NOT must be called with a single source key.');
  const texts = keys.map((key) => Buffer.from(textOf(db, key) ?? '', 'latin1'));
  const length = Math.max(...texts.map((one) => one.length));
  if (length * texts.length > maxWork) throw outOfMemory();
  db.keyspace.need(length);
  const [first, ...others] = texts;
  const result = Buffer.alloc(length);
  first!.copy(result);
  for (const text of others)
    for (let at = 0; at < length; at += 1) {
      const [a, b] = [result[at]!, text[at] ?? 0];
      result[at] = name === 'and' ? a & b : name === 'or' ? a | b : a ^ b;
    }
  if (name === 'not') for (let at = 0; at < length; at += 1) result[at] = ~result[at]!;
  if (length === 0) db.delete(target!);
  else db.put(target!, { kind: 'string', text: result.toString('latin1') });
  return length;
}
