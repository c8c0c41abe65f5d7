/** Replacing what a regular expression matches: what `s` of sed and `gsub` of awk share. */
import { Ended, type Run } from '../program.ts';
import type { Match, Regex } from './regex.ts';

export interface Replacing {
  /** All of them, or only one. */
  readonly isGlobal: boolean;
  /** The first that is replaced, counted from 1. */
  readonly first?: number;
  make(match: Match): string;
}

/** Longest result, in characters. */
const longest = 4 << 20;
const killed = 137;

/** @returns the text, and how many were replaced. @throws Ended where it grows beyond all measure */
export async function replaceMatches(
  run: Run,
  text: string,
  regex: Regex,
  { isGlobal, first = 1, make }: Replacing,
): Promise<{ readonly text: string; readonly count: number }> {
  let made = '';
  let [copied, from, seen, count] = [0, 0, 0, 0];
  let lastEnd = -1;
  while (from <= text.length) {
    const match = regex.exec(text, from);
    if (match === undefined) break;
    const isEmpty = match.end === match.index;
    from = isEmpty ? match.end + 1 : match.end;
    // An empty match right behind another one is none.
    if (isEmpty && match.index === lastEnd) continue;
    lastEnd = match.end;
    seen += 1;
    if (seen % 200 === 0) await run.work(400);
    if (seen < first) continue;
    count += 1;
    made += text.slice(copied, match.index) + make(match);
    copied = match.end;
    if (made.length > longest) throw new Ended(killed);
    if (!isGlobal) break;
  }
  return { text: made + text.slice(copied), count };
}
