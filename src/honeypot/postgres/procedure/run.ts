/** Runs blocks of PL/pgSQL, in so many steps as the query around them may take. */
import type { Routine } from '../database.ts';
import { coerce, settled, truth, typeOf } from '../engine/coerce.ts';
import { compile } from '../engine/compile.ts';
import type { Context } from '../engine/context.ts';
import type { Environment, Scope, Visible } from '../engine/scope.ts';
import { PgError } from '../failure.ts';
import type { Expression } from '../sql/ast.ts';
import { type Parsed, parse } from '../sql/statements.ts';
import { runStatement } from '../statement/run.ts';
import { type Type, types, type Value } from '../types.ts';
import { output } from '../values.ts';
import { type Block, parseBlock, type Step } from './parse.ts';

/** How steps ended before their end. */
type End = { readonly kind: 'return'; readonly value: Value } | { readonly kind: 'exit' } | undefined;

interface Frame {
  readonly columns: Visible[];
  readonly values: Value[];
  readonly outer?: Frame;
}

/** Of a query's steps. */
const stepsToCapture = 250;

/** Of a query's steps, about a microsecond for each few characters. */
export function stepsToRead(source: string): number {
  return source.length >> 2;
}

/** Rounds of one loop. */
const maxRounds = 10_000;

/** @param routine whose body it is; none for DO */
export async function runBlock(
  source: string,
  context: Context,
  routine?: Routine,
  args: readonly Value[] = [],
): Promise<Value> {
  const columns = (routine?.args ?? []).map(
    ({ name, type }, index): Visible => ({ table: undefined, name: name ?? `$${index + 1}`, type }),
  );
  const frame: Frame = { columns, values: [...args] };
  const where =
    routine === undefined
      ? 'inline_code_block'
      : `${routine.name}(${routine.args.map(({ type }) => type.title).join(',')})`;
  await context.step(stepsToRead(source));
  const end = await enter(parseBlock(source), frame, context, where);
  if (end?.kind === 'return') return end.value;
  if (routine !== undefined && routine.returns.name !== 'void' && !routine.isProcedure)
    throw new PgError(
      '2F005',
      'control reached end of function without RETURN',
      'pl_exec.c:627:plpgsql_exec_function',
    );
  return '';
}

function scopeOf(frame: Frame): Scope {
  return { columns: frame.columns, ...(frame.outer && { outer: scopeOf(frame.outer) }) };
}

function environmentOf(frame: Frame): Environment {
  return { row: frame.values, ...(frame.outer && { outer: environmentOf(frame.outer) }) };
}

async function evaluate(
  expression: Expression,
  frame: Frame,
  context: Context,
  type?: Type,
): Promise<{ readonly value: Value; readonly type: Type }> {
  const compiled = compile(expression, { context, scope: scopeOf(frame) });
  const made = type === undefined ? settled(compiled, context) : coerce(compiled, type, context);
  return { value: await made.run(environmentOf(frame)), type: made.type };
}

async function isTrue(condition: Expression, frame: Frame, context: Context): Promise<boolean> {
  const made = truth(compile(condition, { context, scope: scopeOf(frame) }), context, 'IF');
  return (await made.run(environmentOf(frame))) === true;
}

function assign(name: string, value: Value, frame: Frame): void {
  for (let one: Frame | undefined = frame; one !== undefined; one = one.outer) {
    const at = one.columns.findIndex((column) => column.name === name);
    if (at < 0) continue;
    one.values[at] = value;
    return;
  }
  throw new PgError('42601', `"${name}" is not a known variable`, 'pl_gram.y:1171:plpgsql_yyparse');
}

function typeOfVariable(name: string, frame: Frame): Type | undefined {
  for (let one: Frame | undefined = frame; one !== undefined; one = one.outer) {
    const column = one.columns.find((each) => each.name === name);
    if (column !== undefined) return column.type;
  }
  return undefined;
}

