/** How a name resembles another one closely enough to be taken for it. */

export type Resemblance = 'homoglyph' | 'separator' | 'affix' | 'typo' | 'distant-typo';

/** Names that are near an official one and mean something else. */
const ownWords: ReadonlySet<string> = new Set(
  'shift store mango sold marina alpina nodes goland sparks rusty'.split(' '),
);

/** Words that pretend to be the real thing without changing the name. */
const affix = /^(?:official|real|original|the)[-_.]?|[-_.]?(?:official|latest|original|verified)$/g;

/**
 * @returns how `name` resembles `target`, the surest way first; `undefined` when it is the same or another name.
 * Short names (under five characters) are only compared by look and by swapped letters: most of their
 * neighbours are words.
 */
export function resemblance(name: string, target: string): Resemblance | undefined {
  if (name === target || ownWords.has(name)) return undefined;
  if (withoutSeparators(name) === withoutSeparators(target)) return 'separator';
  if (target.length >= 4 && skeleton(name) === skeleton(target)) return 'homoglyph';
  if (name.replace(affix, '') === target) return 'affix';
  if (target.length < 4 || Math.abs(name.length - target.length) > 2) return undefined;
  if (isSwap(name, target)) return 'typo';
  // Those who mistype rarely miss the first letter, and words that differ there are other words.
  if (target.length < 5 || name[0] !== target[0]) return undefined;
  const most = target.length >= 8 ? 2 : 1;
  const distance = editDistance(name, target, most);
  return distance > most ? undefined : distance === 1 ? 'typo' : 'distant-typo';
}

/** What the eye sees: look-alike characters made equal. Repository names are ASCII, so these are all there are. */
export function skeleton(name: string): string {
  return withoutSeparators(name)
    .replaceAll('rn', 'm')
    .replaceAll('vv', 'w')
    .replaceAll('cl', 'd')
    .replaceAll('0', 'o')
    .replace(/[1i]/g, 'l')
    .replaceAll('5', 's')
    .replaceAll('3', 'e');
}

function withoutSeparators(name: string): string {
  return name.replace(/[-_.]/g, '');
}

/** Two neighbouring letters exchanged, all else equal. */
function isSwap(name: string, target: string): boolean {
  if (name.length !== target.length) return false;
  let at = 0;
  while (at < name.length && name[at] === target[at]) at++;
  return (
    name[at] === target[at + 1] && name[at + 1] === target[at] && name.slice(at + 2) === target.slice(at + 2)
  );
}

/**
 * Damerau–Levenshtein distance with adjacent swaps (optimal string alignment).
 * @returns the distance, or `most + 1` for anything beyond `most`
 */
export function editDistance(a: string, b: string, most: number): number {
  if (Math.abs(a.length - b.length) > most) return most + 1;
  let before: number[] = [];
  let above = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const same = a[row - 1] === b[column - 1];
      let cost = Math.min(
        (above[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (above[column - 1] ?? 0) + (same ? 0 : 1),
      );
      const swapped = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      if (swapped) cost = Math.min(cost, (before[column - 2] ?? 0) + 1);
      current.push(cost);
    }
    if (Math.min(...current) > most) return most + 1;
    before = above;
    above = current;
  }
  return Math.min(above[b.length] ?? 0, most + 1);
}
