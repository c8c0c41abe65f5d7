import assert from 'node:assert/strict';
import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, it } from 'node:test';
import { dispatch, type EnabledChannel } from './dispatch.ts';
import { type Notice, noticeOf } from './notice.ts';
import { type Ports, systemPorts } from './ports.ts';
import type { Delivery, FailedTry, NoticeStore } from './store.ts';

const minute = 60_000;
const notice = (key: string, at = 0) =>
  noticeOf({ key, at: new Date(at), type: 'finding.new', severity: 'high', title: key });
const never = new AbortController().signal;

/** A store as `store.ts` asks for, in memory. One statement is one transaction. */
function memoryStore(channel: number) {
  const rows = new Map<string, { readonly notice: Notice; delivery?: string }>();
  const open = new Map<string, Delivery & { tried: number; notBefore: number }>();
  const results: (FailedTry | { readonly at: number; readonly detail: string })[] = [];
  const store: NoticeStore = {
    async dueFor(_channel, _now) {
      const waiting = [...rows.values()].filter((row) => row.delivery === undefined).map((row) => row.notice);
      return { waiting, open: [...open.values()].map((one) => ({ ...one })) };
    },
    async claim(delivery, now, until) {
      const known = open.get(delivery.id);
      if (known) {
        if (known.notBefore > now) return false;
        known.notBefore = until;
        return true;
      }
      const wanted = delivery.notices.map((one) => rows.get(one.key));
      if (wanted.some((row) => row === undefined || row.delivery !== undefined)) return false;
      for (const row of wanted) if (row) row.delivery = delivery.id;
      open.set(delivery.id, { ...delivery, tried: 0, notBefore: until });
      return true;
    },
    async delivered(id, result) {
      open.delete(id);
      results.push(result);
    },
    async failed(id, result) {
      const known = open.get(id);
      results.push(result);
      if (!known) return;
      known.tried++;
      if (result.nextAt === undefined) open.delete(id);
      else known.notBefore = result.nextAt;
    },
  };
  return {
    store,
    results,
    open,
    channel,
    record(...notices: Notice[]) {
      for (const one of notices) if (!rows.has(one.key)) rows.set(one.key, { notice: one });
    },
  };
}

const servers: http.Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

/** A receiver that answers with one status after the other, the last one for ever. */
async function receiver(...statuses: number[]) {
  const seen: { readonly id: string; readonly keys: string[] }[] = [];
  const server = http.createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const keys = JSON.parse(body).notices.map((one: Notice) => one.key);
    seen.push({ id: String(request.headers['webhook-id']), keys });
    const status = (statuses.length > 1 ? statuses.shift() : statuses[0]) ?? 200;
    if (status === 0) response.destroy();
    else response.writeHead(status, status === 429 ? { 'retry-after': '600' } : {}).end();
  });
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const channel = (digestMinutes: number): EnabledChannel => ({
    id: 1,
    target: { kind: 'webhook', url, key: 'sixteen letters!' },
    rule: { digestMinutes },
  });
  return { seen, channel };
}

function clock(start = 0) {
  let now = start;
  const ports: Ports = { ...systemPorts, now: () => now };
  return { ports, set: (to: number) => (now = to) };
}

