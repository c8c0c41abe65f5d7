/**
 * Prepared rules on disk. Compiling takes a second for large third-party folders and parsing the shipped ones takes
 * longer than a rescan; loading takes milliseconds. A rescan reads the summary alone, an engine the plan as well.
 */
import { hash } from 'node:crypto';
import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import type { Plan } from '../../detect/plan.ts';
import type { PreparedRules, RuleSummary } from '../../detect/rules/prepare.ts';
import { shrink } from './folder.ts';
import { readSealed, writeSealed } from './sealed-file.ts';

/** Raised when the shape of a summary or a plan changes. */
const format = 3;

const folderSize = 128 * 1024 * 1024;

export interface CachedRules {
  readonly summary: RuleSummary;
  plan(): Promise<Plan>;
}

/**
 * @param folder undefined where there is no cache
 * @param context text of all that prepared rules depend on: the files, what prepares them, the engine that loads them
 * @param prepare called where they are not there
 */
export async function cachedRules(
  folder: string | undefined,
  context: string,
  prepare: () => Promise<PreparedRules>,
): Promise<CachedRules> {
  const pathOf = (part: string): string =>
    join(folder ?? '', hash('sha256', `${format}\n${part}\n${context}`));
  const read = (part: string): unknown =>
    folder === undefined ? undefined : thawed(readSealed(pathOf(part)));

  async function prepareAndKeep(): Promise<PreparedRules> {
    const prepared = await prepare();
    if (folder !== undefined) {
      writeSealed(pathOf('plan'), serialize(prepared.plan));
      writeSealed(pathOf('summary'), serialize(prepared.summary));
      shrink(folder, folderSize);
    }
    return prepared;
  }

  const known = read('summary') as RuleSummary | undefined;
  if (known === undefined) {
    const { summary, plan } = await prepareAndKeep();
    return { summary, plan: async () => plan };
  }
  return {
    summary: known,
    async plan() {
      const compiled = read('plan') as Plan | undefined;
      return compiled ?? (await prepareAndKeep()).plan;
    },
  };
}

/** What a newer Node wrote, an older one may not read. */
function thawed(body: Buffer | undefined): unknown {
  try {
    return body === undefined ? undefined : deserialize(body);
  } catch {
    return undefined;
  }
}
