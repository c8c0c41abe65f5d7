/** Clients that send so slowly that they seem to want nothing but the connection: they are let go before long. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { startServer, type TestServer } from '../fixtures/server.ts';

let server: TestServer;
let url: URL;
before(async () => {
  server = await startServer({ empty: true });
  url = new URL(await server.listen());
});
after(() => server.close());

/** @returns what it was answered, and after how many seconds it ended */
async function trickle(first: string, drop: string): Promise<{ text: string; seconds: number }> {
  const socket: Socket = connect(Number(url.port), url.hostname);
  let text = '';
  socket.on('data', (data) => {
    text += data.toString('latin1');
  });
  socket.on('error', () => {});
  await once(socket, 'connect');
  socket.write(first);
  const since = performance.now();
  const dropping = setInterval(() => socket.write(drop), 500);
  await once(socket, 'close');
  clearInterval(dropping);
  return { text, seconds: (performance.now() - since) / 1000 };
}

describe('a slow client', () => {
  it('is let go within 45 seconds, whatever it sends slowly, and others are served meanwhile', async () => {
    const bearer = `authorization: Bearer ${server.tokens.admin}`;
    const slow = Promise.all([
      trickle('GET /v1/images HTTP/1.1\r\nhost: localhost\r\n', 'x: y\r\n'),
      trickle(
        `POST /v1/users HTTP/1.1\r\nhost: localhost\r\n${bearer}\r\ncontent-type: application/json\r\ncontent-length: 1000\r\n\r\n{`,
        ' ',
      ),
      trickle(
        `POST /v1/users HTTP/1.1\r\nhost: localhost\r\n${bearer}\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n`,
        '1\r\n \r\n',
      ),
    ]);
    let isOver = false;
    void slow.then(() => {
      isOver = true;
    });
    while (!isOver) {
      const answer = await fetch(`${url.origin}/v1/images`, {
        headers: { authorization: `Bearer ${server.tokens.read}` },
      });
      assert.equal(answer.status, 200);
      await new Promise((resolve) => setTimeout(resolve, 1000));
    }
    for (const { text, seconds } of await slow) {
      assert.ok(seconds < 45, `${seconds} s`);
      assert.match(text, /^HTTP\/1\.1 408 .*"code":"too-slow"/s);
    }
  });

  it('that sends nothing at all is let go as well', async () => {
    const socket = connect(Number(url.port), url.hostname);
    socket.on('error', () => {});
    socket.resume();
    const since = performance.now();
    await once(socket, 'close');
    assert.ok(performance.now() - since < 100_000);
  });
});
