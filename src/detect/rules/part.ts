/**
 * What a set of rules consists of, so that two sets can be compared: an image that was scanned with one of them has to
 * be scanned with the other only where it has something that their difference could match.
 */
import { allForms, type FileForms, noForms } from '../form.ts';

export interface RulePart {
  /** Of all that decides what the part finds and says; 16 hexadecimal digits. */
  readonly digest: string;
  /** Forms of files that it can match. */
  readonly forms: FileForms;
  /** It also looks at what is not in files: names, configuration, history. */
  readonly wide: boolean;
}

/** Of images to be scanned again. */
export type Reach = Pick<RulePart, 'forms' | 'wide'>;

export const everything: Reach = { forms: allForms, wide: true };

/** What those parts can match that only one of the sets has. */
export function differenceOf(before: readonly RulePart[], after: readonly RulePart[]): Reach {
  const digests = [before, after].map((parts) => new Set(parts.map((one) => one.digest)));
  const changed = [...before, ...after].filter(({ digest }) => !digests.every((one) => one.has(digest)));
  return {
    forms: changed.reduce((forms, one) => forms | one.forms, noForms),
    wide: changed.some((one) => one.wide),
  };
}
