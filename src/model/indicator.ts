/** Indicators and observables: the values by which attackers are recognised again elsewhere. */
import { z } from 'zod';
import { type IndicatorType, indicatorTypes } from './terms.ts';

export type { IndicatorType } from './terms.ts';

/**
 * A value in its normal form (lower-case host, wallet as its checksum wants it, `ssh-ed25519 AAAA…` without
 * comment). `context` says what kind of value and where it was seen: `monero, /etc/x/config.json`.
 */
export const indicator = z.object({
  type: z.enum(indicatorTypes),
  value: z.string(),
  context: z.string(),
});
export type Indicator = z.infer<typeof indicator>;

/**
 * A value seen in content, before anything is known about it. Detectors emit them, layers keep them, and the
 * judge decides which of them are indicators. `offset` is in bytes of the content (0 where unknown).
 */
export interface Observable {
  readonly type: IndicatorType;
  readonly value: string;
  readonly offset: number;
  /** For a wallet its coin, for a pool its protocol, for a host how it was written (`url`, `bare`, `decoded`). */
  readonly note?: string;
}
