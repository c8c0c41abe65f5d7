import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { describe, it } from 'node:test';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { WaterguardError } from '../model/error.ts';
import { type DecompressLimits, decompress } from './decompress.ts';

const text = randomBytes(3000).toString('hex');
const middle = text.length / 2;
const halves = [Buffer.from(text.slice(0, middle)), Buffer.from(text.slice(middle))] as const;
const skippable = Buffer.from('502a4d180400000077777777', 'hex');

async function* cut(bytes: Buffer, size: number, failure?: Error): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
  if (failure !== undefined) throw failure;
}

/** What came out, and the code of what was thrown after it. */
async function unpack(blob: AsyncIterable<Buffer>, limits?: DecompressLimits): Promise<[string, string]> {
  const parts: Buffer[] = [];
  try {
    for await (const chunk of decompress(blob, limits)) parts.push(chunk);
  } catch (error) {
    assert.ok(error instanceof WaterguardError, String(error));
    return [Buffer.concat(parts).toString(), error.code];
  }
  return [Buffer.concat(parts).toString(), ''];
}

const gzip = (body: Buffer) => gzipSync(body);
const zstd = (body: Buffer) => zstdCompressSync(body);

describe('decompress', () => {
  for (const [name, pack] of [
    ['gzip', gzip],
    ['zstd', zstd],
  ] as const) {
    const both = Buffer.concat(halves.map(pack));

    it(`unpacks ${name} of several parts, wherever the chunks end`, async () => {
      for (const size of [1, 2, 13, 1000, both.length]) {
        assert.deepEqual(await unpack(cut(both, size)), [text, ''], `${size}`);
      }
    });

    it(`delivers all content of a ${name} stream that garbage follows, then says so`, async () => {
      const [out, code] = await unpack(cut(Buffer.concat([both, Buffer.from('garbage')]), 999_999));
      assert.equal(out, text);
      assert.equal(code, 'unsupported');
    });

    it(`takes zeros after a ${name} stream for padding`, async () => {
      assert.deepEqual(await unpack(cut(Buffer.concat([both, Buffer.alloc(600)]), 999_999)), [text, '']);
    });

    it(`delivers what came of a ${name} stream that breaks off`, async () => {
      const [out, code] = await unpack(cut(both.subarray(0, -5), 100));
      assert.equal(code, 'truncated');
      assert.ok(out.length >= middle && text.startsWith(out));
    });

    it(`says where a ${name} stream is damaged`, async () => {
      const damaged = Buffer.from(both);
      const second = pack(halves[0]).length;
      damaged.fill(0xff, second + 14, second + 60);
      const [out, code] = await unpack(cut(damaged, 100));
      assert.ok(['corrupt', 'truncated'].includes(code), code);
      assert.ok(text.startsWith(out.slice(0, middle)));
      assert.ok(out.length >= middle);
    });

    it(`ends a ${name} bomb at the limits of ratio and size`, async () => {
      const bomb = pack(Buffer.alloc(8_000_000));
      const limits = { maxBytes: 1e9, maxRatio: 200, ratioFrom: 2_000_000 };
      const [some, ratio] = await unpack(cut(bomb, 256), limits);
      assert.equal(ratio, 'limit');
      assert.ok(some.length < 8_000_000);
      assert.equal((await unpack(cut(bomb, 256), { ...limits, maxRatio: 1e6 }))[1], '');
      assert.equal((await unpack(cut(bomb, 256), { ...limits, maxRatio: 1e6, maxBytes: 1e6 }))[1], 'limit');
    });

    it(`lets an error of the source come after the content of ${name}`, async () => {
      const failure = new WaterguardError('digest-mismatch', 'the blob is another');
      assert.deepEqual(await unpack(cut(both, 100, failure)), [text, 'digest-mismatch']);
      const [out, code] = await unpack(cut(both.subarray(0, -50), 100, failure));
      assert.deepEqual([code, text.startsWith(out)], ['digest-mismatch', true]);
    });
  }

  it('passes over skippable zstd frames, also in front', async () => {
    const blob = Buffer.concat([skippable, zstd(halves[0]), skippable, zstd(halves[1]), skippable]);
    for (const size of [1, 5, 1000, blob.length]) assert.deepEqual(await unpack(cut(blob, size)), [text, '']);
  });

  it('reads gzip headers with every optional field', async () => {
    const plain = gzip(Buffer.from(text));
    const header = Buffer.from('1f8b081e00000000000303006162636e616d6500636f6d6d656e74000000', 'hex');
    const blob = Buffer.concat([header, plain.subarray(10)]);
    for (const size of [1, 3, blob.length]) assert.deepEqual(await unpack(cut(blob, size)), [text, '']);
  });

  it('passes on what is not packed, in the same memory', async () => {
    const tar = Buffer.from('etc/passwd'.padEnd(512, '\0'));
    for await (const chunk of decompress(cut(tar, 512))) assert.equal(chunk.buffer, tar.buffer);
    assert.deepEqual(await unpack(cut(Buffer.alloc(0), 1)), ['', '']);
    assert.deepEqual(await unpack(cut(Buffer.from([0x1f]), 1)), ['\x1f', '']);
  });

  it('names compressions that it does not read', async () => {
    for (const magic of ['fd377a585a000004', '425a683931415926535953', '04224d1864407000']) {
      assert.deepEqual(await unpack(cut(Buffer.from(magic, 'hex'), 4)), ['', 'unsupported']);
    }
  });

  it('does not write again to memory that it handed out', async () => {
    const big = Buffer.concat([randomBytes(3 << 20), Buffer.alloc(3 << 20, 'a')]);
    const kept: Buffer[] = [];
    for await (const chunk of decompress(cut(gzip(big), 70_000))) kept.push(chunk);
    assert.ok(Buffer.concat(kept).equals(big));
  });

  it('lets go of the source when the consumer stops', async () => {
    let released = false;
    async function* endless(): AsyncGenerator<Buffer> {
      try {
        for (;;) yield gzip(Buffer.from(text));
      } finally {
        released = true;
      }
    }
    for await (const _chunk of decompress(endless())) break;
    await new Promise(setImmediate);
    assert.ok(released);
  });
});
