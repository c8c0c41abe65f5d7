import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer, type Server } from 'node:net';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { connect as dialTls } from 'node:tls';
import { promisify } from 'node:util';
import { certify } from '../../certificate/certificate.ts';
import type { DecoyEvent } from '../../model/event.ts';
import type { Connection, Decoy, Port } from '../decoy.ts';
import { ecdsaKey } from '../persona/keys.ts';
import { personaOf } from '../persona/persona.ts';
import { attend } from './attend.ts';
import { createDeadlines, type Deadlines } from './deadlines.ts';
import { createGate, defaultLimits } from './gate.ts';
import { createRecorder } from './recorder.ts';

const persona = personaOf('attend');

/** Answers each line with itself, and records it. */
const echo: Decoy = {
  name: 'echo',
  ports: [{ name: 'echo' }, { name: 'echo-tls', tls: () => certificate }],
  events: { line: { severity: 'low', attack: ['T1059'], worth: 'talk' } },
  start: () => talk,
};

async function talk(connection: Connection): Promise<void> {
  talks += 1;
  if (connection.port === 'echo-first') connection.stream.write('welcome\n');
  connection.hurry();
  for await (const chunk of connection.stream as AsyncIterable<Buffer>) {
    const text = chunk.toString();
    if (text.startsWith('throw')) throw new Error('thrown by the decoy');
    if (!text.endsWith('\n')) continue;
    connection.relax();
    await connection.record('line', { raw: chunk, data: { text } });
    connection.stream.write(chunk);
  }
  connection.stream.end();
}

const key = ecdsaKey(persona, 'attend');
const certificate = {
  key: key.export({ type: 'pkcs8', format: 'pem' }) as string,
  cert: certify({
    subject: { CN: 'attend' },
    key,
    names: ['localhost'],
    notBefore: Date.now() - 1000,
    notAfter: Date.now() + 86_400_000,
    serial: persona.random('serial').bytes(8),
  }),
};

let server: Server;
let port = 0;
let deadlines: Deadlines;
let events: DecoyEvent[] = [];
let faults: unknown[] = [];
let refused = 0;
let talks = 0;

async function serve(listening: Port, limits = { all: 100, ...defaultLimits }): Promise<void> {
  events = [];
  faults = [];
  refused = 0;
  talks = 0;
  const recorder = createRecorder((message) => {
    if (message.kind !== 'events') return;
    events.push(...message.events.map((one) => JSON.parse(`{${one.json}}`) as DecoyEvent));
    setImmediate(() => recorder.durable(events.length));
  });
  deadlines = createDeadlines({ message: 150, idle: 400, whole: 1000, sweep: 20 });
  const attendance = {
    decoy: echo,
    site: {
      persona,
      host: () => {
        throw new Error('no host here');
      },
    },
    recorder,
    gate: createGate(limits),
    deadlines,
    fault: (error: unknown) => void faults.push(error),
    refused: () => {
      refused += 1;
    },
  };
  server = createServer();
  attend(server, listening, talk, attendance);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  port = (server.address() as { port: number }).port;
}

/** Sends, and gives what came until the other side ended, and after how many milliseconds. */
async function say(text: string, ends = true): Promise<{ readonly answer: string; readonly after: number }> {
  const start = performance.now();
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => {});
  let answer = '';
  socket.setEncoding('utf8').on('data', (chunk: string) => {
    answer += chunk;
  });
  if (ends) socket.end(text);
  else socket.write(text);
  await once(socket, 'close');
  return { answer, after: performance.now() - start };
}

async function eventsOf(type: string, count = 1): Promise<DecoyEvent[]> {
  const found = (): DecoyEvent[] => events.filter((one) => one.type === type);
  for (let tries = 0; tries < 300 && found().length < count; tries += 1) await wait(10);
  return found();
}

