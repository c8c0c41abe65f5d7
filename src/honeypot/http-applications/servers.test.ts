/** What real servers were seen to answer where no application is; their pages' lengths are in their heads. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { duplexPair } from 'node:stream';
import { describe, it } from 'node:test';
import type { Connection } from '../decoy.ts';
import { serveHttp } from '../http/serve.ts';
import { answerAlone } from './servers/web-server.ts';
import { type ServerName, servers } from './servers.ts';

/** The whole answer to bytes that are the last of their connection, dates left out; at `/` something is. */
async function answerOf(name: ServerName, request: string): Promise<string> {
  const { dialect, parse } = servers[name];
  const [stream, theirs] = duplexPair();
  serveHttp({
    dialect,
    ...(parse !== undefined && { parse }),
    keep: 100,
    async handle(exchange) {
      await exchange.body();
      answerAlone(servers[name], exchange, exchange.path === '/');
    },
  })({ stream: theirs, identify() {}, hurry() {}, relax() {} } as unknown as Connection);
  let answer = '';
  stream.setEncoding('latin1').on('data', (text: string) => (answer += text));
  stream.end(request);
  await once(stream, 'end');
  return answer.replace(/^Date: .*\r\n/gm, 'Date: D\r\n');
}

const get = (path: string, more = '', version = '1.1'): string =>
  `GET ${path} HTTP/${version}\r\nHost: 127.0.0.1:8000\r\n${more}\r\n`;

/** The lines of a head; a body follows whose length is as told. */
async function headOf(name: ServerName, request: string): Promise<string[]> {
  const [head = '', body = ''] = (await answerOf(name, request)).split(/\r\n\r\n(.*)/s);
  assert.equal(/^Content-Length: (\d+)$/m.exec(head)?.[1], String(body.length));
  return head.split('\r\n');
}

describe('nginx 1.22', () => {
  it('says what is not found', async () => {
    assert.equal(
      await answerOf('nginx', get('/nope')),
      'HTTP/1.1 404 Not Found\r\nServer: nginx/1.22.1\r\nDate: D\r\nContent-Type: text/html\r\nContent-Length: 153\r\nConnection: keep-alive\r\n\r\n<html>\r\n<head><title>404 Not Found</title></head>\r\n<body>\r\n<center><h1>404 Not Found</h1></center>\r\n<hr><center>nginx/1.22.1</center>\r\n</body>\r\n</html>\r\n',
    );
  });

  it('has its own words for what is not allowed, and closes after TRACE alone', async () => {
    const head = (connection: string): string[] => [
      'HTTP/1.1 405 Not Allowed',
      'Server: nginx/1.22.1',
      'Date: D',
      'Content-Type: text/html',
      'Content-Length: 157',
      `Connection: ${connection}`,
    ];
    const asked = ' / HTTP/1.1\r\nHost: x\r\n\r\n';
    assert.deepEqual(await headOf('nginx', `PROPFIND${asked}`), head('keep-alive'));
    assert.deepEqual(await headOf('nginx', `TRACE${asked}`), head('close'));
  });

  it('refuses what is no request, in 157 bytes, and what is too long', async () => {
    for (const wrong of ['GARBAGE\r\n\r\n', get('/%zz'), get('/../etc'), 'get / HTTP/1.1\r\nHost: x\r\n\r\n'])
      assert.deepEqual(await headOf('nginx', wrong), [
        'HTTP/1.1 400 Bad Request',
        'Server: nginx/1.22.1',
        'Date: D',
        'Content-Type: text/html',
        'Content-Length: 157',
        'Connection: close',
      ]);
    const long = 'a'.repeat(9000);
    assert.match(
      await answerOf('nginx', get('/', `X: ${long}\r\n`)),
      /^HTTP\/1.1 400 Bad Request\r\n.*Content-Length: 233\r\n.*<title>400 Request Header Or Cookie Too Large<\/title>/s,
    );
    assert.match(
      await answerOf('nginx', get(`/${long}`)),
      /^HTTP\/1.1 414 Request-URI Too Large\r\n.*Content-Length: 177\r\n/s,
    );
  });
});

