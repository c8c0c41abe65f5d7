/** Reads PL/pgSQL as far as visitors write it: variables, conditions, what runs other statements, handlers of errors. */
import { PgError } from '../failure.ts';
import type { Expression, Statement, TypeName } from '../sql/ast.ts';
import { readExpression } from '../sql/expressions.ts';
import { Reader } from '../sql/reader.ts';
import { readAfterSelect } from '../sql/selects.ts';
import { readStatement } from '../sql/statements.ts';
import { readType } from '../sql/type-names.ts';

/** Where a step is, and what its errors point into. */
export interface Place {
  readonly line: number;
  /** The query that PostgreSQL makes of it, and where that begins in the source. */
  readonly query: string;
  readonly begin: number;
}

export type Step = { readonly place: Place } & (
  | { readonly kind: 'assign'; readonly name: string; readonly value: Expression }
  | {
      readonly kind: 'run';
      readonly statement: Statement;
      readonly isPerform: boolean;
      readonly into?: readonly string[];
    }
  | { readonly kind: 'execute'; readonly query: Expression; readonly into?: readonly string[] }
  | {
      readonly kind: 'raise';
      readonly level: string;
      readonly format: string;
      readonly args: readonly Expression[];
    }
  | { readonly kind: 'return'; readonly value?: Expression }
  | {
      readonly kind: 'if';
      readonly branches: readonly (readonly [Expression | undefined, readonly Step[]])[];
    }
  | { readonly kind: 'block'; readonly block: Block }
  | {
      readonly kind: 'loop';
      readonly steps: readonly Step[];
      readonly name?: string;
      readonly from?: Expression;
      readonly to?: Expression;
      readonly while?: Expression;
    }
  | { readonly kind: 'exit'; readonly when?: Expression }
);

/** What a step is before its place is known. */
type Bare = Step extends infer One ? (One extends Step ? Omit<One, 'place'> : never) : never;

export interface Block {
  readonly variables: readonly {
    readonly name: string;
    readonly type: TypeName;
    readonly value?: Expression;
  }[];
  readonly steps: readonly Step[];
  /** What is done where something fails. */
  readonly handler?: readonly Step[];
}

/** @throws PgError */
export function parseBlock(source: string): Block {
  const reader = new Reader(source);
  const block = readBlock(reader);
  reader.accept(';');
  if (!reader.isOver) throw reader.unexpected();
  return block;
}

function unexpected(reader: Reader): PgError {
  if (!reader.isOver) return reader.unexpected();
  return new PgError('42601', 'syntax error at end of input', 'pl_scanner.c:522:plpgsql_yyerror', {
    position: reader.position,
  });
}

function readBlock(reader: Reader): Block {
  return reader.nested(() => {
    const variables: { name: string; type: TypeName; value?: Expression }[] = [];
    if (reader.accept('declare'))
      while (!reader.is('begin')) {
        if (reader.isOver) throw reader.unexpected();
        const name = reader.name();
        reader.accept('constant');
        const type = readType(reader);
        const hasValue = reader.accept(':=') || reader.accept('=') || reader.accept('default');
        const value = hasValue ? readExpression(reader) : undefined;
        reader.expect(';');
        variables.push({ name, type, ...(value && { value }) });
      }
    reader.expect('begin');
    const steps = readSteps(reader);
    let handler: Step[] | undefined;
    if (reader.accept('exception')) {
      handler = [];
      while (reader.accept('when')) {
        while (!reader.accept('then')) {
          if (reader.isOver) throw reader.unexpected();
          reader.next();
        }
        handler.push(...readSteps(reader));
      }
    }
    reader.expect('end');
    return { variables, steps, ...(handler && { handler }) };
  });
}

const ends = ['end', 'exception', 'elsif', 'elseif', 'else', 'when'];

