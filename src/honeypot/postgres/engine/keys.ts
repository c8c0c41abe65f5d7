/** Which values are the same. */
import { type Row, rowCost } from '../database.ts';
import { decimalText } from '../decimal.ts';
import { isDecimal, isList, type Value } from '../types.ts';
import type { Context } from './context.ts';

export async function distinct(rows: readonly Row[], context: Context): Promise<Row[]> {
  const found = new Map<string, Row>();
  for (const row of rows) {
    const wait = context.stepThrough(row, 1);
    if (wait !== undefined) await wait;
    const key = keyOf(row);
    if (found.has(key)) continue;
    context.hold(rowCost + key.length);
    found.set(key, row);
  }
  return [...found.values()];
}

/** The same for rows whose values are equal: numbers of one worth are, whatever they are kept as. */
export function keyOf(row: Row): string {
  return row.map(keyOfValue).join(',');
}

function keyOfValue(value: Value): string {
  if (value === null) return '';
  if (typeof value === 'string') return JSON.stringify(value);
  if (Buffer.isBuffer(value)) return `x${value.length}:${value.toString('latin1')}`;
  if (isList(value)) return `[${keyOf(value)}]`;
  return isDecimal(value)
    ? decimalText(value)
        .replace(/\.(\d*?)0+$/, '.$1')
        .replace(/\.$/, '')
    : String(value);
}
