import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sampleElf, sampleNote } from '../../test/fixtures/elf-builder.ts';
import { parseElf } from './elf.ts';
import { describeElf } from './elf-facts.ts';
import { entropy } from './entropy.ts';
import { goBuild } from './go-build.ts';
import { rustBuild } from './rust-build.ts';
import { findUpx } from './upx.ts';

const modules =
  'path\tgithub.com/example/tool/cmd\nmod\tgithub.com/example/tool\tv1.2.3\th1:x=\n' +
  'dep\tgolang.org/x/sys\tv0.1.0\th1:y=\nbuild\t-compiler=gc\n';
const framed = Buffer.concat([Buffer.alloc(16, 0xf1), Buffer.from(modules), Buffer.alloc(16, 0xf2)]);
const goMagic = Buffer.from('\xff Go buildinf:', 'latin1');

function inlineBlob(): Buffer {
  const version = Buffer.from('go1.22.1');
  const head = Buffer.concat([goMagic, Buffer.from([0, 2]), Buffer.alloc(16)]);
  const length = Buffer.from([(framed.length & 0x7f) | 0x80, framed.length >> 7]);
  return Buffer.concat([head, Buffer.from([version.length]), version, length, framed]);
}

test('Go build data with inline strings gives version, main module and dependencies', () => {
  const elf = parseElf(sampleElf({ sections: [{ name: '.go.buildinfo', content: inlineBlob() }] }));
  assert.deepEqual(goBuild(elf), {
    version: 'go1.22.1',
    path: 'github.com/example/tool/cmd',
    main: { path: 'github.com/example/tool', version: 'v1.2.3' },
    dependencies: [{ path: 'golang.org/x/sys', version: 'v0.1.0' }],
    offset: elf.bytes.indexOf(goMagic),
  });
});

test('Go build data is found without section headers, at a place that the caller has searched', () => {
  const bytes = sampleElf({ loads: [inlineBlob()] });
  const elf = parseElf(bytes);
  assert.equal(goBuild(elf)?.version, 'go1.22.1');
  assert.equal(goBuild(elf, [bytes.indexOf(' Go buildinf:')])?.version, 'go1.22.1');
  assert.equal(goBuild(elf, []), undefined);
});

test('Go build data before 1.18 is followed through its pointers, in both byte orders', () => {
  for (const little of [true, false]) {
    const word = (value: number): Buffer => {
      const out = Buffer.alloc(8);
      if (little) out.writeBigUInt64LE(BigInt(value));
      else out.writeBigUInt64BE(BigInt(value));
      return out;
    };
    const version = Buffer.from('go1.16.5');
    // Behind the one program header, at 120: blob 32, two string headers of 16, then the strings.
    const base = 120;
    const behindHeaders = Buffer.concat([
      goMagic,
      Buffer.from([8, little ? 0 : 1]),
      word(base + 32),
      word(base + 48),
      word(base + 64),
      word(version.length),
      word(base + 64 + version.length),
      word(framed.length),
      version,
      framed,
    ]);
    const elf = parseElf(sampleElf({ little, behindHeaders }));
    assert.equal(goBuild(elf)?.version, 'go1.16.5');
    assert.equal(goBuild(elf)?.main?.path, 'github.com/example/tool');
  }
});

test('the literal of the magic in a Go tool is not taken for build data', () => {
  const elf = parseElf(sampleElf({ loads: [Buffer.concat([goMagic, Buffer.alloc(64, 0x41)])] }));
  assert.equal(goBuild(elf), undefined);
});

test('the Go build id comes from its note', () => {
  const elf = parseElf(sampleElf({ notes: sampleNote('Go', 4, Buffer.from('abc/def')) }));
  assert.equal(describeElf(elf).goBuildId, 'abc/def');
});

