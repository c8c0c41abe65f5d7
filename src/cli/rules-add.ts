/** `waterguard rules add` and `update`: what was taken over, under which licence, and what was refused. */
import { addRules, type RuleManifest, updateRules } from '../detect/rules/add.ts';
import { userRules } from '../detect/rules/folders.ts';
import { safeJson, safeLine } from '../report/safe-text.ts';
import { countWords } from '../report/wording.ts';
import { exit } from './exit.ts';
import { writeResult } from './output.ts';
import type { PrintFlags } from './printing.ts';
import { refusalLine } from './rules-list.ts';

export async function add(folder: string, { format, output }: PrintFlags): Promise<number> {
  const target = userRules(process.env);
  const made = await addRules(folder, target);
  const text = format === 'json' ? safeJson({ folder: target, ...made }, 2) : added(made, 'added').join('\n');
  await writeResult(`${text}\n`, output);
  return exit.done;
}

/** A folder that could not be renewed is used as it was; that it may be old is a hole. */
export async function update({ format, output }: PrintFlags): Promise<number> {
  const folder = userRules(process.env);
  const { updated, kept } = await updateRules(folder);
  const none = updated.length === 0 && kept.length === 0;
  const lines = [
    ...(none ? [`no rules in ${safeLine(folder)}; add some with: waterguard rules add DIR`] : []),
    ...updated.flatMap((one) => added(one, 'updated')),
    ...kept.map((one) => `kept ${safeLine(one.name, 100)} as it was: ${safeLine(one.message)}`),
  ];
  const text =
    format === 'json' ? safeJson({ schemaVersion: 1, folder, updated, kept }, 2) : lines.join('\n');
  await writeResult(`${text}\n`, output);
  return kept.length === 0 ? exit.done : exit.hole;
}

/** So many are named here; `rules list` names all. */
const mostNamed = 10;

function added({ name, origin, files, accepted, refused, licence }: RuleManifest, what: string): string[] {
  const count = `${countWords(accepted, 'rule')} from ${countWords(files, 'file')}, ${refused.length} refused`;
  const terms = licence === undefined ? 'no licence found' : `licence: ${safeLine(licence, 120)}`;
  const rest = refused.length - mostNamed;
  return [
    `${what} ${safeLine(name, 100)}: ${count}, ${terms}`,
    `  from ${safeLine(origin, 200)}; every scan uses them`,
    ...refused.slice(0, mostNamed).map(refusalLine),
    ...(rest > 0 ? [`  and ${rest} more: waterguard rules list`] : []),
  ];
}
