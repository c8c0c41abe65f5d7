import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createFrameReader, frame } from './protocol.ts';

interface Received {
  readonly id: number;
  readonly json: string;
  readonly data: string;
}

/** The last one ends with its header. */
const sent: readonly Received[] = [
  { id: 0, json: '{"timeoutMs":2}', data: 'compiled rules' },
  { id: 1, json: '[]', data: '' },
  { id: 0xffffffff, json: '["Grüße"]', data: 'x'.repeat(100) },
  { id: 3, json: '', data: 'only data' },
  { id: 4, json: '', data: '' },
];
const stream = Buffer.concat(
  sent.flatMap(({ id, json, data }) => [frame(id, json, data.length), Buffer.from(data)]),
);

function collect(): { received: Received[]; reader: ReturnType<typeof createFrameReader> } {
  const received: Received[] = [];
  const reader = createFrameReader(({ id, json, data, length, at }) => {
    received.push({
      id,
      json,
      data: data === undefined ? `${length} at ${at}` : Buffer.from(data, 0, length).toString(),
    });
  });
  return { received, reader };
}

test('frames come out whole whatever pieces they come in', () => {
  for (let size = 1; size <= stream.length; size++) {
    const { received, reader } = collect();
    for (let at = 0; at < stream.length; at += size) reader.push(stream.subarray(at, at + size));
    assert.deepEqual(received, sent, `pieces of ${size}`);
  }
});

test('a socket that fills the given space sees the same frames, and never a full one', () => {
  const { received, reader } = collect();
  for (let at = 0; at < stream.length; ) {
    const space = reader.space();
    assert.ok(space.length > 0);
    const count = Math.min(space.length, 7, stream.length - at);
    stream.copy(space, 0, at, at + count);
    at += count;
    reader.filled(count);
  }
  assert.deepEqual(received, sent);
});

test('data goes into memory of the callee, which may be larger than the data', () => {
  const memory = new ArrayBuffer(64);
  const seen: [ArrayBuffer, number][] = [];
  const reader = createFrameReader(
    ({ data, length }) => {
      if (data !== undefined) seen.push([data, length]);
    },
    () => memory,
  );
  reader.push(Buffer.concat([frame(1, '[]', 5), Buffer.from('hello')]));
  assert.deepEqual(seen, [[memory, 5]]);
  assert.equal(Buffer.from(memory).toString('latin1', 0, 5), 'hello');
});

test('data that lies in the slab is told by its place, and the next frame follows at once', () => {
  const { received, reader } = collect();
  reader.push(Buffer.concat([frame(1, '[]', 500, 4096), frame(2, '[]', 1), Buffer.from('x')]));
  assert.deepEqual(received, [
    { id: 1, json: '[]', data: '500 at 4096' },
    { id: 2, json: '[]', data: 'x' },
  ]);
});
