/** What a shell script starts, as a `StartFact`: its commands, and the files that it reads in other ways. */
import { type Command, splitShell } from '../../indicator/shell.ts';
import { limits } from '../../indicator/shell-reader.ts';
import type { StartFact } from '../detector.ts';
import { isInert, looksLikePath } from './command.ts';
import { draftFact } from './fact.ts';

/** @param path of the script, for what it names relative to itself (`$(dirname "$0")/run`) */
export function shellFact(text: string, path: string): StartFact {
  return factOf(splitShell(text), path);
}

/** Commands that start nothing (`echo`, `mkdir`) are left out, so that padding does not use up the bounds. */
export function factOf(commands: readonly Command[], path: string): StartFact {
  const draft = draftFact();
  if (commands.length >= limits.commands) draft.cut();
  for (const command of commands) {
    for (const ref of otherRefs(command)) draft.ref(besideScript(ref, path));
    if (command.words.length >= limits.words) draft.cut();
    if (command.words.length === 0 || command.words[0] === 'for' || isInert(command.words)) continue;
    draft.command(command.words.map((word) => besideScript(word, path)));
  }
  return draft.fact();
}

/** Files that no argument list shows: `< file`, `for f in /x/*.sh`, an exported path. */
function otherRefs(command: Command): readonly string[] {
  const refs = command.redirects.filter((one) => one.operator === '<').map((one) => one.target);
  const [name] = command.words;
  if (name === 'for') refs.push(...command.words.slice(3));
  if (name === 'export') refs.push(...command.words.map((word) => word.slice(word.indexOf('=') + 1)));
  for (const variable of ['LD_PRELOAD', 'BASH_ENV', 'ENV']) {
    const value = command.assignments[variable];
    if (value !== undefined) refs.push(...value.split(/[\s:]/));
  }
  return refs.filter(looksLikePath);
}

/** `$(dirname "$0")/x`, `$(cd "$(dirname …)" && pwd)/x`, `${0%/*}/x` and `${BASH_SOURCE%/*}/x` lie beside the script. */
function besideScript(word: string, path: string): string {
  const folder = path.slice(0, path.lastIndexOf('/'));
  if (/^\$\{(?:0|BASH_SOURCE(?:\[0\])?)%\/\*\}/.test(word)) return folder + word.slice(word.indexOf('}') + 1);
  if (!/^(?:\$\(|`)/.test(word) || !word.includes('dirname')) return word;
  const end = Math.max(word.lastIndexOf(')'), word.lastIndexOf('`'));
  return end < 1 ? word : folder + word.slice(end + 1);
}
