/** `${…}`: a name, perhaps an index, and what is to be done with the value. */
import type { Cursor } from './cursor.ts';
import { PartList } from './part-list.ts';
import { readQuotedOperand, readUnquoted } from './quotes.ts';
import type { Index, Operation, Parameter, Word } from './syntax.ts';

const lengthHead = /#(?=(?:[A-Za-z_]\w*|\d+|[@*#?$!-])[}[])/y;
const indirectHead = /!(?=[A-Za-z_]\w*|\d+|[@*#?])/y;
const nameHead = /[A-Za-z_]\w*|\d+|[@*#?$!-]/y;
const transformation = /@[QEPAaKkUuL](?=\})/y;

/** With `${` at the cursor. */
export function readParameter(cursor: Cursor, quoted: boolean): Parameter {
  const start = cursor.at;
  cursor.at += 2;
  const isLength = matches(cursor, lengthHead) !== undefined;
  const isIndirect = cursor.dialect.isBash && !isLength && matches(cursor, indirectHead) !== undefined;
  const name = matches(cursor, nameHead);
  const hasIndex =
    name !== undefined && cursor.dialect.isBash && /^[A-Za-z_]/.test(name) && cursor.takes('[');
  const index = hasIndex ? readIndex(cursor, '}') : undefined;
  const operation =
    name === undefined ? undefined : readOperation(cursor, quoted, { isLength, isIndirect, index });
  if (name === undefined || operation === 'bad' || (hasIndex && index === undefined) || !cursor.takes('}'))
    return bad(cursor, start, quoted);
  return {
    kind: 'parameter',
    name,
    quoted,
    ...(index !== undefined && { index }),
    ...(isIndirect && { isIndirect }),
    ...(operation !== undefined && { operation }),
  };
}

interface Head {
  readonly isLength: boolean;
  readonly isIndirect: boolean;
  readonly index: Index | undefined;
}

function readOperation(cursor: Cursor, quoted: boolean, head: Head): Operation | undefined | 'bad' {
  const { isBash, isExtended } = cursor.dialect;
  const sign = cursor.peek();
  if (sign === '}' && head.isLength) return { kind: 'length' };
  if (sign === '}' && head.isIndirect && (head.index === '@' || head.index === '*')) return { kind: 'keys' };
  if (sign === '}') return undefined;
  if (head.isLength) return 'bad';
  if (head.isIndirect && (sign === '*' || sign === '@') && cursor.peek(1) === '}') {
    cursor.at += 1;
    return { kind: 'names', joined: sign === '*' };
  }
  if (isBash && sign === '@') {
    const operator = matches(cursor, transformation)?.slice(1);
    return operator === undefined ? 'bad' : { kind: 'transform', operator };
  }
  const operator = /^:?[-=?+]/.exec(cursor.source.slice(cursor.at, cursor.at + 2))?.[0];
  if (operator !== undefined) {
    cursor.at += operator.length;
    return {
      kind: 'default',
      operator: operator.slice(-1) as '-' | '=' | '?' | '+',
      colon: operator.length === 2,
      word: quoted ? readQuotedOperand(cursor) : readOperand(cursor, '}'),
    };
  }
  cursor.at += 1;
  if (sign === '#' || sign === '%') {
    const longest = cursor.takes(sign);
    return { kind: 'trim', from: sign === '#' ? 'start' : 'end', longest, pattern: readOperand(cursor, '}') };
  }
  if (sign === ':' && isExtended) {
    const offset = readOperand(cursor, ':}');
    return cursor.takes(':')
      ? { kind: 'slice', offset, length: readOperand(cursor, '}') }
      : { kind: 'slice', offset };
  }
  if (sign === '/' && isExtended) return readReplacement(cursor);
  if (isBash && (sign === '^' || sign === ',')) {
    const all = cursor.takes(sign);
    return { kind: 'case', upper: sign === '^', all, pattern: readOperand(cursor, '}') };
  }
  return 'bad';
}

function readReplacement(cursor: Cursor): Operation {
  const where = cursor.takes('/') ? 'all' : cursor.takes('#') ? 'start' : cursor.takes('%') ? 'end' : 'first';
  // A slash that begins the pattern is a part of it: `${url//// }`.
  const first = where === 'all' && cursor.takes('/') ? '/' : '';
  const pattern = readOperand(cursor, '/}', first);
  return { kind: 'replace', where, pattern, replacement: cursor.takes('/') ? readOperand(cursor, '}') : [] };
}

/** @param first what has been read of it */
function readOperand(cursor: Cursor, ends: string, first = ''): Word {
  const into = new PartList();
  into.text(first, false);
  readUnquoted(cursor, into, { ends, extglob: cursor.options.extglob ?? false });
  return into.finish();
}

/**
 * Behind `[`, and beyond `]`; undefined where that is missing.
 * @param stop beyond which no `]` is looked for
 */
export function readIndex(cursor: Cursor, stop: string): Index | undefined {
  if (cursor.takes('@]')) return '@';
  if (cursor.takes('*]')) return '*';
  const into = new PartList();
  readUnquoted(cursor, into, { ends: `]${stop}`, opens: '[' });
  return cursor.takes(']') ? into.finish() : undefined;
}

function bad(cursor: Cursor, start: number, quoted: boolean): Parameter {
  readUnquoted(cursor, new PartList(), { ends: '}' });
  if (!cursor.takes('}')) cursor.fail({ kind: 'unterminated', closing: '}' }, start);
  if (cursor.dialect.name === 'ash') cursor.fail({ kind: 'substitution' }, start);
  const source = cursor.source.slice(start, cursor.at);
  return { kind: 'parameter', name: '', quoted, operation: { kind: 'bad', source } };
}

function matches(cursor: Cursor, pattern: RegExp): string | undefined {
  pattern.lastIndex = cursor.at;
  const found = pattern.exec(cursor.source)?.[0];
  cursor.at += found?.length ?? 0;
  return found;
}
