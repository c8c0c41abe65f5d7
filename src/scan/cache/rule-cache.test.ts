import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { deserialize, serialize } from 'node:v8';
import { planWithoutRules } from '../../../test/fixtures/plan.ts';
import type { Plan } from '../../detect/plan.ts';
import type { WrittenRules } from '../preparation/child.ts';
import { cachedRules } from './rule-cache.ts';

const root = mkdtempSync(join(tmpdir(), 'waterguard-rule-cache-'));
after(() => rmSync(root, { recursive: true }));

function preparing(accepted: number): { count: number; prepare: () => Promise<WrittenRules> } {
  const refused = [{ origin: 'a.yar', rule: 'a', message: 'no' }];
  const plan = serialize({ ...planWithoutRules([]), refused });
  const made = {
    count: 0,
    prepare: async () => {
      made.count++;
      return { plan, parts: [], summary: { secrets: [], pathRules: true, accepted, refused: [] } };
    },
  };
  return made;
}

function refusedIn(plan: Buffer): Plan['refused'] {
  return (deserialize(plan) as Plan).refused;
}

test('rules are prepared once for one context, and anew for another', async () => {
  const folder = mkdtempSync(join(root, 'a'));
  const rules = preparing(3);
  await cachedRules(folder, 'context', rules.prepare);
  const again = await cachedRules(folder, 'context', rules.prepare);
  assert.equal(rules.count, 1);
  assert.equal(again.summary.accepted, 3);
  assert.equal(refusedIn(await again.plan())[0]?.message, 'no');
  assert.equal(rules.count, 1);
  await cachedRules(folder, 'other context', rules.prepare);
  assert.equal(rules.count, 2);
});

test('what is broken or gone is made again', async () => {
  const folder = mkdtempSync(join(root, 'b'));
  const rules = preparing(1);
  await cachedRules(folder, 'context', rules.prepare);
  for (const name of readdirSync(folder)) writeFileSync(join(folder, name), 'torn');
  assert.equal((await cachedRules(folder, 'context', rules.prepare)).summary.accepted, 1);
  assert.equal(rules.count, 2);
  const known = await cachedRules(folder, 'context', rules.prepare);
  for (const name of readdirSync(folder)) rmSync(join(folder, name));
  assert.equal(refusedIn(await known.plan()).length, 1);
  assert.equal(rules.count, 3);
});

test('a folder that is missing or cannot be written is no fault, and files are for their owner alone', async () => {
  const rules = preparing(1);
  assert.equal((await cachedRules(undefined, 'context', rules.prepare)).summary.accepted, 1);
  assert.equal((await cachedRules(join(root, 'nonesuch'), 'context', rules.prepare)).summary.accepted, 1);
  const folder = mkdtempSync(join(root, 'c'));
  await cachedRules(folder, 'context', rules.prepare);
  for (const name of readdirSync(folder)) assert.equal(statSync(join(folder, name)).mode & 0o077, 0);
});
