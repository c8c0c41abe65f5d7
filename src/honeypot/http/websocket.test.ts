import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { duplexPair } from 'node:stream';
import { test } from 'node:test';
import type { Connection } from '../decoy.ts';
import { go } from './dialect.ts';
import { type Exchange, serveHttp } from './serve.ts';
import { acceptKey, acceptWebSocket } from './websocket.ts';

/** Sends each message back; to `/theirs`, with the visitor's own farewell. */
const talk = serveHttp({
  dialect: go,
  keep: 0,
  async handle(exchange) {
    const key = acceptKey(exchange);
    if (key === undefined) return exchange.respond(400, [], 'no');
    const head = `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${key}\r\n\r\n`;
    const socket = acceptWebSocket(exchange, head, exchange.path === '/theirs' ? 'theirs' : 'normal');
    for await (const { kind, data } of socket.messages()) await socket.send(kind, data);
  },
});

const nothing = { identify: () => {}, hurry: () => {}, relax: () => {} };

test("Node's own client is understood, from one byte to two hundred thousand", async () => {
  const server = createServer((stream) => talk({ stream, ...nothing } as unknown as Connection));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const client = new WebSocket(`ws://127.0.0.1:${(server.address() as { port: number }).port}/`);
  client.binaryType = 'arraybuffer';
  await once(client, 'open');
  for (const length of [1, 125, 126, 65_535, 65_536, 200_000]) {
    const text = 'ä'.repeat(length >> 1) + (length & 1 ? 'x' : '');
    client.send(text);
    const [event] = (await once(client, 'message')) as [MessageEvent];
    assert.ok(event.data === text, `${length} bytes`);
    client.send(Buffer.alloc(length, 7));
    const [binary] = (await once(client, 'message')) as [MessageEvent];
    assert.equal(Buffer.compare(Buffer.from(binary.data), Buffer.alloc(length, 7)), 0);
  }
  client.close();
  await once(client, 'close');
  server.close();
});

/** What comes back after the handshake for raw frames. */
async function answerTo(frames: Buffer, path = '/'): Promise<string> {
  const [ours, theirs] = duplexPair();
  talk({ stream: theirs, ...nothing } as unknown as Connection);
  let answer = '';
  ours.setEncoding('latin1').on('data', (chunk: string) => {
    answer += chunk;
  });
  ours.write(
    `GET ${path} HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n`,
  );
  ours.end(frames);
  await once(ours, 'end');
  assert.match(answer, /Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK\+xOo=\r\n\r\n/, 'as in RFC 6455');
  return Buffer.from(answer.slice(answer.indexOf('\r\n\r\n') + 4), 'latin1').toString('hex');
}

const masked = (hex: string): Buffer => Buffer.from(hex.replaceAll(' ', ''), 'hex');

test('fragments are one message, a ping in between is answered', async () => {
  const frames = masked('01 81 00000000 61  89 81 00000000 70  80 82 00000000 6263');
  assert.equal(await answerTo(frames), `8a0170${'8103616263'}880203e8`);
});

test('what is not masked, has reserved bits, or is too large, ends the connection with its code', async () => {
  assert.equal(await answerTo(masked('81 01 61')), '880203ea');
  assert.equal(await answerTo(masked('c1 81 00000000 61')), '880203ea');
  assert.equal(await answerTo(masked('82 ff 7fffffffffffffff 00000000')), '880203ea');
  assert.equal(await answerTo(masked('89 fe 0080 00000000')), '880203ea');
});

test('a farewell is Go’s, or the visitor’s own, which may be without a code', async () => {
  const away = masked('88 82 00000000 03e9');
  assert.equal(await answerTo(away), '880203e8');
  assert.equal(await answerTo(away, '/theirs'), '880203e9');
  assert.equal(await answerTo(masked('88 80 00000000'), '/theirs'), '8800');
});

test('a visitor who does not read is waited for, and then cut off', async () => {
  const [ours, theirs] = duplexPair();
  const socket = acceptWebSocket({ hijack: () => theirs } as unknown as Exchange, '');
  const sent = socket.send('binary', Buffer.alloc(1 << 20));
  assert.equal(await Promise.race([sent, new Promise((resolve) => setImmediate(resolve, 'waits'))]), 'waits');
  ours.resume();
  assert.equal(await sent, true);
  ours.pause();
  const all = Array.from({ length: 10 }, () => socket.send('binary', Buffer.alloc(1 << 20)));
  assert.deepEqual(
    await Promise.all(all),
    all.map(() => false),
  );
  assert.equal(await socket.send('text', 'still there?'), false);
});
