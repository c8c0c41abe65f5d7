import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  createMessageReader,
  errorReply,
  greeting,
  largestMessage,
  type Message,
  query,
  ready,
  startup,
  statusOf,
  syncMessage,
} from './wire.ts';

/** As `pg` begins: who it is, then a query in both protocols. */
const opening = untyped(Buffer.concat([int32(startup), Buffer.from('user\0postgres\0\0')]));
const stream = Buffer.concat([opening, query('select 1'), query(''), syncMessage, query('x'.repeat(300))]);
const expected = ['', 'Q', 'Q', 'S', 'Q'];

describe('the reader of messages', () => {
  it('finds the same messages wherever the stream is split', () => {
    for (let at = 0; at <= stream.length; at++) {
      const messages = readAll([stream.subarray(0, at), stream.subarray(at)]);
      assert.deepEqual(
        messages.map((one) => one.type),
        expected,
        `split at ${at}`,
      );
      assert.deepEqual(Buffer.concat(messages.map((one) => one.bytes)), stream);
    }
  });

  it('finds them byte by byte, and in chunks of every length', () => {
    for (let length = 1; length < 40; length++) {
      const chunks: Buffer[] = [];
      for (let at = 0; at < stream.length; at += length) chunks.push(stream.subarray(at, at + length));
      assert.deepEqual(Buffer.concat(readAll(chunks).map((one) => one.bytes)), stream);
    }
  });

  it('gives a message when its last byte is there, not before', () => {
    const read = createMessageReader(() => true);
    const bytes = query('select 1');
    assert.equal([...read(bytes.subarray(0, -1))].length, 0);
    assert.equal([...read(bytes.subarray(-1))].length, 1);
    assert.equal([...read(Buffer.alloc(0))].length, 0);
  });

  it('puts a long message together once', () => {
    const read = createMessageReader(() => true);
    const bytes = query('x'.repeat(20_000_000));
    const start = performance.now();
    const messages: Message[] = [];
    for (let at = 0; at < bytes.length; at += 1000) messages.push(...read(bytes.subarray(at, at + 1000)));
    assert.equal(messages.length, 1);
    assert.equal(messages[0]?.bytes.length, bytes.length);
    // With every chunk of it, this would be 200 gigabytes.
    assert.ok(performance.now() - start < 5000);
  });

  it('refuses lengths that none has, before it waits for their bytes', () => {
    for (const length of [0, 3, largestMessage + 1, 2 ** 32 - 1]) {
      const head = Buffer.alloc(5, 'Q');
      head.writeUInt32BE(length, 1);
      assert.throws(() => [...createMessageReader(() => true)(head)], RangeError, String(length));
      assert.throws(
        () => [...createMessageReader(() => false)(head.subarray(1))],
        RangeError,
        String(length),
      );
    }
    assert.deepEqual([...createMessageReader(() => true)(Buffer.from([0x51, 0x10, 0, 0, 0]))], []);
  });
});

describe('an answer', () => {
  it('ends with where its session stands', () => {
    for (const status of ['I', 'T', 'E'] as const) {
      assert.equal(statusOf(ready(status)), status);
      assert.equal(statusOf(Buffer.concat([errorReply('42601', 'no'), ready(status)])), status);
    }
  });

  it('to a flush ends with none', () => {
    assert.equal(statusOf(Buffer.alloc(0)), undefined);
    assert.equal(statusOf(Buffer.from('I')), undefined);
    assert.equal(statusOf(errorReply('42601', 'no')), undefined);
  });

  it('of an error has what clients look for', () => {
    const text = errorReply('25P03', 'too late', 'FATAL').toString('latin1');
    for (const part of ['SFATAL\0', 'VFATAL\0', 'C25P03\0', 'Mtoo late\0'])
      assert.ok(text.includes(part), part);
    assert.equal(errorReply('1', '').readUInt32BE(1), errorReply('1', '').length - 1);
  });

  it('to the opening message is signed in, told the parameters, and ready', () => {
    const messages = [...createMessageReader(() => true)(greeting({ TimeZone: 'UTC' }, 7))];
    assert.deepEqual(
      messages.map((one) => one.type),
      ['R', 'S', 'K', 'Z'],
    );
    assert.equal(messages[1]?.bytes.subarray(5).toString(), 'TimeZone\0UTC\0');
    assert.equal(messages[2]?.bytes.readInt32BE(5), 7);
  });
});

function readAll(chunks: readonly Buffer[]): Message[] {
  let begun = false;
  const read = createMessageReader(() => begun);
  const messages: Message[] = [];
  for (const chunk of chunks) {
    for (const one of read(chunk)) {
      begun = true;
      messages.push(one);
    }
  }
  return messages;
}

function untyped(body: Buffer): Buffer {
  return Buffer.concat([int32(body.length + 4), body]);
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}
