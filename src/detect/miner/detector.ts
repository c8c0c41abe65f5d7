/**
 * Mining configurations and command lines in files, and those that are built into programs. Each says where to mine
 * and for whom; a mention of a miner says neither, so it yields nothing, whatever the file is: documentation, a
 * blocklist or a detection rule.
 */
import { decodeText } from '../../indicator/decode.ts';
import { splitShell } from '../../indicator/shell.ts';
import { unwrapCommands } from '../../indicator/shell-unwrap.ts';
import { findWallets } from '../../indicator/wallet.ts';
import { confidenceOf, type MinerUse } from '../../stratum/miner.ts';
import { minerCommand } from '../../stratum/miner-command.ts';
import { minerConfig } from '../../stratum/miner-config.ts';
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
import { anchors } from './anchors.ts';
import { describeUse, minerKinds, observablesOf, severityOf } from './finding.ts';
import { type Region, regionsOf } from './region.ts';

export const minerDetector: Detector = {
  name: 'miner',
  version: 4,
  needs: 'content',
  findings: Object.values(minerKinds),
  anchors,
  onlyWith: 'anchors',
  wants: (file: FileRecord) => file.kind !== 'archive' && file.size >= 32,
  inspect,
};

/** A use and where it stands: `place` in bytes of the file. */
interface PlacedUse {
  readonly use: MinerUse;
  readonly place: number;
  readonly command: boolean;
}

/** A file that names more different pools or wallets is a list (of a blocker, a scanner, a pool), not a use. */
const listSize = 20;

function inspect(file: OpenFile, deadline: Deadline): Detection {
  const regions = regionsOf(file);
  if (regions.length === 0) return nothing;
  const uses: PlacedUse[] = [];
  const pools = new Set<string>();
  const wallets = new Map<string, { readonly coin: string; readonly place: number }>();
  for (const region of regions) {
    deadline.check();
    uses.push(...usesIn(region, file));
    if (region.encoded) continue;
    for (const { pool } of findPoolUrls(region.text)) if (pool.public) pools.add(pool.url);
    for (const { wallet, offset } of findWallets(region.text)) {
      if (wallet.verified) wallets.set(wallet.address, { coin: wallet.coin, place: region.start + offset });
    }
  }
  if (pools.size >= listSize || wallets.size >= listSize) return nothing;
  const best = uses.reduce<PlacedUse | undefined>(
    (known, one) => (known === undefined || weightOf(one.use) > weightOf(known.use) ? one : known),
    undefined,
  );
  if (best !== undefined) {
    const findings = [toFinding(best, file)];
    return { findings, observables: uses.flatMap((one) => observablesOf(one.use, file.offset + one.place)) };
  }
  return loneWallet(wallets, file);
}

/** Commands of scripts first: they say more than the same words read as settings. */
function usesIn(region: Region, file: OpenFile): PlacedUse[] {
  const isShell = file.kind === 'script' || region.shell;
  const commands = isShell && !region.encoded ? commandsIn(region) : [];
  if (commands.length > 0) return commands;
  const hidden = isShell ? hiddenIn(region) : [];
  if (hidden.length > 0 || region.encoded) return hidden;
  const configured = minerConfig(region.text).map((use) => ({
    use,
    place: region.start + use.offset,
    command: false,
  }));
  if (configured.some((one) => one.use.pool !== undefined && one.use.user !== undefined)) return configured;
  return [...configured, ...neighbours(region)];
}

function commandsIn(region: Region): PlacedUse[] {
  const found: PlacedUse[] = [];
  for (const { words, offset } of unwrapCommands(splitShell(region.text))) {
    const use = minerCommand(words);
    // A name alone starts a miner, but whose, its configuration says.
    if (use !== undefined && use.why.length > 1)
      found.push({ use, place: region.start + offset, command: true });
  }
  return found;
}

/** Configurations that a script carries encoded and writes when it starts; plain ones are better read as they are. */
function hiddenIn(region: Region): PlacedUse[] {
  if (!region.text.includes('base64')) return [];
  return decodeText(region.text).flatMap(({ text, offset }) =>
    minerConfig(text).map((use) => ({ use, place: region.start + offset, command: false })),
  );
}

/** A mining URL and a valid wallet in one place, however they are written. */
function neighbours(region: Region): PlacedUse[] {
  const pool = findPoolUrls(region.text).find((one) => one.pool.public);
  const wallet = findWallets(region.text).find((one) => one.wallet.verified)?.wallet;
  if (pool === undefined) return [];
  const why = [
    'mining protocol ' + pool.pool.url,
    ...(wallet === undefined ? [] : [wallet.coin + ' wallet with valid checksum']),
  ];
  const use = {
    family: 'unknown',
    pool: pool.pool,
    why,
    ...(wallet === undefined ? {} : { user: { wallet } }),
  };
  return [{ use, place: region.start + pool.offset, command: false }];
}

function weightOf(use: MinerUse): number {
  return confidenceOf(use) + (use.user?.wallet.verified ? 0.02 : 0) + (use.pool?.public ? 0.01 : 0);
}

function toFinding({ use, place, command }: PlacedUse, file: OpenFile): DetectedFinding {
  const program = file.kind === 'elf' || file.kind === 'binary';
  const kind = program ? minerKinds.embedded : command ? minerKinds.command : minerKinds.config;
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
    subject: program ? 'program' : 'text',
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
