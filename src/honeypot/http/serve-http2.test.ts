import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:http2';
import { type AddressInfo, createServer } from 'node:net';
import { duplexPair } from 'node:stream';
import { test } from 'node:test';
import { createSecureContext, connect as secureConnect, TLSSocket } from 'node:tls';
import { certify } from '../../certificate/certificate.ts';
import type { Connection } from '../decoy.ts';
import { ed25519Key } from '../persona/keys.ts';
import { personaOf } from '../persona/persona.ts';
import { go } from './dialect.ts';
import type { Exchange } from './serve.ts';
import { serveGo } from './serve-http2.ts';

const key = ed25519Key(personaOf('http2'), 'test');
const cert = certify({
  subject: { CN: 'x' },
  key,
  notBefore: Date.now() - 60_000,
  notAfter: Date.now() + 3_600_000,
  serial: Buffer.from([1]),
});
const secureContext = createSecureContext({ key: key.export({ type: 'pkcs8', format: 'pem' }), cert });

async function handle(exchange: Exchange): Promise<void> {
  if (exchange.path === '/stream') {
    const stream = exchange.stream(200, [['Content-Type', 'text/plain']]);
    await stream.write('a');
    await stream.write('b');
    stream.end();
    return;
  }
  if (exchange.path === '/large') return exchange.respond(200, [], 'x'.repeat(5000));
  const { bytes, length } = await exchange.body();
  const text = `${exchange.method} ${exchange.path} ${exchange.query.get('q')} ${exchange.header('host')} ${bytes} ${length}`;
  exchange.respond(
    201,
    [
      ['Zeta', '1'],
      ['Alpha', '2'],
    ],
    text,
  );
}

test('a client that offers h2 is answered as by Go: headers by name, then what a body is, its length and the date', async () => {
  const seen: string[] = [];
  const talk = serveGo({ dialect: go, keep: 4, handle });
  const server = createServer((socket) => {
    const stream = new TLSSocket(socket, {
      isServer: true,
      secureContext,
      ALPNProtocols: ['h2', 'http/1.1'],
    });
    stream.on('error', () => {});
    stream.once('secure', () => {
      const identify: Connection['identify'] = ({ headers }) => seen.push(headers ?? '');
      talk({ stream, identify, hurry: () => {}, relax: () => {} } as unknown as Connection);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const client = connect(`https://127.0.0.1:${(server.address() as AddressInfo).port}`, {
    rejectUnauthorized: false,
  });
  const ask = async (
    headers: Readonly<Record<string, string>>,
    body = '',
  ): Promise<{ names: string[]; status: unknown; text: string }> => {
    const request = client.request({ ...headers }, { endStream: body === '' });
    if (body !== '') request.end(body);
    const [answered] = await once(request, 'response');
    let text = '';
    for await (const chunk of request.setEncoding('utf8')) text += chunk;
    return { names: Object.keys(answered), status: answered[':status'], text };
  };

  const answer = await ask(
    { ':method': 'POST', ':path': '/a?q=1', ':authority': 'name', 'x-own': '1' },
    'a body',
  );
  assert.equal(answer.text, 'POST /a 1 name a bo 6');
  assert.equal(answer.status, 201);
  assert.deepEqual(answer.names, [':status', 'alpha', 'zeta', 'content-type', 'content-length', 'date']);
  assert.deepEqual(seen, ['host,x-own']);
  assert.equal((await ask({ ':path': '/stream' })).text, 'ab');
  const large = await ask({ ':path': '/large' });
  assert.equal(large.text.length, 5000);
  assert.deepEqual(
    large.names,
    [':status', 'content-type', 'date'],
    'what does not fit into the buffer has no length',
  );
  client.close();
  server.close();
});

test('a client that ends while it is asked nothing of is let go at once', async () => {
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    const stream = new TLSSocket(socket, { isServer: true, secureContext, ALPNProtocols: ['h2'] });
    stream.on('error', () => {});
    stream.once('secure', () => {
      const connection = { stream, identify: () => {}, hurry: () => {}, relax: () => {} };
      serveGo({ dialect: go, keep: 4, handle })(connection as unknown as Connection);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const socket = secureConnect({ port, host: '127.0.0.1', rejectUnauthorized: false, ALPNProtocols: ['h2'] });
  await once(socket, 'secureConnect');
  socket.write('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0', 'latin1');
  await once(socket, 'data');
  socket.resume().end();
  await once(socket, 'close', { signal: AbortSignal.timeout(2000) });
  server.close();
});

test('what a handler throws is told to whoever opened the connection', async () => {
  const [ours, theirs] = duplexPair();
  ours.resume().on('error', () => {});
  const served = serveGo({
    dialect: go,
    keep: 4,
    handle() {
      throw new TypeError('a fault');
    },
  })({ stream: theirs, identify: () => {}, hurry: () => {}, relax: () => {} } as unknown as Connection);
  ours.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
  await assert.rejects(served, { message: 'a fault' });
});
