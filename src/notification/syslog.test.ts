import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { after, describe, it } from 'node:test';
import { createServer as createTlsServer } from 'node:tls';
import { notice } from '../../test/fixtures/notices.ts';
import { deliver } from './deliver.ts';
import { messageOf } from './message.ts';
import { type Ports, systemPorts } from './ports.ts';
import { syslogRecord } from './syslog-record.ts';

const pem = readFileSync(new URL('fixtures/localhost.pem', import.meta.url), 'utf8');
const ports: Ports = { ...systemPorts, hostName: 'wg.example', authorities: pem };
const never = new AbortController().signal;

const many = messageOf(
  'wg_1',
  Array.from({ length: 500 }, (_, number) => notice(number, { lines: ['ü'.repeat(400)] })),
);

const servers: Server[] = [];
after(() => {
  for (const server of servers) server.close();
});

async function listening(server: Server): Promise<number> {
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

/** A collector on a stream, which takes frames apart as RFC 6587 says and throws for what is none. */
async function streamSink(secure: boolean) {
  const records: string[] = [];
  const closed: Promise<unknown>[] = [];
  const serve = (socket: Socket) => {
    const chunks: Buffer[] = [];
    socket.on('error', () => {});
    socket.on('data', (chunk) => chunks.push(chunk));
    closed.push(once(socket, 'end').then(() => records.push(...framesOf(Buffer.concat(chunks)))));
  };
  const server = secure ? createTlsServer({ key: pem, cert: pem }, serve) : createServer(serve);
  return { port: await listening(server), records, closed };
}

function framesOf(bytes: Buffer): string[] {
  const frames: string[] = [];
  for (let at = 0; at < bytes.length; ) {
    const space = bytes.indexOf(0x20, at);
    const length = bytes.toString('latin1', at, space);
    assert.match(length, /^[1-9]\d*$/);
    at = space + 1 + Number(length);
    assert.ok(at <= bytes.length);
    frames.push(bytes.toString('utf8', space + 1, at));
  }
  return frames;
}

const tell = (
  transport: 'udp' | 'tcp' | 'tls',
  port: number,
  message = many,
  using = ports,
  host = '127.0.0.1',
) => deliver({ kind: 'syslog', host, port, transport }, message, using, never);

describe('a record', () => {
  const message = messageOf('wg_1', [notice(1)]);

  it('is what RFC 5424 says', () => {
    const told = notice(1, {
      severity: 'critical',
      categories: ['cryptomining', 'backdoor'],
      reference: 'acme/web:1',
      title: 'ein Schürfer',
      lines: ['/usr/bin/x', 'pool'],
      link: 'https://wg.example/images/7',
    });
    assert.equal(
      syslogRecord(told, message, 'wg.example', 2048).toString(),
      '<130>1 1970-01-01T00:00:01.000Z wg.example waterguard - finding.new ' +
        '[waterguard@32473 delivery="wg_1" key="k1" type="finding.new" severity="critical" ' +
        'categories="cryptomining,backdoor" reference="acme/web:1" link="https://wg.example/images/7"] ' +
        '\ufeffein Schürfer; /usr/bin/x; pool',
    );
  });

  it('has the priority of its severity, from local0.info to local0.critical', () => {
    const priorities = (['info', 'low', 'medium', 'high', 'critical'] as const).map((severity) =>
      syslogRecord(notice(1, { severity }), message, 'h', 2048).toString().slice(0, 6),
    );
    assert.deepEqual(priorities, ['<134>1', '<133>1', '<132>1', '<131>1', '<130>1']);
  });

  it('keeps hostile text inside its value and on its line', () => {
    const hostile = notice(1, {
      reference: 'a" x="y"] \\" [other@1 a="b"]\n<0>1 - - - - - -',
      title: 'a\r\n<0>1 forged\x1b[2J\u202e',
      type: 'x y\n',
    });
    const text = syslogRecord(hostile, message, 'host name\n', 2048).toString();
    assert.doesNotMatch(text, /[\x00-\x1f\u202e]/);
    const found =
      /^<131>1 \S+ host_name_ waterguard - (\S+) \[waterguard@32473(?: [a-z]+="(?:[^"\\\]]|\\["\\\]])*")+\] \ufeff(.*)$/.exec(
        text,
      );
    assert.ok(found, text);
    assert.equal(found[1], 'x_y\\x0a');
  });

  it('is bounded in octets, and cut between characters', () => {
    const long = '😀'.repeat(1000);
    const worst = notice(1, {
      key: 'k'.repeat(200),
      type: long,
      reference: '"'.repeat(500),
      title: long,
      lines: Array(20).fill(long),
      link: `https://wg.example/${'x'.repeat(200)}`,
    });
    for (const limit of [2048, 8192]) {
      const record = syslogRecord(worst, message, 'h'.repeat(300), limit);
      assert.ok(record.length <= limit, `${record.length}`);
      assert.doesNotMatch(record.toString(), /\ufffd/);
      assert.ok(record.toString().endsWith('😀…'));
    }
  });
});

