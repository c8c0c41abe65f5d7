/** LIKE, and regular expressions; both in linear time. */
import { posixRegex, RegexFault } from '../../world/commands/regex.ts';
import { PgError } from '../failure.ts';

/** Steps of one match. */
const maxSteps = 500_000;

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

/** Characters of a text that is searched. */
const maxText = 100_000;

/** @throws RegexFault */
function compiled(pattern: string, ignoresCase: boolean): ReturnType<typeof posixRegex> {
  const bare = pattern.replace(/^\*\*\*[:=]/, '');
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
    return regex.exec(text.slice(0, maxText))?.groups;
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
    const subject = text.slice(0, maxText);
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
      if (!all || made.length > maxText) break;
    }
    return made + subject.slice(at);
  } catch (error) {
    throw faultOf(error);
  }
}
