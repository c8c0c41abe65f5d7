/** Rows as lines of text: as COPY reads them, and as it writes them. */
import type { Row } from '../database.ts';
import type { Visible } from '../engine/scope.ts';
import type { CopyOptions } from '../sql/ast.ts';
import { output } from '../values.ts';

interface Line {
  readonly line: string;
  readonly fields: readonly (string | null)[];
}

export function* linesIn(text: string, options: CopyOptions): Generator<Line> {
  if (options.format === 'csv') {
    yield* csvLines(text, options);
    return;
  }
  for (let at = 0; at < text.length; ) {
    const end = text.indexOf('\n', at);
    const line = text.slice(at, end < 0 ? text.length : end).replace(/\r$/, '');
    yield { line, fields: textFields(line, options) };
    at = end < 0 ? text.length : end + 1;
  }
}

const escapes: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' };

function textFields(line: string, { delimiter, null: empty }: CopyOptions): (string | null)[] {
  return line.split(delimiter).map((field) => {
    if (field === empty) return null;
    return field.replace(/\\(x[0-9a-fA-F]{1,2}|[0-7]{1,3}|.)/g, (_, code: string) => {
      if (/^x./.test(code)) return String.fromCharCode(Number.parseInt(code.slice(1), 16));
      if (/^[0-7]/.test(code)) return String.fromCharCode(Number.parseInt(code, 8) & 0xff);
      return escapes[code] ?? code;
    });
  });
}

/** Lines of fields; quotes may hold line ends. */
function* csvLines(text: string, { delimiter, null: empty }: CopyOptions): Generator<Line> {
  let [fields, field, isQuoted, wasQuoted, begin] = [[] as (string | null)[], '', false, false, 0];
  const endField = (): void => {
    fields.push(field === empty && !wasQuoted ? null : field);
    [field, wasQuoted] = ['', false];
  };
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at]!;
    if (isQuoted) {
      if (char !== '"') field += char;
      else if (text[at + 1] === '"') {
        field += '"';
        at += 1;
      } else isQuoted = false;
    } else if (char === '"') {
      isQuoted = true;
      wasQuoted = true;
    } else if (char === delimiter) endField();
    else if (char === '\n') {
      endField();
      yield { line: text.slice(begin, at), fields };
      [fields, begin] = [[], at + 1];
    } else if (char !== '\r') field += char;
  }
  if (begin >= text.length) return;
  endField();
  yield { line: text.slice(begin), fields };
}

export function lineOf(
  row: Row,
  columns: readonly Pick<Visible, 'type'>[],
  { format, delimiter, null: empty }: CopyOptions,
): string {
  return row
    .map((value, index) => {
      if (value === null) return empty;
      const text = output(value, columns[index]!.type);
      if (format === 'csv')
        return /["\n\r]/.test(text) || text.includes(delimiter) || text === empty
          ? `"${text.replaceAll('"', '""')}"`
          : text;
      return text.replace(/[\\\n\r\t\b\f\v]/g, (char) => escaped[char]!);
    })
    .join(delimiter);
}

const escaped: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\b': '\\b',
  '\f': '\\f',
  '\v': '\\v',
};
