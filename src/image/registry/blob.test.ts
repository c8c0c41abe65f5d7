import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type FakeRegistry,
  fails,
  fakeRegistry,
  insecure,
  smallLimits,
} from '../../../test/fake-registry.ts';
import type { Descriptor } from '../blob-store.ts';
import { streamBlob } from './blob.ts';
import { openClient } from './client.ts';

const content = Buffer.from(Array.from({ length: 4000 }, (_, index) => index % 251));
const digest = 'sha256:' + createHash('sha256').update(content).digest('hex');
const descriptor: Descriptor = { mediaType: '', digest, size: content.length };

test('goes on with Range after a connection that closed half-way', async () => {
  await using registry = await fakeRegistry((request, response) => {
    const start = startOf(request);
    if (start === 0) return breakOff(response, content.subarray(0, 1500));
    response.writeHead(206, { 'content-range': `bytes ${start}-3999/4000` }).end(content.subarray(start));
  });
  const { bytes, error } = await pull(registry);
  assert.equal(error, undefined);
  assert.deepEqual(bytes, content);
  assert.equal(registry.asked.length, 2);
});

test('skips what it has where the registry ignores Range', async () => {
  await using registry = await fakeRegistry((request, response) => {
    if (startOf(request) === 0) breakOff(response, content.subarray(0, 1500));
    else response.end(content);
  });
  assert.deepEqual((await pull(registry)).bytes, content);
});

test('refuses another part than it asked for', async () => {
  await using registry = await fakeRegistry((request, response) => {
    if (startOf(request) === 0) breakOff(response, content.subarray(0, 1500));
    else response.writeHead(206, { 'content-range': 'bytes 7-3999/4000' }).end(content.subarray(7));
  });
  const { bytes, error } = await pull(registry);
  assert.ok(fails('corrupt', /another part/)(error));
  assert.deepEqual(bytes, content.subarray(0, 1500));
});

test('gives up on a registry that closes half-way each time, and keeps what came', async () => {
  await using registry = await fakeRegistry((_request, response) =>
    breakOff(response, content.subarray(0, 900)),
  );
  const { bytes, error } = await pull(registry);
  assert.ok(fails('truncated', /after 900 of 4000 bytes/)(error));
  assert.deepEqual(bytes, content.subarray(0, 900));
  assert.equal(registry.asked.length, smallLimits.tries);
});

test('gives up on a body that stalls', { timeout: 5000 }, async () => {
  await using registry = await fakeRegistry(
    (_request, response) => void response.write(content.subarray(0, 900)),
  );
  assert.ok(fails('truncated', /sent nothing for 0.15 s/)((await pull(registry)).error));
});

test('gives up on a body that drips', { timeout: 5000 }, async () => {
  await using registry = await fakeRegistry((_request, response) => {
    const drip = setInterval(() => response.write('x'), 20);
    response.on('close', () => clearInterval(drip));
  });
  assert.ok(fails('truncated', /sent only \d+ bytes/)((await pull(registry)).error));
});

test('does not take a slow reader for a stalled registry', async () => {
  await using registry = await fakeRegistry((_request, response) => {
    response.write(content.subarray(0, 2000));
    setTimeout(() => response.end(content.subarray(2000)), 20);
  });
  const { bytes, error } = await pull(registry, descriptor, () => sleep(2 * smallLimits.idleMs));
  assert.equal(error, undefined);
  assert.deepEqual(bytes, content);
});

test('stops an endless body at the size of the descriptor', async () => {
  await using registry = await fakeRegistry((_request, response) => {
    const more = () => {
      while (!response.destroyed && response.write(content)) {}
    };
    response.on('drain', more);
    more();
  });
  const { bytes, error } = await pull(registry);
  assert.ok(fails('digest-mismatch', /more .* than the 4000 bytes/)(error));
  assert.equal(bytes.length, 4000);

  const unsized = await pull(registry, { ...descriptor, size: 0 });
  assert.ok(fails('limit', /no stated size/)(unsized.error));
  assert.equal(unsized.bytes.length, smallLimits.unsizedBlobBytes);
});

test('names a body that is complete and too short, without asking again', async () => {
  await using registry = await fakeRegistry(
    (_request, response) => void response.end(content.subarray(0, 100)),
  );
  const { bytes, error } = await pull(registry);
  assert.ok(fails('truncated', /after 100 of 4000/)(error));
  assert.equal(bytes.length, 100);
  assert.equal(registry.asked.length, 1);
});

test('does not unpack a body that the transport compressed', async () => {
  await using registry = await fakeRegistry((_request, response) => {
    response.writeHead(200, { 'content-encoding': 'gzip' }).end(content);
  });
  assert.ok(fails('unsupported', /content-encoding gzip/)((await pull(registry)).error));
});

test('ends with the reason of a signal', { timeout: 5000 }, async () => {
  await using registry = await fakeRegistry(
    (_request, response) => void response.write(content.subarray(0, 10)),
  );
  const client = openClient({ registry: registry.host, host: registry.host }, insecure, smallLimits);
  const reason = new Error('the operator stopped it');
  const controller = new AbortController();
  await assert.rejects(async () => {
    for await (const _chunk of streamBlob(client, 'a/b', descriptor, controller.signal))
      controller.abort(reason);
  }, reason);
  client.close();
});

async function pull(
  registry: FakeRegistry,
  wanted = descriptor,
  each: () => Promise<unknown> = async () => {},
): Promise<{ readonly bytes: Buffer; readonly error: unknown }> {
  const client = openClient({ registry: registry.host, host: registry.host }, insecure, smallLimits);
  const parts: Buffer[] = [];
  let error: unknown;
  try {
    for await (const part of streamBlob(client, 'a/b', wanted)) {
      parts.push(Buffer.from(part));
      await each();
    }
  } catch (thrown) {
    error = thrown;
  }
  client.close();
  return { bytes: Buffer.concat(parts), error };
}

function startOf(request: IncomingMessage): number {
  return Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
}

/** Promises the whole blob and closes the connection after `part`. */
function breakOff(response: ServerResponse, part: Buffer): void {
  response.writeHead(200, { 'content-length': content.length });
  response.write(part, () => setTimeout(() => response.destroy(), 10));
}
