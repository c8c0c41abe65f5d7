import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ProtocolError, RequestReader, splitLine } from './request.ts';

function readAll(...chunks: (string | Buffer)[]): (readonly string[])[] {
  const reader = new RequestReader();
  const requests: (readonly string[])[] = [];
  for (const chunk of chunks) {
    reader.push(Buffer.from(chunk as string, 'latin1'));
    for (let request = reader.next(); request !== undefined; request = reader.next())
      requests.push(request.args);
  }
  return requests;
}

describe('the reader of requests', () => {
  it('reads arrays and lines, in whichever pieces they come', () => {
    const stream = '*2\r\n$3\r\nGET\r\n$2\r\na\n\r\nPING x\r\n\r\n*0\r\n*1\r\n$0\r\n\r\n';
    const expected = [['GET', 'a\n'], ['PING', 'x'], ['']];
    assert.deepEqual(readAll(stream), expected);
    assert.deepEqual(readAll(...stream), expected);
  });

  it('keeps the bytes as they came', () => {
    const reader = new RequestReader();
    const stream = '*2\r\n$3\r\nGET\r\n$1\r\n\xff\r\n';
    for (const char of stream) reader.push(Buffer.from(char, 'latin1'));
    assert.equal(reader.next()!.raw.toString('latin1'), stream);
  });

  it('splits lines as sdssplitargs does', () => {
    assert.deepEqual(splitLine(`set "a b" 'it\\'s' "\\x41\\n\\q"`), ['set', 'a b', "it's", 'A\nq']);
    assert.equal(splitLine('set "a'), undefined);
    assert.equal(splitLine('set "a"b'), undefined);
  });

  for (const [input, message] of [
    ['*4294967296\r\n', 'invalid multibulk length'],
    ['*1\r\n$999999999999\r\n', 'invalid bulk length'],
    [`${'*1\r\n'.repeat(100_000)}`, "expected '$', got '*'"],
    ['x'.repeat(70_000), 'too big inline request'],
    [`*${'9'.repeat(70_000)}`, 'too big mbulk count string'],
    ['set a "b\r\n', 'unbalanced quotes in request'],
  ] as const)
    it(`refuses ${input.slice(0, 20).trim()}… with: ${message}`, () => {
      assert.throws(() => readAll(input), new ProtocolError(message));
    });

  it('lets nobody send much who has not said the password', () => {
    const reader = new RequestReader(() => false);
    reader.push(Buffer.from('*11\r\n'));
    assert.throws(() => reader.next(), new ProtocolError('unauthenticated multibulk length'));
  });

  it('counts a gigabyte of arguments without keeping it', () => {
    const reader = new RequestReader();
    reader.push(Buffer.from('*2\r\n$3\r\nSET\r\n$536870912\r\n'));
    const before = process.memoryUsage().arrayBuffers;
    const chunk = Buffer.alloc(1 << 16, 'x');
    for (let sent = 0; sent < 536_870_912; sent += chunk.length) {
      reader.push(chunk);
      assert.equal(reader.next(), undefined);
    }
    reader.push(Buffer.from('\r\n'));
    const request = reader.next()!;
    assert.ok(request.isCut);
    assert.equal(request.args.length, 2);
    assert.ok(process.memoryUsage().arrayBuffers - before < 16 << 20);
  });

  it('keeps a thousand arguments of two thousand millions', () => {
    const reader = new RequestReader();
    reader.push(Buffer.from('*2147483647\r\n'));
    const many = Buffer.from('$1\r\nx\r\n'.repeat(50_000));
    reader.push(many);
    assert.equal(reader.next(), undefined);
    assert.ok(reader.isPartial);
  });
});
