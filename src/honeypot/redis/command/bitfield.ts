/** BITFIELD: integers of any width in a text (bitops.c, 7.0). */
import { outOfMemory } from '../keyspace.ts';
import { bigInteger, integerIn } from '../numbers.ts';
import { RedisError, type Reply, syntaxError } from '../reply.ts';
import type { Call, Handlers } from './call.ts';
import { textOf } from './strings.ts';

export const bitfields: Handlers = {
  bitfield: (call, key, ...args) => run(call, key!, operationsOf(args), true),
  bitfield_ro: (call, key, ...args) => run(call, key!, operationsOf(args), false),
};

/** Bytes of a text (proto-max-bulk-len). */
const maxBytes = 512n << 20n;
/** Of one command; some hundredths of a second. */
const maxOperations = 20_000;

type Overflow = 'wrap' | 'sat' | 'fail';

interface Operation {
  readonly kind: 'get' | 'set' | 'incrby';
  readonly isSigned: boolean;
  /** 1 to 64. */
  readonly width: number;
  /** In bits, from the first of the text. */
  readonly offset: number;
  readonly operand: bigint;
  readonly overflow: Overflow;
}

const operands = { get: 2, set: 3, incrby: 3 } as const;

/** @throws RedisError */
function operationsOf(args: readonly string[]): Operation[] {
  const operations: Operation[] = [];
  let overflow: Overflow = 'wrap';
  for (let at = 0; at < args.length; ) {
    const word = args[at]!.toLowerCase();
    const left = args.length - at - 1;
    if (word === 'overflow' && left >= 1) {
      const how = args[at + 1]!.toLowerCase();
      if (how !== 'wrap' && how !== 'sat' && how !== 'fail')
        throw new RedisError('ERR Invalid OVERFLOW type specified');
      overflow = how;
      at += 2;
      continue;
    }
    if ((word !== 'get' && word !== 'set' && word !== 'incrby') || left < operands[word]) throw syntaxError();
    const { isSigned, width } = typeOf(args[at + 1]!);
    const offset = offsetOf(args[at + 2]!, width);
    const operand = word === 'get' ? 0n : bigInteger(args[at + 3]!);
    if (operations.length >= maxOperations) throw outOfMemory();
    operations.push({ kind: word, isSigned, width, offset, operand, overflow });
    at += 1 + operands[word];
  }
  return operations;
}

function typeOf(text: string): { readonly isSigned: boolean; readonly width: number } {
  const isSigned = text.startsWith('i');
  const width = Number(integerIn(text.slice(1)) ?? 0);
  if ((!isSigned && !text.startsWith('u')) || width < 1 || width > (isSigned ? 64 : 63))
    throw new RedisError(
      'ERR Invalid bitfield type. Use something like i16 u8. Note that u64 is not supported but i64 is.',
    );
  return { isSigned, width };
}

/** @param text with `#` before it counted in fields of that width */
function offsetOf(text: string, width: number): number {
  const isCounted = text.startsWith('#');
  const given = integerIn(isCounted ? text.slice(1) : text);
  const offset = given === undefined ? -1n : BigInt.asIntN(64, given * BigInt(isCounted ? width : 1));
  if (offset < 0n || offset >> 3n >= maxBytes)
    throw new RedisError('ERR bit offset is not an integer or out of range');
  return Number(offset);
}

function run({ db }: Call, key: string, operations: readonly Operation[], mayWrite: boolean): Reply {
  const isWriting = operations.some(({ kind }) => kind !== 'get');
  if (isWriting && !mayWrite) throw new RedisError('ERR BITFIELD_RO only supports the GET subcommand');
  const text = textOf(db, key) ?? '';
  let length = text.length;
  for (const { kind, offset, width } of operations)
    if (kind !== 'get') length = Math.max(length, Math.floor((offset + width - 1) / 8) + 1);
  if (length > text.length) db.keyspace.need(length - text.length);
  const bytes = Buffer.alloc(length);
  bytes.write(text, 'latin1');
  const replies = operations.map((operation) => perform(bytes, operation));
  if (isWriting) db.put(key, { kind: 'string', text: bytes.toString('latin1') }, true);
  return replies;
}

function perform(bytes: Buffer, operation: Operation): Reply {
  const { kind, isSigned, width, offset, operand, overflow } = operation;
  const field = readField(bytes, offset, width);
  const before = isSigned ? BigInt.asIntN(width, field) : field;
  if (kind === 'get') return before;
  const base = kind === 'incrby' ? before : isSigned ? operand : BigInt.asUintN(64, operand);
  const { value, isOver } = bounded(base, kind === 'incrby' ? operand : 0n, operation);
  if (isOver && overflow === 'fail') return null;
  writeField(bytes, offset, width, value);
  return kind === 'set' ? before : value;
}

/** The sum as a field of that width holds it. */
function bounded(
  base: bigint,
  increment: bigint,
  { isSigned, width, overflow }: Operation,
): { readonly value: bigint; readonly isOver: boolean } {
  const sum = base + increment;
  const most = (1n << BigInt(isSigned ? width - 1 : width)) - 1n;
  const least = isSigned ? -most - 1n : 0n;
  if (sum >= least && sum <= most) return { value: sum, isOver: false };
  if (overflow === 'wrap')
    return { value: isSigned ? BigInt.asIntN(width, sum) : BigInt.asUintN(width, sum), isOver: true };
  // What Redis may add is reckoned in 64 bits, and so the lowest numbers seem to be too high.
  const isHigh = sum > most || (isSigned && width < 64 && BigInt.asIntN(64, most - base) < increment);
  return { value: isHigh ? most : least, isOver: true };
}

/** Nine bytes hold any field. */
const scratch = Buffer.alloc(9);

function readField(bytes: Buffer, offset: number, width: number): bigint {
  const from = Math.floor(offset / 8);
  scratch.fill(0);
  if (from < bytes.length) bytes.copy(scratch, 0, from, from + 9);
  const whole = (scratch.readBigUInt64BE() << 8n) | BigInt(scratch[8]!);
  return BigInt.asUintN(width, whole >> BigInt(72 - (offset % 8) - width));
}

function writeField(bytes: Buffer, offset: number, width: number, value: bigint): void {
  const from = Math.floor(offset / 8);
  scratch.fill(0);
  bytes.copy(scratch, 0, from, from + 9);
  const shift = BigInt(72 - (offset % 8) - width);
  const before = (scratch.readBigUInt64BE() << 8n) | BigInt(scratch[8]!);
  const mask = ((1n << BigInt(width)) - 1n) << shift;
  const after = (before & ~mask) | (BigInt.asUintN(width, value) << shift);
  scratch.writeBigUInt64BE(after >> 8n);
  scratch[8] = Number(after & 0xffn);
  scratch.copy(bytes, from);
}
