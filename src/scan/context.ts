/** What results depend on besides the bytes they tell of: a text that is part of every cache key. */
import type { RuleEngine } from '../detect/rule-engine.ts';

/**
 * Raised with every change of shared code by which the same bytes may give another result, whatever the detector: tar
 * walker, decompression, kinds of files, archives, search, runner, windows, what a layer's results add up to. What
 * one detector alone says is in its own `version`.
 */
export const inspectionVersion = 7;

export interface Dependencies {
  /** Of Waterguard. */
  readonly version: string;
  readonly inspectionVersion: number;
  /** `identity` of the rule files. */
  readonly rules: string;
  /** A digest of the detectors' own part. */
  readonly detectors: string;
  readonly engine: Pick<RuleEngine, 'name' | 'version'> | undefined;
}

export function contextOf({ version, inspectionVersion, rules, detectors, engine }: Dependencies): string {
  const matcher = engine === undefined ? 'none' : `${engine.name}@${engine.version}`;
  return [version, inspectionVersion, rules, detectors, matcher].join('\n');
}
