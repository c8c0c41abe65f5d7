/**
 * A pool and a valid wallet in one place, however they are written: as variables of a program, as replacements for a
 * template, one of them encoded.
 */
import { isPoolHost } from '../../indicator/lists.ts';
import { findWallets, type Wallet } from '../../indicator/wallet.ts';
import type { MinerUse } from '../../stratum/miner.ts';
import { findPoolUrls, type PoolUrl, parsePoolUrl } from '../../stratum/pool-url.ts';
import type { OpenFile } from '../detector.ts';
import { inComment } from '../network/comment.ts';
import type { Region } from './region.ts';
import type { Hidden } from './uses.ts';

interface Near {
  readonly use: MinerUse;
  /** In the region's text. */
  readonly offset: number;
}

/** @returns undefined where there is no pool; without a wallet, only a mining URL is one */
export function neighbours(region: Region, hidden: readonly Hidden[], file: OpenFile): Near | undefined {
  const url = findPoolUrls(region.text).find((one) => one.pool.public);
  const wallets = walletsIn(region, hidden);
  if (url !== undefined) return toUse(url, wallets[0]?.wallet);
  // A page for people names pools, and a wallet to which they may give.
  if (wallets.length === 0 || /^\s{0,200}</.test(region.text)) return undefined;
  const isPlain = (offset: number): boolean => region.width === 2 || !inComment(file, region.start + offset);
  const plain = wallets.filter(({ offset, isHidden }) => isHidden || isPlain(offset));
  for (const pool of endpointsIn(region, hidden)) {
    if (!pool.isHidden && !isPlain(pool.offset)) continue;
    const wallet = plain.find((one) => Math.abs(one.offset - pool.offset) <= together);
    if (wallet !== undefined) return toUse(pool, wallet.wallet);
  }
  return undefined;
}

/** Longest way from one to the other, in characters. */
const together = 4096;

interface Found {
  readonly offset: number;
  readonly isHidden: boolean;
}

function walletsIn({ text }: Region, hidden: readonly Hidden[]): (Found & { readonly wallet: Wallet })[] {
  return [
    ...findWallets(text).map((one) => ({ ...one, isHidden: false })),
    ...hidden.flatMap(({ text: inner, offset }) =>
      findWallets(inner).map(({ wallet }) => ({ wallet, offset, isHidden: true })),
    ),
  ].filter((one) => one.wallet.verified);
}

function endpointsIn({ text }: Region, hidden: readonly Hidden[]): (Found & { readonly pool: PoolUrl })[] {
  return [
    ...listedEndpoints(text).map((one) => ({ ...one, isHidden: false })),
    ...hidden.flatMap(({ text: inner, offset }) =>
      listedEndpoints(inner).map(({ pool }) => ({ pool, offset, isHidden: true })),
    ),
  ];
}

const endpoint = /(?<![\w@.-])((?:[A-Za-z0-9-]{1,63}\.){1,5}[A-Za-z]{2,24}):\d{1,5}(?![\w.-])/g;

/** `host:port` of pools that are on the list. */
function listedEndpoints(text: string): { readonly pool: PoolUrl; readonly offset: number }[] {
  const found: { pool: PoolUrl; offset: number }[] = [];
  for (const match of text.matchAll(endpoint)) {
    if (!isPoolHost(match[1]!.toLowerCase())) continue;
    const pool = parsePoolUrl(match[0]);
    if (pool !== undefined) found.push({ pool, offset: match.index });
    if (found.length >= 100) break;
  }
  return found;
}

function toUse({ pool, offset }: { readonly pool: PoolUrl; readonly offset: number }, wallet?: Wallet): Near {
  const why = [
    (pool.explicit ? 'mining protocol ' : 'pool ') + pool.url,
    ...(wallet === undefined ? [] : [wallet.coin + ' wallet with valid checksum']),
  ];
  return {
    use: { family: 'unknown', pool, why, ...(wallet === undefined ? {} : { user: { wallet } }) },
    offset,
  };
}
