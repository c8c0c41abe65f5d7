/** Pages of docs/ as tests follow them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Page {
  readonly text: string;
  /** Its blocks of a language, in their order; those that show output have none. */
  blocks(language: string): readonly string[];
}

/** @param name of a file in docs/ */
export function readPage(name: string): Page {
  const text = readFileSync(join(import.meta.dirname, '../../docs', name), 'utf8');
  const all = [...text.matchAll(/^```(\w*)\n(.*?)^```$/gms)];
  return {
    text,
    blocks: (language) => all.filter((one) => one[1] === language).map((one) => one[2]!),
  };
}
