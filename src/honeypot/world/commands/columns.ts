/** Names in columns, as `ls` sets them on a terminal: the fewest rows that fit. */

/** Narrowest column: a character and two spaces. */
const narrowest = 3;

/** @param widths of the names, in characters @param width of the terminal */
export function columnsOf(names: readonly string[], widths: readonly number[], width: number): string {
  const most = Math.max(1, Math.min(names.length, Math.floor(width / narrowest)));
  for (let columns = most; columns > 1; columns--) {
    const rows = Math.ceil(names.length / columns);
    const sizes = sizesOf(widths, rows);
    const total = sizes.reduce((sum, size) => sum + size, 0);
    if (
      sizes.length === Math.ceil(names.length / rows) &&
      total < width &&
      Math.ceil(names.length / rows) === columns
    )
      return laidOut(names, widths, rows, sizes);
  }
  return names.map((name) => `${name}\n`).join('');
}

/** Widest name of each column, with the two spaces behind it that the last one does without. */
function sizesOf(widths: readonly number[], rows: number): number[] {
  const sizes: number[] = [];
  for (let first = 0; first < widths.length; first += rows) {
    const isLast = first + rows >= widths.length;
    sizes.push(Math.max(...widths.slice(first, first + rows)) + (isLast ? 0 : 2));
  }
  return sizes;
}

function laidOut(
  names: readonly string[],
  widths: readonly number[],
  rows: number,
  sizes: readonly number[],
): string {
  let text = '';
  for (let row = 0; row < rows; row++) {
    let at = 0;
    let start = 0;
    for (let index = row, column = 0; index < names.length; index += rows, column++) {
      text += spaces(at, start) + names[index]!;
      at = start + widths[index]!;
      start += sizes[column]!;
    }
    text += '\n';
  }
  return text;
}

const tab = 8;

/** From one column to another, with tabs where they reach: what GNU ls writes. */
function spaces(from: number, to: number): string {
  let text = '';
  let at = from;
  while (at < to) {
    const isTab = Math.floor(to / tab) > Math.floor((at + 1) / tab);
    text += isTab ? '\t' : ' ';
    at += isTab ? tab - (at % tab) : 1;
  }
  return text;
}

/** As busybox sets them: all columns as wide as the widest name. */
export function evenColumnsOf(names: readonly string[], widths: readonly number[], width: number): string {
  const column = Math.max(...widths) + 2;
  const columns = Math.max(1, Math.floor(width / column));
  const rows = Math.ceil(names.length / columns);
  let text = '';
  for (let row = 0; row < rows; row++) {
    for (let index = row; index < names.length; index += rows) {
      const isLast = index + rows >= names.length;
      text += names[index]! + (isLast ? '\n' : ' '.repeat(column - widths[index]!));
    }
  }
  return text;
}
