/** Where the package lies and which version it is; the same from `src/` in a checkout and `dist/` once built. */
import { fileURLToPath } from 'node:url';
import description from '../package.json' with { type: 'json' };

export const version: string = description.version;

/** The rules and lists that ship with Waterguard. */
export const shippedRules: string = fileURLToPath(new URL('../rules', import.meta.url));
