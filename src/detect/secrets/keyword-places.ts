/**
 * Finds all keywords of the settings rules, all but the shortest in one pass. Settings files are small, so that this
 * stays beside the runner's search for anchors: words like `password` as anchors would hit in every program.
 */
import { compileLiterals } from '../literals/compile.ts';
import { literalOf, longest, shortest } from '../literals/literal.ts';
import { loadLiterals } from '../literals/search.ts';
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
  const words = [...new Set(keywords.map(({ text }) => text.toLowerCase()))].filter((word) => word !== '');
  const searchable = words.filter((word) => word.length >= shortest && word.length <= longest);
  const others = words.filter((word) => !searchable.includes(word));
  const wanted = searchable.map((word, number) => {
    return { number, literal: literalOf(Buffer.from(word, 'latin1'), true), once: false };
  });
  const literals = loadLiterals(compileLiterals(wanted, wanted.length));
  return (bytes) => {
    const found = new Map<string, number[]>();
    const add = (word: string, at: number): void => {
      const places = found.get(word);
      if (places === undefined) found.set(word, [at]);
      else places.push(at);
    };
    literals.search(bytes, (literal, at) => add(searchable[literal] ?? '', at));
    const text = bytes.toString('latin1');
    if (others.length > 0) {
      const lower = text.toLowerCase();
      for (const word of others)
        for (let at = lower.indexOf(word); at >= 0; at = lower.indexOf(word, at + 1)) add(word, at);
    }
    if (found.size === 0) return undefined;
    // Neighbours may have come in exchange.
    for (const places of found.values()) places.sort((one, other) => one - other);
    return ({ text: word, nocase }) => {
      const places = found.get(word.toLowerCase()) ?? [];
      return nocase ? places : places.filter((at) => text.startsWith(word, at));
    };
  };
}
