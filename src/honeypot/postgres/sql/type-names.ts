/** Reads names of types. */
import type { TypeName } from './ast.ts';
import type { Reader } from './reader.ts';

const longTypes: readonly (readonly string[])[] = [
  ['double', 'precision'],
  ['character', 'varying'],
  ['timestamp', 'with', 'time', 'zone'],
  ['timestamp', 'without', 'time', 'zone'],
  ['time', 'without', 'time', 'zone'],
  ['time', 'with', 'time', 'zone'],
];

export function readType(reader: Reader): TypeName {
  const { position } = reader;
  reader.accept('setof');
  const long = longTypes.find((words) => reader.is(...words));
  let name: string;
  if (long !== undefined) {
    reader.accept(...long);
    name = long.join(' ');
  } else {
    // What is in `pg_catalog` is known without it.
    name = reader.anyName();
    while (reader.accept('.')) name = reader.anyName();
  }
  const modifiers: number[] = [];
  if (reader.accept('(')) {
    modifiers.push(...reader.list(() => Number(reader.next().text) || 0));
    reader.expect(')');
  }
  while (reader.accept('[')) {
    if (reader.token.kind === 'number') reader.next();
    reader.expect(']');
    name += '[]';
  }
  return { name: name.replace(/(\[\])+$/, '[]'), modifiers, position };
}
