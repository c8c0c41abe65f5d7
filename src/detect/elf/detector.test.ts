import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type SampleElf, sampleElf } from '../../../test/fixtures/elf-builder.ts';
import type { Detection, OpenFile } from '../detector.ts';
import { elfDetector } from './detector.ts';

const free = { check() {} };

/** Inspects as the runner does, anchors searched beforehand. */
function inspect(bytes: Buffer, record: Partial<OpenFile> = {}): Detection {
  const file: OpenFile = {
    path: '',
    size: bytes.length,
    mode: 0,
    uid: 0,
    gid: 0,
    kind: 'elf',
    bytes,
    offset: 0,
    matches: [],
    hits: (name) => {
      const anchor = elfDetector.anchors?.[name];
      assert.ok(anchor, `unknown anchor ${name}`);
      const text = bytes.toString('latin1');
      const at = anchor.nocase ? text.toLowerCase().indexOf(anchor.text) : text.indexOf(anchor.text);
      return at < 0 ? [] : [at];
    },
    ...record,
  };
  return elfDetector.inspect(file, free);
}

function rules(sample: SampleElf | Buffer): readonly string[] {
  const bytes = Buffer.isBuffer(sample) ? sample : sampleElf(sample);
  return inspect(bytes).findings.map((finding) => finding.rule);
}

const text = (...strings: string[]): Buffer => Buffer.from(strings.join('\0') + '\0', 'latin1');
const program = { interpreter: '/lib/ld.so', sections: [{ name: '.text', content: text('inert') }] } as const;
const library = { soname: 'libx.so', sections: program.sections } as const;

/** Bytes of high entropy, the same on every run. */
function noise(length: number): Buffer {
  let state = 7;
  return Buffer.from(
    Uint8Array.from({ length }, () => {
      state = (Math.imul(state, 1103515245) + 12345) >>> 0;
      return state >>> 23;
    }),
  );
}

test('an ordinary program and an ordinary library have no finding', () => {
  assert.deepEqual(rules({ ...program, imports: ['puts', 'socket', 'connect', 'execve'] }), []);
  assert.deepEqual(rules({ ...library, exports: ['open', 'fopen', 'stat'], imports: ['dlsym'] }), []);
});

test('a library that replaces readdir, asks dlsym for the real one and knows /proc is a hiding hook', () => {
  const hook = { ...library, exports: ['readdir', 'readdir64'], imports: ['dlsym', 'readlink'] };
  assert.deepEqual(rules({ ...hook, loads: [text('/proc/self/fd/%d', '/proc/%s/stat')] }), [
    'elf/preload-hook-exports',
  ]);
  assert.deepEqual(rules(hook), [], 'gprofng traces directory listing too, and hides nothing');
  assert.deepEqual(rules({ ...hook, exports: ['readdir', 'accept', 'pam_authenticate'] }), [
    'elf/preload-hook-exports',
  ]);
});

test('a sanitizer, which replaces some thousand functions, is no hiding hook', () => {
  const exports = [
    'readdir',
    'readdir64',
    'accept',
    ...Array.from({ length: 1500 }, (_, at) => `intercept_${at}`),
  ];
  assert.deepEqual(rules({ ...library, exports, imports: ['dlsym'], loads: [text('/proc/self/maps')] }), []);
});

test('a library that lists directories and is listed by none (libc) is no hiding hook', () => {
  assert.deepEqual(rules({ ...library, exports: ['readdir', 'readdir64'], loads: [text('/proc/')] }), []);
});

test('a small program around memfd_create and fexecve is a loader, with packed data inside a dropper', () => {
  const loader = { ...program, imports: ['memfd_create', 'fexecve', 'write'] };
  assert.deepEqual(rules(loader), ['elf/memfd-loader']);
  const inner = inspect(
    sampleElf({ ...loader, sections: [{ name: '.data', content: sampleElf() }] }),
  ).findings;
  assert.deepEqual(
    inner.map((one) => [one.rule, one.severity]),
    [['elf/memfd-dropper', 'high']],
  );
  assert.ok(inner[0]!.excerpt.includes('an ELF file inside'));
});

