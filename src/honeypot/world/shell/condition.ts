/** Evaluates what stands between `[[` and `]]`. */
import { RE2JS } from 're2js';
import { compareFiles, compareNumbers, testUnary } from './builtins/file-test.ts';
import { evaluate } from './expansion/arithmetic.ts';
import { expandMarked, expandPattern, expandText } from './expansion/expand.ts';
import { compile, matches } from './expansion/pattern.ts';
import { scopeOf } from './expansion/scope.ts';
import { quotedWord } from './quoting.ts';
import type { Shell } from './shell.ts';
import type { Condition } from './syntax/syntax.ts';
import { traceText } from './trace.ts';

/** Characters that a regular expression, and what it is held against, may have. */
const longestPattern = 4096;
const longestText = 65_536;

/** @returns 0 for true, 1 for false, 2 for what is no regular expression */
export async function evaluateCondition(shell: Shell, condition: Condition): Promise<number> {
  await shell.work(5);
  switch (condition.kind) {
    case 'not': {
      const status = await evaluateCondition(shell, condition.operand);
      return status > 1 ? status : 1 - status;
    }
    case 'and':
    case 'or': {
      const left = await evaluateCondition(shell, condition.left);
      const isDecided = condition.kind === 'and' ? left !== 0 : left === 0;
      return isDecided ? left : evaluateCondition(shell, condition.right);
    }
    case 'unary': {
      const operand = await expandText(shell, condition.operand);
      if (shell.has('xtrace')) await traceText(shell, `[[ ${condition.operator} ${quotedWord(operand)} ]]`);
      return exitCode(testUnary(shell, condition.operator, operand));
    }
    case 'binary':
      return evaluateBinary(shell, condition);
  }
}

function exitCode(value: boolean): number {
  return value ? 0 : 1;
}

async function evaluateBinary(shell: Shell, condition: Condition & { kind: 'binary' }): Promise<number> {
  const { operator } = condition;
  const left = await expandText(shell, condition.left);
  const trace = async (right: string): Promise<void> => {
    if (shell.has('xtrace')) await traceText(shell, `[[ ${quotedWord(left)} ${operator} ${right} ]]`);
  };
  switch (operator) {
    case '=':
    case '==':
    case '!=': {
      const pattern = await expandPattern(shell, condition.right);
      await trace(pattern);
      await shell.work(left.length >> 3);
      const ignoresCase = shell.shopts.has('nocasematch');
      const fold = (text: string): string => (ignoresCase ? text.toLowerCase() : text);
      return exitCode(matches(compile(fold(pattern), true), fold(left)) === (operator !== '!='));
    }
    case '=~': {
      const source = await expandMarked(shell, condition.right, RE2JS.quote);
      await trace(source);
      return matchExpression(shell, left, source);
    }
    default: {
      const right = await expandText(shell, condition.right);
      await trace(quotedWord(right));
      if (operator === '<' || operator === '>')
        return exitCode(operator === '<' ? left < right : left > right);
      if (/^-[no]t$|^-ef$/.test(operator)) return exitCode(compareFiles(shell, left, operator, right));
      const scope = scopeOf(shell);
      return exitCode(compareNumbers(evaluate(left, scope), operator, evaluate(right, scope)));
    }
  }
}

/** As an extended regular expression of POSIX; the groups are left in BASH_REMATCH. */
async function matchExpression(shell: Shell, text: string, source: string): Promise<number> {
  if (source.length > longestPattern || text.length > longestText) return 1;
  await shell.work(100 + text.length + source.length);
  let groups: string[] | undefined;
  try {
    const matcher = RE2JS.compile(source, RE2JS.DOTALL).matcher(text);
    if (matcher.find())
      groups = Array.from({ length: matcher.groupCount() + 1 }, (_, index) => matcher.group(index) ?? '');
  } catch {
    return 2;
  }
  shell.variables.setElements('BASH_REMATCH', (groups ?? []).entries(), false);
  return exitCode(groups !== undefined);
}
