/** Why a rule, or a whole file of rules, is refused: in one line. */
import { z } from 'zod';
import { messageOf } from '../../model/error.ts';

/** In place of a rule's name where the whole file is meant. */
export const wholeFile = '(file)';

/** Of a parser's message the first line; what follows is a drawing of the place. */
export function explain(error: unknown): string {
  if (!(error instanceof z.ZodError)) return messageOf(error).split('\n', 1)[0] ?? '';
  return error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ');
}
