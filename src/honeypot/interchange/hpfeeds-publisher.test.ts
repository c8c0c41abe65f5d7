import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { after, describe, it } from 'node:test';
import { brokerCertificate, startBroker, type TestBroker } from '../../../test/fixtures/hpfeeds-broker.ts';
import { openPublisher } from './hpfeeds-publisher.ts';

const open: { close(): void }[] = [];
after(() => {
  for (const one of open) one.close();
});

async function broker(options: { readonly tls?: boolean } = {}): Promise<TestBroker> {
  const one = await startBroker(options);
  open.push(one);
  return one;
}

const who = { host: '127.0.0.1', tls: false, ident: 'ident', secret: 'the secret' };

describe('publishing to a broker of hpfeeds', () => {
  it('signs the nonce, and all that is published arrives in its order', async () => {
    const { port, heard } = await broker();
    const publisher = await openPublisher({ ...who, port });
    for (let at = 0; at < 500; at++)
      assert.equal(await publisher.publish('waterguard.events', `{"at":${at},"text":"ü"}`), true);
    await publisher.close();
    const [auth, ...published] = heard;
    assert.equal(auth?.opCode, 2);
    assert.equal(published.length, 500);
    assert.deepEqual(
      published.map((one) => one.content.toString()),
      Array.from({ length: 500 }, (_, at) => `\x05ident\x11waterguard.events{"at":${at},"text":"ü"}`),
    );
    assert.ok(published.every((one) => one.opCode === 3));
  });

  it('works over TLS, with a broker whose certificate is known', async () => {
    const { port, heard } = await broker({ tls: true });
    const publisher = await openPublisher({ ...who, port, tls: true, authorities: brokerCertificate });
    await publisher.publish('c', 'x');
    await publisher.close();
    assert.equal(heard.at(-1)?.content.toString(), '\x05ident\x01cx');
    await assert.rejects(openPublisher({ ...who, port, tls: true }), { code: 'network' });
  });

  it('fails with the broker’s words where it refuses the secret', async () => {
    const { port } = await broker();
    const publisher = await openPublisher({ ...who, port, secret: 'wrong' });
    await assert.rejects(publisher.close(), {
      code: 'refused',
      message: /the broker says: Authentication failed\.\\x1b\[2J$/,
    });
  });

  it('fails where the broker goes away, and while it waits', async () => {
    const { port, sockets } = await broker();
    const publisher = await openPublisher({ ...who, port });
    sockets[0]!.pause();
    const long = 'x'.repeat(500_000);
    const publishing = (async () => {
      for (let at = 0; at < 200; at++) await publisher.publish('c', long);
    })();
    setTimeout(() => sockets[0]!.resetAndDestroy(), 100);
    await assert.rejects(publishing, { code: 'network' });
    await assert.rejects(publisher.close(), { code: 'network' });
  });

  it('fails at once where nobody listens, or somebody else speaks', async () => {
    const closed = createServer().listen(0, '127.0.0.1');
    await once(closed, 'listening');
    const { port } = closed.address() as AddressInfo;
    closed.close();
    await assert.rejects(openPublisher({ ...who, port }), { code: 'network' });
    const other = createServer((socket) => {
      socket.on('error', () => {});
      socket.write('SSH-2.0-OpenSSH_9.2\r\n');
    }).listen(0, '127.0.0.1');
    open.push(other);
    await once(other, 'listening');
    const speaking = openPublisher({ ...who, port: (other.address() as AddressInfo).port });
    await assert.rejects(speaking, { code: 'network', message: /does not speak hpfeeds/ });
  });

  it('leaves out what is longer than a broker takes, and says so', async () => {
    const { port, heard } = await broker();
    const publisher = await openPublisher({ ...who, port });
    assert.equal(await publisher.publish('c', 'x'.repeat(1024 * 1024)), false);
    assert.equal(await publisher.publish('c', 'y'), true);
    await publisher.close();
    assert.deepEqual(
      heard.map((one) => one.opCode),
      [2, 3],
    );
  });
});
