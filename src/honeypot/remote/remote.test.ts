import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import type { Duplex } from 'node:stream';
import { describe, it } from 'node:test';
import { constants, deflateSync } from 'node:zlib';
import { createVisitor, echoing } from '../cluster/fixtures/visitor.ts';
import { startKubelet } from '../kubelet/decoy.ts';
import { personaOf } from '../persona/persona.ts';
import { createHeaderReader, createHeaderWriter } from './spdy-headers.ts';

const visitor = createVisitor(
  personaOf('remote'),
  startKubelet({ persona: personaOf('remote') } as never, echoing),
  'kubelet',
);

const pods = (await visitor.json('GET', '/pods')).body.items;
const { metadata, spec } = pods[0];
const place = `${metadata.namespace}/${metadata.name}/${spec.containers[0].name}`;

/** Sends a request for an upgrade, and gives what comes behind the answer's head. */
async function upgrade(
  target: string,
  headers: readonly string[],
): Promise<{ stream: Duplex; head: string; received: () => Buffer; over: Promise<void> }> {
  const stream = visitor.open();
  let received = Buffer.alloc(0);
  const over = new Promise<void>((resolve) => stream.once('close', resolve).once('end', resolve));
  const headed = Promise.withResolvers<string>();
  stream.on('data', (chunk: Buffer) => {
    received = Buffer.concat([received, chunk]);
    const at = received.indexOf('\r\n\r\n');
    if (at >= 0) headed.resolve(received.toString('latin1', 0, at + 4));
  });
  stream.write(`GET ${target} HTTP/1.1\r\nHost: x\r\n${headers.map((one) => `${one}\r\n`).join('')}\r\n`);
  const head = await headed.promise;
  return { stream, head, received: () => received.subarray(head.length), over };
}

describe('a WebSocket', () => {
  const key = 'dGhlIHNhbXBsZSBub25jZQ==';
  const ask = (target: string, protocol: string): ReturnType<typeof upgrade> =>
    upgrade(target, [
      'Upgrade: websocket',
      'Connection: Upgrade',
      `Sec-WebSocket-Key: ${key}`,
      'Sec-WebSocket-Version: 13',
      `Sec-WebSocket-Protocol: ${protocol}`,
    ]);

  function frame(opcode: number, payload: Buffer): Buffer {
    const mask = randomBytes(4);
    const masked = payload.map((byte, at) => byte ^ mask[at & 3]!);
    return Buffer.concat([Buffer.from([0x80 | opcode, 0x80 | payload.length]), mask, masked]);
  }

  /** Payloads of frames whose lengths fit into seven bits or sixteen. */
  function payloads(bytes: Buffer): Buffer[] {
    const found: Buffer[] = [];
    for (let at = 0; at < bytes.length; ) {
      const isLong = bytes[at + 1] === 126;
      const length = isLong ? bytes.readUInt16BE(at + 2) : bytes[at + 1]!;
      at += isLong ? 4 : 2;
      found.push(bytes.subarray(at, at + length));
      at += length;
    }
    return found;
  }

  it('is opened with the bytes of Go’s library, and tells output and status on their channels', async () => {
    const { head, over, received } = await ask(
      `/exec/${place}?command=id&output=1&error=1`,
      'v4.channel.k8s.io',
    );
    assert.equal(
      head,
      'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\nSec-WebSocket-Protocol: v4.channel.k8s.io\r\n\r\n',
    );
    await over;
    const frames = payloads(received());
    assert.deepEqual(frames[0], Buffer.from([1]), 'an empty message says that the streams are there');
    assert.equal(frames[1]!.toString(), '\x01ran id\n');
    assert.equal(frames[2]!.toString(), '\x03{"metadata":{},"status":"Success"}');
  });

  it('carries what is typed, in base64 where that was chosen', async () => {
    const { stream, over, received } = await ask(
      `/exec/${place}?command=cat&input=1&output=1`,
      'base64.channel.k8s.io',
    );
    stream.write(frame(1, Buffer.from(`0${Buffer.from('hello').toString('base64')}`)));
    stream.write(frame(9, Buffer.from('ping')));
    stream.write(frame(8, Buffer.alloc(0)));
    await over;
    const frames = payloads(received()).map(String);
    assert.ok(frames.includes(`1${Buffer.from('hello').toString('base64')}`), frames.join('|'));
    assert.ok(frames.includes('ping'));
  });

  it('with protocols that a kubelet of 1.27 does not speak is refused, so that clients try SPDY', async () => {
    const { head } = await ask(`/exec/${place}?command=id&output=1`, 'v5.channel.k8s.io');
    assert.equal(head, 'HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n');
  });

  it('that sends rubbish, or frames without a mask or without end, is closed', async () => {
    for (const rubbish of [
      Buffer.from([0x82, 3, 1, 2, 3]),
      Buffer.from('82ff7fffffffffffffff00000000', 'hex'),
      randomBytes(4096),
    ]) {
      const { stream, over } = await ask(`/exec/${place}?command=cat&input=1&output=1`, 'v4.channel.k8s.io');
      stream.write(rubbish);
      stream.end();
      await over;
    }
  });
});

