/** Applications read by another process, which takes with it what reading and checking them took: 12 MB of memory. */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { bareEnvironment } from '../../bare-environment.ts';
import type { Application } from './application.ts';

const program = fileURLToPath(
  new URL(`./print${import.meta.url.slice(import.meta.url.lastIndexOf('.'))}`, import.meta.url),
);

/** @throws Error with what is wrong, and in which file */
export function readApart(folder: string): readonly Application[] {
  try {
    const text = execFileSync(process.execPath, [program, folder], {
      encoding: 'utf8',
      env: bareEnvironment(),
      maxBuffer: 64 << 20,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    return JSON.parse(text) as readonly Application[];
  } catch (error) {
    const { stderr = '' } = error as { readonly stderr?: string };
    throw new Error(stderr.trim() || String(error), { cause: error });
  }
}
