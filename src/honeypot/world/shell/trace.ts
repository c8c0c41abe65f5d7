/** What `set -x` prints. */
import { expandText } from './expansion/expand.ts';
import { quoted, quotedWord } from './quoting.ts';
import type { Shell } from './shell.ts';
import { Cursor } from './syntax/cursor.ts';
import { SyntaxFault } from './syntax/fault.ts';
import { readDocument } from './syntax/quotes.ts';

/** One line, behind PS4; bash repeats its first character for each level of substitution. */
export async function traceText(shell: Shell, text: string): Promise<void> {
  shell.options.delete('xtrace');
  const prefix = await expandPrompt(shell, shell.variables.get('PS4') ?? '+ ');
  shell.options.add('xtrace');
  const levels = shell.dialect.isBash ? shell.traceLevel : 0;
  await shell.write(2, `${prefix.charAt(0).repeat(levels)}${prefix}${text}\n`);
}

export async function traceWords(
  shell: Shell,
  assignments: readonly string[],
  words: readonly string[],
): Promise<void> {
  if (!shell.has('xtrace')) return;
  const { name } = shell.dialect;
  if (name === 'bash') {
    for (const each of assignments) await traceText(shell, each);
    if (words.length > 0) await traceText(shell, words.map(quotedWord).join(' '));
  } else {
    const shown = [...assignments, ...(name === 'ash' ? words.map(quotedByAsh) : words)];
    await traceText(shell, shown.join(' '));
  }
}

function quotedByAsh(word: string): string {
  return /[^\w/.,:@%+-]/.test(word) ? quoted(word) : word;
}

/** Of an assignment, as it was made. */
export function shownAssignment(
  { dialect }: Shell,
  name: string,
  value: string,
  isAppended: boolean,
): string {
  const text =
    dialect.name === 'dash' ? value : dialect.name === 'ash' ? quotedByAsh(value) : quotedWord(value);
  return `${name}${isAppended ? '+' : ''}=${text === "''" ? '' : text}`;
}

/** Parameters and commands in a prompt are expanded each time that it is shown. */
export async function expandPrompt(shell: Shell, prompt: string): Promise<string> {
  if (!/[$`\\]/.test(prompt)) return prompt;
  try {
    return await expandText(shell, readDocument(new Cursor(prompt, { dialect: shell.dialect })), 'none');
  } catch (error) {
    if (error instanceof SyntaxFault) return prompt;
    throw error;
  }
}
