#!/usr/bin/env node
/** The `waterguard` command. Commands load lazily, so that `--help` and usage errors are quick. */
import './node-version.js';
import { run } from './cli/program.ts';

process.exitCode = await run(process.argv.slice(2));
