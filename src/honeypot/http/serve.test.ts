import assert from 'node:assert/strict';
import { duplexPair } from 'node:stream';
import { test } from 'node:test';
import type { Connection } from '../decoy.ts';
import { go, inOrder } from './dialect.ts';
import { type Exchange, type HttpOptions, serveHttp } from './serve.ts';

/** Sends text and gives back all that comes until the server ends the connection, dates made equal. */
async function ask(text: string | Buffer, options: Partial<HttpOptions> = {}): Promise<string> {
  const [ours, theirs] = duplexPair();
  const connection = {
    stream: theirs,
    identify: () => {},
    hurry: () => {},
    relax: () => {},
  } as unknown as Connection;
  serveHttp({ dialect: go, keep: 1024, handle: hello, ...options })(connection).catch(() => {});
  let answer = '';
  ours.setEncoding('latin1').on('data', (chunk: string) => {
    answer += chunk;
  });
  const closed = new Promise<void>((resolve) => ours.once('close', resolve).once('end', resolve));
  ours.write(text);
  ours.end();
  await closed;
  return answer.replace(/^Date: .* GMT\r$/gm, 'Date: now\r');
}

function hello(exchange: Exchange): void {
  exchange.respond(
    200,
    [
      ['Server', 'Docker/20.10.24+dfsg1 (linux)'],
      ['Api-Version', '1.41'],
    ],
    `${exchange.method} ${exchange.path}`,
  );
}

test('answers as Go does: set headers by name, then date, length, and what it takes the body for', async () => {
  assert.equal(
    await ask('GET /a%20b?x=1 HTTP/1.1\r\nHost: x\r\n\r\n'),
    'HTTP/1.1 200 OK\r\nApi-Version: 1.41\r\nServer: Docker/20.10.24+dfsg1 (linux)\r\nDate: now\r\nContent-Length: 8\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nGET /a b',
  );
});

test('a second request on the connection is answered after the first, and the connection ends when asked to', async () => {
  const answer = await ask(
    'GET /1 HTTP/1.1\r\nHost: x\r\n\r\nGET /2 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\nGET /3 HTTP/1.1\r\nHost: x\r\n\r\n',
  );
  assert.match(answer, /GET \/1HTTP\/1\.1 200 OK[\s\S]*Connection: close[\s\S]*GET \/2$/);
});

test('a client of HTTP/1.0 gets its version and the end', async () => {
  assert.match(await ask('GET / HTTP/1.0\r\n\r\n'), /^HTTP\/1\.0 200 OK\r\n[\s\S]*\r\n\r\nGET \/$/);
});

test('HEAD is told the length and not sent the body', async () => {
  assert.match(
    await ask('HEAD /abc HTTP/1.1\r\nHost: x\r\n\r\n'),
    /Content-Length: 9\r\nContent-Type: [^\r]*\r\n\r\n$/,
  );
});

for (const [what, request, answer] of [
  ['no Host', 'GET / HTTP/1.1\r\n\r\n', '400 Bad Request: missing required Host header'],
  ['two Hosts', 'GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n', '400 Bad Request: too many Host headers'],
  ['garbage', 'garbage\r\n\r\n', '400 Bad Request'],
  ['a TLS hello', '\x16\x03\x01\x02\x00\x01\n\n', '400 Bad Request'],
  [
    'HTTP/2.0',
    'GET / HTTP/2.0\r\nHost: a\r\n\r\n',
    '505 HTTP Version Not Supported: unsupported protocol version',
  ],
  [
    'a header name with a space',
    'GET / HTTP/1.1\r\nHost: a\r\nA b: c\r\n\r\n',
    '400 Bad Request: invalid header name',
  ],
  [
    'an unknown transfer encoding',
    'GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n',
    'Unsupported transfer encoding',
  ],
  [
    'contradicting lengths',
    'GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n',
    '400 Bad Request',
  ],
  [
    'a head without end',
    `GET / HTTP/1.1\r\nHost: a\r\nX: ${'y'.repeat(70_000)}`,
    '431 Request Header Fields Too Large',
  ],
] as const) {
  test(`refuses ${what} in the words of Go`, async () => {
    const status = answer.startsWith('Uns') ? '501 Not Implemented' : answer;
    assert.equal(
      await ask(Buffer.from(request, 'latin1')),
      `HTTP/1.1 ${status}\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\n${answer}`,
    );
  });
}

