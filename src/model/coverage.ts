/** What was looked at and what was not. Everything skipped is listed; a hole keeps an artifact from `clean`. */
import { z } from 'zod';
import { skipReasons } from './terms.ts';

export type { SkipReason } from './terms.ts';

/** `path` is a file's path, or the layer's digest, descriptor or detector name where no file is meant. */
export const skipped = z.object({
  path: z.string(),
  reason: z.enum(skipReasons),
  layer: z.int().nonnegative().optional(),
  detail: z.string().optional(),
});
export type Skipped = z.infer<typeof skipped>;

/** Something that failed; always a hole. `code` is a literal of the error class that was thrown. */
export const coverageError = z.object({ where: z.string(), code: z.string(), message: z.string() });
export type CoverageError = z.infer<typeof coverageError>;

export const coverage = z.object({
  layers: z.int(),
  files: z.int(),
  bytes: z.int(),
  cachedLayers: z.int(),
  skipped: z.array(skipped),
  errors: z.array(coverageError),
});
export type Coverage = z.infer<typeof coverage>;
