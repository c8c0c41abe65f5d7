/**
 * Ignore files: a YAML list of `{rule|id, path?, reason, expires}`. A reason and a date are required, so that
 * an exception is somebody's decision and ends by itself. Loaded only where there is such a file.
 */
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';
import { messageOf, WaterguardError } from '../model/error.ts';
import type { IgnoreEntry } from '../verdict/ignore.ts';

const aReason = 'is required: a text that says why';
const aDay = 'is required: the last day on which the entry holds, such as 2027-01-31';

const entry = z
  .strictObject({
    rule: z.string().min(1).optional(),
    id: z.string().min(1).optional(),
    path: z.string().min(1).optional(),
    reason: z.string(aReason).min(1, aReason),
    /** A day: the entry holds until its end, UTC. */
    expires: z.union([z.iso.date(aDay), z.date().transform((day) => day.toISOString().slice(0, 10))], aDay),
  })
  .refine((one) => (one.rule === undefined) !== (one.id === undefined), 'give either rule or id');

/** @throws WaterguardError `usage` naming the file and the entry that is wrong */
export function readIgnoreFile(path: string): readonly IgnoreEntry[] {
  let content: unknown;
  try {
    content = parse(readFileSync(path, 'utf8'), { maxAliasCount: 0 });
  } catch (error) {
    const [first] = messageOf(error).split('\n', 1);
    throw new WaterguardError('usage', `cannot read the ignore file ${path}: ${first}`, { cause: error });
  }
  const read = z.array(entry).safeParse(content ?? []);
  if (read.success) return read.data;
  const why = read.error.issues.slice(0, 3).map(described).join('; ');
  throw new WaterguardError(
    'usage',
    `the ignore file ${path} is not a list of {rule|id, path?, reason, expires}: ${why}`,
  );
}

function described({ path: [index, field], message }: z.core.$ZodIssue): string {
  if (typeof index !== 'number') return 'it is no list; begin each entry with a dash';
  return `entry ${index + 1}: ${field === undefined ? '' : `${String(field)} `}${message}`;
}
