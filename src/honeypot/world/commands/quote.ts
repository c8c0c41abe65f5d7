/** Names as GNU programs quote them, so that a shell would read them back (gnulib's quotearg, style "shell-escape"). */
import type { Run } from '../program.ts';

/** To a shell: anywhere, at the beginning, or as the whole name. */
const special = /[ !"$&'()*;<=>?[\\^`|]|^[#~]|^[{}]?$/;
const control = /[\x00-\x1f\x7f]/;

/** Always in quotes, as in messages. */
export function quoteAlways(name: string): string {
  if (control.test(name)) return withEscapes(name);
  if (!name.includes("'")) return `'${name}'`;
  return /["$`\\!]/.test(name) ? `'${name.replaceAll("'", "'\\''")}'` : `"${name}"`;
}

/** In quotes where it has to be, as `ls` does on a terminal. */
export function quoteIfNeeded(name: string): string {
  return special.test(name) || control.test(name) ? quoteAlways(name) : name;
}

function withEscapes(name: string): string {
  const parts = name.split(/([\x00-\x1f\x7f]+)/);
  let text = '';
  for (const [index, part] of parts.entries()) {
    if (index % 2 === 1) text += `$'${[...part].map(escapeOf).join('')}'`;
    else text += part === '' && index > 0 ? '' : `'${part.replaceAll("'", "'\\''")}'`;
  }
  return text;
}

function escapeOf(character: string): string {
  const known: Readonly<Record<string, string>> = {
    '\n': '\\n',
    '\t': '\\t',
    '\r': '\\r',
    '\x07': '\\a',
    '\b': '\\b',
    '\f': '\\f',
    '\v': '\\v',
  };
  return known[character] ?? `\\${character.charCodeAt(0).toString(8).padStart(3, '0')}`;
}

/** Words in messages, as the language of the environment quotes them. */
export function quoteWord(run: Run, word: string): string {
  return isUtf8(run) ? `‘${word}’` : `'${word}'`;
}

export function isUtf8({ env }: Run): boolean {
  return /utf-?8/i.test(env.get('LC_ALL') || env.get('LC_CTYPE') || env.get('LANG') || '');
}
