/**
 * Commands that fetch a miner from where its authors publish it: `git clone https://github.com/xmrig/xmrig`, a
 * release's archive. Whoever fetches it mines, under whatever name it is started later.
 */
import type { MinerUse } from './miner.ts';
import { minerFamily } from './miner-family.ts';

const fetchers = new Set(['git', 'wget', 'curl', 'aria2c', 'axel']);

/** @param argv program first, wrappers taken off; at most 50 arguments are read */
export function minerDownload(argv: readonly string[]): MinerUse | undefined {
  const program = (argv[0] ?? '').slice((argv[0] ?? '').lastIndexOf('/') + 1);
  if (!fetchers.has(program)) return undefined;
  for (const word of argv.slice(1, 50)) {
    const path = published.exec(word)?.[1];
    const family = path === undefined ? undefined : familyIn(path);
    if (family !== undefined)
      return { family, why: ['program ' + family, 'fetched from ' + word.slice(0, 120)], isFetched: true };
  }
  return undefined;
}

/** Owner, repository and what follows; not the interface, which tells of versions. */
const published = /^(?:https?|git|ssh):\/\/(?:git@)?(?:www\.)?(?:github|gitlab)\.com\/([\w./-]{3,200})/;

function familyIn(path: string): string | undefined {
  const parts = path.split('/');
  for (const part of [parts[1] ?? '', parts.at(-1) ?? '']) {
    const name = part.replace(/\.(?:git|zip|tgz|tar\.(?:gz|xz|bz2))$/, '');
    const family = other.test(name) ? undefined : minerFamily(name);
    if (family !== undefined) return family;
  }
  return undefined;
}

/** Named after a miner, and none. */
const other = /exporter|monitor|dashboard|detect|block|remov/i;
