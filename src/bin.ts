/** The `waterguard` command behind its launcher. All else loads once the cache is there that makes it load quickly. */
import './node-version.js';
import './code-cache.js';

const { run } = await import('./cli/program.ts');
process.exitCode = await run(process.argv.slice(2));