test('a body is kept up to the bound and counted beyond, by length and in chunks', async () => {
  const handle = async (exchange: Exchange): Promise<void> => {
    const { bytes, length } = await exchange.body();
    exchange.respond(200, [], `${bytes.length} of ${length}`);
  };
  const long = 'x'.repeat(5000);
  assert.match(
    await ask(`POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5000\r\n\r\n${long}`, { handle }),
    /1024 of 5000$/,
  );
  const chunked = `POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1388\r\n${long}\r\n3;a=b\r\nabc\r\n0\r\nT: x\r\n\r\n`;
  assert.match(await ask(chunked, { handle }), /1024 of 5003$/);
});

test('malformed chunks end the connection', async () => {
  const handle = async (exchange: Exchange): Promise<void> => {
    exchange.respond(200, [], String((await exchange.body()).length));
  };
  const head = 'POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n';
  for (const body of ['xyz\r\n', '-1\r\n', '3\r\nabcd\r\n', `${'1'.repeat(300)}\r\n`])
    assert.equal(await ask(head + body, { handle }), '');
});

test('a stream goes out in chunks, and without them to HTTP/1.0', async () => {
  const handle = async (exchange: Exchange): Promise<void> => {
    const stream = exchange.stream(200, [['Content-Type', 'text/plain']]);
    await stream.write('one');
    await stream.write('two');
    stream.end();
  };
  assert.match(
    await ask('GET / HTTP/1.1\r\nHost: x\r\n\r\n', { handle }),
    /Date: now\r\nTransfer-Encoding: chunked\r\n\r\n3\r\none\r\n3\r\ntwo\r\n0\r\n\r\n$/,
  );
  assert.match(
    await ask('GET / HTTP/1.0\r\n\r\n', { handle }),
    /^HTTP\/1\.0 200 OK\r\nContent-Type: text\/plain\r\nDate: now\r\n\r\nonetwo$/,
  );
});

test('a connection that is taken over gives all that came behind the request', async () => {
  const handle = async (exchange: Exchange): Promise<void> => {
    const { bytes } = await exchange.body();
    const stream = exchange.hijack();
    stream.write(`HTTP/1.1 101 UPGRADED\r\n\r\n${bytes}`);
    for await (const chunk of stream) stream.write(`<${chunk}>`);
    stream.end();
  };
  const request = 'POST /attach HTTP/1.1\r\nHost: x\r\nUpgrade: tcp\r\nContent-Length: 2\r\n\r\n{}typed';
  assert.equal(await ask(request, { handle }), 'HTTP/1.1 101 UPGRADED\r\n\r\n{}<typed>');
});

test('headers stand where a server of another kind puts them', async () => {
  const dialect = inOrder(() => '');
  const handle = (exchange: Exchange): void => {
    exchange.respond(
      404,
      [
        ['Server', 'TornadoServer/6.2'],
        ['Content-Type', 'text/html; charset=UTF-8'],
        ['Date', ''],
        ['Content-Length', ''],
        ['X-Last', 'y'],
      ],
      'no',
    );
  };
  assert.equal(
    await ask('GET / HTTP/1.1\r\nHost: x\r\n\r\n', { dialect, handle }),
    'HTTP/1.1 404 Not Found\r\nServer: TornadoServer/6.2\r\nContent-Type: text/html; charset=UTF-8\r\nDate: now\r\nContent-Length: 2\r\nX-Last: y\r\n\r\nno',
  );
});

test('what a handler throws ends the connection, now or later', async () => {
  const handle = (): void => {
    throw new Error('no');
  };
  assert.equal(await ask('GET / HTTP/1.1\r\nHost: x\r\n\r\n', { handle }), '');
  assert.equal(await ask('GET / HTTP/1.1\r\nHost: x\r\n\r\n', { handle: async () => handle() }), '');
});
