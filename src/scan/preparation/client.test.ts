import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { deserialize } from 'node:v8';
import type { Plan } from '../../detect/plan.ts';
import { readRuleFiles } from '../../detect/rules/files.ts';
import { prepareRules } from '../../detect/rules/prepare.ts';
import { ruleEngine } from '../../detect/yara/engine.ts';
import { prepareApart } from './client.ts';

const root = mkdtempSync(join(tmpdir(), 'waterguard-preparation-'));
after(() => rmSync(root, { recursive: true }));

test('rules that were prepared apart are those that were prepared here', async () => {
  const rule = 'rule one { strings: $a = "needle" condition: $a }\nrule two { condition: nothing }';
  writeFileSync(join(root, 'a.yar'), rule);
  const files = readRuleFiles({ folders: [root], shippedYara: false, shippedText: true });
  const { summary, plan } = prepareRules(files, ruleEngine());
  const apart = await prepareApart({ files, hasEngine: true });
  assert.deepEqual(apart.summary, summary);
  // Only a compiler knows that the second rule is wrong.
  assert.equal(apart.summary.refused.length, ruleEngine() === undefined ? 0 : 1);
  assert.deepEqual((deserialize(apart.plan) as Plan).searches, plan.searches);
});

test('a process that ends without an answer is told of', async () => {
  const entry = join(root, 'dies.js');
  const files = readRuleFiles({ folders: [], shippedYara: false, shippedText: false });
  for (const [program, how] of [
    ['process.exit(7)', /ended \(exit 7\)/],
    ['process.kill(process.pid, "SIGKILL")', /ended \(SIGKILL\)/],
  ] as const) {
    writeFileSync(entry, program);
    await assert.rejects(prepareApart({ files, hasEngine: false }, entry), { code: 'engine', message: how });
  }
});