describe('around a decoy', () => {
  beforeEach(() => serve(echo.ports[0]!));
  afterEach(() => {
    server.close();
    deadlines.stop();
  });

  it('a visit is a connect, what was said, and a close with its size and time', async () => {
    assert.equal((await say('hello\n')).answer, 'hello\n');
    const [close] = await eventsOf('echo.close');
    assert.deepEqual(
      events.map((one) => one.type),
      ['echo.connect', 'echo.line', 'echo.close'],
    );
    assert.equal(new Set(events.map((one) => one.connection)).size, 1);
    assert.deepEqual([close?.data?.received, close?.data?.sent], [6, 6]);
    const [line] = await eventsOf('echo.line');
    assert.equal(line?.src.ip, '127.0.0.1');
    assert.equal(line?.dst.port, port);
    assert.deepEqual(line?.attack, ['T1059']);
    assert.equal(Buffer.from(line?.raw.head ?? '', 'base64').toString(), 'hello\n');
    assert.match(line?.id ?? '', /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  it('a message that is begun and not ended ends the connection, silence later, each with its reason', async () => {
    const slow = await say('never ends', false);
    assert.ok(slow.after >= 150, `${slow.after} ms`);
    const idle = await say('hello\n', false);
    assert.ok(idle.after >= 400, `${idle.after} ms`);
    assert.deepEqual(
      (await eventsOf('echo.close', 2)).map((one) => one.data?.reason),
      ['slow', 'idle'],
    );
  });

  it('a decoy is told of whoever has said something, or all', async () => {
    const silent = connect(port, '127.0.0.1');
    await eventsOf('echo.connect');
    assert.equal(talks, 0);
    silent.write('hello\n');
    assert.equal(String((await once(silent, 'data'))[0]), 'hello\n');
    assert.equal(talks, 1);
    silent.destroy();
    assert.equal((await say('')).answer, '');
    assert.equal(talks, 2);
  });

  it('a decoy that speaks first is told at once', async () => {
    server.close();
    deadlines.stop();
    await serve({ name: 'echo-first', speaksFirst: true });
    const silent = connect(port, '127.0.0.1');
    assert.equal(String((await once(silent, 'data'))[0]), 'welcome\n');
    silent.destroy();
  });

  it('what a decoy throws ends that connection and no other', async () => {
    const other = say('first\n', false);
    assert.equal((await say('throw\n')).answer, '');
    assert.equal((await other).answer, 'first\n');
    assert.equal(faults.length, 1);
  });

  it('who comes when all places are taken is turned away and counted', async () => {
    server.close();
    deadlines.stop();
    await serve(echo.ports[0]!, { ...defaultLimits, all: 1 });
    const first = say('hello\n', false);
    await eventsOf('echo.line');
    assert.equal((await say('hello\n')).answer, '');
    assert.equal(refused, 1);
    await first;
  });
});

describe('around a decoy that speaks TLS', () => {
  beforeEach(() => serve(echo.ports[1]!));
  afterEach(() => {
    server.close();
    deadlines.stop();
  });

  it("the visitor's hello is its fingerprint: JA3 and JA4 of OpenSSL as Debian's curl 7.88.1 uses it", async (t) => {
    const curl = promisify(execFile);
    const { stdout: version } = await curl('curl', ['--version']).catch(() => ({ stdout: '' }));
    if (!version.startsWith('curl 7.88.1')) return t.skip('curl 7.88.1 not installed');
    await curl('curl', ['-sk', '--max-time', '1', `https://127.0.0.1:${port}/`]).catch(() => {});
    const [line] = await eventsOf('echo.line');
    // As recorded with another implementation, in November 2026.
    assert.equal(line?.fp.ja3, '78f0dc5ac5b19daf131a133cfdee9691');
    assert.equal(line?.fp.ja4, 't13i3111h2_e8f1e7e78f70_b26ce05bbdd6');
  });

  it('who comes back with a session of TLS is let in, also where clients are asked for certificates', async () => {
    server.close();
    deadlines.stop();
    await serve({ name: 'echo-tls', tls: () => ({ ...certificate, asksClient: true }) });
    let session: Buffer | undefined;
    for (const isReused of [false, true]) {
      const socket = dialTls({ port, host: '127.0.0.1', rejectUnauthorized: false, session });
      socket.once('session', (one: Buffer) => {
        session = one;
      });
      await once(socket, 'secureConnect');
      socket.write('hello\n');
      assert.equal(String((await once(socket, 'data'))[0]), 'hello\n');
      assert.equal(socket.isSessionReused(), isReused);
      socket.destroy();
    }
  });

  it('plain HTTP is told so in the words of Go, and what is neither ends without a word', async () => {
    const { answer } = await say('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    assert.equal(answer, 'HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n');
    assert.equal((await say('hello, I am no TLS')).answer, '');
    assert.equal((await say('\x16\x03\x01', false)).answer, '');
  });
});
