/** The commands behind wrappers and `sh -c`, for a whole list and with bounds on what comes out. */
import type { Command } from '../../indicator/shell.ts';
import { unwrapCommand } from '../../indicator/shell-unwrap.ts';

const maxCommands = 5000;
/** A command with more substitutions than that is not looked into: each level may double what comes out. */
const maxSubstitutions = 6;

export function unwrapAll(commands: readonly Command[]): readonly Command[] {
  const flat: Command[] = [];
  for (const command of commands) {
    if (flat.length >= maxCommands) break;
    const substitutions = command.words.reduce((sum, word) => sum + (word.match(/\$\(|`/g)?.length ?? 0), 0);
    if (substitutions > maxSubstitutions) flat.push(command);
    else flat.push(...unwrapCommand(command));
  }
  return flat;
}
