/**
 * Patterns of KEYS, SCAN, PSUBSCRIBE and CONFIG GET: `*`, `?`, `[a-z]`, `[^x]`, `\` before what is meant itself. Never in
 * more time than pattern times text, and with a bound for all texts that one command matches.
 */

/** Characters that are looked at; some milliseconds. What is beyond does not match. */
const maxSteps = 2_000_000;

/** @returns whether a text is as the pattern says; for the texts of one command */
export function matcher(
  pattern: string,
  { ignoresCase = false, most = maxSteps } = {},
): (text: string) => boolean {
  let steps = most;
  const p = ignoresCase ? pattern.toLowerCase() : pattern;

  function matches(t: string): boolean {
    let [at, i] = [0, 0];
    /** Behind the last star, and what it took so far. */
    let [star, taken] = [-1, 0];
    while (steps > 0) {
      steps -= 1;
      if (p[at] === '*') {
        at += 1;
        if (at === p.length) return true;
        [star, taken] = [at, i];
        continue;
      }
      if (i >= t.length) return at >= p.length;
      const next = at < p.length ? matchOne(at, t[i]!) : undefined;
      if (next !== undefined) {
        at = next;
        i += 1;
      } else if (star >= 0) {
        taken += 1;
        [at, i] = [star, taken];
      } else return false;
    }
    return false;
  }

  /** @returns where the pattern goes on, if what it has here is the character */
  function matchOne(at: number, char: string): number | undefined {
    switch (p[at]) {
      case '?':
        return at + 1;
      case '[':
        return matchClass(at + 1, char);
      case '\\':
        if (at + 1 < p.length) return p[at + 1] === char ? at + 2 : undefined;
        return char === '\\' ? at + 1 : undefined;
      default:
        return p[at] === char ? at + 1 : undefined;
    }
  }

  function matchClass(from: number, char: string): number | undefined {
    const isNegated = p[from] === '^';
    let at = isNegated ? from + 1 : from;
    let isIn = false;
    for (; at < p.length && p[at] !== ']'; at += 1, steps -= 1) {
      if (p[at] === '\\' && at + 1 < p.length) {
        at += 1;
        isIn ||= p[at] === char;
      } else if (p[at + 1] === '-' && at + 2 < p.length) {
        const [low, high] = [p[at]!, p[at + 2]!].sort() as [string, string];
        isIn ||= char >= low && char <= high;
        at += 2;
      } else isIn ||= p[at] === char;
    }
    return isIn !== isNegated ? Math.min(at + 1, p.length) : undefined;
  }

  return (text) => matches(ignoresCase ? text.toLowerCase() : text);
}