async function runSteps(steps: readonly Step[], frame: Frame, context: Context, where: string): Promise<End> {
  for (const step of steps) {
    const wait = context.step(20);
    if (wait !== undefined) await wait;
    const end = await runStep(step, frame, context, where);
    if (end !== undefined) return end;
  }
  return undefined;
}

/** How a step is called where something in it fails. */
function titleOf(step: Step): string {
  switch (step.kind) {
    case 'assign':
      return 'assignment';
    case 'run':
      return step.isPerform ? 'PERFORM' : 'SQL statement';
    case 'loop':
      return step.while !== undefined
        ? 'WHILE'
        : step.name === undefined
          ? 'LOOP'
          : 'FOR with integer loop variable';
    default:
      return step.kind.toUpperCase();
  }
}

/** Steps that hold others, which tell of themselves. */
const holders: ReadonlySet<Step['kind']> = new Set(['block', 'loop', 'if']);

async function runStep(step: Step, frame: Frame, context: Context, where: string): Promise<End> {
  try {
    return await take(step, frame, context, where);
  } catch (error) {
    if (!(error instanceof PgError) || error.details.context?.includes('PL/pgSQL function') === true)
      throw error;
    if (holders.has(step.kind) && error.details.position === undefined) throw error;
    const line = `PL/pgSQL function ${where} line ${step.place.line} at ${titleOf(step)}`;
    if (step.kind === 'raise') throw error.with({ context: line });
    const { query, begin } = step.place;
    const { position, inner } = error.details;
    if (position !== undefined)
      throw error.with({
        context: line,
        inner: inner ?? query,
        position: inner === undefined ? position - begin + 1 : position,
      });
    const what =
      step.kind === 'assign'
        ? 'PL/pgSQL assignment'
        : step.kind === 'run' || step.kind === 'execute'
          ? 'SQL statement'
          : 'SQL expression';
    throw error.with({ context: `${what} "${inner ?? query}"\n${line}` });
  }
}

async function take(step: Step, frame: Frame, context: Context, where: string): Promise<End> {
  switch (step.kind) {
    case 'assign': {
      const { value } = await evaluate(step.value, frame, context, typeOfVariable(step.name, frame));
      assign(step.name, value, frame);
      return undefined;
    }
    case 'run': {
      const result = await runStatement({ statement: step.statement, text: '' }, context, {
        scope: scopeOf(frame),
        environment: environmentOf(frame),
      });
      if (result.columns !== undefined && !step.isPerform && step.into === undefined)
        throw new PgError(
          '42601',
          'query has no destination for result data',
          'pl_exec.c:4411:exec_stmt_execsql',
          {
            hint: 'If you want to discard the results of a SELECT, use PERFORM instead.',
            context: `PL/pgSQL function ${where} line ${step.place.line} at SQL statement`,
          },
        );
      keep(step.into, result.rows?.[0], frame);
      return undefined;
    }
    case 'execute': {
      const { value } = await evaluate(step.query, frame, context, types.text);
      if (value === null)
        throw new PgError(
          '22004',
          'query string argument of EXECUTE is null',
          'pl_exec.c:4446:exec_stmt_dynexecute',
        );
      const query = String(value);
      const inside = (error: unknown): unknown =>
        error instanceof PgError && error.details.inner === undefined ? error.with({ inner: query }) : error;
      let all: Parsed[];
      await context.step(stepsToRead(query));
      try {
        all = parse(query);
      } catch (error) {
        throw inside(error);
      }
      for (const parsed of all) {
        context.tell('query', {
          texts: [parsed.text.slice(0, 65_536)],
          data: { query: parsed.text.slice(0, 8000), by: 'EXECUTE' },
        });
        const result = await runStatement(parsed, context).catch((error: unknown) => {
          throw inside(error);
        });
        keep(step.into, result.rows?.[0], frame);
      }
      return undefined;
    }
    case 'raise':
      return raise(step, frame, context, where);
    case 'return':
      return {
        kind: 'return',
        value: step.value === undefined ? null : (await evaluate(step.value, frame, context)).value,
      };
    case 'if':
      for (const [condition, inner] of step.branches)
        if (condition === undefined || (await isTrue(condition, frame, context)))
          return runSteps(inner, frame, context, where);
      return undefined;
    case 'block':
      return enter(step.block, frame, context, where);
    case 'loop':
      return loop(step, frame, context, where);
    case 'exit':
      return step.when === undefined || (await isTrue(step.when, frame, context))
        ? { kind: 'exit' }
        : undefined;
  }
}

