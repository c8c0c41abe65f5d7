import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { ask } from './ask.ts';
import { Postponed } from './delivery.ts';

let answer: RequestListener;
const server = createServer((request, response) => answer(request, response));
let url: string;
before(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
after(() => {
  server.closeAllConnections();
  server.close();
});

const asked = { method: 'POST', path: '/v1/ingest', headers: { 'x-test': '1' }, body: 'lines' } as const;

describe('what is asked of a server', () => {
  it('comes with the token, whole, and what is answered comes back', async () => {
    let seen: unknown;
    answer = async (request, response) => {
      const { method, url, headers } = request;
      let body = '';
      for await (const chunk of request) body += chunk;
      seen = [method, url, headers.authorization, headers['x-test'], headers['content-length'], body];
      response.end('{"ok":true}');
    };
    const { body } = await ask({ url, token: 'wg_x' }, asked);
    assert.deepEqual(seen, ['POST', '/v1/ingest', 'Bearer wg_x', '1', '5', 'lines']);
    assert.equal(body.toString(), '{"ok":true}');
  });

  it('is tried again where that may help, in the time that the server names', async () => {
    for (const [status, after] of [
      [429, 7000],
      [503, 0],
      [408, 0],
    ] as const) {
      answer = (_, response) => {
        if (after > 0) response.setHeader('retry-after', after / 1000);
        response.writeHead(status).end();
      };
      await assert.rejects(
        ask({ url }, asked),
        (error) => error instanceof Postponed && error.after === after,
        `${status}`,
      );
    }
  });

  it('is not where somebody has to act: for a token, a certificate, and what is never taken', async () => {
    const respond = (status: number): void => {
      answer = (_, response) => void response.writeHead(status, { location: 'http://127.0.0.1:1/' }).end();
    };
    respond(401);
    await assert.rejects(ask({ url, token: 'x' }, asked), {
      code: 'unauthorized',
      message: /the token \(401\)/,
    });
    const certificate = { key: '', pem: '' };
    await assert.rejects(ask({ url, certificate }, asked), {
      code: 'unauthorized',
      message: /the sensor's certificate \(401\)/,
    });
    for (const status of [302, 400, 413]) {
      respond(status);
      await assert.rejects(ask({ url }, asked), { code: 'refused' }, `${status}`);
    }
  });

  it('is told with what the server says: why a sensor is not taken, where it leads to', async () => {
    const say = (status: number, said: object, headers = {}): void => {
      answer = (_, response) => void response.writeHead(status, headers).end(JSON.stringify(said));
    };
    say(403, { code: 'no-sensor', detail: 'The sensor is not taken: it was revoked.' });
    await assert.rejects(ask({ url, token: 'x' }, asked), {
      code: 'unauthorized',
      message: 'The sensor is not taken: it was revoked.',
    });
    say(400, { code: 'corrupt', detail: 'No line of it\u001b is an event.' });
    await assert.rejects(ask({ url }, asked), {
      message: `${url} answered 400: No line of it\\x1b is an event.`,
    });
    say(301, {}, { location: 'https://else.example/' });
    await assert.rejects(ask({ url }, asked), {
      message: `${url} answered 301 and leads to https://else.example/, which is not followed: give the URL of the server itself.`,
    });
  });

  it('goes below the path of a proxy, where the server has one', async () => {
    let path: string | undefined;
    answer = (request, response) => {
      path = request.url;
      response.end();
    };
    await ask({ url: `${url}/waterguard` }, asked);
    assert.equal(path, '/waterguard/v1/ingest');
  });

  it('is not read without end', async () => {
    answer = (_, response) => {
      response.on('error', () => {});
      const more = (): void => void response.write(Buffer.alloc(1 << 16), (error) => error ?? more());
      more();
    };
    await assert.rejects(
      ask({ url }, asked),
      (error) => error instanceof Postponed && /more than/.test(error.message),
    );
  });

  it('of nobody, or of who breaks off or hangs, is tried again', async () => {
    const nobody = createServer().listen(0, '127.0.0.1');
    await once(nobody, 'listening');
    const gone = `http://127.0.0.1:${(nobody.address() as AddressInfo).port}`;
    nobody.close();
    await once(nobody, 'close');
    await assert.rejects(
      ask({ url: gone }, asked),
      /^Error: http:\/\/127\.0\.0\.1:\d+ cannot be reached: .*ECONNREFUSED/,
    );
    answer = (_, response) => {
      response.writeHead(200, { 'content-length': '100' }).write('half');
      setTimeout(() => response.destroy(), 20);
    };
    await assert.rejects(ask({ url }, asked), Postponed);
    answer = (_, response) => void response.writeHead(200, { 'content-length': '100' }).write('half');
    await assert.rejects(ask({ url }, { ...asked, signal: AbortSignal.timeout(50) }), Postponed);
  });
});
