/** What a finding quotes of a command: the telling part, printable, without credentials. */
import { printable } from '../../model/printable.ts';

const longest = 200;
/** More than any excerpt needs, so that masking stays cheap on long lines. */
const window = 2000;

/** @param offset where the telling part begins, in characters */
export function excerptOf(text: string, offset = 0, length = text.length): string {
  const part = text.slice(offset, offset + Math.min(length, window)).replace(/\s+/g, ' ');
  return printable(withoutSecrets(part.trim()), longest);
}

/** Credentials in URLs, behind telling names, and tokens with known prefixes. The `secrets` detector reports them. */
export function withoutSecrets(text: string): string {
  return text
    .replace(/:\/\/[^\s/@]{1,500}@/g, '://…@')
    .replace(
      /\b((?:[\w-]{0,40}(?:token|secret|passw(?:or)?d|api[_-]?key|authorization|bearer)[\w-]{0,40})["']?[=: ]{1,3}(?:(?:bearer|basic|token) )?)[^\s"'&|;]{4,500}/gi,
      '$1…',
    )
    .replace(
      /\b(gh[pousr]_|github_pat_|glpat-|AKIA|ASIA|xox[abprs]-|sk-|npm_|dckr_pat_|AIza|hf_)[\w-]{8,500}/g,
      '$1…',
    );
}
