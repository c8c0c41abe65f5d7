import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readerOf } from './bytes.ts';
import { msg } from './messages.ts';
import { createSessionChannel, type SessionChannel } from './session-channel.ts';

interface Opened {
  readonly channel: SessionChannel;
  /** What was sent: names of requests, and of other messages with their number or their size. */
  sent(): string[];
  isGone(): boolean;
}

function opened(port: { readonly window?: number; readonly packet?: number } = {}): Opened {
  const sent: Buffer[] = [];
  let isGone = false;
  const channel: SessionChannel = createSessionChannel({
    remoteId: 7,
    remoteWindow: port.window ?? 2 ** 21,
    remotePacket: port.packet ?? 32768,
    takesEndOfWrite: true,
    send: (payload) => sent.push(payload),
    wantsToSend: () => queueMicrotask(() => channel.flush()),
    buffered() {},
    gone() {
      isGone = true;
    },
  });
  channel.open();
  return { channel, sent: () => sent.map(named), isGone: () => isGone };
}

function named(payload: Buffer): string {
  const reader = readerOf(payload.subarray(1));
  assert.equal(reader.u32(), 7);
  switch (payload[0]) {
    case msg.channelRequest:
      return reader.text();
    case msg.channelData:
      return `data ${reader.string().length}`;
    case msg.channelExtendedData:
      return `error ${reader.u32()} ${reader.string().length}`;
    case msg.channelWindowAdjust:
      return `window ${reader.u32()}`;
    case msg.channelEof:
      return 'eof';
    case msg.channelClose:
      return 'close';
    default:
      return assert.fail(`message ${payload[0]}`);
  }
}

const settled = (): Promise<void> => new Promise((done) => setTimeout(done, 10));

describe('a session channel', () => {
  it('ends its output, tells of the exit, and closes', async () => {
    const { channel, sent, isGone } = opened();
    channel.exit(0);
    await settled();
    assert.deepEqual(sent(), ['window 2097152', 'eof', 'exit-status', 'eow@openssh.com', 'close']);
    assert.equal(isGone(), false);
    channel.close();
    await settled();
    assert.equal(isGone(), true);
  });

  it('tells of the exit first where there was output until then', async () => {
    const { channel, sent } = opened();
    channel.stdio.write('last words');
    channel.exit(0);
    await settled();
    assert.deepEqual(sent().slice(1), ['data 10', 'exit-status', 'eow@openssh.com', 'eof', 'close']);
  });

  it('says nothing of its input to a client that has ended it', async () => {
    const { channel, sent } = opened();
    channel.eof();
    channel.exit(1);
    await settled();
    assert.deepEqual(sent().slice(1), ['eof', 'exit-status', 'close']);
  });

  it('cuts output to what the client takes at once, and waits for its window', async () => {
    const { channel, sent } = opened({ window: 250, packet: 100 });
    channel.stdio.write(Buffer.alloc(300));
    channel.stderr.write('oops');
    for (let count = 0; count < 9; count++) channel.flush();
    assert.deepEqual(sent().slice(1), ['data 100', 'error 1 4', 'data 100', 'data 46']);
    channel.adjust(1000);
    await settled();
    assert.equal(sent().at(-1), 'data 54');
  });

  it('gives back its window once more than three packets of it are gone', async () => {
    const { channel, sent } = opened();
    const send = (): void => channel.data(Buffer.alloc(32768));
    for (let count = 0; count < 3; count++) send();
    channel.stdio.resume();
    await settled();
    assert.deepEqual(sent(), ['window 2097152']);
    send();
    await settled();
    assert.deepEqual(sent().slice(1), ['window 131072']);
  });

  it('goes on giving back its window when nobody reads any more', async () => {
    const { channel, sent } = opened();
    channel.eof();
    for (let count = 0; count < 4; count++) channel.data(Buffer.alloc(32768));
    await settled();
    assert.deepEqual(sent().slice(1), ['window 131072']);
  });

  it('answers a close that comes twice once', async () => {
    const { channel, sent } = opened();
    channel.close();
    channel.close();
    await settled();
    assert.deepEqual(sent().slice(1), ['close']);
  });
});
