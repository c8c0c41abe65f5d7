/** The first page, and what the live stream carries. */
import { z } from 'zod';
import { categories, severities, verdicts } from '../model/terms.ts';
import { hunt } from './hunts.ts';
import { id, time } from './page.ts';

/** Something that happened: a line of the live feed. */
export const activity = z.object({
  id,
  at: time,
  /** `image.malicious`, `hunt.started`, `hunt.done`, `indicator.added`, `finding.ignored`, … */
  type: z.string(),
  severity: z.enum(severities),
  /** One printable sentence. */
  text: z.string(),
  /** Page of the console: `/images/7`. */
  link: z.string().optional(),
});
export type Activity = z.infer<typeof activity>;

export const overview = z.object({
  images: z.object({
    total: z.int(),
    byVerdict: z.record(z.enum(verdicts), z.int()),
  }),
  /** Images that have a category, counted once for each of their categories. */
  categories: z.array(z.object({ category: z.enum(categories), images: z.int(), share: z.number() })),
  categoryTotal: z.int(),
  openFindings: z.array(
    z.object({ category: z.enum(categories), bySeverity: z.record(z.enum(severities), z.int()) }),
  ),
  lastDay: z.object({
    scanned: z.int(),
    malicious: z.int(),
    indicators: z.int(),
    retroHits: z.int(),
    ignored: z.int(),
    resolved: z.int(),
  }),
  /** The study's layers of defence, and what of each is in place. */
  defence: z.array(
    z.object({
      layer: z.enum(['prevent', 'detect', 'respond']),
      name: z.string(),
      state: z.enum(['active', 'partial', 'absent']),
      detail: z.string(),
    }),
  ),
  hunts: z.array(hunt),
  activity: z.array(activity),
  /** Totals of malicious images and of category pairs by the last hunts of the same source, oldest first. */
  trend: z.array(
    z.object({
      hunt: id,
      source: z.string(),
      at: time,
      total: z.int(),
      malicious: z.int(),
      categoryTotal: z.int(),
    }),
  ),
});
export type Overview = z.infer<typeof overview>;

/** Events of `/v1/live` (SSE): `activity` with an `Activity`, `hunt` with a `Hunt`, each under its name. */
export const liveEvents = ['activity', 'hunt'] as const;
