/**
 * Prepared rules on disk. Compiling takes a second for large third-party folders and parsing the shipped ones takes
 * longer than a rescan; loading takes milliseconds. A rescan reads the summary alone, an engine the plan as well; what a set of rules
 * consists of is read where it is compared with another.
 */
import { hash } from 'node:crypto';
import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import type { RulePart } from '../../detect/rules/part.ts';
import type { RuleSummary } from '../../detect/rules/prepare.ts';
import type { WrittenRules } from '../preparation/child.ts';
import { shrink } from './folder.ts';
import { readSealed, writeSealed } from './sealed-file.ts';

/** Raised when the shape of a summary or a plan changes. */
const format = 6;

const folderSize = 128 * 1024 * 1024;

export interface CachedRules {
  readonly summary: RuleSummary;
  /** See `WrittenRules`, as of the others. */
  plan(): Promise<Buffer>;
  parts(): Promise<readonly RulePart[]>;
}

/**
 * @param folder undefined where there is no cache
 * @param context text of all that prepared rules depend on: the files, what prepares them, the engine that loads them
 * @param prepare called where they are not there
 */
export async function cachedRules(
  folder: string | undefined,
  context: string,
  prepare: () => Promise<WrittenRules>,
): Promise<CachedRules> {
  const pathOf = (part: string): string =>
    join(folder ?? '', hash('sha256', `${format}\n${written}\n${part}\n${context}`));
  const read = (part: string): Buffer | undefined =>
    folder === undefined ? undefined : readSealed(pathOf(part));

  async function prepareAndKeep(): Promise<WrittenRules> {
    const { summary, plan, parts } = await prepare();
    if (folder !== undefined) {
      writeSealed(pathOf('plan'), plan);
      writeSealed(pathOf('parts'), serialize(parts));
      writeSealed(pathOf('summary'), serialize(summary));
      shrink(folder, folderSize);
    }
    return { summary, plan, parts };
  }

  const known = read('summary');
  if (known === undefined) {
    const { summary, plan, parts } = await prepareAndKeep();
    return { summary, plan: async () => plan, parts: async () => parts };
  }
  return {
    summary: deserialize(known) as RuleSummary,
    plan: async () => read('plan') ?? (await prepareAndKeep()).plan,
    async parts() {
      const kept = read('parts');
      return kept === undefined ? (await prepareAndKeep()).parts : (deserialize(kept) as readonly RulePart[]);
    },
  };
}

/** What a newer Node wrote, an older one may not read. */
const written = process.versions.v8;
