import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { serialize } from 'node:v8';
import { planWithoutRules } from '../../../test/fixtures/plan.ts';
import { type Engine, type EngineOptions, startEngine } from './client.ts';
import type { Batch } from './job.ts';
import { type BatchFile, batchSize, type FileOutcome } from './protocol.ts';

const rules = { plan: serialize(planWithoutRules([])), secrets: [] };
const fragile = fileURLToPath(new URL('../../../test/fixtures/fragile-engine.ts', import.meta.url));
const running: Engine[] = [];
after(() => Promise.all(running.map((one) => one.close())));

function start(options: EngineOptions = {}, timeoutMs = 1000): Engine {
  const engine = startEngine(rules, timeoutMs, { entry: fragile, ...options });
  running.push(engine);
  return engine;
}

/** A batch of files with these contents, named after their place. */
function batchOf(...contents: readonly string[]): Batch {
  let at = 0;
  const files = contents.map((content, index): BatchFile => {
    const file = {
      path: `/${index}`,
      size: content.length,
      mode: 0o644,
      uid: 0,
      gid: 0,
      kind: 'text',
    } as const;
    at += content.length;
    const want = { content: true, unfold: true, path: true };
    return { ...file, offset: 0, start: at - content.length, length: content.length, want };
  });
  return { files, bytes: Buffer.from(contents.join('')) };
}

/** An outcome in a word: what was found, or `code: message` of the fault. */
function tell(outcomes: readonly FileOutcome[]): string[] {
  return outcomes.map((one) => {
    const [fault] = one?.faults ?? [];
    return fault === undefined
      ? (one?.content.findings[0]?.excerpt ?? '')
      : `${fault.code}: ${fault.message}`;
  });
}

const killed = 'engine: this file ended the detection engine (SIGSEGV)';

test('outcomes come back in the order of the files, empty ones too', async () => {
  const engine = start();
  const found = await Promise.all([
    engine.inspect(batchOf('a', '', 'b')),
    engine.inspect(batchOf('c')),
    engine.inspect(batchOf('', '')),
  ]);
  assert.deepEqual(found.map(tell), [['a', '', 'b'], ['c'], ['', '']]);
});

test('a crash costs the file that causes it, in whatever batch and place', async () => {
  const engine = start();
  const found = await Promise.all([
    engine.inspect(batchOf('a', 'b')),
    engine.inspect(batchOf('c', 'CRASH', 'd', 'CRASH again')),
    engine.inspect(batchOf('e')),
  ]);
  assert.deepEqual(found.map(tell), [['a', 'b'], ['c', killed, 'd', killed], ['e']]);
  assert.deepEqual(tell(await engine.inspect(batchOf('afterwards'))), ['afterwards']);
});

test("an engine's last words are in the fault", async () => {
  const [only] = tell(await start().inspect(batchOf('EXIT')));
  assert.equal(only, 'engine: this file ended the detection engine (exit 7: cannot bear /0)');
});

test('a file that stalls the engine is stopped, and a limit is its fault', async () => {
  const found = await start({ graceMs: 0 }, 100).inspect(batchOf('a', 'STALL', 'b'));
  assert.deepEqual(tell(found), ['a', 'limit: this file took too long and was stopped', 'b']);
});

test('after too many deaths the rest has faults, until a new layer starts', async () => {
  const engine = start({ mostDeaths: 5 });
  const contents = Array.from({ length: 8 }, (_, index) => `CRASH ${index}`);
  const found = tell(await engine.inspect(batchOf('first', ...contents, 'last')));
  assert.equal(found[0], 'first');
  // The first death takes the batch, the others one file each.
  assert.deepEqual(found.slice(1, 6), Array(5).fill(killed));
  const left = 'engine: not inspected: the detection engine died too often (SIGSEGV)';
  assert.deepEqual(found.slice(6), Array(4).fill(left));
  assert.deepEqual(tell(await engine.inspect(batchOf('x'))), [
    'engine: not inspected: the detection engine is gone',
  ]);
  await engine.ready();
  engine.forgive();
  assert.deepEqual(tell(await engine.inspect(batchOf('x'))), ['x']);
});

test('an engine that cannot start is given up', async () => {
  const engine = start({ entry: '/does/not/exist.ts' });
  const [only] = tell(await engine.inspect(batchOf('a')));
  assert.match(only ?? '', /^engine: not inspected: the detection engine died too often \(exit 1/);
});

test('deaths between files are no failed starts', async () => {
  const engine = start();
  for (let round = 0; round < 5; round++) {
    const [pid] = tell(await engine.inspect(batchOf('PID')));
    process.kill(Number(pid), 'SIGKILL');
  }
  assert.deepEqual(tell(await engine.inspect(batchOf('still there'))), ['still there']);
});

test('closing a busy engine ends it, settles what is under way and leaves no process behind', async () => {
  const engine = start({ graceMs: 600_000 });
  const [pid] = tell(await engine.inspect(batchOf('PID')));
  const busy = engine.inspect(batchOf('STALL'));
  const queued = engine.inspect(batchOf('a', 'b'));
  await engine.close();
  const ended = 'engine: not inspected: the scan was ended';
  assert.deepEqual(tell(await busy), [ended]);
  assert.deepEqual(tell(await queued), [ended, ended]);
  assert.equal(existsSync(`/proc/${pid}`), false);
  assert.match(tell(await engine.inspect(batchOf('late')))[0] ?? '', /the detection engine is gone/);
  await engine.ready();
  await engine.close();
});

test('whoever waits for room holds a bounded number of bytes', async () => {
  const engine = start();
  const big = batchOf('x'.repeat(batchSize));
  let accepted = 0;
  let done = 0;
  let most = 0;
  const answers: Promise<unknown>[] = [];
  for (; accepted < 60; accepted++) {
    await engine.ready();
    answers.push(engine.inspect(big).then(() => done++));
    most = Math.max(most, accepted + 1 - done);
  }
  await Promise.all(answers);
  assert.ok(most > 1 && most <= 20, `${most} batches under way`);
});
