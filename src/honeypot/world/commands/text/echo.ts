/** echo, printf and test as programs; in scripts they are nearly always the shell's own. */
import { echoText } from '../../shell/builtins/echo.ts';
import { formatted } from '../../shell/builtins/format.ts';
import { now } from '../../world.ts';
import { misuse } from '../options.ts';
import { quoteWord } from '../quote.ts';
import { complain, type Tool } from '../tool.ts';

export const echo: Tool = async (run) => {
  const args = run.args.slice(1);
  let [hasNewline, hasEscapes] = [true, false];
  while (/^-[neE]+$/.test(args[0] ?? '')) {
    for (const letter of args.shift()!.slice(1)) {
      if (letter === 'n') hasNewline = false;
      else hasEscapes = letter === 'e';
    }
  }
  const text = args.join(' ');
  const said = hasEscapes ? echoText(text, false) : { text, isCut: false };
  await run.stdout.write(said.text + (hasNewline && !said.isCut ? '\n' : ''));
  return 0;
};

export const printf: Tool = async (run, flavour) => {
  const [format, ...args] = run.args.slice(run.args[1] === '--' ? 2 : 1);
  if (format === undefined) throw misuse(run, flavour, {}, flavour === 'gnu' ? 'missing operand' : '');
  const { text, problems } = formatted(format, args, {
    dialect: flavour === 'gnu' ? 'dash' : 'ash',
    now: now(run.world),
  });
  await run.stdout.write(text);
  for (const problem of problems) {
    const said =
      problem.kind === 'directive'
        ? `${problem.text}: invalid conversion specification`
        : `${quoteWord(run, problem.text)}: ${problem.isCut ? 'value not completely converted' : 'expected a numeric value'}`;
    await complain(run, said);
  }
  return problems.length === 0 ? 0 : 1;
};

/** A shell has it built in, and is asked. */
export const test: Tool = (run) => {
  const name = run.args[0]?.endsWith('[') ? '[' : 'test';
  return run.exec(['/bin/sh', '-c', `${name} "$@"`, name, ...run.args.slice(1)]);
};
