/** Compressed streams and the archives that lie inside layers. */
import { crc32, deflateRawSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { isHole, mostLevels, openArchive, opener, openFile } from '../../../src/detect/archive/members.ts';
import { decompress } from '../../../src/image/decompress.ts';
import { buildTar, file } from '../../../src/lab/image-builder.ts';
import { buildZip } from '../../fixtures/zip-builder.ts';
import { readInWindows } from '../../fixtures/zip-windows.ts';
import { chunksOf, expect, streamOf, type Target } from '../target.ts';
import { tarSeeds } from './tar.ts';

const text = 'The quick brown fox jumps over the lazy dog. '.repeat(20);

function gzipSeeds(): Buffer[] {
  const plain = gzipSync(text);
  const named = Buffer.concat([
    Buffer.from([0x1f, 0x8b, 8, 0x1e, 0, 0, 0, 0, 0, 3, 2, 0, 0x61, 0x62]),
    Buffer.from('name\0comment\0\x12\x34', 'latin1'),
    plain.subarray(10),
  ]);
  return [
    plain,
    Buffer.concat([plain, gzipSync('second'), gzipSync('')]),
    named,
    gzipSync(Buffer.alloc(60_000)),
  ];
}

function zstdSeeds(): Buffer[] {
  const plain = zstdCompressSync(text);
  const skippable = Buffer.from([0x50, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3]);
  return [
    plain,
    Buffer.concat([skippable, plain, zstdCompressSync('second'), skippable]),
    zstdCompressSync(''),
  ];
}

const limits = { maxBytes: 1024 * 1024, maxRatio: 1000, ratioFrom: 256 * 1024 };

export const compressedTargets: readonly Target[] = [
  {
    name: 'decompress',
    seeds: () => [...gzipSeeds(), ...zstdSeeds(), ...tarSeeds().slice(0, 2)],
    async run(input, random) {
      let bytes = 0;
      for await (const chunk of decompress(streamOf(chunksOf(input, random)), limits)) bytes += chunk.length;
      expect(bytes <= limits.maxBytes + 1024 * 1024, 'no more comes out than a chunk beyond the limit');
    },
  },
  {
    name: 'archive-members',
    seeds: () => [
      zip([
        ['a.txt', text, 8],
        ['b/c.class', 'inert', 0],
      ]),
      zip([['inner.zip', zip([['x', 'y', 8]]), 8]]),
      gzipSync(buildTar([file('a', text), file('b.gz', gzipSync('inner'))])),
      zstdCompressSync(buildTar([file('a', 'one'), file('b', zip([['x', 'y', 0]]))])),
      ...gzipSeeds(),
      ...zstdSeeds(),
      ...tarSeeds().slice(0, 3),
    ],
    words: [
      'PK\x03\x04',
      'PK\x01\x02',
      'PK\x05\x06',
      'PK\x06\x06',
      '\x1f\x8b\x08',
      '\x28\xb5\x2f\xfd',
      '\x01\x00\x10\x00',
    ],
    run(input) {
      unfold(input, { bytes: 1024 * 1024, members: 500 }, 1);
    },
  },
  {
    name: 'zip-in-windows',
    seeds: largeZips,
    words: [
      'PK\x03\x04',
      'PK\x01\x02',
      'PK\x05\x06',
      'PK\x06\x06',
      'PK\x06\x07',
      'PK\x07\x08',
      'PK',
      '\xff\xff\xff\xff',
    ],
    run(input, random) {
      const most = random.pick([64, 600, 5000]);
      const step = random.pick([1, 30, 500]);
      const whole = readInWindows(input, most, () => input.length);
      const cut = readInWindows(input, most, () => 1 + random.below(step));
      expect(
        whole.join('\n') === cut.join('\n'),
        `the same is found in windows: ${whole.join('|')} and ${cut.join('|')}`,
      );
    },
  },
  {
    name: 'carried-archives',
    seeds: () => [
      carrier(gzipSync(buildTar([file('a', text)]))),
      carrier(buildTar([file('a', text), file('b.gz', gzipSync('inner'))])),
      carrier(Buffer.concat([zstdCompressSync(text), zip([['x', 'y', 0]]), Buffer.from('behind')])),
      carrier(Buffer.from(`echo ${gzipSync(text).toString('base64')} | base64 -d\n`)),
      carrier(
        Buffer.from(
          zip([['x', text, 8]])
            .toString('base64')
            .replace(/.{76}/g, '$&\n'),
        ),
      ),
    ],
    words: [
      'ustar',
      '\x1f\x8b\x08',
      '\x7fELF\x02\x01\x01',
      'BZh91AY&SY',
      'H4sI',
      'UEsD',
      'f0VMR',
      'PK\x05\x06',
    ],
    run(input) {
      const budget = { bytes: 1024 * 1024, members: 500 };
      const hits = { any: () => true, of: (_: string, anchor: string) => placesOf(input, anchor) };
      for (const kind of ['script', 'binary', 'elf'] as const) {
        for (const _ of openFile({ bytes: input, kind }, hits, budget))
          expect(budget.bytes >= 0 && budget.members >= 0, 'a budget is kept');
      }
    },
  },
];

/** With all forms of members, one zip in the other. */
function largeZips(): Buffer[] {
  const forms = (['marked', 'bare', 'wide', undefined] as const).flatMap((descriptor) =>
    [0, 8].map((method) => {
      const form = descriptor === undefined ? {} : { descriptor };
      return { name: `${descriptor}${method}`, content: text.slice(0, 90), method, ...form };
    }),
  );
  const all = buildZip(forms);
  const around = { name: 'in.jar', content: all, method: 0 };
  return [
    all,
    buildZip([around, { name: 'last', content: text, descriptor: 'marked' }]),
    buildZip([{ name: 'war', content: buildZip([around]), method: 0, before: Buffer.from('junk') }]),
    Buffer.concat([buildZip([{ name: 'a', content: 'x', unlisted: true }]), all, Buffer.alloc(40)]),
  ];
}

const carrier = (content: Buffer): Buffer => Buffer.concat([Buffer.from('#!/bin/sh\n'), content]);

function placesOf(bytes: Buffer, anchor: string): number[] {
  const wanted = Object.entries(opener.anchors).find(([name]) => name === anchor)?.[1].text ?? anchor;
  const places: number[] = [];
  for (let at = bytes.indexOf(wanted, 0, 'latin1'); at >= 0; at = bytes.indexOf(wanted, at + 1, 'latin1'))
    places.push(at);
  return places;
}

function unfold(bytes: Buffer, budget: { bytes: number; members: number }, level: number): void {
  for (const one of openArchive(bytes, budget)) {
    expect(budget.bytes >= 0 && budget.members >= 0, 'a budget is kept');
    if (!isHole(one) && level < mostLevels) unfold(one.bytes, budget, level + 1);
  }
}

/** A zip with local headers, a directory and its end. */
function zip(members: readonly (readonly [name: string, content: string | Buffer, method: 0 | 8])[]): Buffer {
  const locals: Buffer[] = [];
  const entries: Buffer[] = [];
  let at = 0;
  for (const [name, content, method] of members) {
    const plain = Buffer.from(content);
    const stored = method === 8 ? deflateRawSync(plain) : plain;
    const fields = Buffer.alloc(26);
    fields.writeUInt16LE(20, 0);
    fields.writeUInt16LE(method, 4);
    fields.writeUInt32LE(crc32(plain), 10);
    fields.writeUInt32LE(stored.length, 14);
    fields.writeUInt32LE(plain.length, 18);
    fields.writeUInt16LE(name.length, 22);
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), fields, Buffer.from(name), stored]);
    const place = Buffer.alloc(14);
    place.writeUInt32LE(at, 10);
    entries.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\x00'), fields, place, Buffer.from(name)]));
    locals.push(local);
    at += local.length;
  }
  const directory = Buffer.concat(entries);
  const tail = Buffer.alloc(18);
  tail.writeUInt16LE(members.length, 4);
  tail.writeUInt16LE(members.length, 6);
  tail.writeUInt32LE(directory.length, 8);
  tail.writeUInt32LE(at, 12);
  return Buffer.concat([...locals, directory, Buffer.from('PK\x05\x06'), tail]);
}
