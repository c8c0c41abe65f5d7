/** Entry of a decoy's process: `child.ts NAME`. What it loads is watched from here on, so nothing else is imported yet. */
import { openKeptCode, watchCode } from './kept-code.ts';

const decoy = process.argv[2]!;
const code = openKeptCode(decoy) ?? watchCode(decoy);
const { run } = await import('./decoy-process.ts');
run(decoy, code);
