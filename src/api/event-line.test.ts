import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { sampleBoot } from '../../test/fixtures/events.ts';
import type { DecoyEvent } from '../model/event.ts';
import { readEventLine } from './event-line.ts';

const { next, boot } = sampleBoot('north-1');

/** A whole event, with changes that its type does not allow. */
function lineOf(changes: Readonly<Record<string, unknown>> = {}): string {
  return JSON.stringify({ ...next(), ...changes });
}

function eventOf(changes: Readonly<Record<string, unknown>> = {}): DecoyEvent {
  const read = readEventLine(lineOf(changes));
  assert.ok('event' in read, JSON.stringify(read));
  return read.event;
}

function reasonOf(line: string): string {
  const read = readEventLine(line);
  assert.ok('reason' in read, line);
  return read.reason;
}

describe('a line', () => {
  it('is read as it was written', () => {
    const event = next({
      connection: 'c0ffee',
      fp: { ua: 'curl/8.5.0', headers: 'host,user-agent' },
      norm: { urls: ['http://example.invalid/a'], commands: ['id'] },
      payload: 'GET / HTTP/1.1',
      attack: ['T1190', 'T1059.004'],
      severity: 'high',
      data: { status: 200, nested: [{ a: null }] },
    });
    assert.deepEqual(readEventLine(JSON.stringify(event)), { event });
  });

  it('loses what no event has', () => {
    assert.equal('extra' in eventOf({ extra: 'x', __proto__: null }), false);
    assert.equal('data' in eventOf({ data: 'text' }), false);
  });

  it('that is no event is refused with the reason, and with its identity where it has one', () => {
    for (const [line, reason] of [
      ['', 'no JSON'],
      ['{"v":1', 'no JSON'],
      ['nonsense', 'no JSON'],
      ['null', 'no object'],
      ['[1]', 'no object'],
      ['5', 'no object'],
      ['{}', 'sensor is no name'],
      [lineOf({ boot: 'x' }), 'boot is no UUID'],
      [lineOf({ seq: 0 }), 'seq is no number from 1 on'],
      [lineOf({ seq: 2 ** 53 }), 'seq is no number from 1 on'],
      [lineOf({ seq: '5' }), 'seq is no number from 1 on'],
    ] as const)
      assert.deepEqual(readEventLine(line), { reason });
    for (const [changes, reason] of [
      [{ v: 2 }, /v is/],
      [{ id: 'x' }, /id is/],
      [{ ts: '2026-11-26' }, /ts is/],
      [{ ts: '2026-13-26T00:00:00Z' }, /ts is/],
      [{ ts: '2026-11-26T00:00:00+01:00' }, /ts is/],
      [{ type: 'Redis' }, /type is/],
      [{ type: `redis.${'x'.repeat(100)}` }, /type is/],
      [{ session: 5 }, /session/],
      [{ connection: {} }, /connection/],
      [{ severity: 'huge' }, /severity/],
      [{ src: { ip: 'localhost', port: 1 } }, /src/],
      [{ src: { ip: '192.0.2.1', port: 65_536 } }, /src/],
      [{ dst: undefined }, /dst/],
      [{ raw: { sha256: 'x', len: 0, head: '' } }, /raw/],
      [{ raw: { ...next().raw, len: -1 } }, /raw/],
      [{ raw: { ...next().raw, head: 'A'.repeat(6000) } }, /raw/],
      [{ norm: null }, /norm/],
    ] as const) {
      const read = readEventLine(lineOf(changes));
      assert.ok('reason' in read, JSON.stringify(changes));
      assert.match(read.reason, reason);
      assert.equal(read.of?.boot, boot);
      assert.equal(read.of?.sensor, 'north-1');
    }
  });

  it('that is longer than any event is not even parsed', () => {
    assert.match(reasonOf(lineOf({ data: { x: 'x'.repeat(600_000) } })), /longer than/);
  });

  it('keeps its event whatever the visitor sent: what is too long is cut', () => {
    const { norm, fp, attack } = eventOf({
      norm: {
        urls: ['u'.repeat(10_000), 5, null, ''],
        hosts: 'example.invalid',
        images: Array.from({ length: 600 }, (_, index) => `image-${index}`),
        commands: ['c'.repeat(20_000)],
      },
      fp: { ua: 'a'.repeat(5000), ja3: 5, other: 'x' },
      attack: ['T1059', 'T1', 'nonsense', 5, 'T1059.0001'],
    });
    assert.deepEqual(norm.urls, ['u'.repeat(4096)]);
    assert.deepEqual(norm.hosts, []);
    assert.equal(norm.images.length, 500);
    assert.deepEqual(norm.wallets, []);
    assert.equal(norm.commands[0]?.length, 16_384);
    assert.deepEqual(Object.keys(fp), ['ua']);
    assert.equal(fp.ua?.length, 4096);
    assert.deepEqual(attack, ['T1059']);
  });

  it('keeps its event where data is too long or too deep, and says so', () => {
    assert.deepEqual(eventOf({ data: { text: 'x'.repeat(70_000) } }).data, {
      omitted: 'too long',
      length: 70_011,
    });
    // What is short as it came can be long as it is written again.
    const numbers = Array.from({ length: 3000 }, () => '-1e20').join();
    const grown = readEventLine(lineOf({ data: 0 }).replace('"data":0', `"data":{"n":[${numbers}]}`));
    assert.ok('event' in grown);
    assert.deepEqual(grown.event.data, { omitted: 'too long', length: 3000 * 23 + 7 });
    const deep = `${'{"a":'.repeat(40)}1${'}'.repeat(40)}`;
    const line = lineOf({ data: 0 }).replace('"data":0', `"data":${deep}`);
    const read = readEventLine(line);
    assert.ok('event' in read);
    assert.deepEqual(read.event.data, { omitted: 'too deep' });
    const abyss = `${'['.repeat(200_000)}${']'.repeat(200_000)}`;
    const fallen = readEventLine(lineOf({ data: 0 }).replace('"data":0', `"data":{"a":${abyss}}`));
    assert.ok('event' in fallen);
    assert.deepEqual(fallen.event.data, { omitted: 'too deep' });
  });

  it('has addresses in one form', () => {
    for (const [ip, plain] of [
      ['192.0.2.1', '192.0.2.1'],
      ['::ffff:192.0.2.1', '192.0.2.1'],
      ['::FFFF:192.0.2.1', '192.0.2.1'],
      ['2001:0DB8:0:0::1', '2001:db8::1'],
      ['fe80::1%eth0', 'fe80::1'],
    ])
      assert.equal(eventOf({ src: { ip, port: 1 } }).src.ip, plain);
  });
});
