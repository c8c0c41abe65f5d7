/**
 * Ignore files: a YAML list of `{rule|id, path?, reason, expires}`. A reason and a date are required, so that
 * an exception is somebody's decision and ends by itself. Loaded only where there is such a file.
 */
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';
import { messageOf, WaterguardError } from '../model/error.ts';
import type { IgnoreEntry } from './ignore.ts';

const entry = z
  .strictObject({
    rule: z.string().min(1).optional(),
    id: z.string().min(1).optional(),
    path: z.string().min(1).optional(),
    reason: z.string().min(1),
    /** A day: the entry holds until its end, UTC. */
    expires: z.union([z.iso.date(), z.date().transform((day) => day.toISOString().slice(0, 10))]),
  })
  .refine((one) => (one.rule === undefined) !== (one.id === undefined), 'give either rule or id');

/** @throws WaterguardError `usage` naming the file and the entry that is wrong */
export function readIgnoreFile(path: string): readonly IgnoreEntry[] {
  let content: unknown;
  try {
    content = parse(readFileSync(path, 'utf8'), { maxAliasCount: 0 });
  } catch (error) {
    throw new WaterguardError('usage', `cannot read the ignore file ${path}: ${messageOf(error)}`, {
      cause: error,
    });
  }
  const read = z.array(entry).safeParse(content ?? []);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  const at = issue?.path.join('.') ?? '';
  throw new WaterguardError(
    'usage',
    `the ignore file ${path} is not a list of {rule|id, path?, reason, expires}: entry ${at}: ${issue?.message ?? ''}`,
  );
}
