import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pause } from '../session/join.ts';
import { createSessions } from './sessions.ts';

test('a source keeps its session over all decoys until it pauses, and sources have their own', () => {
  const sessions = createSessions();
  const first = sessions.of('192.0.2.1', 0);
  assert.notEqual(sessions.of('192.0.2.2', 0), first);
  assert.equal(sessions.of('192.0.2.1', pause - 1), first);
  assert.equal(sessions.of('192.0.2.1', 2 * pause - 2), first, 'each event begins the pause anew');
  assert.notEqual(sessions.of('192.0.2.1', 3 * pause), first);
});
