/** Tables as CSV (RFC 4180), safe to open in a spreadsheet: cells come from artefacts and may look like formulas. */

import { visible } from './quoted.tsx';

export type CsvCell = string | number | undefined;

export function csvOf(head: readonly string[], rows: Iterable<readonly CsvCell[]>): string {
  let out = line(head);
  for (const row of rows) out += line(row);
  return out;
}

function line(cells: readonly CsvCell[]): string {
  return cells.map(cellOf).join(',') + '\r\n';
}

/** Invisible characters are written out. A text that a spreadsheet would compute gets an apostrophe in front (OWASP, CSV injection, 2026-11). */
function cellOf(cell: CsvCell): string {
  if (cell === undefined) return '';
  if (typeof cell === 'number') return String(cell);
  const shown = visible(cell);
  const text = /^[=+\-@]/.test(shown) ? `'${shown}` : shown;
  return /[",]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Hands a file to the browser's downloads. */
export function download(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/csv;charset=utf-8' }));
  const anchor = document.createElement('a');
  anchor.href = url;
  anchor.download = name;
  anchor.click();
  // The download holds what it needs by then.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