test('an interpreter or a container runtime with hundreds of imports is no loader', () => {
  const many = Array.from({ length: 200 }, (_, at) => `function_${at}`);
  assert.deepEqual(rules({ ...program, imports: ['memfd_create', 'fexecve', ...many] }), []);
  assert.deepEqual(rules({ ...library, imports: ['memfd_create', 'fexecve'] }), []);
});

const randomx = Buffer.concat(
  [9298411001130361340n, 12065312585734608966n, 9306329213124626780n, 5281919268842080866n].map((value) => {
    const bytes = Buffer.alloc(8);
    bytes.writeBigUInt64LE(value);
    return bytes;
  }),
);

test('RandomX constants beside words of a pool protocol are a miner, without them low', () => {
  assert.deepEqual(rules({ ...program, loads: [randomx, text('job_id')] }), ['elf/randomx-miner']);
  assert.deepEqual(rules({ ...program, loads: [randomx, text('RandomX')] }), ['elf/randomx-library']);
  assert.deepEqual(rules({ ...program, loads: [randomx.subarray(0, 24), text('job_id')] }), []);
});

test('a Go program is named by its main module, whatever the file is called', () => {
  const build = (path: string): Buffer => {
    const modules = Buffer.from(`path\t${path}\nmod\t${path}\tv1.0.0\n`);
    const framed = Buffer.concat([Buffer.alloc(16, 1), modules, Buffer.alloc(16, 2)]);
    const length = Buffer.from([(framed.length & 0x7f) | 0x80, framed.length >> 7]);
    const head = Buffer.concat([Buffer.from('\xff Go buildinf:\x08\x02', 'latin1'), Buffer.alloc(16)]);
    return Buffer.concat([head, Buffer.from('\x06go1.21'), length, framed]);
  };
  assert.deepEqual(rules({ ...program, loads: [build('github.com/Arriven/db1000n')] }), ['elf/go-flooder']);
  assert.deepEqual(rules({ ...program, loads: [build('github.com/shadow1ng/fscan/cmd/long/enough/x')] }), [
    'elf/go-attack-tool',
  ]);
  assert.deepEqual(
    rules({ ...program, loads: [build('github.com/fatedier/frp-exporter-of-metrics/cmd')] }),
    [],
  );
});

test('a miner configuration behind the end is found, a script is named, zeros are passed over', () => {
  const config = text('{"pools":[{"url":"pool.invalid:3333","user":"x","algo":"rx/0"}]}');
  assert.deepEqual(rules({ ...program, overlay: config }), ['elf/appended-miner-configuration']);
  assert.deepEqual(rules({ ...program, overlay: text('#!/bin/sh\nexit 0\n') }), ['elf/appended-program']);
  assert.deepEqual(rules({ ...program, overlay: noise(500) }), ['elf/appended-data']);
  assert.deepEqual(rules({ ...program, overlay: Buffer.alloc(500) }), []);
});

test('a packed program is low, with and without sections, UPX by its own name', () => {
  const found = inspect(sampleElf({ type: 2, loads: [noise(60_000)] })).findings;
  assert.deepEqual(
    found.map((one) => [one.rule, one.severity]),
    [['elf/packed-unknown', 'low']],
  );
  const text = [{ name: '.text', content: Buffer.from('inert') }];
  assert.deepEqual(rules({ type: 2, loads: [noise(60_000)], sections: text }), ['elf/packed-unknown']);
  assert.deepEqual(rules({ type: 2, loads: [noise(60_000), Buffer.alloc(200_000, 'code')] }), []);
  const info = Buffer.alloc(36);
  info.write('UPX!', 4);
  assert.deepEqual(rules({ type: 2, behindHeaders: info, loads: [noise(60_000)] }), ['elf/packed-upx']);
});

test('a later window, and a file that only looks like ELF, are passed over', () => {
  const bytes = sampleElf({ type: 2, loads: [noise(60_000)] });
  assert.deepEqual(inspect(bytes, { offset: 4096 }).findings, []);
  assert.deepEqual(rules(Buffer.from('\x7fELFnot really one at all', 'latin1')), []);
});

test('every finding is one that the detector lists', () => {
  const listed = new Set(elfDetector.findings.map((one) => one.rule));
  assert.equal(listed.size, elfDetector.findings.length);
  for (const rule of listed) assert.match(rule, /^elf\/[a-z0-9-]+$/);
});
