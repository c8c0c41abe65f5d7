/**
 * Finds all keywords of the settings rules in one pass. Settings files are few and small, so that this stays
 * beside the runner's search for anchors: words like `password` as anchors would hit in every program.
 */
import type { Keyword } from './rule.ts';
import type { PlacesOf } from './search.ts';

/** @returns for one file's bytes the places of each keyword, undefined where there is none at all */
export function keywordPlaces(keywords: readonly Keyword[]): (bytes: Buffer) => PlacesOf | undefined {
  const words = [...new Set(keywords.map(({ text }) => text.toLowerCase()))].sort((a, b) => b.length - a.length);
  if (words.length === 0) return () => undefined;
  const any = new RegExp(words.map((word) => word.replace(/[^\w]/g, '\\$&')).join('|'), 'g');
  return (bytes) => {
    const text = bytes.toString('latin1');
    const lower = text.toLowerCase();
    any.lastIndex = 0;
    if (!any.test(lower)) return undefined;
    const known = new Map<string, readonly number[]>();
    return (keyword) => {
      const key = `${keyword.nocase}${keyword.text}`;
      const places = known.get(key) ?? placesOf(keyword.nocase ? lower : text, keyword.text);
      known.set(key, places);
      return places;
    };
  };
}

function placesOf(text: string, word: string): readonly number[] {
  const places: number[] = [];
  for (let at = text.indexOf(word); at !== -1; at = text.indexOf(word, at + word.length)) places.push(at);
  return places;
}
