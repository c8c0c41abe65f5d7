/** The tests of find that take an argument to understand. */
import { compile, matches } from '../../shell/expansion/pattern.ts';
import { changedMode } from '../mode.ts';
import { type Candidate, compared, type FindContext, FindFault } from './find-plan.ts';

type Test = (candidate: Candidate) => boolean;

export function glob(word: string, source: string, of: (candidate: Candidate) => string | undefined): Test {
  const ignoresCase = word.startsWith('-i');
  const pattern = compile(ignoresCase ? source.toLowerCase() : source);
  return (candidate) => {
    const text = of(candidate);
    return text !== undefined && matches(pattern, ignoresCase ? text.toLowerCase() : text);
  };
}

export function permissions(text: string, quote: FindContext['quote']): Test {
  const sign = /^[-/+]/.exec(text)?.[0] ?? '';
  const wanted = changedMode(text.slice(sign.length), 0, false, 0);
  if (wanted === undefined) throw new FindFault(`invalid mode ${quote(text)}`);
  if (sign === '-') return ({ node }) => (node.mode & wanted) === wanted;
  if (sign === '/') return ({ node }) => wanted === 0 || (node.mode & wanted) !== 0;
  return ({ node }) => node.mode === wanted;
}

export function size(text: string): Test {
  const match = /^([-+]?)(\d{1,15})([cwbkMG]?)$/.exec(text);
  if (match === null && /[^0-9cwbkMG]$/.test(text))
    throw new FindFault(`invalid -size type \`${text.at(-1)}'`);
  if (match === null) throw new FindFault(`Invalid argument \`${text}' to -size`);
  const [, sign, digits, letter = ''] = match;
  const unit = { c: 1, w: 2, b: 512, '': 512, k: 1024, M: 1 << 20, G: 1 << 30 }[letter]!;
  return ({ node }) => {
    const bytes = node.kind === 'file' ? node.size : node.kind === 'link' ? node.target.length : 4096;
    return compared(sign, Math.ceil(bytes / unit), Number(digits));
  };
}

/** @param unit milliseconds of a day or of a minute */
export function age(word: string, text: string, unit: number, now: number): Test {
  const match = /^([-+]?)(\d{1,9})(?:\.\d+)?$/.exec(text);
  if (match === null) throw new FindFault(`invalid argument \`${text}' to \`${word}'`);
  // Minutes are counted as they begin, days as they end.
  const isMinutes = unit === 60_000;
  return ({ node }) => {
    const age = (now - node.mtime) / unit;
    return compared(match[1], isMinutes ? Math.ceil(age) : Math.floor(age), Number(match[2]));
  };
}
