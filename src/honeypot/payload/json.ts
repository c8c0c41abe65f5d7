/** What JSON holds that runs: the body that creates a container, a pod, a task; and every text in it. */
import type { Piece } from './piece.ts';

/** Values that are looked at, and how deep they may lie. */
const limits = { values: 5000, depth: 30 } as const;

/** @returns `undefined` for text that is no JSON object or list */
export function piecesOfJson(text: string): readonly Piece[] | undefined {
  if (!/^\s{0,100}[{[]/.test(text)) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  const pieces: Piece[] = [];
  let left: number = limits.values;
  visit(value, 0);
  return pieces;

  function visit(one: unknown, depth: number): void {
    if (left-- <= 0 || depth > limits.depth) return;
    if (typeof one === 'string') {
      if (mayTell.test(one)) pieces.push({ kind: 'value', text: one });
    } else if (Array.isArray(one)) for (const element of one) visit(element, depth + 1);
    else if (typeof one === 'object' && one !== null)
      visitObject(one as Readonly<Record<string, unknown>>, depth);
  }

  function visitObject(one: Readonly<Record<string, unknown>>, depth: number): void {
    const words = [...wordsOf(one, entrypoints), ...wordsOf(one, commands)];
    if (words.length > 0) pieces.push({ kind: 'arguments', words });
    for (const [key, value] of Object.entries(one)) {
      if (typeof value === 'string' && imageKey.test(key)) pieces.push({ kind: 'image', name: value });
      else if (typeof value === 'string' && shellKeys.has(key)) pieces.push({ kind: 'shell', text: value });
      else if (!isList(value) || !argumentKeys.has(key)) visit(value, depth + 1);
    }
  }
}

/** A text without any of these is a name or a number, and no command, URL, endpoint or wallet. */
const mayTell = /\s|:\/\/|%[\da-fA-F]{2}|\$\{|[;|`]|\.[\w-]{1,63}:\d{2,5}$|^[\w:]{26,}/;

/** Docker's `Entrypoint` and `Cmd`, Kubernetes' `command` and `args`: both make one argument list. */
const entrypoints: readonly string[] = ['Entrypoint', 'entrypoint', 'command'];
const commands: readonly string[] = ['Cmd', 'cmd', 'args'];
const argumentKeys: ReadonlySet<string> = new Set([...entrypoints, ...commands]);
/** The same where it is one text. */
const shellKeys: ReadonlySet<string> = new Set([...argumentKeys, 'script', 'shell']);
const imageKey = /^(?:image|fromImage)$/i;

function wordsOf(one: Readonly<Record<string, unknown>>, keys: readonly string[]): readonly string[] {
  for (const key of keys) {
    const value = one[key];
    if (isList(value) && value.length > 0) return value;
  }
  return [];
}

function isList(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((word) => typeof word === 'string');
}
