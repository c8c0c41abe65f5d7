/**
 * Functions that visitors made: in SQL, in PL/pgSQL, and in C, which is how they run commands. A library that they brought
 * counts as one whose functions take a line and run it.
 */
import { leftBy } from '../../../run-line.ts';
import type { Routine } from '../../database.ts';
import { runBlock, stepsToRead } from '../../procedure/run.ts';
import { parse } from '../../sql/statements.ts';
import { runStatement } from '../../statement/run.ts';
import { isText, type Value } from '../../types.ts';
import { input } from '../../values.ts';
import type { Context } from '../context.ts';
import type { Scope } from '../scope.ts';

export async function runRoutine(
  routine: Routine,
  values: readonly Value[],
  context: Context,
): Promise<Value> {
  const inner = context.inside(values);
  switch (routine.language) {
    case 'c':
      return runLibrary(routine, values, inner);
    case 'sql':
      return runSql(routine, values, inner);
    default:
      return runBlock(routine.body[0] ?? '', inner, routine, values);
  }
}

/** Arguments can be named in queries. */
export function argumentScope(args: Routine['args']): Scope {
  const columns = args.map(({ name, type }) => ({ table: undefined, name: name ?? '', type }));
  return { columns };
}

async function runLibrary(
  { name, returns, body }: Routine,
  values: readonly Value[],
  context: Context,
): Promise<Value> {
  const line = values.map((value) => (value === null ? '' : String(value))).join(' ');
  const ran = await context.server.runs(line);
  context.tell('program', {
    texts: [line.slice(0, 65_536)],
    commands: [line],
    notes: ran.notes,
    artefacts: leftBy(context.server.world, [ran]),
    attack: ['T1059.004', 'T1129'],
    data: {
      command: line.slice(0, 8000),
      by: `${name} of ${body[0] ?? ''}`.slice(0, 300),
      exitCode: ran.exitCode,
      output: ran.output.toString('utf8').slice(0, 4000),
    },
  });
  if (isText(returns)) return ran.output.toString('utf8').replaceAll('\0', '');
  return returns.category === 'N' ? input(String(ran.exitCode * 256), returns) : null;
}

async function runSql(routine: Routine, values: readonly Value[], context: Context): Promise<Value> {
  const { body, returns } = routine;
  const around = { scope: argumentScope(routine.args), environment: { row: values } };
  let last: Value = null;
  await context.step(stepsToRead(body[0] ?? ''));
  for (const parsed of parse(body[0] ?? '')) {
    const result = await runStatement(parsed, context, around);
    last = result.rows?.[0]?.[0] ?? null;
  }
  return returns.name === 'void' ? '' : last;
}
