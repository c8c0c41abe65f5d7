/** What a finding quotes of a command: the telling part, printable, without credentials. */
import { printable } from '../../model/printable.ts';
import { withoutSecrets } from '../secrets/without-secrets.ts';

const longest = 200;
/** More than any excerpt needs, so that masking stays cheap on long lines. */
const window = 2000;

/** @param offset where the telling part begins, in characters */
export function excerptOf(text: string, offset = 0, length = text.length): string {
  const part = text.slice(offset, offset + Math.min(length, window)).replace(/\s+/g, ' ');
  return printable(withoutSecrets(part.trim()), longest);
}