describe('a round', () => {
  it('tells each notice once, however often its fact is found', async () => {
    const { seen, channel } = await receiver(200);
    const memory = memoryStore(1);
    const { ports } = clock();
    for (let round = 0; round < 3; round++) {
      memory.record(notice('a'), notice('b'));
      await dispatch(channel(0), memory.store, ports, never);
    }
    assert.deepEqual(
      seen.map((one) => one.keys),
      [['a'], ['b']],
    );
  });

  it('of several workers at once tells each notice once', async () => {
    const { seen, channel } = await receiver(200);
    const memory = memoryStore(1);
    memory.record(...Array.from({ length: 30 }, (_, number) => notice(`k${number}`)));
    const { ports } = clock();
    const rounds = await Promise.all(
      [1, 2, 3, 4].map(() => dispatch(channel(0), memory.store, ports, never)),
    );
    assert.equal(seen.length, 30);
    assert.equal(new Set(seen.flatMap((one) => one.keys)).size, 30);
    assert.equal(
      rounds.reduce((sum, round) => sum + round.delivered, 0),
      30,
    );
  });

  it('puts a window of 500 notices into one message, when it is over', async () => {
    const { seen, channel } = await receiver(200);
    const memory = memoryStore(1);
    memory.record(...Array.from({ length: 500 }, (_, number) => notice(`k${number}`, number)));
    const { ports, set } = clock(minute);
    assert.deepEqual(await dispatch(channel(60), memory.store, ports, never), {
      delivered: 0,
      failed: 0,
      nextAt: 60 * minute,
    });
    set(60 * minute);
    assert.deepEqual(await dispatch(channel(60), memory.store, ports, never), {
      delivered: 1,
      failed: 0,
      nextAt: undefined,
    });
    assert.deepEqual(
      seen.map((one) => one.keys.length),
      [500],
    );
  });

  it('after a lost answer sends the same notices under the same id, though more came since', async () => {
    const { seen, channel } = await receiver(0, 200);
    const memory = memoryStore(1);
    const { ports, set } = clock(60 * minute);
    memory.record(notice('a', 1), notice('b', 2));
    const broken = await dispatch(channel(60), memory.store, ports, never);
    assert.equal(broken.failed, 1);
    memory.record(notice('late', 3));
    set(broken.nextAt ?? 0);
    await dispatch(channel(60), memory.store, ports, never);
    assert.deepEqual(
      seen.map((one) => one.keys),
      [['a', 'b'], ['a', 'b'], ['late']],
    );
    assert.equal(seen[0]?.id, seen[1]?.id);
    assert.notEqual(seen[1]?.id, seen[2]?.id);
  });

  it('after a crash goes on when the lease has ended, and not before', async () => {
    const { seen, channel } = await receiver(200);
    const memory = memoryStore(1);
    memory.record(notice('a'));
    const { ports, set } = clock();
    const crashing: NoticeStore = { ...memory.store, delivered: () => Promise.reject(new Error('crash')) };
    await assert.rejects(dispatch(channel(0), crashing, ports, never), /crash/);
    const waiting = await dispatch(channel(0), memory.store, ports, never);
    assert.deepEqual([seen.length, waiting.nextAt], [1, 5 * minute]);
    set(5 * minute);
    await dispatch(channel(0), memory.store, ports, never);
    assert.deepEqual([seen.length, seen[0]?.id === seen[1]?.id, memory.open.size], [2, true, 0]);
  });

  it('leaves a receiver alone that asks for it', async () => {
    const { seen, channel } = await receiver(429, 200);
    const memory = memoryStore(1);
    memory.record(notice('a'), notice('b'));
    const { ports, set } = clock();
    const round = await dispatch(channel(0), memory.store, ports, never);
    assert.deepEqual(round, { delivered: 0, failed: 1, nextAt: 10 * minute });
    assert.equal(seen.length, 1);
    set(10 * minute);
    assert.equal((await dispatch(channel(0), memory.store, ports, never)).delivered, 2);
  });

  it('gives a delivery up after ten tries', async () => {
    const { seen, channel } = await receiver(500);
    const memory = memoryStore(1);
    memory.record(notice('a'));
    const { ports, set } = clock();
    for (let round = 0; round < 20; round++) {
      const { nextAt } = await dispatch(channel(0), memory.store, ports, never);
      if (nextAt === undefined) break;
      set(nextAt);
    }
    assert.equal(seen.length, 10);
    assert.equal(memory.open.size, 0);
  });

  it('disables a channel whose receiver is gone, and does not come back', async () => {
    const { channel } = await receiver(410);
    const memory = memoryStore(1);
    memory.record(notice('a'), notice('b'));
    const { ports } = clock();
    const round = await dispatch(channel(0), memory.store, ports, never);
    assert.deepEqual(round, { delivered: 0, failed: 1, nextAt: undefined });
    const [result] = memory.results;
    assert.ok(result && 'disable' in result && result.disable && result.nextAt === undefined);
  });

  it('ends with the process and leaves the rest waiting', async () => {
    const { seen, channel } = await receiver(200);
    const memory = memoryStore(1);
    memory.record(notice('a'));
    const { ports } = clock();
    const round = await dispatch(channel(0), memory.store, ports, AbortSignal.abort());
    assert.deepEqual([seen.length, round.delivered, round.nextAt], [0, 0, 0]);
    assert.equal((await dispatch(channel(0), memory.store, ports, never)).delivered, 1);
  });
});
