/** Assignments: what stands on their right side, and where it goes. */
import { evaluate } from './expansion/arithmetic.ts';
import { expandText, expandWords } from './expansion/expand.ts';
import { keyOf } from './expansion/parameter.ts';
import { assign, nextIndex, scopeOf } from './expansion/scope.ts';
import { Failure } from './failure.ts';
import type { Shell } from './shell.ts';
import type { Assignment, Element } from './syntax/syntax.ts';
import { shownAssignment } from './trace.ts';

/** One whose right side is expanded. */
export interface Assigned {
  readonly name: string;
  /** Of a variable that is no array; what a program gets in its environment. */
  readonly text?: string;
  /** As `set -x` shows it. */
  readonly shown: string;
  readonly apply: (shell: Shell) => void;
}

export async function evaluateAssignment(shell: Shell, assignment: Assignment): Promise<Assigned> {
  const { name, index, isAppended, value, elements } = assignment;
  if (elements !== undefined) return evaluateElements(shell, assignment, elements);
  const text = await expandText(shell, value, 'assignment');
  if (index === undefined)
    return {
      name,
      text: isAppended ? (shell.variables.get(name) ?? '') + text : text,
      shown: shownAssignment(shell, name, text, isAppended),
      apply: (to) => assign(to, name, isAppended ? joined(to, name, to.variables.get(name), text) : text),
    };
  const key = await keyOf(shell, name, index);
  return {
    name,
    shown: shownAssignment(shell, `${name}[${key}]`, text, isAppended),
    apply(to) {
      const place = to.variables.isKeyed(name) ? key : placeOf(to, name, Number(key));
      const before = to.variables.find(name)?.value;
      const old = typeof before === 'object' ? before.map.get(place) : place === 0 ? before : undefined;
      to.variables.setElement(name, place, isAppended ? joined(to, name, old, text) : text);
    },
  };
}

export function assignAll(shell: Shell, assigned: readonly Assigned[]): void {
  for (const each of assigned) each.apply(shell);
}

/** `+=` adds to what `declare -i` made a number. */
function joined(shell: Shell, name: string, before = '', text: string): string {
  if (!shell.variables.find(name)?.isInteger) return before + text;
  return String(evaluate(before || '0', scopeOf(shell)) + evaluate(text, scopeOf(shell)));
}

/** Indices below zero count from the end. */
function placeOf(shell: Shell, name: string, index: number): number {
  const place = index < 0 ? index + nextIndex(shell, name) : index;
  if (place < 0) throw new Failure(`${name}[${index}]: bad array subscript`);
  return place;
}

async function evaluateElements(
  shell: Shell,
  { name, isAppended }: Assignment,
  elements: readonly Element[],
): Promise<Assigned> {
  const isKeyed = shell.variables.isKeyed(name);
  const entries: [number | string, string][] = [];
  let next = isAppended ? nextIndex(shell, name) : 0;
  const shown: string[] = [];
  for (const { key, value } of elements) {
    if (key !== undefined) {
      const place = await keyOf(shell, name, key);
      const text = await expandText(shell, value);
      entries.push([isKeyed ? place : Number(place), text]);
      next = Number(place) + 1;
      shown.push(`[${place}]=${text}`);
      continue;
    }
    const texts = await expandWords(shell, [value]);
    for (const text of texts) entries.push([next++, text]);
    shown.push(...texts);
    await shell.work(texts.length);
  }
  return {
    name,
    shown: `${name}${isAppended ? '+' : ''}=(${shown.join(' ')})`,
    apply(to) {
      if (isAppended) for (const [key, text] of entries) to.variables.setElement(name, key, text);
      else to.variables.setElements(name, isKeyed ? paired(entries) : entries, isKeyed);
    },
  };
}

/** `declare -A x=(a 1 b 2)`: keys and values by turns, where no key was written. */
function paired(entries: readonly (readonly [number | string, string])[]): [string, string][] {
  const pairs: [string, string][] = [];
  const bare: string[] = [];
  for (const [key, text] of entries) {
    if (typeof key === 'string') pairs.push([key, text]);
    else bare.push(text);
  }
  for (let at = 0; at < bare.length; at += 2) pairs.push([bare[at]!, bare[at + 1] ?? '']);
  return pairs;
}
