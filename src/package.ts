/** What package.json says, and where the package lies; the same from `src/` in a checkout and `dist/` once built. */
import { fileURLToPath } from 'node:url';
import manifest from '../package.json' with { type: 'json' };

export const { version, description }: { readonly version: string; readonly description: string } = manifest;

/** The rules and lists that ship with Waterguard. */
export const shippedRules: string = fileURLToPath(new URL('../rules', import.meta.url));

/** What decoys show and know that is data: the applications of the HTTP decoy. */
export const shippedDecoys: string = fileURLToPath(new URL('../decoys', import.meta.url));
