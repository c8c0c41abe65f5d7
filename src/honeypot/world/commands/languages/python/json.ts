/** `json`: what services answer, and what is sent to them. */
import { functions } from './desk.ts';
import {
  type Dict,
  dictOf,
  isList,
  isUnknown,
  listOf,
  Raised,
  reprOf,
  textOf,
  typeOf,
  unknown,
  type Value,
} from './value.ts';

/** Arrays and objects in each other. */
const deepest = 50;

export const jsonModule = functions({
  loads: ([text = '']) => loaded(text),
  load: async ([file = null]) => loaded(await contentOf(file)),
  dumps: ([value = null], named) => dumped(value, indentOf(named.get('indent'))),
});

/** @throws Raised */
export function loaded(text: Value): Value {
  if (isUnknown(text)) return unknown;
  let parsed: unknown;
  try {
    parsed = JSON.parse(Buffer.isBuffer(text) ? text.toString('utf8') : textOf(text));
  } catch {
    throw new Raised('json.decoder.JSONDecodeError', 'Expecting value: line 1 column 1 (char 0)');
  }
  return parsedValue(parsed, 0);
}

function parsedValue(parsed: unknown, depth: number): Value {
  if (depth > deepest) return unknown;
  if (typeof parsed === 'number') return Number.isInteger(parsed) ? BigInt(parsed) : parsed;
  if (typeof parsed === 'string' || typeof parsed === 'boolean' || parsed === null) return parsed;
  if (Array.isArray(parsed)) return listOf(parsed.map((one) => parsedValue(one, depth + 1)));
  return dictOf(Object.entries(parsed as object).map(([key, one]) => [key, parsedValue(one, depth + 1)]));
}

async function contentOf(file: Value): Promise<Value> {
  const read = typeof file === 'object' && file !== null && 'members' in file ? file.members.read : undefined;
  return typeof read === 'object' && read !== null && 'call' in read ? read.call([], new Map()) : unknown;
}

function indentOf(value: Value | undefined): number | undefined {
  return typeof value === 'bigint' ? Math.min(Number(value), 16) : undefined;
}

/** As Python spaces it: `{"a": 1, "b": [2]}`. @throws Raised */
export function dumped(value: Value, indent?: number, depth = 0): string {
  if (depth > deepest) throw new Raised('RecursionError', 'maximum recursion depth exceeded');
  if (value === null || isUnknown(value)) return 'null';
  if (typeof value === 'boolean' || typeof value === 'bigint' || typeof value === 'number')
    return typeof value === 'number' ? reprOf(value) : String(value);
  if (typeof value === 'string')
    return JSON.stringify(value).replace(
      /[^\x20-\x7e]/g,
      (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`,
    );
  if (isList(value))
    return enclosed(
      '[]',
      value.items.map((one) => dumped(one, indent, depth + 1)),
      indent,
      depth,
    );
  if (typeOf(value) === 'dict')
    return enclosed(
      '{}',
      [...(value as Dict).pairs.values()].map(
        ([key, one]) => `${dumped(textOf(key))}: ${dumped(one, indent, depth + 1)}`,
      ),
      indent,
      depth,
    );
  throw new Raised('TypeError', `Object of type ${typeOf(value)} is not JSON serializable`);
}

function enclosed(
  brackets: string,
  items: readonly string[],
  indent: number | undefined,
  depth: number,
): string {
  const [open, close] = brackets;
  if (indent === undefined || items.length === 0) return `${open}${items.join(', ')}${close}`;
  const margin = `\n${' '.repeat(indent * depth)}`;
  const inner = margin + ' '.repeat(indent);
  return `${open}${inner}${items.join(`,${inner}`)}${margin}${close}`;
}
