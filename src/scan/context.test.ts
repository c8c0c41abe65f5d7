import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { engineAvailable } from '../detect/yara/engine.ts';
import { version } from '../package.ts';
import { contextOf, type Dependencies, inspectionVersion } from './context.ts';
import { openRules } from './rules.ts';

const home = mkdtempSync(join(tmpdir(), 'waterguard-context-'));
after(() => rmSync(home, { recursive: true }));

const now: Dependencies = {
  version: '1.0.0',
  inspectionVersion: 1,
  rules: 'sha256:a',
  detectors: 'b',
  engine: { name: 'yara-x', version: '0.7.2' },
};

test('the context stays while all that it names stays, and changes with each of them', () => {
  const changed: readonly Dependencies[] = [
    { ...now, version: '1.0.1' },
    { ...now, inspectionVersion: 2 },
    { ...now, rules: 'sha256:c' },
    { ...now, detectors: 'd' },
    { ...now, engine: { name: 'yara-x', version: '0.7.3' } },
    { ...now, engine: { name: 'other', version: '0.7.2' } },
    { ...now, engine: undefined },
  ];
  assert.equal(contextOf({ ...now }), contextOf(now));
  const contexts = [now, ...changed].map(contextOf);
  assert.equal(new Set(contexts).size, contexts.length);
});

test("a session's rules name the program, its shared code and the engine's binding", async () => {
  const { context, files } = await openRules({ rules: [], env: { XDG_CACHE_HOME: home } });
  const available = engineAvailable();
  const engine = 'missing' in available ? undefined : available;
  const [, , , detectors = ''] = context.split('\n');
  assert.equal(context, contextOf({ version, inspectionVersion, rules: files.identity, detectors, engine }));
  if (engine !== undefined) assert.match(engine.version, /^\d+\.\d+\.\d+/);
});
