import assert from 'node:assert/strict';
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import type { Worth } from '../decoy.ts';
import type { Dropped, NumberedEvent } from './sink.ts';
import { openSpool, type Spool, type SpoolOptions } from './spool.ts';

let folder = '';
let drops: Dropped[] = [];
let damaged = 0;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'waterguard-spool-'));
  drops = [];
  damaged = 0;
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function open(options: Partial<SpoolOptions> = {}): Promise<Spool> {
  return openSpool({
    folder,
    drop: (one) => drops.push(one),
    broken: (lines) => {
      damaged += lines;
    },
    ...options,
  });
}

function event(seq: number, worth: Worth = 'talk', length = 10): NumberedEvent {
  return { seq, worth, line: JSON.stringify({ seq, text: 'ä'.repeat(length) }) };
}

const all = { events: 10_000, bytes: 1 << 20 };

async function seqsOf(spool: Spool): Promise<number[]> {
  const seqs: number[] = [];
  for (;;) {
    const lines = await spool.next(all);
    if (lines.length === 0) return seqs;
    seqs.push(...lines.map((line) => JSON.parse(line).seq as number));
    await spool.taken();
  }
}

test('gives events back in order, in batches of so many events and bytes, and again until they are taken', async () => {
  const spool = await open();
  await spool.append([1, 2, 3, 4, 5].map((seq) => event(seq)));
  assert.equal((await spool.next({ events: 2, bytes: 1 << 20 })).length, 2);
  assert.equal((await spool.next({ events: 2, bytes: 1 << 20 })).length, 2);
  await spool.taken();
  assert.deepEqual(
    (await spool.next({ events: 500, bytes: 1 })).map((line) => JSON.parse(line).seq),
    [3],
    'one that is larger than the bound goes alone',
  );
  await spool.taken();
  assert.deepEqual(await seqsOf(spool), [4, 5]);
  await spool.close();
});

test('has after a restart what was not taken, and nothing of a line that was torn', async () => {
  const before = await open({ segment: 400 });
  for (let seq = 1; seq <= 20; seq += 1) await before.append([event(seq)]);
  await before.next({ events: 7, bytes: 1 << 20 });
  await before.taken();
  await before.close();
  const last = readdirSync(folder)
    .filter((name) => name.endsWith('.spool'))
    .at(-1)!;
  appendFileSync(join(folder, last), '00000000 talk 21 {"seq":2');
  const after = await open({ segment: 400 });
  await after.append([event(22)]);
  const seqs = await seqsOf(after);
  assert.deepEqual(
    seqs.slice(0, -1),
    seqs.slice(0, -1).toSorted((a, b) => a - b),
  );
  assert.equal(seqs.at(-1), 22);
  assert.ok(seqs[0]! <= 8 && seqs.includes(8) && seqs.includes(20));
  assert.ok(!seqs.includes(21));
  await after.close();
});

test('reads on behind a line that rotted, and counts it', async () => {
  const spool = await open();
  await spool.append([event(1), event(2), event(3)]);
  const [name] = readdirSync(folder).filter((one) => one.endsWith('.spool'));
  const text = readFileSync(join(folder, name!), 'utf8');
  writeFileSync(join(folder, name!), text.replace('"seq":2', '"seq":9'));
  assert.deepEqual(await seqsOf(spool), [1, 3]);
  assert.equal(damaged, 1);
  await spool.close();
});

test('counts a line that rotted once, however often it is read before it is taken', async () => {
  const spool = await open();
  await spool.append([event(1), event(2), event(3)]);
  const [name] = readdirSync(folder).filter((one) => one.endsWith('.spool'));
  const text = readFileSync(join(folder, name!), 'utf8');
  writeFileSync(join(folder, name!), text.replace('"seq":2', '"seq":9'));
  for (let tries = 0; tries < 5; tries += 1) assert.equal((await spool.next(all)).length, 2);
  assert.equal(damaged, 1);
  await spool.append([event(4)]);
  assert.deepEqual(await seqsOf(spool), [1, 3, 4]);
  assert.equal(damaged, 1);
  await spool.close();
});

