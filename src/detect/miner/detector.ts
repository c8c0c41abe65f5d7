/**
 * Mining configurations and command lines in files, and those that are built into programs. Each says where to mine
 * and for whom; a mention of a miner says neither, so it yields nothing, whatever the file is: documentation, a
 * blocklist or a detection rule.
 */
import { findWallets } from '../../indicator/wallet.ts';
import { confidenceOf, type MinerUse } from '../../stratum/miner.ts';
import { findPoolUrls } from '../../stratum/pool-url.ts';
import {
  type Deadline,
  type DetectedFinding,
  type Detection,
  type Detector,
  type FileRecord,
  nothing,
  type OpenFile,
} from '../detector.ts';
import { inComment } from '../network/comment.ts';
import { anchors } from './anchors.ts';
import { describeUse, minerKinds, observablesOf, severityOf } from './finding.ts';
import { regionsOf } from './region.ts';
import { isComplete, type PlacedUse, usesIn } from './uses.ts';

export const minerDetector: Detector = {
  name: 'miner',
  version: 4,
  needs: 'content',
  findings: Object.values(minerKinds),
  anchors,
  wants: (file: FileRecord) => file.kind !== 'archive' && file.size >= 32,
  inspect,
};

/**
 * A file that names more different pools or wallets is a list (of a blocker, a scanner, a pool), not a use, unless a
 * command or object has both. What stands in a comment makes no list: anybody can fill one up.
 */
const listSize = 20;

function inspect(file: OpenFile, deadline: Deadline): Detection {
  const regions = regionsOf(file);
  if (regions.length === 0) return nothing;
  const uses: PlacedUse[] = [];
  const pools = new Set<string>();
  const wallets = new Map<string, { readonly coin: string; readonly place: number }>();
  let notes = 0;
  for (const region of regions) {
    deadline.check();
    uses.push(...usesIn(region, file));
    if (region.isOnlyEncoded) continue;
    const placeOf = (offset: number): number => region.start + offset * region.width;
    for (const { pool, offset } of findPoolUrls(region.text))
      if (pool.public && !inComment(file, placeOf(offset))) pools.add(pool.url);
    for (const { wallet, offset } of findWallets(region.text)) {
      const place = placeOf(offset);
      if (!wallet.verified || wallets.has(wallet.address)) continue;
      wallets.set(wallet.address, { coin: wallet.coin, place });
      if (inComment(file, place)) notes++;
    }
  }
  const isList = pools.size >= listSize || wallets.size - notes >= listSize;
  const counted = isList ? uses.filter((one) => one.isTogether && isComplete(one.use)) : uses;
  const best = counted.reduce<PlacedUse | undefined>(
    (known, one) => (known === undefined || weightOf(one.use) > weightOf(known.use) ? one : known),
    undefined,
  );
  if (best !== undefined) {
    const observables = counted.flatMap((one) => observablesOf(one.use, file.offset + one.place));
    return { findings: [toFinding(best, file)], observables };
  }
  return isList ? nothing : loneWallet(wallets, file);
}

function weightOf(use: MinerUse): number {
  return confidenceOf(use) + (use.user?.wallet.verified ? 0.02 : 0) + (use.pool?.public ? 0.01 : 0);
}

function toFinding({ use, place, how, isProgram }: PlacedUse, file: OpenFile): DetectedFinding {
  const kind = isProgram ? minerKinds.embedded : how === 'command' ? minerKinds.command : minerKinds.config;
  const confidence = confidenceOf(use);
  const proves =
    confidence < 0.6
      ? undefined
      : use.user?.wallet.verified
        ? 'wallet'
        : use.pool?.public
          ? 'pool'
          : undefined;
  return {
    ...kind,
    severity: severityOf(confidence),
    confidence,
    subject: isProgram ? 'program' : 'text',
    ...(proves === undefined ? {} : { proves }),
    offset: file.offset + place,
    length: 0,
    excerpt: describeUse(use),
  };
}

/** Where nothing else speaks of mining, a wallet is worth noting, if its coin is one that is mined on servers. */
function loneWallet(
  wallets: ReadonlyMap<string, { readonly coin: string; readonly place: number }>,
  file: OpenFile,
): Detection {
  for (const [address, { coin, place }] of wallets) {
    if (coin !== 'monero' || file.kind === 'binary') continue;
    const offset = file.offset + place;
    const finding: DetectedFinding = {
      ...minerKinds.wallet,
      confidence: 0.2,
      subject: 'text',
      offset,
      length: address.length,
      excerpt: coin + ' wallet ' + address,
    };
    return { findings: [finding], observables: [{ type: 'wallet', value: address, offset, note: coin }] };
  }
  return nothing;
}
