/** Undoes the ways in which reports make indicators harmless: `hxxp`, `[.]`, `(.)`, `[:]`, `[at]`, `[://]`. */

/** The text as it would be without defanging. Offsets into it differ from those of the original. */
export function refang(text: string): string {
  if (!/[[({]|xxp/i.test(text)) return text;
  return text
    .replace(/\[:\/\/\]/g, '://')
    .replace(/[[({] ?(?:\.|dot) ?[\])}]/gi, '.')
    .replace(/\[:\]/g, ':')
    .replace(/\[\/\]/g, '/')
    .replace(/[[({] ?(?:@|at) ?[\])}]/gi, '@')
    .replace(/\b(?:hxxp|hXXp|h\*\*p|htxp|meow)(s?)(?=:\/\/)/gi, 'http$1')
    .replace(/\bfxp(?=:\/\/)/gi, 'ftp');
}
