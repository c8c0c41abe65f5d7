/** How a mining use becomes a finding: kinds, weight in words, and the values by which its owner is known again. */
import type { Severity } from '../../model/finding.ts';
import type { Observable } from '../../model/indicator.ts';
import { printable } from '../../model/printable.ts';
import type { MinerUse } from '../../stratum/miner.ts';
import type { FindingKind } from '../detector.ts';

export const minerKinds = {
  config: {
    rule: 'miner/config',
    title: 'Configuration of a cryptocurrency miner',
    category: 'cryptomining',
    severity: 'high',
    attack: ['T1496.001'],
  },
  command: {
    rule: 'miner/command',
    title: 'Command that starts a cryptocurrency miner',
    category: 'cryptomining',
    severity: 'high',
    attack: ['T1496.001', 'T1059.004'],
  },
  embedded: {
    rule: 'miner/embedded-config',
    title: 'Program with a mining pool or wallet built in',
    category: 'cryptomining',
    severity: 'high',
    attack: ['T1496.001', 'T1027.009'],
  },
  wallet: {
    rule: 'miner/wallet',
    title: 'Monero wallet without signs of mining',
    category: 'cryptomining',
    severity: 'info',
    attack: [],
  },
} as const satisfies Record<string, FindingKind>;

/** Strong evidence is high; what is not even likely is low. */
export function severityOf(confidence: number): Severity {
  return confidence >= 0.6 ? 'high' : confidence >= 0.4 ? 'medium' : 'low';
}

/** For people: pool, wallet and the rest, without password. */
export function describeUse(use: MinerUse): string {
  const parts = [
    use.family === 'unknown' ? '' : use.family,
    use.pool === undefined ? '' : 'pool ' + use.pool.url,
    use.user === undefined ? '' : use.user.wallet.coin + ' wallet ' + use.user.wallet.address,
    use.user?.worker === undefined ? '' : 'worker ' + use.user.worker,
    use.algorithm === undefined ? '' : 'algorithm ' + use.algorithm,
    use.donateLevel === undefined ? '' : 'donate level ' + use.donateLevel,
  ];
  return printable(parts.filter((part) => part !== '').join(', '), 200);
}

/** Wallet (and the standard address behind an integrated one), pool, its host, and an e-mail address in the user field. */
export function observablesOf(use: MinerUse, offset: number): Observable[] {
  const found: Observable[] = [];
  const { pool, user } = use;
  if (user?.wallet.verified) {
    found.push({ type: 'wallet', value: user.wallet.address, offset, note: user.wallet.coin });
    if (user.wallet.standardAddress !== undefined) {
      found.push({
        type: 'wallet',
        value: user.wallet.standardAddress,
        offset,
        note: user.wallet.coin + ' (integrated)',
      });
    }
  }
  if (user?.email !== undefined)
    found.push({ type: 'email', value: user.email.toLowerCase(), offset, note: 'pool account' });
  if (pool?.public) {
    found.push({
      type: 'pool',
      value: pool.host + (pool.port === 0 ? '' : ':' + pool.port),
      offset,
      note: pool.scheme || 'tcp',
    });
    found.push({
      type: /^[\d.]+$|:/.test(pool.host) ? 'ip' : 'domain',
      value: pool.host,
      offset,
      note: 'pool',
    });
  }
  return found;
}
