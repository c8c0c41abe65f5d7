import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { emptyConfig } from '../../../test/fixtures/image-config.ts';
import { openReachCache, type Reached } from './reach-cache.ts';

const folder = mkdtempSync(join(tmpdir(), 'waterguard-reach-'));
after(() => rmSync(folder, { recursive: true }));

const reached: Reached = {
  steps: [['/run.sh', 'Entrypoint']],
  contents: [['a'.repeat(64), '/run.sh']],
  states: [[0, 3, 'present']],
  partly: [],
  commands: [],
  closed: [],
  complete: true,
};

test('what was reached counts for the same configuration, layers and context only', () => {
  openReachCache(folder, 'context')(emptyConfig, ['sha256:1', 'sha256:2']).keep(reached);
  const read = (context: string, of = emptyConfig, layers = ['sha256:1', 'sha256:2']): Reached | undefined =>
    openReachCache(folder, context)(of, layers).read();
  assert.deepEqual(read('context'), reached);
  assert.equal(read('other context'), undefined);
  assert.equal(read('context', { ...emptyConfig, cmd: ['/other'] }), undefined);
  assert.equal(read('context', emptyConfig, ['sha256:2', 'sha256:1']), undefined);
});
