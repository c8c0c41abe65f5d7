/**
 * From observables to indicators: an image holds thousands of hosts and URLs, and only those count that stand
 * where a finding stands, or that are telling by themselves (a wallet, a pool, a planted key).
 */
import { isDocumentation } from '../detect/context.ts';
import type { Indicator, IndicatorType } from '../model/indicator.ts';
import { printable } from '../model/printable.ts';
import { severityRank } from '../model/terms.ts';
import { isThreat, type Judged } from '../verdict/decide.ts';

export interface Sighting {
  readonly type: IndicatorType;
  readonly value: string;
  readonly note: string;
  /** File paths, or keys of the configuration. */
  readonly paths: readonly string[];
}

const telling: readonly IndicatorType[] = ['wallet', 'pool', 'ssh-key'];

/** More would not be read. */
const mostIndicators = 1000;

export function collectIndicators(sightings: readonly Sighting[], judged: readonly Judged[]): Indicator[] {
  const threats = judged.filter(
    (one) =>
      isThreat(one) && severityRank(one.finding.severity) >= severityRank('medium') && !one.finding.ignored,
  );
  const suspect = new Set(threats.flatMap((one) => one.finding.evidence.map((place) => place.path ?? '')));
  const found = new Map<string, Indicator>();
  const add = (type: IndicatorType, value: string, context: string): void => {
    const key = `${type}\n${value}`;
    if (!found.has(key) && found.size < mostIndicators) {
      found.set(key, { type, value: printable(value, 2048), context: printable(context, 300) });
    }
  };
  for (const { finding } of threats) {
    for (const place of finding.evidence) {
      const isProgram = place.kind === 'file' && finding.confidence >= 0.6;
      if (isProgram && place.sha256 !== undefined)
        add('sha256', place.sha256, `${finding.rule}, ${place.path ?? ''}`);
    }
  }
  // First what stands where a threat stands, so that nobody can crowd it out with values elsewhere.
  for (const { type, value, note, paths } of sightings) {
    const place = paths.find((one) => suspect.has(one));
    if (place !== undefined) add(type, value, note === '' ? place : `${note}, ${place}`);
  }
  for (const { type, value, note, paths } of sightings) {
    const place = telling.includes(type) ? paths.find((one) => !isDocumentation(one)) : undefined;
    if (place !== undefined) add(type, value, note === '' ? place : `${note}, ${place}`);
  }
  return [...found.values()].sort((a, b) => (a.type + a.value < b.type + b.value ? -1 : 1));
}
