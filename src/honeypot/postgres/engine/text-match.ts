/** LIKE, and regular expressions; both in linear time. */
import { posixRegex, RegexFault } from '../../world/commands/regex.ts';
import { PgError } from '../failure.ts';

/** Steps of one match of LIKE. */
const maxSteps = 500_000;

/** What a match takes of a query's steps, at the worst. */
export function stepsOfLike(text: string, pattern: string): number {
  return pattern.includes('%') ? Math.min(text.length * pattern.length, maxSteps) / 100 : 0;
}

/** `%` is any text, `_` any character, `\` before what is meant itself. */
export function isLike(text: string, pattern: string, ignoresCase: boolean): boolean {
  const [t, p] = ignoresCase ? [text.toLowerCase(), pattern.toLowerCase()] : [text, pattern];
  let [at, i] = [0, 0];
  let [star, taken] = [-1, 0];
  for (let steps = 0; steps < maxSteps; steps += 1) {
    if (p[at] === '%') {
      at += 1;
      if (at === p.length) return true;
      [star, taken] = [at, i];
      continue;
    }
    if (i >= t.length) return at >= p.length;
    const isEscaped = p[at] === '\\' && at + 1 < p.length;
    const wanted = isEscaped ? p[at + 1] : p[at];
    if (at < p.length && ((p[at] === '_' && !isEscaped) || wanted === t[i])) {
      at += isEscaped ? 2 : 1;
      i += 1;
    } else if (star >= 0) {
      taken += 1;
      [at, i] = [star, taken];
    } else return false;
  }
  return false;
}

/** Characters of a text that is searched, and of one times what its pattern comes to. */
const most = { text: 50_000, product: 500_000 };

/** How large an expression is once its repetitions are written out, at the worst (RE2 takes a thousand). */
function sizeOf(pattern: string): number {
  let times = 1;
  for (const [, least, end] of pattern.matchAll(/\{(\d{0,4}),?(\d{0,4})\}/g))
    times = Math.min(1000, times * Math.max(1, Number(least), Number(end)));
  return Math.max(1, pattern.length * times);
}

/** As much of a text as is searched. */
function searched(text: string, pattern: string): string {
  return text.slice(0, Math.min(most.text, Math.ceil(most.product / sizeOf(pattern))));
}

/** What a search takes of a query's steps: a fifth of a microsecond for each character and state. */
export function stepsOfRegex(text: string, pattern: string): number {
  return 20 + (Math.min(text.length, most.text) * Math.min(sizeOf(pattern), most.product)) / 5;
}

/** What PostgreSQL adds to POSIX: classes of characters, and the ends of words. */
const escapes: Readonly<Record<string, string>> = {
  d: '[0-9]',
  D: '[^0-9]',
  y: '\\b',
  m: '\\<',
  M: '\\>',
};
const classes: Readonly<Record<string, string>> = { d: '[:digit:]', s: '[:space:]', w: '[:alnum:]_' };

function inPosix(pattern: string): string {
  return pattern.replace(/\[\^?\]?(?:\[[:.=][^\]]*\]|[^\]])*\]|\\[\s\S]/g, (part) =>
    part.startsWith('[')
      ? part.replace(/\\([dsw])/g, (_, letter: string) => classes[letter]!)
      : (escapes[part[1]!] ?? part),
  );
}

/** @throws RegexFault */
function compiled(pattern: string, ignoresCase: boolean): ReturnType<typeof posixRegex> {
  const bare = inPosix(pattern.replace(/^\*\*\*[:=]/, ''));
  if (/(?:^|[(|])[*+?]/.test(bare.replace(/\\./g, ''))) throw new RegexFault('quantifier operand invalid');
  return posixRegex(bare, { isExtended: true, ignoresCase });
}

/** In the words of PostgreSQL's own expressions (regerrs.h). */
const words: readonly (readonly [RegExp, string])[] = [
  [/^Unmatched .*\(|^Unmatched \)/, 'parentheses () not balanced'],
  [/^Unmatched \[/, 'brackets [] not balanced'],
  [/^Unmatched .*\{/, 'braces {} not balanced'],
  [/content of/, 'invalid repetition count(s)'],
  [/backslash/, 'invalid escape \\ sequence'],
  [/back reference/, 'invalid backreference number'],
  [/class name/, 'invalid character class'],
  [/range end/, 'invalid character range'],
  [/too big/, 'regular expression is too complex'],
];

function faultOf(error: unknown): unknown {
  if (!(error instanceof RegexFault)) return error;
  const what = words.find(([pattern]) => pattern.test(error.message))?.[1] ?? error.message;
  return new PgError('2201B', `invalid regular expression: ${what}`, 'regexp.c:207:RE_compile_and_cache');
}

/** @throws PgError */
export function searchRegex(
  text: string,
  pattern: string,
  ignoresCase: boolean,
): readonly (string | undefined)[] | undefined {
  try {
    const regex = compiled(pattern, ignoresCase);
    return regex.exec(searched(text, pattern))?.groups;
  } catch (error) {
    throw faultOf(error);
  }
}

/** @param all or only the first. @throws PgError */
export function replaceRegex(
  text: string,
  pattern: string,
  by: string,
  ignoresCase: boolean,
  all: boolean,
): string {
  try {
    const regex = compiled(pattern, ignoresCase);
    const subject = searched(text, pattern);
    let [made, at] = ['', 0];
    for (
      let found = regex.exec(subject, at);
      found !== undefined && at <= subject.length;
      found = regex.exec(subject, at)
    ) {
      made +=
        subject.slice(at, found.index) +
        by.replace(/\\([0-9&\\])/g, (_, mark: string) =>
          mark === '\\' ? '\\' : (found!.groups[mark === '&' ? 0 : Number(mark)] ?? ''),
        );
      at = found.end > found.index ? found.end : found.end + 1;
      if (found.end === found.index) made += subject[found.end] ?? '';
      if (!all || made.length > most.text) break;
    }
    return made + text.slice(at);
  } catch (error) {
    throw faultOf(error);
  }
}