test('delivers all again where the place that was reached is not what was written', async () => {
  const before = await open({ segment: 100 });
  for (let seq = 1; seq <= 9; seq += 1) await before.append([event(seq)]);
  await before.next({ events: 1, bytes: 1 << 20 });
  await before.taken();
  await before.close();
  const path = join(folder, 'position');
  const good = readFileSync(path, 'latin1');
  for (const rotten of [
    good.replace('"segment":1', '"segment":5'),
    good.replace(/"read":\d+/, '"read":999999'),
    '{"segment":7,"read":0}',
    good.slice(0, -3),
    'null',
    '',
    '\0\0',
  ]) {
    writeFileSync(path, rotten);
    const after = await open({ segment: 100 });
    const first = await after.next(all);
    assert.equal(JSON.parse(first[0]!).seq, 1, rotten);
    await after.close();
  }
  writeFileSync(path, good);
  const after = await open({ segment: 100 });
  assert.deepEqual(await seqsOf(after), [2, 3, 4, 5, 6, 7, 8, 9]);
  await after.close();
});

test('where there is no room, noise goes before talk and talk before evidence, the oldest first, and all is counted', async () => {
  const spool = await open({ most: 20_000, segment: 2000 });
  const worths: readonly Worth[] = ['noise', 'talk', 'evidence'];
  for (let seq = 1; seq <= 300; seq += 1) await spool.append([event(seq, worths[seq % 3], 40)]);
  assert.ok(spool.size <= 22_000, `${spool.size} bytes`);
  const left = await seqsOf(spool);
  const dropped = (worth: Worth): number =>
    drops.filter((one) => one.worth === worth).reduce((sum, one) => sum + one.count, 0);
  assert.equal(left.length + dropped('noise') + dropped('talk') + dropped('evidence'), 300);
  assert.ok(dropped('noise') > 80, `${dropped('noise')} of noise`);
  assert.ok(dropped('evidence') < dropped('talk') || dropped('evidence') === 0);
  const noise = left.filter((seq) => seq % 3 === 0);
  assert.ok(
    noise.every((seq) => seq > 250),
    'what is left of the noise is new',
  );
  await spool.close();
});

test('a flood of noise takes no room from evidence, also where nothing else is left to give up', async () => {
  const spool = await open({ most: 20_000, segment: 8000 });
  const evidence: number[] = [];
  for (let seq = 1; seq <= 1500; seq += 1) {
    const isEvidence = seq % 10 === 0;
    if (isEvidence) evidence.push(seq);
    await spool.append([event(seq, isEvidence ? 'evidence' : 'noise', 20)]);
  }
  assert.ok(evidence.length * 90 > 0.65 * spool.most, 'most of the room is needed');
  assert.deepEqual(
    drops.filter((one) => one.worth !== 'noise'),
    [],
  );
  const left = await seqsOf(spool);
  assert.deepEqual(
    left.filter((seq) => seq % 10 === 0),
    evidence,
  );
  assert.equal(left.length + drops.reduce((sum, one) => sum + one.count, 0), 1500);
  assert.ok(readdirSync(folder).length < 100, `${readdirSync(folder).length} files`);
  await spool.close();
});

test('what is given up while the place that was reached cannot be written costs nothing else', async () => {
  const spool = await open({ most: 6000, segment: 6000 });
  for (let seq = 1; seq <= 40; seq += 1)
    await spool.append([event(seq, seq % 4 === 0 ? 'evidence' : 'noise')]);
  await spool.next({ events: 10, bytes: 1 << 20 });
  await spool.taken();
  mkdirSync(join(folder, 'position.new'));
  for (let seq = 41; seq <= 120; seq += 1) await spool.append([event(seq, 'evidence')]);
  assert.ok(drops.length > 0 && drops.every((one) => one.worth === 'noise'));
  rmSync(join(folder, 'position.new'), { recursive: true });
  const after = await open();
  const seqs = await seqsOf(after);
  for (let seq = 12; seq <= 120; seq += seq < 40 ? 4 : 1) assert.ok(seqs.includes(seq), `${seq} is there`);
  await after.close();
});

test('a folder that cannot be is told as such', async () => {
  writeFileSync(join(folder, 'file'), '');
  await assert.rejects(open({ folder: join(folder, 'file', 'spool') }), { code: 'usage' });
  await assert.rejects(open({ folder: join(folder, 'file') }), {
    code: 'usage',
    message: /file already exists/,
  });
});
