/** Images, their findings with a life of their own, and what else has the same layers or values. */
import { z } from 'zod';
import { finding as reportFinding } from '../model/finding.ts';
import { imageReport } from '../model/report.ts';
import { categories, indicatorTypes, severities, verdicts } from '../model/terms.ts';
import { id, pageQuery, time } from './page.ts';

export const imageRow = z.object({
  id,
  /** The name under which it was last seen: `host/repository:tag`. */
  reference: z.string(),
  repository: z.string(),
  digest: z.string(),
  platform: z.string(),
  verdict: z.enum(verdicts),
  score: z.int(),
  categories: z.array(z.enum(categories)),
  /** Open ones of medium severity or more. */
  findings: z.int(),
  layers: z.int(),
  /** Compressed bytes of all layers. */
  size: z.int(),
  firstSeenAt: time,
  scannedAt: time,
  /** Since when no name leads to it; nothing of it is open then. */
  goneAt: time.optional(),
});
export type ImageRow = z.infer<typeof imageRow>;

export const imageSorts = ['score', 'scanned', 'reference', 'size'] as const;

export const imagesQuery = pageQuery.extend({
  /** Part of the reference, a digest (or its beginning), or an indicator's whole value. */
  q: z.string().trim().max(500).optional(),
  verdict: z.enum(verdicts).optional(),
  category: z.enum(categories).optional(),
  hunt: id.optional(),
  sort: z.enum(imageSorts).default('score'),
});

export const findingStatuses = ['open', 'ignored', 'resolved', 'reopened'] as const;
export type FindingStatus = (typeof findingStatuses)[number];

export const ignoreScopes = ['image', 'repository', 'everywhere'] as const;

/** A finding in one image. `id` is of this pair; `finding.id` is the finding's own, the same in every image. */
export const findingRow = z.object({
  id,
  image: id,
  reference: z.string(),
  status: z.enum(findingStatuses),
  finding: reportFinding,
  firstSeenAt: time,
  lastSeenAt: time,
  resolvedAt: time.optional(),
  ignore: z
    .object({
      id,
      reason: z.string(),
      expiresAt: time,
      scope: z.enum(ignoreScopes),
      by: z.string(),
      at: time,
    })
    .optional(),
});
export type FindingRow = z.infer<typeof findingRow>;

export const findingsQuery = pageQuery.extend({
  status: z.enum(findingStatuses).optional(),
  severity: z.enum(severities).optional(),
  category: z.enum(categories).optional(),
  rule: z.string().max(300).optional(),
  image: id.optional(),
});

export const newIgnore = z.object({
  reason: z.string().trim().min(3).max(1000),
  expiresAt: time,
  scope: z.enum(ignoreScopes).default('image'),
});

export const imageDetail = z.object({
  image: imageRow,
  /** As of the last scan, with what people have ignored since taken out of verdict and score. */
  report: imageReport,
  /** Other names of the same image. */
  references: z.array(z.object({ reference: z.string(), seenAt: time, current: z.boolean() })),
  findings: z.array(findingRow),
  /** For each layer, how many other images have it. */
  sharedBy: z.array(z.object({ index: z.int(), diffId: z.string(), images: z.int() })),
});
export type ImageDetail = z.infer<typeof imageDetail>;

/** Where a value was seen: a domain, address, URL, wallet, key, hash or image name. */
export const observableQuery = pageQuery.extend({
  value: z.string().trim().min(1).max(4096),
  type: z.enum(indicatorTypes).optional(),
});
export const sighting = z.object({
  type: z.enum(indicatorTypes),
  value: z.string(),
  image: id,
  reference: z.string(),
  verdict: z.enum(verdicts),
  layer: z.int().optional(),
  path: z.string().optional(),
});
export type Sighting = z.infer<typeof sighting>;

export const layerDetail = z.object({
  diffId: z.string(),
  files: z.int(),
  bytes: z.int(),
  firstSeenAt: time,
  images: z.array(imageRow),
});

/** What became of a report that was delivered. */
export const uploadedReport = z.object({ image: id, verdict: z.enum(verdicts) });
