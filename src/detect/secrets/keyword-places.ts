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

/** Shorter texts are searched word by word: making the regular expression takes longer. */
const shortText = 16 * 1024;

function buildSearch(keywords: readonly Keyword[]): (bytes: Buffer) => PlacesOf | undefined {
  const words = [...new Set(keywords.map(({ text }) => text.toLowerCase()))].filter((word) => word !== '');
  let inLongText: PlacesIn | undefined;
  return (bytes) => {
    const text = bytes.toString('latin1');
    const lower = text.toLowerCase();
    if (lower.length > shortText) inLongText ??= searchAtOnce(words);
    const found = lower.length > shortText ? inLongText?.(lower) : searchEach(words, lower);
    if (found === undefined || found.size === 0) return undefined;
    return ({ text: word, nocase }) => {
      const places = found.get(word.toLowerCase()) ?? [];
      return nocase ? places : places.filter((at) => text.startsWith(word, at));
    };
  };
}

type PlacesIn = (lower: string) => ReadonlyMap<string, readonly number[]>;

function searchEach(words: readonly string[], lower: string): ReadonlyMap<string, readonly number[]> {
  const found = new Map<string, number[]>();
  for (const word of words) {
    const places: number[] = [];
    for (let at = lower.indexOf(word); at >= 0; at = lower.indexOf(word, at + 1)) places.push(at);
    if (places.length > 0) found.set(word, places);
  }
  return found;
}

function searchAtOnce(words: readonly string[]): PlacesIn {
  // The longest first, so that the regex finds it; the shorter ones that it begins with are added.
  const longestFirst = [...words].sort((a, b) => b.length - a.length);
  const beginsWith = new Map(words.map((word) => [word, words.filter((other) => word.startsWith(other))]));
  const any = new RegExp(longestFirst.map((word) => word.replace(/[^\w]/g, '\\$&')).join('|'), 'g');
  return (lower) => {
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
    return found;
  };
}
