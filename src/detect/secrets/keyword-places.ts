/**
 * Finds all keywords of the settings rules in one pass. Settings files are few and small, so that this stays
 * beside the runner's search for anchors: words like `password` as anchors would hit in every program.
 */
import type { Keyword } from './rule.ts';
import type { PlacesOf } from './search.ts';

/**
 * Built at the first call, because a rescan needs none.
 * @returns for one file's bytes the places of each keyword, undefined where there is none at all
 */
export function keywordPlaces(keywords: readonly Keyword[]): (bytes: Buffer) => PlacesOf | undefined {
  let search: ((bytes: Buffer) => PlacesOf | undefined) | undefined;
  return (bytes) => {
    search ??= buildSearch(keywords);
    return search(bytes);
  };
}

function buildSearch(keywords: readonly Keyword[]): (bytes: Buffer) => PlacesOf | undefined {
  const words = [...new Set(keywords.map(({ text }) => text.toLowerCase()))];
  if (words.length === 0) return () => undefined;
  // The longest first, so that the regex finds it; the shorter ones that it begins with are added.
  words.sort((a, b) => b.length - a.length);
  const beginsWith = new Map(words.map((word) => [word, words.filter((other) => word.startsWith(other))]));
  const any = new RegExp(words.map((word) => word.replace(/[^\w]/g, '\\$&')).join('|'), 'g');

  return (bytes) => {
    const text = bytes.toString('latin1');
    const lower = text.toLowerCase();
    const found = new Map<string, number[]>();
    any.lastIndex = 0;
    for (let match = any.exec(lower); match !== null; match = any.exec(lower)) {
      for (const word of beginsWith.get(match[0]) ?? []) {
        const places = found.get(word);
        if (places === undefined) found.set(word, [match.index]);
        else places.push(match.index);
      }
      any.lastIndex = match.index + 1;
    }
    if (found.size === 0) return undefined;
    return ({ text: word, nocase }) => {
      const places = found.get(word.toLowerCase()) ?? [];
      return nocase ? places : places.filter((at) => text.startsWith(word, at));
    };
  };
}
