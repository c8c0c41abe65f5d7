/** What grep looks for in a line. */
import type { Run } from '../../program.ts';
import type { Options } from '../options.ts';
import { posixRegex, type Regex, RegexFault } from '../regex.ts';
import { fault, shortNameOf } from '../tool.ts';

/** Finds in a line from a place on. */
export interface Matcher {
  find(line: string, from: number): { readonly index: number; readonly end: number } | undefined;
}

export function matcherOf(run: Run, options: Options, patterns: readonly string[]): Matcher {
  const name = shortNameOf(run);
  const kind = options.given.findLast(([one]) => 'EFGP'.includes(one))?.[0];
  const isFixed = kind === 'F' || (kind === undefined && name === 'fgrep');
  const isExtended = kind === 'E' || kind === 'P' || (kind === undefined && name === 'egrep');
  const ignoresCase = options.has('i', 'y');
  const isPlain = patterns.every((pattern) => isFixed || !/[\\.[\]*^$+?(){}|]/.test(pattern));
  const finders =
    isPlain && !ignoresCase
      ? patterns.map(
          (pattern): Matcher => ({ find: (line, from) => at(line.indexOf(pattern, from), pattern.length) }),
        )
      : patterns.map((pattern) =>
          regexMatcher(
            run,
            isFixed ? escaped(pattern, isExtended) : kind === 'P' ? withoutPerl(pattern) : pattern,
            isExtended,
            ignoresCase,
          ),
        );
  const any: Matcher = {
    find(line, from) {
      let best: { readonly index: number; readonly end: number } | undefined;
      for (const finder of finders) {
        const found = finder.find(line, from);
        if (found === undefined) continue;
        if (
          best === undefined ||
          found.index < best.index ||
          (found.index === best.index && found.end > best.end)
        )
          best = found;
      }
      return best;
    },
  };
  if (options.has('x'))
    return {
      find: (line) => finders.map((finder) => wholeLine(finder, line)).find((found) => found !== undefined),
    };
  return options.has('w') ? wordMatcher(any) : any;
}

function wholeLine(
  finder: Matcher,
  line: string,
): { readonly index: number; readonly end: number } | undefined {
  const found = finder.find(line, 0);
  return found?.index === 0 && found.end === line.length ? found : undefined;
}

function at(index: number, length: number): { readonly index: number; readonly end: number } | undefined {
  return index < 0 ? undefined : { index, end: index + length };
}

function escaped(text: string, isExtended: boolean): string {
  return text.replace(isExtended ? /[\\.[\]*^$+?(){}|]/g : /[\\.[\]*^$]/g, '\\$&');
}

/** What of Perl's syntax RE2 has, in the words of extended expressions. */
function withoutPerl(pattern: string): string {
  return pattern
    .replace(/\\d/g, '[0-9]')
    .replace(/\\D/g, '[^0-9]')
    .replace(/\\h/g, '[ \\t]')
    .replace(/\(\?:/g, '(')
    .replace(/([*+?}])\?/g, '$1')
    .replace(/\\K/g, '');
}

function regexMatcher(run: Run, pattern: string, isExtended: boolean, ignoresCase: boolean): Matcher {
  let regex: Regex;
  try {
    regex = posixRegex(pattern, { isExtended, ignoresCase });
  } catch (error) {
    // grep's own parser is the first to look at brackets.
    if (error instanceof RegexFault)
      throw fault(run, /^Unmatched \[/.test(error.message) ? 'Invalid regular expression' : error.message, 2);
    throw error;
  }
  return { find: (line, from) => (from === 0 && !regex.test(line) ? undefined : regex.exec(line, from)) };
}

/** Matches between characters that are no part of words; shorter ones are tried, as GNU does. */
function wordMatcher(matcher: Matcher): Matcher {
  const isWord = (char: string | undefined): boolean => char !== undefined && /[0-9A-Za-z_]/.test(char);
  return {
    find(line, from) {
      for (let start = from; start <= line.length; ) {
        const found = matcher.find(line, start);
        if (found === undefined) return undefined;
        if (!isWord(line[found.index - 1]) && !isWord(line[found.end]) && found.end > found.index)
          return found;
        start = found.index + 1;
      }
      return undefined;
    },
  };
}
