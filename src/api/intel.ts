/** Indicators, and the search for them in everything seen before. */
import { z } from 'zod';
import { categories, indicatorTypes } from '../model/terms.ts';
import { id, time } from './page.ts';

export const indicatorRow = z.object({
  id,
  type: z.enum(indicatorTypes),
  /** In its normal form. */
  value: z.string(),
  category: z.enum(categories),
  source: z.string(),
  note: z.string(),
  addedAt: time,
  addedBy: z.string(),
  withdrawnAt: time.optional(),
  /** Images that have it, as of the last retro-hunt. */
  images: z.int(),
});
export type IndicatorRow = z.infer<typeof indicatorRow>;

export const newIndicator = z.object({
  type: z.enum(indicatorTypes),
  value: z.string().trim().min(1).max(4096),
  category: z.enum(categories).default('other'),
  source: z.string().trim().max(200).default(''),
  note: z.string().trim().max(1000).default(''),
});

export const newRetroHunt = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('indicator'), indicator: id }),
  z.object({ kind: z.literal('rules') }),
]);

export const retroHunt = z.object({
  id,
  kind: z.enum(['indicator', 'rules']),
  /** The indicator's value, or the rule set's digest. */
  subject: z.string(),
  state: z.enum(['running', 'done', 'failed']),
  startedAt: time,
  endedAt: time.optional(),
  /** Images to be scanned again, as new rules could match there; 0 for an indicator, which is looked up. */
  rescanned: z.int(),
  /** Images that have the indicator, or in which the rules have found something new. */
  hits: z.int(),
  durationMs: z.number(),
});
export type RetroHunt = z.infer<typeof retroHunt>;
