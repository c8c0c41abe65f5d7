/** The tables of docs/honeypots.md, and what events have that they do not tell of. */
import type { DecoyEvent } from '../../src/model/event.ts';
import { readPage } from './page.ts';

const page = readPage('honeypots.md');

/** Rows of the tables with these columns, as texts. */
export function rowsOf(...columns: readonly string[]): string[][] {
  const rows: string[][] = [];
  let isWanted = false;
  for (const line of page.text.split('\n')) {
    const cells = /^\|(.*)\|$/
      .exec(line)?.[1]
      ?.split('|')
      .map((cell) => cell.trim());
    if (cells === undefined) isWanted = false;
    else if (cells.join() === columns.join()) isWanted = true;
    else if (isWanted && cells.some((cell) => !/^-+$/.test(cell))) rows.push(cells);
  }
  return rows;
}

/** Of the tables of events. */
export const eventRows = rowsOf('event', 'severity', 'class', 'ATT&CK', 'data');

const told = new Map(eventRows.map(([type = '', , , , data = '']) => [type.replaceAll('`', ''), data]));
/** Explained above the tables, as it is the same for all. */
const common = ['artefacts', 'shortened'];

/** Members of `data` that are not in the row of their type; of a type without a row, none. */
export function undocumented(events: readonly DecoyEvent[]): string[] {
  const found = new Set<string>();
  for (const { type, data = {} } of events) {
    const row = told.get(type) ?? told.get(`*.${type.slice(type.lastIndexOf('.') + 1)}`);
    if (row === undefined) continue;
    for (const name of Object.keys(data))
      if (!common.includes(name) && !new RegExp(`\`${name}\\b`).test(row)) found.add(`${type}: ${name}`);
  }
  return [...found];
}