function readSteps(reader: Reader): Step[] {
  const steps: Step[] = [];
  while (!ends.some((word) => reader.is(word))) {
    if (reader.isOver) throw unexpected(reader);
    const begin = reader.position;
    const isInner = ['perform', 'return', 'execute', 'if'].some((word) => reader.is(word));
    const isPerform = reader.is('perform');
    const first = isInner ? reader.ahead().position : begin;
    const { line } = reader;
    const step = readStep(reader);
    if (step !== undefined) {
      const text = reader.since(first);
      const place = {
        line,
        query: (isPerform ? `SELECT ${text}` : text).slice(0, 10_000),
        begin: isPerform ? first - 'SELECT '.length : first,
      };
      steps.push({ ...step, place } as Step);
    }
    reader.expect(';');
  }
  return steps;
}

function readStep(reader: Reader): Bare | undefined {
  if (reader.is('declare') || (reader.is('begin') && reader.ahead().text !== ';'))
    return { kind: 'block', block: readBlock(reader) };
  if (reader.accept('null')) return undefined;
  if (reader.accept('perform')) {
    const { position } = reader;
    const select = readAfterSelect(reader);
    return { kind: 'run', statement: { kind: 'select', select, position }, isPerform: true };
  }
  if (reader.accept('execute')) {
    const query = readExpression(reader);
    const into = reader.accept('into') ? reader.list(() => reader.name()) : undefined;
    if (reader.accept('using')) reader.list(() => readExpression(reader));
    return { kind: 'execute', query, ...(into && { into }) };
  }
  if (reader.accept('raise')) return readRaise(reader);
  if (reader.accept('return')) {
    reader.accept('next');
    reader.accept('query');
    const value = reader.is(';') ? undefined : readExpression(reader);
    return { kind: 'return', ...(value && { value }) };
  }
  if (reader.accept('if')) return readIf(reader);
  if (reader.is('for') || reader.is('while') || reader.is('loop')) return readLoop(reader);
  if (reader.accept('exit')) {
    const when = reader.accept('when') ? readExpression(reader) : undefined;
    return { kind: 'exit', ...(when && { when }) };
  }
  if (reader.ahead().text === ':=' || (reader.ahead().text === '=' && reader.token.kind === 'name')) {
    const name = reader.name();
    reader.next();
    return { kind: 'assign', name, value: readExpression(reader) };
  }
  const statement = readStatement(reader);
  const into =
    statement.kind === 'select' && statement.select.body.kind === 'select'
      ? statement.select.body.into
      : undefined;
  return { kind: 'run', statement, isPerform: false, ...(into && { into }) };
}

function skipRest(reader: Reader): void {
  while (!reader.is(';') && !reader.isOver) reader.next();
}

function readRaise(reader: Reader): Bare {
  const level =
    ['notice', 'warning', 'info', 'log', 'debug', 'exception'].find((word) => reader.accept(word)) ??
    'exception';
  const format = reader.token.kind === 'string' ? reader.string() : '';
  const args: Expression[] = [];
  while (reader.accept(',')) args.push(readExpression(reader));
  if (reader.accept('using')) skipRest(reader);
  return { kind: 'raise', level, format, args };
}

function readIf(reader: Reader): Bare {
  const branches: [Expression | undefined, Step[]][] = [];
  do {
    const condition = readExpression(reader);
    reader.expect('then');
    branches.push([condition, readSteps(reader)]);
  } while (reader.accept('elsif') || reader.accept('elseif'));
  if (reader.accept('else')) branches.push([undefined, readSteps(reader)]);
  reader.expect('end', 'if');
  return { kind: 'if', branches };
}

function readLoop(reader: Reader): Bare {
  let head: { name?: string; from?: Expression; to?: Expression; while?: Expression } = {};
  if (reader.accept('while')) head = { while: readExpression(reader) };
  else if (reader.accept('for')) {
    const name = reader.name();
    reader.expect('in');
    reader.accept('reverse');
    const from = readExpression(reader);
    reader.expect('..');
    head = { name, from, to: readExpression(reader) };
  }
  reader.expect('loop');
  const steps = readSteps(reader);
  reader.expect('end', 'loop');
  return { kind: 'loop', steps, ...head };
}
