/** The shell's variables as arithmetic sees them, and assignments with what `declare` said of a variable. */
import type { Shell } from '../shell.ts';
import { keysOf } from '../variables.ts';
import { evaluate, type Scope } from './arithmetic.ts';
import { unset } from './expand.ts';

export function scopeOf(shell: Shell): Scope {
  const { variables, dialect } = shell;
  return {
    dialect,
    value(name, index) {
      const text = index === undefined ? variables.get(name) : elementOf(shell, name, index);
      if (text === undefined && shell.has('nounset')) throw unset(shell, name);
      return text;
    },
    assign(name, index, value) {
      if (index === undefined) assign(shell, name, value);
      else variables.setElement(name, variables.isKeyed(name) ? index : Number(index), value);
    },
    isKeyed: (name) => variables.isKeyed(name),
  };
}

/** Sets a variable as its attributes want it. @throws Failure */
export function assign(shell: Shell, name: string, text: string): void {
  const { variables } = shell;
  const isInteger = variables.find(name)?.isInteger;
  variables.set(name, isInteger ? String(evaluate(text, scopeOf(shell))) : text);
  if (shell.has('allexport')) variables.declare(name, { isExported: true });
}

/** By what a builtin was given: a name, or one with an index. */
export function assignNamed(shell: Shell, target: string, text: string): void {
  const element = /^(\w+)\[([\s\S]*)\]$/.exec(target);
  if (element === null) {
    assign(shell, target, text);
    return;
  }
  const [, name = '', key = ''] = element;
  const { variables } = shell;
  variables.setElement(name, variables.isKeyed(name) ? key : Number(evaluate(key, scopeOf(shell))), text);
}

/** @param index of an array by number: that number, negative from its end */
export function elementOf(shell: Shell, name: string, index: string): string | undefined {
  const value = shell.variables.find(name)?.value;
  if (value === undefined) return undefined;
  if (typeof value === 'string') return index === '0' ? value : undefined;
  if (value.isKeyed) return value.map.get(index);
  const number = Number(index);
  return value.map.get(number < 0 ? number + nextIndex(shell, name) : number);
}

/** Behind the last element. */
export function nextIndex(shell: Shell, name: string): number {
  const value = shell.variables.find(name)?.value;
  if (value === undefined) return 0;
  return typeof value === 'string' ? 1 : Number(keysOf(value).at(-1) ?? -1) + 1;
}
