#!/usr/bin/env node
/** The `waterguard` command. All else loads after the cache of compiled code is there to load it quickly. */
import './node-version.js';
import { keepCompiledCode } from './cli/code-cache.ts';

keepCompiledCode(process.env);
const { run } = await import('./cli/program.ts');
process.exitCode = await run(process.argv.slice(2));
