/** `!!`, `!$`, `!word` and their like, which an interactive bash replaces in a line before it looks at it (bash(1)). */

export type Expansion =
  | { readonly kind: 'text'; readonly text: string; readonly isChanged: boolean }
  /** As it is said: `!nosuch: event not found`. */
  | { readonly kind: 'missing'; readonly event: string };

/** An event, and which of its words. */
const reference = /!(?:(!)|(-?\d{1,6})|(?=[$*^:])|([^\s:;&()|<>"$*^]+))(?::?([$*^])|:(\d{1,4}))?/y;
/** Characters that a line may grow to. */
const longest = 65_536;

/** @param history the oldest first */
export function expandHistory(line: string, history: readonly string[]): Expansion {
  let text = '';
  let quote = '';
  for (let at = 0; at < line.length; ) {
    const char = line.charAt(at);
    if (char === '\\' && quote !== "'") {
      text += line.slice(at, at + 2);
      at += 2;
      continue;
    }
    if (char === '#' && quote === '' && /^$|\s/.test(line.charAt(at - 1))) {
      text += line.slice(at);
      break;
    }
    if (char === '"' && quote !== "'") quote = quote === '' ? '"' : '';
    else if (char === "'" && quote !== '"') quote = quote === '' ? "'" : '';
    if (char !== '!' || quote === "'" || isPlain(line, at, quote)) {
      text += char;
      at += 1;
      continue;
    }
    reference.lastIndex = at;
    const found = reference.exec(line);
    const value = found === null ? undefined : textFor(found, history);
    if (found === null || value === undefined || text.length > longest)
      return { kind: 'missing', event: found?.[0] ?? '!' };
    text += value;
    at += found[0].length;
  }
  return { kind: 'text', text, isChanged: text !== line };
}

/** Not meant: before a blank, in `$!`, `${!x}`, `[!a]`, and right before a quote that ends. */
function isPlain(line: string, at: number, quote: string): boolean {
  const next = line.charAt(at + 1);
  if (next === '' || /[\s=]/.test(next) || (next === '"' && quote === '"')) return true;
  return /[$[]$|\$\{$/.test(line.slice(Math.max(0, at - 2), at));
}

function textFor(found: RegExpExecArray, history: readonly string[]): string | undefined {
  const [, , number, start, mark, place] = found;
  const event =
    number !== undefined
      ? history.at(Number(number) > 0 ? Number(number) - 1 : Number(number))
      : start === undefined
        ? history.at(-1)
        : history.findLast((line) => line.startsWith(start));
  if (event === undefined || (mark === undefined && place === undefined)) return event;
  const words = event.split(/\s+/);
  if (mark === '$') return words.at(-1);
  if (mark === '*') return words.slice(1).join(' ');
  return words[mark === '^' ? 1 : Number(place)];
}
