/**
 * A command as one readable line: quoted where it has to be, so that reading the line again gives the same words.
 */
import { type Command, splitShell } from '../../indicator/shell.ts';
import { printable } from '../../model/printable.ts';

/** Longest line, in characters. */
const longest = 2048;

export type Line = Pick<Command, 'words' | 'redirects' | 'assignments'>;

/** `A=b curl -s 'http://192.0.2.1/x?a&b' > /tmp/x`; longer than 2,048 characters it is cut. */
export function commandLine({ words, redirects, assignments }: Line): string {
  const parts = Object.entries(assignments).map(([name, value]) => `${name}=${quoted(value)}`);
  let length = 0;
  for (const word of words) {
    parts.push(quoted(word));
    length += word.length;
    if (length > longest) break;
  }
  for (const { operator, target } of redirects)
    if (!idle.test(target)) parts.push(`${operator} ${quoted(target)}`);
  return printable(parts.join(' '), longest);
}

/** Where output goes that nobody is to see, and `2>&1`: they tell nothing of what a command does. */
const idle = /^(?:\d|-|\/dev\/null)$/;

/** An argument list as the shell text that would give it. */
export function argumentLine(words: readonly string[]): string {
  return words.map(quoted).join(' ');
}

/** Letters, digits and signs without meaning to a shell, and variables whose value nobody knows. */
const plain = /^(?:[\w@%+=:,./~^?*[\]-]|\$\w|\$\{\w+\})+$/;

function quoted(word: string): string {
  if (plain.test(word) || isSubstitution(word)) return word;
  if (/[\x00-\x1f\x7f]/.test(word) || (word.includes("'") && /["$`\\]/.test(word))) return ansi(word);
  return word.includes("'") ? `"${word}"` : `'${word}'`;
}

/** `$(ps | grep x)`, `<(curl …)`, whose output nobody knows: as it was written, where it reads as one word again. */
function isSubstitution(word: string): boolean {
  if (!/[$<>]\(|`/.test(word) || /[\x00-\x1f]/.test(word) || word.length > longest) return false;
  const [command] = splitShell(word);
  return command?.words.length === 1 && command.words[0] === word && command.redirects.length === 0;
}

const named: Readonly<Record<string, string>> = {
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  "'": "\\'",
  '\\': '\\\\',
};

/** `$'a\nb'`. */
function ansi(word: string): string {
  const inside = word.replace(
    /[\x00-\x1f\x7f'\\]/g,
    (character) => named[character] ?? `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`,
  );
  return `$'${inside}'`;
}