describe('SPDY', () => {
  it('begins its headers with the dictionary that all have', () => {
    // DICTID of SPDY/3: the Adler-32 of its dictionary.
    assert.equal(createHeaderWriter().write(new Map()).toString('hex', 2, 6), 'e3c6a7c2');
  });

  it('reads its own headers, block after block', () => {
    const [writer, reader] = [createHeaderWriter(), createHeaderReader()];
    for (const type of ['error', 'stdin', 'stdout']) {
      const headers = new Map([
        ['streamtype', type],
        ['x', type.repeat(20)],
      ]);
      assert.deepEqual(reader.read(writer.write(headers)), headers);
    }
  });

  it('refuses headers that grow without end', () => {
    const bomb = deflateSync(Buffer.alloc(1 << 20), { finishFlush: constants.Z_SYNC_FLUSH });
    assert.throws(() => createHeaderReader().read(bomb), RangeError);
  });

  const ask = (target: string): ReturnType<typeof upgrade> =>
    upgrade(target, [
      'Connection: Upgrade',
      'Upgrade: SPDY/3.1',
      'X-Stream-Protocol-Version: v4.channel.k8s.io',
      'X-Stream-Protocol-Version: v3.channel.k8s.io',
    ]);

  function control(type: number, payload: Buffer): Buffer {
    const head = Buffer.from([0x80, 3, 0, type, 0, 0, payload.length >> 8, payload.length & 0xff]);
    return Buffer.concat([head, payload]);
  }

  /** Opens streams as clients do. */
  function open(stream: Duplex, types: readonly string[]): void {
    const writer = createHeaderWriter();
    for (const [index, type] of types.entries()) {
      const head = Buffer.alloc(10);
      head.writeUInt32BE(index * 2 + 1);
      stream.write(control(1, Buffer.concat([head, writer.write(new Map([['streamtype', type]]))])));
    }
  }

  /** What was sent on a stream. */
  function sentOn(id: number, bytes: Buffer): string {
    let text = '';
    for (let at = 0; at + 8 <= bytes.length; ) {
      const length = bytes.readUInt32BE(at + 4) & 0xffffff;
      if (bytes.readUInt32BE(at) === id) text += bytes.toString('utf8', at + 8, at + 8 + length);
      at += 8 + length;
    }
    return text;
  }

  it('carries a command’s streams, and how it ended', async () => {
    const { stream, head, over, received } = await ask(`/exec/${place}?command=cat&input=1&output=1&error=1`);
    assert.match(
      head,
      /^HTTP\/1\.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: SPDY\/3\.1\r\nX-Stream-Protocol-Version: v4\.channel\.k8s\.io\r\nDate: .*GMT\r\n\r\n$/,
    );
    open(stream, ['error', 'stdin', 'stdout', 'stderr']);
    stream.write(Buffer.concat([Buffer.from([0, 0, 0, 3, 0, 0, 0, 5]), Buffer.from('typed')]));
    stream.write(Buffer.from([0, 0, 0, 3, 1, 0, 0, 0]));
    await over;
    assert.equal(sentOn(5, received()), 'typed');
    assert.equal(sentOn(1, received()), '{"metadata":{},"status":"Success"}');
    const reply = received().subarray(0, received().readUInt32BE(4) + 8);
    assert.equal(reply.toString('hex', 0, 4), '80030002');
    const event = visitor.events.findLast((one) => one.type === 'exec')!;
    assert.equal(event.what.data?.stdin, 'typed');
    assert.deepEqual([event.what.raw?.toString(), event.what.texts], ['cat\ntyped', ['cat', 'typed']]);
  });

  it('tells of what is fed to a command as it came, and of the files in it', async () => {
    const { stream, over } = await ask(`/exec/${place}?command=cat&input=1&output=1`);
    open(stream, ['error', 'stdin', 'stdout']);
    const fed = Buffer.from('C0755 3 a\n\xff\xfe\n\0C0644 5 b\necho\n\0', 'latin1');
    stream.write(Buffer.concat([Buffer.from([0, 0, 0, 3, 0, 0, 0, fed.length]), fed]));
    stream.write(Buffer.from([0, 0, 0, 3, 1, 0, 0, 0]));
    await over;
    const { what } = visitor.events.findLast((one) => one.type === 'exec')!;
    assert.deepEqual(what.raw, Buffer.concat([Buffer.from('cat\n'), fed]));
    assert.deepEqual(what.texts, ['cat', '\ufffd\ufffd\n', 'echo\n']);
    assert.equal(what.data?.stdin, undefined);
  });

  it('tells a program that fails, and one that is not there, in the words of containerd', async () => {
    for (const [command, message] of [
      [
        'false',
        /"message":"command terminated with non-zero exit code: error executing command \[false\], exit code 1","reason":"NonZeroExitCode","details":\{"causes":\[\{"reason":"ExitCode","message":"1"\}\]\}/,
      ],
      [
        'missing',
        /unable to start container process: exec: \\"missing\\": executable file not found in \$PATH: unknown","reason":"InternalError"/,
      ],
    ] as const) {
      const { stream, over, received } = await ask(`/exec/${place}?command=${command}&output=1`);
      open(stream, ['error', 'stdout']);
      await over;
      assert.match(sentOn(1, received()), message);
    }
  });

  it('that sends rubbish is closed', async () => {
    for (let round = 0; round < 40; round++) {
      const { stream, over } = await ask(`/exec/${place}?command=cat&input=1&output=1`);
      const seed = createHash('sha256').update(String(round)).digest();
      stream.write(
        round % 2 === 0 ? Buffer.concat([Buffer.from([0x80, 3, 0, round % 10, 0, 0, 0, 32]), seed]) : seed,
      );
      stream.end();
      await over;
    }
  });
});