test('rustc version and crates are read from comment and panic paths', () => {
  const paths =
    '/root/.cargo/registry/src/index.crates.io-6f17d22bba15001f/tokio-1.38.0/src/lib.rs\0' +
    '/usr/share/cargo/registry/libc-0.2.139/src/unix.rs\0/home/u/.cargo/registry/notacrate\0';
  const comment = Buffer.from('GCC: 12\0rustc version 1.81.0 (eeb90cda1 2024-09-04)\0');
  const elf = parseElf(
    sampleElf({ loads: [Buffer.from(paths)], sections: [{ name: '.comment', content: comment }] }),
  );
  assert.deepEqual(rustBuild(elf), {
    version: '1.81.0 (eeb90cda1 2024-09-04)',
    crates: ['libc-0.2.139', 'tokio-1.38.0'],
  });
  assert.equal(rustBuild(parseElf(sampleElf())), undefined);
});

/** l_info, p_info and b_info as UPX 4 writes them for amd64. */
function upxInfo(magic: string, changes: { readonly noProgram?: boolean } = {}): Buffer {
  const info = Buffer.alloc(36);
  info.write(magic, 4, 'latin1');
  info.writeUInt16LE(0x0a3c, 8);
  info.writeUInt8(13, 10);
  info.writeUInt8(22, 11);
  if (changes.noProgram !== true) {
    info.writeUInt32LE(400_000, 16);
    info.writeUInt32LE(400_000, 20);
  }
  info.writeUInt32LE(0xc40, 24);
  info.writeUInt32LE(0x4e2, 28);
  info.writeUInt8(14, 32);
  return info;
}

/** Bytes of high entropy, the same on every run. */
function noise(length: number): Buffer {
  let state = 1;
  return Buffer.from(
    Uint8Array.from({ length }, () => {
      state = (Math.imul(state, 1103515245) + 12345) >>> 0;
      return state >>> 23;
    }),
  );
}

test('an intact UPX file is known by its magic, a patched one by what the stub cannot do without', () => {
  const loads = [noise(60_000), Buffer.alloc(64)];
  const packed = (info: Buffer) => findUpx(parseElf(sampleElf({ type: 2, behindHeaders: info, loads })));
  assert.equal(packed(upxInfo('UPX!'))?.state, 'intact');
  assert.equal(packed(upxInfo('YTS\x99'))?.state, 'patched');
  assert.equal(packed(upxInfo('\0\0\0\0', { noProgram: true }))?.state, 'patched');
});

test('a shared library packed by UPX is known by the header at its end, also without the magic', () => {
  const trailer = Buffer.alloc(36);
  trailer.write('UPX!');
  trailer.writeUInt8(13, 4);
  trailer.writeUInt8(22, 5);
  assert.equal(findUpx(parseElf(sampleElf({ loads: [noise(60_000)], overlay: trailer })))?.state, 'intact');
  trailer.fill(0, 0, 4);
  const loads = [noise(60_000), Buffer.alloc(64)];
  const patched = sampleElf({
    type: 2,
    behindHeaders: upxInfo('\0\0\0\0', { noProgram: true }),
    loads,
    overlay: trailer,
  });
  assert.equal(findUpx(parseElf(patched))?.signs.length, 4);
});

test('neither compressible content, nor sections, nor other data behind the headers counts as patched UPX', () => {
  const info = upxInfo('YTS\x99');
  const loads = [Buffer.alloc(60_000, 'machine code'), Buffer.alloc(64)];
  assert.equal(findUpx(parseElf(sampleElf({ type: 2, behindHeaders: info, loads }))), undefined);
  const sections = [{ name: '.text', content: Buffer.from('inert') }];
  assert.equal(
    findUpx(parseElf(sampleElf({ type: 2, behindHeaders: info, loads: [noise(60_000)], sections }))),
    undefined,
  );
  assert.equal(
    findUpx(parseElf(sampleElf({ type: 2, behindHeaders: noise(36), loads: [noise(60_000)] }))),
    undefined,
  );
});

test('entropy is 0 for one value, 8 for all values alike, and bounded to its limit', () => {
  assert.equal(entropy(Buffer.alloc(1000, 7)), 0);
  assert.equal(entropy(Uint8Array.from({ length: 2560 }, (_, at) => at)), 8);
  assert.equal(entropy(Buffer.concat([Buffer.alloc(1000), noise(1000)]), 1000), 0);
  assert.equal(entropy(Buffer.alloc(0)), 0);
});
