/** The report on one image or directory: the shape that `scan --format json` prints. */
import { z } from 'zod';
import { coverage } from './coverage.ts';
import { finding } from './finding.ts';
import { indicator } from './indicator.ts';
import { categories, verdicts } from './terms.ts';

export type { Verdict } from './terms.ts';

export const artifactLayer = z.object({
  index: z.int().nonnegative(),
  /** Of the blob as stored (compressed). */
  digest: z.string(),
  /** Of the uncompressed tar. */
  diffId: z.string(),
  /** Bytes as stored. */
  size: z.int().nonnegative(),
  /** The history line that made the layer; printable. */
  createdBy: z.string(),
});
export type ArtifactLayer = z.infer<typeof artifactLayer>;

export const artifact = z.object({
  kind: z.enum(['image', 'directory']),
  reference: z.string(),
  /** Manifest digest; for a directory the empty string. */
  digest: z.string(),
  platform: z.string(),
  layers: z.array(artifactLayer),
});
export type Artifact = z.infer<typeof artifact>;

export const tool = z.object({ name: z.literal('waterguard'), version: z.string(), ruleset: z.string() });
export type Tool = z.infer<typeof tool>;

export const imageReport = z.object({
  schemaVersion: z.literal(1),
  tool,
  target: z.string(),
  startedAt: z.string(),
  durationMs: z.number(),
  artifact,
  verdict: z.enum(verdicts),
  /** One sentence per reason, the deciding one first. */
  reasons: z.array(z.string()),
  score: z.int().min(0).max(100),
  categories: z.array(z.enum(categories)),
  findings: z.array(finding),
  indicators: z.array(indicator),
  coverage,
});
export type ImageReport = z.infer<typeof imageReport>;

/** A target of a scan that there is no report on. */
export const unreadableTarget = z.object({
  target: z.string(),
  /** A literal of the error class, or `interrupted` for one that was not looked at any more. */
  code: z.string(),
  message: z.string(),
});
export type UnreadableTarget = z.infer<typeof unreadableTarget>;
