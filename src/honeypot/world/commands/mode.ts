/** Permissions: as `ls` shows them, and as `chmod` and `mkdir -m` are told them. */
import type { Node } from '../files/node.ts';

/** `drwxr-xr-x`. */
export function modeText(node: Node): string {
  const { mode } = node;
  let text = kindLetter(node);
  for (const [shift, special, letter] of [
    [6, 0o4000, 's'],
    [3, 0o2000, 's'],
    [0, 0o1000, 't'],
  ] as const) {
    const bits = mode >> shift;
    text += bits & 4 ? 'r' : '-';
    text += bits & 2 ? 'w' : '-';
    const isRun = (bits & 1) !== 0;
    text += mode & special ? (isRun ? letter : letter.toUpperCase()) : isRun ? 'x' : '-';
  }
  return text;
}

export function kindLetter(node: Node): string {
  if (node.kind === 'directory') return 'd';
  if (node.kind === 'link') return 'l';
  if (node.device === undefined) return '-';
  if (node.device.socket) return 's';
  return node.device.block ? 'b' : 'c';
}

/**
 * The mode after a change such as `755`, `u+x,go-w` or `a=rX`.
 * @param umask bits that a change for nobody in particular leaves alone
 * @returns undefined where the text is no mode
 */
export function changedMode(
  text: string,
  mode: number,
  isDirectory: boolean,
  umask = 0o022,
): number | undefined {
  if (/^[0-7]{1,5}$/.test(text)) {
    const value = Number.parseInt(text, 8);
    if (value > 0o7777) return undefined;
    // A directory keeps its special bits unless they are written out.
    return isDirectory && text.length < 5 ? value | (mode & 0o6000) : value;
  }
  let result = mode;
  for (const clause of text.split(',')) {
    const match = /^([ugoa]*)((?:[-+=](?:[ugo]|[rwxXst]*))+)$/.exec(clause);
    if (match === null) return undefined;
    const [, who = '', actions = ''] = match;
    for (const [, operator, what = ''] of actions.matchAll(/([-+=])([ugo]|[rwxXst]*)/g))
      result = applied(result, who, operator!, what, isDirectory, umask);
  }
  return result;
}

function applied(
  mode: number,
  who: string,
  operator: string,
  what: string,
  isDirectory: boolean,
  umask: number,
): number {
  const all = who === '' || who.includes('a');
  let [bits, scope] = [0, 0];
  const copied = /^[ugo]$/.test(what) ? (mode >> shiftOf(what)) & 7 : undefined;
  for (const one of all ? 'ugo' : who) {
    const shift = shiftOf(one);
    scope |= 7 << shift;
    if (copied !== undefined) bits |= copied << shift;
    for (const letter of copied === undefined ? what : '') {
      if (letter === 'r') bits |= 4 << shift;
      else if (letter === 'w') bits |= 2 << shift;
      else if (letter === 'x' || (letter === 'X' && (isDirectory || (mode & 0o111) !== 0)))
        bits |= 1 << shift;
      else if (letter === 's') bits |= one === 'u' ? 0o4000 : one === 'g' ? 0o2000 : 0;
    }
    scope |= one === 'u' ? 0o4000 : one === 'g' ? 0o2000 : 0;
  }
  if (what.includes('t') && (all || who.includes('o'))) bits |= 0o1000;
  if (all || who.includes('o')) scope |= 0o1000;
  // Nobody in particular: what the umask forbids stays as it is.
  if (who === '') bits &= ~umask;
  if (operator === '+') return mode | bits;
  if (operator === '-') return mode & ~bits;
  return (mode & ~(isDirectory ? scope & ~0o6000 : scope)) | bits;
}

function shiftOf(who: string): number {
  return who === 'u' ? 6 : who === 'g' ? 3 : 0;
}
