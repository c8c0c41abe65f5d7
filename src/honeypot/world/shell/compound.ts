/** Runs compound commands: branches, loops, cases. */
import { evaluateCondition } from './condition.ts';
import { runList } from './execute.ts';
import { expandArithmetic, expandPattern, expandText, expandWords } from './expansion/expand.ts';
import { compile, matches } from './expansion/pattern.ts';
import { assign } from './expansion/scope.ts';
import { Failure } from './failure.ts';
import { chooseFrom } from './select.ts';
import type { Shell } from './shell.ts';
import { runSubshell } from './subshell.ts';
import { isOneCommand } from './substitution.ts';
import type { CaseItem, Compound, List, Word } from './syntax/syntax.ts';
import { traceText } from './trace.ts';

/** Iterations of a loop that sleeps where sleeping takes no time. */
const mostSleepyIterations = 200;

export async function runCompound(shell: Shell, command: Compound): Promise<void> {
  switch (command.kind) {
    case 'group':
      return runList(shell, command.body);
    case 'subshell':
      return runParenthesis(shell, command.body);
    case 'if':
      return runIf(shell, command);
    case 'while':
      return runLoop(shell, command.body, async () => {
        await runTested(shell, command.condition);
        return (shell.status === 0) !== command.isUntil;
      });
    case 'for':
      return runFor(shell, command);
    case 'select':
      return chooseFrom(shell, command.name, await wordsOf(shell, command.words), command.body);
    case 'count':
      return runCount(shell, command);
    case 'case':
      return runCase(shell, command);
    case 'arithmetic':
      return runArithmetic(shell, command.expression);
    case 'conditional':
      shell.status = await evaluateCondition(shell, command.condition);
  }
}

/** bash goes on after an error here. */
async function runArithmetic(shell: Shell, expression: Word): Promise<void> {
  if (shell.has('xtrace')) await traceText(shell, `(( ${await expandText(shell, expression, 'none')} ))`);
  try {
    shell.status = (await expandArithmetic(shell, expression)) === 0n ? 1 : 0;
  } catch (error) {
    if (!(error instanceof Failure) || error.isFinal) throw error;
    if (!error.isReported) await shell.complain(error.message, '((');
    shell.status = 1;
  }
}

async function runParenthesis(shell: Shell, body: List): Promise<void> {
  const child = shell.fork();
  child.isReplaceable = isOneCommand(body);
  shell.status = await runSubshell(child, () => runList(child, body));
  shell.life.check();
}

/** Whose failure is looked at. */
async function runTested(shell: Shell, list: List): Promise<void> {
  shell.tested += 1;
  try {
    await runList(shell, list);
  } finally {
    shell.tested -= 1;
  }
}

async function runIf(shell: Shell, { branches, otherwise }: Compound & { kind: 'if' }): Promise<void> {
  for (const { condition, body } of branches) {
    await runTested(shell, condition);
    if (shell.jump !== undefined) return;
    if (shell.status === 0) return runList(shell, body);
  }
  shell.status = 0;
  if (otherwise !== undefined) await runList(shell, otherwise);
}

/** @param goesOn decides before each turn */
export async function runLoop(shell: Shell, body: List, goesOn: () => Promise<boolean>): Promise<void> {
  let status = 0;
  let sleepy = 0;
  shell.loops += 1;
  try {
    for (;;) {
      await shell.work(5);
      const { sleeps, isSkipping } = shell.kernel;
      const isWanted = await goesOn();
      if (leavesLoop(shell)) break;
      if (!isWanted) break;
      await runList(shell, body);
      status = shell.status;
      if (leavesLoop(shell)) break;
      if (isSkipping && shell.kernel.sleeps > sleeps) sleepy += 1;
      if (sleepy >= mostSleepyIterations) break;
    }
  } finally {
    shell.loops -= 1;
  }
  shell.status = status;
}

/** Takes a jump that ends here, or one that goes on here. */
function leavesLoop(shell: Shell): boolean {
  const { jump } = shell;
  if (jump === undefined) return false;
  if (jump.kind !== 'break' && jump.kind !== 'continue') return true;
  if (jump.levels > 1) {
    shell.jump = { ...jump, levels: jump.levels - 1 };
    return true;
  }
  shell.jump = undefined;
  return jump.kind === 'break';
}

async function wordsOf(shell: Shell, words: readonly Word[] | undefined): Promise<readonly string[]> {
  return words === undefined ? [...shell.parameters] : expandWords(shell, words);
}

type Words = Compound & { readonly kind: 'for' | 'select' };

const goodName = /^[A-Za-z_]\w*$/;

async function runFor(shell: Shell, { name, words, source, body, line }: Words): Promise<void> {
  if (!goodName.test(name)) throw new Failure(`\`${name}': not a valid identifier`);
  const values = (await wordsOf(shell, words)).values();
  await runLoop(shell, body, async () => {
    const { value, done } = values.next();
    if (done) return false;
    shell.line = line;
    if (shell.has('xtrace') && shell.dialect.isBash) await traceText(shell, `for ${name} in ${source}`);
    assign(shell, name, value);
    return true;
  });
}

async function runCount(shell: Shell, { head, body }: Compound & { kind: 'count' }): Promise<void> {
  const [start, condition, step] = head;
  let isFirst = true;
  await expandArithmetic(shell, start);
  await runLoop(shell, body, async () => {
    if (!isFirst) await expandArithmetic(shell, step);
    isFirst = false;
    return isBlank(condition) || (await expandArithmetic(shell, condition)) !== 0n;
  });
}

function isBlank(word: Word): boolean {
  return word.every((part) => part.kind === 'text' && part.text.trim() === '');
}

async function runCase(shell: Shell, { subject, source, items }: Compound & { kind: 'case' }): Promise<void> {
  const text = await expandText(shell, subject);
  if (shell.has('xtrace') && shell.dialect.isBash) await traceText(shell, `case ${source} in`);
  shell.status = 0;
  let falls = false;
  for (const item of items) {
    if (!falls && !(await isChosen(shell, text, item))) continue;
    await runList(shell, item.body);
    if (item.end === ';;' || shell.jump !== undefined) return;
    falls = item.end === ';&';
  }
}

async function isChosen(shell: Shell, text: string, { patterns }: CaseItem): Promise<boolean> {
  for (const pattern of patterns) {
    const compiled = compile(await expandPattern(shell, pattern), shell.shopts.has('extglob'));
    if (matches(compiled, text)) return true;
  }
  return false;
}
