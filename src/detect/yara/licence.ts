/**
 * Under which licence a third-party rule file stands. Licences such as DRL 1.1 want author and licence shown
 * wherever a rule matches; files of one collection may differ from its LICENSE.
 */
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { RuleText } from '../rule-engine.ts';

/** Metadata key under which the licence of a rule's file or folder reaches the findings. */
export const licenceKey = 'waterguard_licence';

const longest = 120;

/** The licence line of the file's head, else the title of the nearest LICENSE file above it. */
export async function licenceOf(source: RuleText): Promise<string | undefined> {
  return inHead(source.text) ?? (await inFolder(dirname(source.origin)));
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
async function inFolder(folder: string): Promise<string | undefined> {
  let at = folder;
  for (let up = 0; up < 3; up++) {
    for (const name of fileNames) {
      const text = await readFile(join(at, name), 'utf8').catch(() => undefined);
      const title = text?.split('\n').find((line) => line.replace(/^[#\s]{0,9}/, '').trim() !== '');
      if (title !== undefined) return tidy(title.replace(/^[#\s]{0,9}/, ''));
    }
    at = dirname(at);
  }
  return undefined;
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
