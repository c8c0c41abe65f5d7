/** Lists come in pages: `next` is the cursor of the page that follows, absent on the last one. */
import { z } from 'zod';

export const largestPage = 200;

export const pageQuery = z.object({
  limit: z.coerce.number().int().min(1).max(largestPage).default(50),
  /** As the page before gave it; the longest holds a name of 400 characters, all of them escaped. */
  cursor: z.string().max(4000).optional(),
});

export function pageOf<Item extends z.ZodType>(item: Item) {
  return z.object({
    items: z.array(item),
    /** Absent on the last page. */
    next: z.string().optional(),
  });
}

export interface Page<Item> {
  readonly items: Item[];
  readonly next?: string;
}

/** RFC 3339, UTC. */
export const time = z.iso.datetime();
export const id = z.coerce.number().int().positive().max(Number.MAX_SAFE_INTEGER);
export const idParameter = z.object({ id });

/** RFC 9457. `code` is a literal that clients switch on. */
export const problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string().optional(),
  code: z.string(),
  /** What was wrong with which field. */
  errors: z.array(z.object({ field: z.string(), message: z.string() })).optional(),
});
export type Problem = z.infer<typeof problem>;
