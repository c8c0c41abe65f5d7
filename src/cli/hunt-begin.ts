/** What a hunt checks before anything else, and starts first: the store takes half a second, in a thread of its own. */
import { parseSource } from '../hunt/source/source.ts';
import { openStore } from '../store/open.ts';
import type { HuntFlags } from './hunt.ts';
import { checkWritable } from './output.ts';

/** @returns the exit code */
export async function beginHunt(text: string, flags: HuntFlags): Promise<number> {
  checkWritable(flags.output);
  const source = parseSource(text);
  const opening = openStore({ env: process.env, data: flags.data, command: 'hunt' });
  opening.catch(() => {});
  const { runHunt } = await import('./hunt-run.ts');
  return await runHunt(source, opening, flags);
}
