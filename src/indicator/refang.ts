/** Undoes the ways in which reports make indicators harmless: `hxxp`, `[.]`, `(.)`, `[:]`, `[at]`, `[://]`. */

/**
 * The text as it would be without defanging. Offsets into it differ from those of the original. A bracketed dot or `@`
 * counts between the parts of a name alone: `${a[@]}` of a shell and `s/(.)/` of a pattern stay as they are.
 */
export function refang(text: string): string {
  if (!/[[({]|xxp/i.test(text)) return text;
  return text
    .replace(/\[:\/\/\]/g, '://')
    .replace(/(?<=[\w\])}])[[({] ?(?:\.|dot) ?[\])}](?=[\w[({])/gi, '.')
    .replace(/\[:\]/g, ':')
    .replace(/\[\/\]/g, '/')
    .replace(/(?<=\w)[[({] ?(?:@|at) ?[\])}](?=\w)/gi, '@')
    .replace(/\b(?:hxxp|hXXp|h\*\*p|htxp|meow)(s?)(?=:\/\/)/gi, 'http$1')
    .replace(/\bfxp(?=:\/\/)/gi, 'ftp');
}