describe('syslog', () => {
  it('over UDP sends a datagram for each of 500 notices, and a usual buffer takes them all', async () => {
    const sink = createSocket('udp4');
    const records: string[] = [];
    sink.on('message', (datagram) => records.push(datagram.toString()));
    sink.bind(0, '127.0.0.1');
    await once(sink, 'listening');
    const outcome = await tell('udp', sink.address().port);
    assert.deepEqual(outcome, { ok: true, detail: '500 records sent to 127.0.0.1 over UDP' });
    sink.close();
    assert.equal(new Set(records).size, 500);
    assert.match(
      records[0] ?? '',
      /^<131>1 \S+ wg\.example waterguard - finding\.new \[.* key="k0" .*\] \ufefftitle 0; ü/,
    );
  });

  it('over UDP notices that nobody listens', async () => {
    const sink = createSocket('udp4');
    sink.bind(0, '127.0.0.1');
    await once(sink, 'listening');
    const { port } = sink.address();
    sink.close();
    const outcome = await tell('udp', port, messageOf('wg_1', [notice(1)]));
    assert.ok(!outcome.ok && outcome.retry);
    assert.match(outcome.detail, /nothing listens there/);
  });

  for (const transport of ['tcp', 'tls'] as const) {
    it(`over ${transport.toUpperCase()} sends a counted frame for each of 500 notices`, async () => {
      const sink = await streamSink(transport === 'tls');
      assert.equal((await tell(transport, sink.port)).ok, true);
      await Promise.all(sink.closed);
      assert.equal(new Set(sink.records).size, 500);
    });
  }

  it('over TLS goes only to who has a certificate for the name', async () => {
    const sink = await streamSink(true);
    const strange = await tell('tls', sink.port, many, { ...ports, authorities: undefined });
    assert.ok(!strange.ok && strange.retry);
    assert.match(strange.detail, /certificate is not trusted/);
    const resolve: Ports['resolve'] = (_name, _options, done) =>
      done(null, [{ address: '127.0.0.1', family: 4 }]);
    const other = await tell('tls', sink.port, many, { ...ports, resolve }, 'other.example');
    assert.match(other.detail, /certificate is not trusted/);
    // Takes whatever comes and speaks no TLS.
    const deaf = createServer((socket) => {
      socket.on('error', () => {});
      socket.resume();
    });
    const plain = await tell('tls', await listening(deaf), many, {
      ...ports,
      limits: { ...ports.limits, syslogMs: 200 },
    });
    assert.ok(!plain.ok && plain.retry);
    assert.equal(sink.records.length, 0);
  });

  it('is not delivered to a collector that breaks the connection', async () => {
    const reset = createServer((socket) => socket.resetAndDestroy());
    const outcome = await tell('tcp', await listening(reset));
    assert.ok(!outcome.ok && outcome.retry);
    assert.match(outcome.detail, /connection was closed before/);
  });

  it('gives up on a collector that takes nothing', async () => {
    const sockets: Socket[] = [];
    const full = createServer({ pauseOnConnect: true }, (socket) => sockets.push(socket));
    const large = messageOf(
      'wg_1',
      Array.from({ length: 3000 }, (_, number) => notice(number, { lines: Array(20).fill('x'.repeat(400)) })),
    );
    const quick = { ...ports, limits: { ...ports.limits, syslogMs: 300 } };
    const outcome = await tell('tcp', await listening(full), large, quick);
    for (const socket of sockets) socket.destroy();
    assert.ok(!outcome.ok && outcome.retry);
    assert.match(outcome.detail, /did not take it within/);
  });

  it('does not wait for a collector that keeps the connection open', async () => {
    const open = createServer({ allowHalfOpen: true }, (socket) => {
      socket.on('error', () => {});
      socket.resume();
    });
    const quick = { ...ports, limits: { ...ports.limits, closeMs: 50 } };
    const start = performance.now();
    assert.equal((await tell('tcp', await listening(open), many, quick)).ok, true);
    assert.ok(performance.now() - start < 5000);
  });

  it('does not go to a metadata service, over any transport', async () => {
    const resolve: Ports['resolve'] = (_name, _options, done) =>
      done(null, [{ address: '169.254.169.254', family: 4 }]);
    for (const transport of ['udp', 'tcp', 'tls'] as const) {
      for (const host of ['169.254.169.254', 'fe80::1', 'logs.example', '0xa9fea9fe']) {
        const outcome = await tell(transport, 514, many, { ...ports, resolve }, host);
        assert.ok(!outcome.ok && !outcome.retry, host);
      }
    }
  });
});
