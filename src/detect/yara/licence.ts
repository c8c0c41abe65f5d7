/**
 * Under which licence a third-party rule file stands. Licences such as DRL 1.1 want author and licence shown
 * wherever a rule matches; files of one collection may differ from its LICENSE.
 */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { RuleText } from '../rule-engine.ts';

/** Metadata key under which the licence of a rule's file or folder reaches the findings. */
export const licenceKey = 'waterguard_licence';

const longest = 120;

/** Licences of one set of files: the licence line of a file's head, else the title of the nearest LICENSE above it. */
export function licenceReader(): (source: RuleText) => string | undefined {
  const known = new Map<string, string | undefined>();
  return (source) => {
    const stated = inHead(source.text);
    if (stated !== undefined) return stated;
    const folder = dirname(source.origin);
    if (!known.has(folder)) known.set(folder, licenceOfFolder(folder));
    return known.get(folder);
  };
}

/** Comment lines before the first rule, or within the first 4,000 characters. */
function inHead(text: string): string | undefined {
  for (const line of text.slice(0, 4000).split('\n')) {
    const words = line.replace(/^[\s/*#]{0,20}/, '').trim();
    if (/^(?:(?:private|global)\s)?rule\s/.test(words)) return undefined;
    if (/\blicen[cs]ed?\b/i.test(words)) return tidy(words.replace(/^licen[cs]e\s{0,4}:/i, ''));
  }
  return undefined;
}

const fileNames = ['LICENSE', 'LICENSE.txt', 'LICENSE.md', 'LICENCE', 'COPYING'];

/** At most three folders up, so that a licence of something else is not taken for the rules'. */
export function licenceOfFolder(folder: string): string | undefined {
  let at = folder;
  for (let up = 0; up < 3; up++) {
    for (const name of fileNames) {
      const path = join(at, name);
      const text = existsSync(path) ? readOrNothing(path) : '';
      const title = text.split('\n').find((line) => line.replace(/^[#\s]{0,9}/, '').trim() !== '');
      if (title !== undefined) return tidy(title.replace(/^[#\s]{0,9}/, ''));
    }
    at = dirname(at);
  }
  return undefined;
}

function readOrNothing(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

function tidy(text: string): string | undefined {
  const plain = text
    .slice(0, 4 * longest)
    .replace(/\*\/\s*$/, '')
    .replace(/[^\x20-\x7e]/g, ' ')
    .trim()
    .slice(0, longest);
  return plain === '' ? undefined : plain;
}
