/** How many different elements there were, nearly, from twelve kilobytes or less. */
import { countOf } from '../hyperloglog/count.ts';
import { placeOf, registerCount } from '../hyperloglog/hash.ts';
import { HyperLogLog } from '../hyperloglog/hyperloglog.ts';
import { runAt } from '../hyperloglog/sparse.ts';
import { type Database, outOfMemory } from '../keyspace.ts';
import { ok, RedisError, type Reply, status } from '../reply.ts';
import type { Server } from '../server.ts';
import type { Call, Handlers } from './call.ts';
import { textOf } from './strings.ts';

/** Bytes that a key of this kind may come to have with one command. */
const maxGrowth = 16_400;
/** Bytes of all keys whose registers one command looks at; some hundredths of a second. */
const maxBytes = 2 << 20;

export const hyperLogLogs: Handlers = {
  pfadd({ db, server }, key, ...elements) {
    const before = textOf(db, key);
    const all = new HyperLogLog(before, maxSparse(server));
    let isChanged = before === undefined;
    db.keyspace.need(maxGrowth);
    for (const element of elements) if (all.raise(placeOf(element))) isChanged = true;
    if (!isChanged) return 0;
    all.touch();
    keep(db, key!, all);
    return 1;
  },
  pfcount({ db }, ...keys) {
    if (keys.length > 1) return countOf(together(db, keys).registers);
    const text = textOf(db, keys[0]);
    if (text === undefined) return 0;
    const all = new HyperLogLog(text);
    const { keptCount } = all;
    if (keptCount !== undefined) return BigInt.asIntN(64, keptCount);
    const count = all.count();
    keep(db, keys[0]!, all);
    return count;
  },
  pfmerge({ db, server }, target, ...sources) {
    const { registers, isDense } = together(db, [target!, ...sources]);
    db.keyspace.need(maxGrowth);
    const all = new HyperLogLog(textOf(db, target), maxSparse(server));
    if (isDense) all.makeDense();
    for (const [index, rank] of registers.entries()) if (rank > 0) all.raise({ index, rank });
    all.touch();
    keep(db, target!, all);
    return ok;
  },
  pfdebug: debug,
  pfselftest: () => ok,
};

function maxSparse({ config }: Server): number {
  return Number(config.get('hll-sparse-max-bytes'));
}

function keep(db: Database, key: string, { text }: HyperLogLog): void {
  db.put(key, { kind: 'string', text }, true);
}

/** The highest of each register, and whether one of the keys has them dense. @throws RedisError */
function together(
  db: Database,
  keys: readonly string[],
): { readonly registers: Uint8Array; readonly isDense: boolean } {
  const registers = new Uint8Array(registerCount);
  let [isDense, bytes] = [false, 0];
  for (const key of keys) {
    const text = textOf(db, key);
    if (text === undefined) continue;
    bytes += text.length;
    if (bytes > maxBytes) throw outOfMemory();
    const all = new HyperLogLog(text);
    if (all.encoding === 'dense') isDense = true;
    const own = all.registers;
    for (let index = 0; index < registerCount; index += 1)
      if (own[index]! > registers[index]!) registers[index] = own[index]!;
  }
  return { registers, isDense };
}

function debug({ db }: Call, what?: string, key?: string): Reply {
  const text = textOf(db, key);
  if (text === undefined) throw new RedisError('ERR The specified key does not exist');
  const all = new HyperLogLog(text);
  const makeDense = (): boolean => {
    if (all.encoding === 'sparse') db.keyspace.need(maxGrowth);
    const isChanged = all.makeDense();
    if (isChanged) keep(db, key!, all);
    return isChanged;
  };
  switch (what!.toLowerCase()) {
    case 'getreg':
      makeDense();
      return [...all.registers];
    case 'decode':
      if (all.encoding !== 'sparse') throw new RedisError('ERR HLL encoding is not sparse');
      return decoded(all.body);
    case 'encoding':
      return status(all.encoding);
    case 'todense':
      return makeDense() ? 1 : 0;
    default:
      throw new RedisError(`ERR Unknown PFDEBUG subcommand '${what}'`);
  }
}

function decoded(body: Buffer): string {
  const runs: string[] = [];
  for (let at = 0; at < body.length; ) {
    const { kind, value, length, size } = runAt(body, at);
    runs.push(kind === 'value' ? `v:${value},${length}` : `${kind === 'zero' ? 'z' : 'Z'}:${length}`);
    at += size;
  }
  return runs.join(' ');
}
