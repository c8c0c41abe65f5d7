/** `printf`. */
import { now } from '../../world.ts';
import { assignNamed } from '../expansion/scope.ts';
import type { Call } from './builtin.ts';
import { fail } from './builtin.ts';
import { type Formatted, formatted } from './format.ts';

export async function printf(call: Call): Promise<number> {
  const { shell } = call;
  const { isBash } = shell.dialect;
  const into = isBash && call.args[0] === '-v' ? call.args[1] : undefined;
  const given = into === undefined ? call.args : call.args.slice(2);
  const [format, ...args] = given[0] === '--' ? given.slice(1) : given;
  if (format === undefined) return usage(call);
  if (isBash && format.startsWith('-') && format.length > 1 && given[0] !== '--')
    return badOption(call, format);
  await shell.work(format.length + args.length);
  const result = formatted(format, args, { dialect: shell.dialect.name, now: now(shell.world) });
  // The others write as they go, and say at once what is wrong.
  if (into === undefined && isBash) await complain(call, result);
  if (into !== undefined) assignNamed(shell, into, result.text);
  else await shell.write(1, result.text);
  if (!isBash) await complain(call, result);
  return exitCode(call, result);
}

function exitCode({ shell }: Call, { problems }: Formatted): number {
  if (problems.length === 0) return 0;
  const isDirective = problems.some(({ kind }) => kind === 'directive');
  return isDirective && shell.dialect.name === 'dash' ? 2 : 1;
}

async function complain(call: Call, { problems }: Formatted): Promise<void> {
  for (const problem of problems) await call.shell.complainAsProgram(wordingOf(call, problem), call.name);
}

function wordingOf({ shell }: Call, problem: Formatted['problems'][number]): string {
  const { name } = shell.dialect;
  if (problem.kind === 'directive') {
    if (name === 'ash') return `${problem.isMissing ? '%' : problem.rest}: invalid format`;
    if (name === 'dash') return `${problem.text}: invalid directive`;
    const character = problem.isMissing ? '' : problem.text.slice(-1);
    return problem.isMissing
      ? `\`${problem.text}': missing format character`
      : `\`${character}': invalid format character`;
  }
  if (name === 'ash') return `invalid number '${problem.text}'`;
  if (name === 'bash') return `${problem.text}: invalid number`;
  return `${problem.text}: ${problem.isCut ? 'not completely converted' : 'expected numeric value'}`;
}

async function usage(call: Call): Promise<number> {
  const { shell } = call;
  switch (shell.dialect.name) {
    case 'bash':
      await shell.write(2, 'printf: usage: printf [-v var] format [arguments]\n');
      return 2;
    case 'dash':
      return fail(call, 'usage: printf format [arg ...]', 2);
    case 'ash':
      await shell.complainAsProgram('usage: printf FORMAT [ARGUMENT...]', call.name);
      return 2;
  }
}

async function badOption({ shell, name }: Call, option: string): Promise<number> {
  await shell.complain(`${option.slice(0, 2)}: invalid option`, name);
  await shell.write(2, 'printf: usage: printf [-v var] format [arguments]\n');
  return 2;
}
