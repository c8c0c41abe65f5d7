/** New rules find their past by themselves: whoever first starts with a set begins the search. */
import { hostname } from 'node:os';
import type { Kysely } from 'kysely';
import type { ScanSession } from '../scan/index.ts';
import { addActivity } from '../store/activity.ts';
import { imageQueueName } from '../store/image-queue.ts';
import type { Queue } from '../store/queue.ts';
import { beginRuleHunt } from '../store/retro-hunts.ts';
import { addRuleset, claimRuleHunt, outdatedBy } from '../store/rulesets.ts';
import type { Tables } from '../store/tables.ts';

type Rules = Pick<ScanSession, 'tool' | 'ruleParts'>;

/** A set that comes again, as with a worker that is not upgraded yet, begins nothing. */
export async function learnRules(db: Kysely<Tables>, queue: Queue, session: Rules): Promise<void> {
  const { ruleset } = session.tool;
  const parts = await session.ruleParts();
  for (const host of [undefined, hostname()]) await queue.ready(imageQueueName(ruleset, host));
  await db.transaction().execute(async (tx) => {
    await addRuleset(tx, ruleset, parts);
    if (!(await claimRuleHunt(tx, ruleset))) return;
    const id = await beginRuleHunt(tx, queue, ruleset, { always: false });
    if (id === undefined) return;
    await addActivity(tx, {
      type: 'rules.changed',
      severity: 'info',
      text: 'Rules are new: images in which they could find something are scanned again',
      link: '/settings/retro-hunts',
      key: `rules.changed/${ruleset}`,
    });
  });
}

/** As `learnRules`, for a hunt that scans by itself what its rules have not seen. */
export async function meetRules(db: Kysely<Tables>, session: Rules): Promise<void> {
  const { ruleset } = session.tool;
  const parts = await session.ruleParts();
  await db.transaction().execute(async (tx) => {
    if (await addRuleset(tx, ruleset, parts)) await outdatedBy(tx, ruleset);
  });
}
