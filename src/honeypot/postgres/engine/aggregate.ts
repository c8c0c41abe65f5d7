/** What is made of the rows of a group: counts, sums, ends, lists. */
import { type Row, rowCost } from '../database.ts';
import { addDecimals, type Decimal, divide } from '../decimal.ts';
import { isDecimal, types, type Value } from '../types.ts';
import { output } from '../values.ts';
import type { Aggregated } from './compile.ts';
import type { Context } from './context.ts';
import { joined } from './functions/texts.ts';
import { keyOf } from './keys.ts';
import { asDecimal, compare } from './operators.ts';
import type { Environment } from './scope.ts';

export async function aggregated(
  { name, args, isDistinct, isStar, filter }: Aggregated,
  rows: readonly Row[],
  outer: Environment,
  context: Context,
): Promise<Value> {
  if (isStar && filter === undefined) return BigInt(rows.length);
  const [first, second] = args;
  const values: Value[] = [];
  const seen = new Set<string>();
  const sum = new Sum(first?.type.name ?? '');
  let best: Value = null;
  for (const row of rows) {
    if (filter !== undefined && (await filter.run({ row, outer })) !== true) continue;
    const value = isStar ? true : await first!.run({ row, outer });
    const wait = context.stepThrough([value], 1);
    if (wait !== undefined) await wait;
    if (value === null && name !== 'array_agg') continue;
    if (isDistinct) {
      const key = keyOf([value]);
      if (seen.has(key)) continue;
      context.hold(rowCost + key.length);
      seen.add(key);
    }
    context.hold(8);
    values.push(value);
    if (name === 'sum' || name === 'avg') sum.add(value);
    else if (name === 'min' || name === 'max')
      if (best === null || compare(value, best) * (name === 'max' ? 1 : -1) > 0) best = value;
  }
  if (name === 'count') return BigInt(values.length);
  if (values.length === 0) return null;
  switch (name) {
    case 'min':
    case 'max':
      return best;
    case 'string_agg': {
      const between = second === undefined ? '' : await second.run({ row: rows[0] ?? [], outer });
      return joined(
        values.map((value) => output(value, first!.type)),
        between === null ? '' : output(between, types.text),
      );
    }
    case 'array_agg':
      return values;
    case 'bool_and':
    case 'every':
      return values.every((value) => value === true);
    case 'bool_or':
      return values.includes(true);
    default:
      return name === 'avg' ? sum.mean() : sum.value();
  }
}

/** Of doubles as doubles, of all other numbers with all their digits. */
class Sum {
  private readonly type: string;
  private float = 0;
  private exact: Decimal = { digits: 0n, scale: 0 };
  private count = 0;
  private isExact = false;

  constructor(type: string) {
    this.type = type;
  }

  add(value: Value): void {
    this.count += 1;
    if (this.type.startsWith('float')) {
      this.float += Number(value);
      return;
    }
    this.isExact ||= isDecimal(value);
    this.exact = addDecimals(this.exact, asDecimal(value) ?? { digits: 0n, scale: 0 });
  }

  value(): Value {
    if (this.type.startsWith('float')) return this.float;
    return this.isExact || this.type === 'int8' ? this.exact : this.exact.digits;
  }

  mean(): Value {
    if (this.type.startsWith('float')) return this.float / this.count;
    return divide(this.exact, { digits: BigInt(this.count), scale: 0 });
  }
}
