/**
 * What an image holds of values that are known from attacks. Called by the scan's judge, never cached: a value that
 * is learned now counts in the next verdict, of new images and of old ones.
 */
import type { KnownIndicator, KnownIndicators } from '../../model/known-indicator.ts';
import { printable } from '../../model/printable.ts';
import type { IndicatorType } from '../../model/terms.ts';
import type { DetectedFinding } from '../detector.ts';
import type { NetworkFinding, SeenValue } from '../network/judge.ts';

/**
 * A known program is proof. A wallet or key belongs to one owner; a host is shared by many, an address passes on, and
 * a bare mention of any of them is no use of it.
 */
const confidences: Readonly<Record<IndicatorType, number>> = {
  sha256: 0.95,
  wallet: 0.85,
  'ssh-key': 0.85,
  url: 0.8,
  pool: 0.75,
  domain: 0.7,
  ip: 0.65,
  image: 0.6,
  email: 0.5,
};

/** One finding for each place of each value. */
export function judgeKnown(seen: readonly SeenValue[], known: KnownIndicators): NetworkFinding[] {
  const found: NetworkFinding[] = [];
  for (const { type, value, places } of seen) {
    const one = known.match(type, value);
    if (one === undefined) continue;
    for (const { ordinal, offset } of places)
      found.push({ finding: findingOf(one, offset), ordinal, offset });
  }
  return found;
}

export function knownFile(one: KnownIndicator): DetectedFinding {
  return { ...findingOf(one, 0), subject: 'program', length: 0 };
}

function findingOf({ type, value, category, source }: KnownIndicator, offset: number): DetectedFinding {
  return {
    rule: `indicator/${type}`,
    title: titles[type],
    category,
    severity: 'high',
    attack: [],
    confidence: confidences[type],
    subject: 'text',
    malware: true,
    offset,
    length: value.length,
    excerpt: printable(source === '' ? value : `${value} (${source})`, 200),
    value,
  };
}

const titles: Readonly<Record<IndicatorType, string>> = {
  sha256: 'File that is known from attacks',
  wallet: 'Wallet that is known from attacks',
  'ssh-key': 'SSH key that is known from attacks',
  url: 'URL that is known from attacks',
  pool: 'Mining pool that is known from attacks',
  domain: 'Domain that is known from attacks',
  ip: 'Address that is known from attacks',
  image: 'Image that is known from attacks',
  email: 'E-mail address that is known from attacks',
};
