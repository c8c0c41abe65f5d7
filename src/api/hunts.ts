/** Hunts: many images of one source, their progress and the category table. */
import { z } from 'zod';
import { categories, verdicts } from '../model/terms.ts';
import { id, pageQuery, time } from './page.ts';

export const huntStates = ['running', 'done', 'cancelled', 'failed'] as const;
export type HuntState = (typeof huntStates)[number];

const count = z.int().nonnegative();

/** The shape that `hunt --format json` prints. Verdict counts sum to `total`, `unchanged` is beside them. */
export const huntResult = z.object({
  schemaVersion: z.literal(1),
  hunt: z.string(),
  source: z.string(),
  images: z.object({
    total: count,
    malicious: count,
    suspicious: count,
    risky: count,
    clean: count,
    incomplete: count,
    unchanged: count,
  }),
  /** (image, category) pairs. */
  categories: z.partialRecord(z.enum(categories), count),
  /** Sum of `categories`; never mixed with `images.total`. */
  categoryTotal: count,
  /** Compressed bytes of layers. */
  bytes: z.object({ unique: count, referenced: count }),
  durationMs: z.number(),
});
export type HuntResult = z.infer<typeof huntResult>;

export const huntProgress = z.object({
  /** Images that are listed until now; the whole number once `listed` is true. */
  total: count,
  done: count,
  unchanged: count,
  failed: count,
  listed: z.boolean(),
  /** Images a second over the last minute; absent before anything is done. */
  rate: z.number().optional(),
  /** Seconds that are left at that rate; absent while images are still being listed. */
  remaining: z.number().optional(),
});
export type HuntProgress = z.infer<typeof huntProgress>;

export const hunt = z.object({
  id,
  source: z.string(),
  state: z.enum(huntStates),
  ruleset: z.string(),
  startedAt: time,
  endedAt: time.optional(),
  startedBy: z.string(),
  progress: huntProgress,
  result: huntResult,
  /** Why it failed, or what could not be listed. */
  problems: z.array(z.string()),
});
export type Hunt = z.infer<typeof hunt>;

export const huntOptions = z.object({
  platform: z
    .string()
    .regex(/^[a-z0-9]+\/[a-z0-9]+(\/[a-z0-9.]+)?$/)
    .default('linux/amd64'),
  insecure: z.boolean().default(false),
  /** Images that changed before that time are left out, where the source tells. */
  since: time.optional(),
  limit: z.int().positive().max(10_000_000).optional(),
});

export const newHunt = huntOptions.extend({
  source: z.string().trim().min(1).max(2000),
  /** Does not go on with an interrupted hunt of the same source. */
  restart: z.boolean().default(false),
});
export type NewHunt = z.infer<typeof newHunt>;

export const huntImage = z.object({
  reference: z.string(),
  digest: z.string(),
  state: z.enum(['waiting', 'done', 'unchanged', 'failed']),
  /** Absent before it is scanned. */
  image: id.optional(),
  verdict: z.enum(verdicts).optional(),
  score: z.int().optional(),
  categories: z.array(z.enum(categories)),
  problem: z.string().optional(),
});
export type HuntImage = z.infer<typeof huntImage>;

export const huntImagesQuery = pageQuery.extend({
  state: z.enum(['waiting', 'done', 'unchanged', 'failed']).optional(),
});

export const schedule = z.object({
  id,
  source: z.string(),
  options: huntOptions,
  /** Five fields, UTC. */
  cron: z.string(),
  createdBy: z.string(),
  nextAt: time.optional(),
});
export type Schedule = z.infer<typeof schedule>;
export const newSchedule = huntOptions.extend({
  source: z.string().trim().min(1).max(2000),
  cron: z.string().trim().min(9).max(100),
});
