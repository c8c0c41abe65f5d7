#!/usr/bin/env -S node --max-semi-space-size=4 --initial-heap-size=48 --heap-growing-percent=100
/** The `waterguard` command. All else loads once the cache is there that makes it load quickly. */
import './node-version.js';
import './code-cache.js';

const { run } = await import('./cli/program.ts');
process.exitCode = await run(process.argv.slice(2));
