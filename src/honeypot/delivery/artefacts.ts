/**
 * Files that visitors left, by their digest: kept once however often they come, within a bound, until they are
 * delivered. Losing one loses a copy: the event keeps its digest and its beginning.
 */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolder } from '../../cache-folder.js';

export interface Artefacts {
  keep(sha256: string, content: Uint8Array): void;
  /** Those that wait for delivery. */
  waiting(): readonly string[];
  read(sha256: string): Promise<Uint8Array<ArrayBuffer>>;
  delivered(sha256: string): Promise<void>;
}

/** Bytes of all of them together. */
const most = 256 << 20;
/** Digests that are known to be delivered, so that they are not again. */
const maxKnown = 100_000;

/** @throws Error where the folder cannot be made */
export function openArtefacts(folder: string): Artefacts {
  makeFolder(folder);
  const sizes = new Map<string, number>();
  for (const name of readdirSync(folder))
    if (/^[0-9a-f]{64}$/.test(name)) sizes.set(name, statSync(join(folder, name)).size);
  let total = [...sizes.values()].reduce((sum, size) => sum + size, 0);
  const done = new Set<string>();

  return {
    keep(sha256, content) {
      if (sizes.has(sha256) || done.has(sha256) || total + content.length > most) return;
      sizes.set(sha256, content.length);
      total += content.length;
      const path = join(folder, sha256);
      writeFile(`${path}.new`, content, { mode: 0o600 })
        .then(() => rename(`${path}.new`, path))
        .catch(async () => {
          sizes.delete(sha256);
          total -= content.length;
          await rm(`${path}.new`, { force: true });
        });
    },
    waiting: () => [...sizes.keys()].filter((one) => existsSync(join(folder, one))),
    read: (sha256) => readFile(join(folder, sha256)),
    async delivered(sha256) {
      total -= sizes.get(sha256) ?? 0;
      sizes.delete(sha256);
      if (done.size >= maxKnown) done.clear();
      done.add(sha256);
      await rm(join(folder, sha256), { force: true });
    },
  };
}