function keep(into: readonly string[] | undefined, row: readonly Value[] | undefined, frame: Frame): void {
  for (const [index, name] of (into ?? []).entries()) assign(name, row?.[index] ?? null, frame);
}

async function enter(block: Block, outer: Frame, context: Context, where: string): Promise<End> {
  const frame: Frame = { columns: [], values: [], outer };
  for (const { name, type, value } of block.variables) {
    const of = type.name === 'record' ? types.record : typeOf(type);
    frame.columns.push({ table: undefined, name, type: of });
    frame.values.push(value === undefined ? null : (await evaluate(value, frame, context, of)).value);
  }
  if (block.handler === undefined) return runSteps(block.steps, frame, context, where);
  await context.step(stepsToCapture);
  const restore = context.server.capture();
  try {
    return await runSteps(block.steps, frame, context, where);
  } catch (error) {
    if (!(error instanceof PgError) || error.code === '57014') throw error;
    restore();
    const inner: Frame = {
      columns: ['sqlerrm', 'sqlstate'].map((name) => ({ table: undefined, name, type: types.text })),
      values: [error.message, error.code],
      outer: frame,
    };
    return runSteps(block.handler, inner, context, where);
  }
}

async function loop(
  step: Extract<Step, { readonly kind: 'loop' }>,
  outer: Frame,
  context: Context,
  where: string,
): Promise<End> {
  const hasBounds = step.from !== undefined && step.to !== undefined;
  const from = hasBounds ? Number((await evaluate(step.from!, outer, context, types.int4)).value) : 0;
  const to = hasBounds
    ? Number((await evaluate(step.to!, outer, context, types.int4)).value)
    : Number.POSITIVE_INFINITY;
  const frame: Frame =
    step.name === undefined
      ? outer
      : { columns: [{ table: undefined, name: step.name, type: types.int4 }], values: [from], outer };
  for (let at = from, rounds = 0; at <= to && rounds < maxRounds; at += 1, rounds += 1) {
    const wait = context.step(20);
    if (wait !== undefined) await wait;
    if (step.name !== undefined) frame.values[0] = at;
    if (step.while !== undefined && !(await isTrue(step.while, frame, context))) return undefined;
    const end = await runSteps(step.steps, frame, context, where);
    if (end?.kind === 'exit') return undefined;
    if (end !== undefined) return end;
  }
  return undefined;
}

async function raise(
  { level, format, args, place: { line } }: Extract<Step, { readonly kind: 'raise' }>,
  frame: Frame,
  context: Context,
  where: string,
): Promise<undefined> {
  const values: string[] = [];
  for (const arg of args) {
    const { value, type } = await evaluate(arg, frame, context);
    values.push(value === null ? '<NULL>' : output(value, type));
  }
  let at = 0;
  const message = format.replace(/%%|%/g, (mark) => (mark === '%%' ? '%' : (values[at++] ?? '')));
  const details = { context: `PL/pgSQL function ${where} line ${line} at RAISE` };
  const place = 'pl_exec.c:3891:exec_stmt_raise';
  if (level === 'exception') throw new PgError('P0001', message, place, details);
  if (level === 'notice' || level === 'warning' || level === 'info') {
    context.hold(message.length + 200);
    context.session.notices.push({
      severity: level.toUpperCase() as 'NOTICE' | 'WARNING' | 'INFO',
      code: level === 'warning' ? '01000' : '00000',
      message,
      place,
      details,
    });
  }
  return undefined;
}