describe('Apache 2.4', () => {
  it('names the address by which it was called', async () => {
    assert.equal(
      await answerOf('apache', get('/nope')),
      'HTTP/1.1 404 Not Found\r\nDate: D\r\nServer: Apache/2.4.57 (Debian)\r\nContent-Length: 273\r\nContent-Type: text/html; charset=iso-8859-1\r\n\r\n<!DOCTYPE HTML PUBLIC "-//IETF//DTD HTML 2.0//EN">\n<html><head>\n<title>404 Not Found</title>\n</head><body>\n<h1>Not Found</h1>\n<p>The requested URL was not found on this server.</p>\n<hr>\n<address>Apache/2.4.57 (Debian) Server at 127.0.0.1 Port 8000</address>\n</body></html>\n',
    );
    assert.match(await answerOf('apache', 'GET /nope HTTP/1.0\r\n\r\n'), /Server at 127\.0\.1\.1 Port 80</);
  });

  it('keeps the connection of whoever asked, and says so', async () => {
    const asked = 'Connection: keep-alive\r\n';
    for (const request of [get('/nope', asked), get('/nope', asked, '1.0')])
      assert.deepEqual((await headOf('apache', request)).slice(3, 6), [
        'Content-Length: 273',
        'Keep-Alive: timeout=5, max=100',
        'Connection: Keep-Alive',
      ]);
    assert.equal((await headOf('apache', get('/nope', '', '1.0')))[4], 'Connection: close');
  });

  it('knows methods that it does not allow, and does not know others', async () => {
    const of = (method: string): string => `${method} / HTTP/1.1\r\nHost: 127.0.0.1:8000\r\n\r\n`;
    assert.deepEqual((await headOf('apache', of('PUT'))).slice(0, 5), [
      'HTTP/1.1 405 Method Not Allowed',
      'Date: D',
      'Server: Apache/2.4.57 (Debian)',
      'Allow: HEAD,GET,POST,OPTIONS',
      'Content-Length: 297',
    ]);
    assert.deepEqual((await headOf('apache', of('FOO'))).slice(4, 6), [
      'Content-Length: 279',
      'Connection: close',
    ]);
    assert.deepEqual((await headOf('apache', of('OPTIONS'))).slice(3), [
      'Allow: HEAD,GET,POST,OPTIONS',
      'Content-Length: 0',
      'Content-Type: text/html',
    ]);
  });

  it('refuses with its own address', async () => {
    assert.deepEqual(await headOf('apache', 'GARBAGE\r\n\r\n'), [
      'HTTP/1.1 400 Bad Request',
      'Date: D',
      'Server: Apache/2.4.57 (Debian)',
      'Content-Length: 301',
      'Connection: close',
      'Content-Type: text/html; charset=iso-8859-1',
    ]);
    assert.equal(
      (await headOf('apache', get(`/${'a'.repeat(9000)}`)))[0],
      'HTTP/1.1 414 Request-URI Too Long',
    );
  });
});

describe('Tomcat 9', () => {
  it('has no words in its status line, and says what it did not find', async () => {
    const answer = await answerOf('tomcat', get('/nope'));
    assert.ok(
      answer.startsWith(
        'HTTP/1.1 404 \r\nContent-Type: text/html;charset=utf-8\r\nContent-Language: en\r\nContent-Length: 755\r\nDate: D\r\n\r\n<!doctype html>',
      ),
      answer,
    );
    assert.ok(answer.includes('<b>Message</b> The requested resource [&#47;nope] is not available</p>'));
  });

  it('tells whoever asks how long it keeps a connection', async () => {
    assert.deepEqual((await headOf('tomcat', get('/nope', 'Connection: keep-alive\r\n'))).slice(4), [
      'Date: D',
      'Keep-Alive: timeout=20',
      'Connection: keep-alive',
    ]);
  });

  it('tells apart what is wrong', async () => {
    assert.match(await answerOf('tomcat', get('/%zz')), /^HTTP\/1.1 400 \r\n.*<b>Message<\/b> Invalid URI</s);
    assert.match(await answerOf('tomcat', get('/', '', '3.0')), /^HTTP\/1.1 505 \r\n/);
    assert.match(
      await answerOf('tomcat', get('/', `X: ${'a'.repeat(9000)}\r\n`)),
      /^HTTP\/1.1 400 \r\n.*Request header is too large/s,
    );
    assert.match(
      await answerOf('tomcat', 'FOO / HTTP/1.1\r\nHost: x\r\n\r\n'),
      /^HTTP\/1.1 501 \r\n.*Method \[FOO\] is not implemented by this Servlet for this URI/s,
    );
  });
});

