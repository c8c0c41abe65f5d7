/** What is made of the rows of a group: counts, sums, ends, lists. */
import type { Row } from '../database.ts';
import { addDecimals, divide } from '../decimal.ts';
import { isDecimal, output, types, type Value } from '../types.ts';
import type { Aggregated } from './compile.ts';
import type { Context } from './context.ts';
import { joined } from './functions/texts.ts';
import { asDecimal, compare } from './operators.ts';
import type { Environment } from './scope.ts';
import { keyOf } from './select.ts';

export async function aggregated(
  { name, args, isDistinct, isStar }: Aggregated,
  rows: readonly Row[],
  outer: Environment,
  context: Context,
): Promise<Value> {
  if (isStar) return BigInt(rows.length);
  const [first, second] = args;
  let values: Value[] = [];
  for (const row of rows) {
    const wait = context.step();
    if (wait !== undefined) await wait;
    const value = await first!.run({ row, outer });
    if (value !== null || name === 'array_agg') values.push(value);
  }
  if (isDistinct) values = [...new Map(values.map((value) => [keyOf([value]), value])).values()];
  if (name === 'count') return BigInt(values.length);
  if (values.length === 0) return null;
  switch (name) {
    case 'min':
    case 'max':
      return values.reduce((best, one) => (compare(one, best) * (name === 'max' ? 1 : -1) > 0 ? one : best));
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
      return added(name, values, first!.type.name);
  }
}

function added(name: string, values: readonly Value[], type: string): Value {
  if (type.startsWith('float')) {
    const sum = values.reduce<number>((all, value) => all + Number(value), 0);
    return name === 'avg' ? sum / values.length : sum;
  }
  const sum = values.map((value) => asDecimal(value)!).reduce((all, value) => addDecimals(all, value));
  if (name === 'avg') return divide(sum, { digits: BigInt(values.length), scale: 0 });
  return values.some(isDecimal) || type === 'int8' ? sum : sum.digits;
}
