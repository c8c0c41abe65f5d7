/** `echo`, in which each shell differs: bash and ash take options, dash always looks at backslashes. */
import { escapeAt } from '../syntax/ansi.ts';
import type { Call } from './builtin.ts';

export async function echo({ shell, args }: Call): Promise<number> {
  const { name } = shell.dialect;
  let at = 0;
  let hasNewline = true;
  let hasEscapes = name === 'dash' || shell.shopts.has('xpg_echo');
  const isOption = name === 'dash' ? /^-n$/ : /^-[neE]+$/;
  for (; at < args.length && isOption.test(args[at]!); at++) {
    for (const letter of args[at]!.slice(1)) {
      if (letter === 'n') hasNewline = false;
      else hasEscapes = letter === 'e';
    }
    if (name === 'dash') {
      at += 1;
      break;
    }
  }
  const text = args.slice(at).join(' ');
  const { text: meant, isCut } = hasEscapes ? echoText(text, name === 'dash') : { text, isCut: false };
  await shell.write(1, meant + (hasNewline && !isCut ? '\n' : ''));
  return 0;
}

/**
 * What the backslashes mean to `echo` and `%b`: octal numbers begin with a 0, and `\c` ends it all.
 * @param isPosix without what bash added: `\x`, `\e`, `\u`
 */
export function echoText(text: string, isPosix: boolean): { readonly text: string; readonly isCut: boolean } {
  if (!text.includes('\\')) return { text, isCut: false };
  const parts: string[] = [];
  for (let at = 0; at < text.length; ) {
    const next = text.indexOf('\\', at);
    if (next < 0) {
      parts.push(text.slice(at));
      break;
    }
    parts.push(text.slice(at, next));
    const kind = text.charAt(next + 1);
    if (kind === 'c') return { text: parts.join(''), isCut: true };
    const { text: meant, length } = echoEscape(text, next, kind, isPosix);
    parts.push(meant);
    at = next + length;
  }
  return { text: parts.join(''), isCut: false };
}

function echoEscape(
  text: string,
  at: number,
  kind: string,
  isPosix: boolean,
): { text: string; length: number } {
  const octal = /^\\0([0-7]{0,3})/.exec(text.slice(at, at + 5));
  if (octal !== null) return { text: escapeAt(`\\${octal[1] || '0'}`, 0).text, length: octal[0].length };
  if (kind === '"' || kind === "'" || kind === '?' || kind === '' || (isPosix && !'abfnrtv\\'.includes(kind)))
    return { text: `\\${kind}`, length: 1 + kind.length };
  if (kind >= '1' && kind <= '7') return { text: `\\${kind}`, length: 2 };
  return escapeAt(text, at);
}