describe('Jetty 9.4', () => {
  it('tells errors without a date', async () => {
    assert.deepEqual(await headOf('jetty', get('/nope')), [
      'HTTP/1.1 404 Not Found',
      'Cache-Control: must-revalidate,no-cache,no-store',
      'Content-Type: text/html;charset=iso-8859-1',
      'Content-Length: 448',
      'Server: Jetty(9.4.43.v20210629)',
    ]);
    assert.deepEqual(await headOf('jetty', 'FOO / HTTP/1.1\r\nHost: x\r\n\r\n'), [
      'HTTP/1.1 501 Not Implemented',
      'Content-Length: 0',
      'Server: Jetty(9.4.43.v20210629)',
    ]);
    assert.deepEqual(await headOf('jetty', 'OPTIONS / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n'), [
      'HTTP/1.1 200 OK',
      'Connection: keep-alive',
      'Date: D',
      'Allow: GET,HEAD,POST,OPTIONS',
      'Content-Length: 0',
      'Server: Jetty(9.4.43.v20210629)',
    ]);
  });

  it('says in its status line why a head is none', async () => {
    for (const [wrong, reason] of [
      ['GET / HTTP/1.1\r\n\r\n', 'No Host'],
      ['GARBAGE\r\n\r\n', 'No URI'],
      ['GET /\r\n\r\n', 'HTTP/0.9 not supported'],
      ['GET / HTTP/1.1 x\r\nHost: x\r\n\r\n', "Illegal character SPACE=' '"],
      ['\x16\x03\x01\r\n\r\n', 'Illegal character CNTL=0x16'],
      [get('/', 'Content-Length: abc\r\n'), 'Invalid Content-Length Value'],
    ] as const)
      assert.equal(
        await answerOf('jetty', wrong),
        `HTTP/1.1 400 ${reason}\r\nContent-Type: text/html;charset=iso-8859-1\r\nContent-Length: ${reason.length + 43}\r\nConnection: close\r\nServer: Jetty(9.4.43.v20210629)\r\n\r\n<h1>Bad Message 400</h1><pre>reason: ${reason}</pre>`,
      );
  });
});

describe('aiohttp 3.8', () => {
  it('says what is not found, or not allowed', async () => {
    const after = 'Date: D\r\nServer: Python/3.9 aiohttp/3.8.3\r\n\r\n';
    assert.equal(
      await answerOf('aiohttp', get('/nope')),
      `HTTP/1.1 404 Not Found\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: 14\r\n${after}404: Not Found`,
    );
    assert.equal(
      await answerOf('aiohttp', 'POST / HTTP/1.1\r\nContent-Length: 0\r\n\r\n'),
      `HTTP/1.1 405 Method Not Allowed\r\nContent-Type: text/plain; charset=utf-8\r\nAllow: GET,HEAD\r\nContent-Length: 23\r\n${after}405: Method Not Allowed`,
    );
  });

  it('refuses as HTTP/1.0, in its parser’s words', async () => {
    assert.equal(
      await answerOf('aiohttp', 'GARBAGE\r\n\r\n'),
      "HTTP/1.0 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: 44\r\nDate: D\r\nServer: Python/3.9 aiohttp/3.8.3\r\n\r\nBad status line 'Invalid method encountered'",
    );
  });
});

describe("Go's server", () => {
  it('says little', async () => {
    assert.equal(
      await answerOf('go', get('/nope')),
      'HTTP/1.1 404 Not Found\r\nContent-Type: text/plain; charset=utf-8\r\nX-Content-Type-Options: nosniff\r\nDate: D\r\nContent-Length: 19\r\n\r\n404 page not found\n',
    );
    assert.equal(
      await answerOf('go', get('/%zz')),
      'HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\n400 Bad Request',
    );
  });
});
