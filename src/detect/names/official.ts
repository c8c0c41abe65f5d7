/** The names worth imitating: `rules/names/official.txt`, read once. */
import { readFileSync } from 'node:fs';

export interface OfficialNames {
  /** Repositories under `library/` of Docker Hub. */
  readonly images: ReadonlySet<string>;
  /** Organisations that publish their own images, and those that may carry official names. */
  readonly namespaces: ReadonlySet<string>;
}

const file = new URL('../../../rules/names/official.txt', import.meta.url);
let shipped: OfficialNames | undefined;

export function officialNames(): OfficialNames {
  shipped ??= parseNames(readFileSync(file, 'utf8'));
  return shipped;
}

/** Sections `[official]` and `[namespaces]`, names separated by blanks, `#` for comments. */
export function parseNames(text: string): OfficialNames {
  const images = new Set<string>();
  const namespaces = new Set<string>();
  let section = images;
  for (const line of text.split('\n')) {
    const [content = ''] = line.split('#', 1);
    for (const word of content.split(/\s+/)) {
      if (word === '[official]') section = images;
      else if (word === '[namespaces]') section = namespaces;
      else if (word !== '') section.add(word);
    }
  }
  return { images, namespaces };
}
