import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sampleElf, sampleNote, symbolSection } from '../../test/fixtures/elf-builder.ts';
import { processorTime } from '../../test/fixtures/processor-time.ts';
import { WaterguardError } from '../model/error.ts';
import { contentOf, fileOffset, findSection, parseElf } from './elf.ts';
import { readDynamic, readSymbols } from './elf-dynamic.ts';
import { describeElf } from './elf-facts.ts';
import { goBuild } from './go-build.ts';
import { rustBuild } from './rust-build.ts';
import { findUpx } from './upx.ts';

const program = {
  interpreter: '/lib64/ld-linux-x86-64.so.2',
  needed: ['libc.so.6', 'libm.so.6'],
  runpath: '$ORIGIN/../lib',
  imports: ['puts', 'dlsym'],
  exports: ['hook'],
  notes: sampleNote('GNU', 3, Buffer.from('c0ffee', 'hex')),
  sections: [{ name: '.text', content: Buffer.from('inert') }, symbolSection],
} as const;

for (const bits of [32, 64] as const) {
  for (const little of [true, false]) {
    test(`headers, dynamic tables and symbols are read from a ${bits}-bit ${little ? 'little' : 'big'}-endian file`, () => {
      const notes = sampleNote('GNU', 3, Buffer.from('c0ffee', 'hex'), little);
      const elf = parseElf(sampleElf({ ...program, notes, bits, little, overlay: Buffer.from('{"a":1}') }));
      const facts = describeElf(elf);
      assert.deepEqual(elf.faults, []);
      assert.equal(elf.bits, bits);
      assert.equal(facts.interpreter, program.interpreter);
      assert.deepEqual(facts.dynamic?.needed, program.needed);
      assert.equal(facts.dynamic?.runpath, program.runpath);
      assert.equal(facts.linkage, 'dynamic');
      assert.equal(facts.pie, true);
      assert.equal(facts.stripped, false);
      assert.equal(facts.buildId, 'c0ffee');
      assert.equal(facts.overlay.length, 7);
      const symbols = readSymbols(elf, facts.dynamic!);
      assert.deepEqual([...symbols.imports], program.imports);
      assert.deepEqual([...symbols.exports], program.exports);
      const text = findSection(elf, '.text');
      assert.equal(text && contentOf(elf, text).toString(), 'inert');
    });
  }
}

test('a program without interpreter and libraries is static, a shared object without interpreter a library', () => {
  assert.equal(describeElf(parseElf(sampleElf({ type: 2 }))).linkage, 'static');
  assert.equal(describeElf(parseElf(sampleElf({ soname: 'libx.so.1' }))).linkage, 'library');
  assert.equal(describeElf(parseElf(sampleElf({ type: 1 }))).linkage, 'object');
});

test('what is no ELF file, or breaks off in its header, is refused with its reason', () => {
  for (const bytes of [Buffer.alloc(0), Buffer.from('#!/bin/sh\n'), sampleElf().subarray(0, 63)]) {
    assert.throws(
      () => parseElf(bytes),
      (error) => error instanceof WaterguardError && error.code === 'corrupt',
    );
  }
});

test('a section table behind the end of the file is a fault, and the segments are still read', () => {
  const bytes = sampleElf(program);
  bytes.writeBigUInt64LE(0xffff_ffff_ffffn, 40);
  const elf = parseElf(bytes);
  assert.equal(elf.sections.length, 0);
  assert.equal(elf.segments.length, 4);
  assert.equal(elf.faults.length, 2);
  assert.deepEqual(readDynamic(elf)?.needed, program.needed);
});

test('the first window of a larger file shows no overlay that is really the unseen rest', () => {
  const bytes = sampleElf({ ...program, overlay: Buffer.alloc(100) });
  assert.equal(describeElf(parseElf(bytes, bytes.length + 900)).overlay.length, 1000);
  assert.equal(describeElf(parseElf(bytes.subarray(0, 500), bytes.length)).overlay.length >= 100, true);
});

test('an address outside every loaded segment has no place in the file', () => {
  const elf = parseElf(sampleElf());
  assert.equal(fileOffset(elf, 4), 4);
  assert.equal(fileOffset(elf, 1 << 30), -1);
  assert.equal(fileOffset(elf, Number.NaN), -1);
});

test('a symbol table that claims four billion entries is read up to the bound', () => {
  const bytes = sampleElf({ ...program, sections: [] });
  const elf = parseElf(bytes);
  const dynamic = readDynamic(elf)!;
  const hash = fileOffset(elf, dynamic.tags.get(4)!);
  bytes.writeUInt32LE(0xffff_ffff, hash + 4);
  const symbols = readSymbols(elf, dynamic, 3);
  assert.equal(symbols.more, true);
  assert.equal(symbols.imports.size, 2);
});

test('without section headers the symbols are counted by the GNU hash table too', () => {
  const exports = ['open', 'readdir', 'readdir64'];
  for (const bits of [32, 64] as const) {
    const elf = parseElf(sampleElf({ bits, hash: 'gnu', imports: ['dlsym'], exports }));
    const symbols = readSymbols(elf, readDynamic(elf)!);
    assert.deepEqual([...symbols.imports], ['dlsym']);
    assert.deepEqual([...symbols.exports], exports);
  }
});

test('twenty thousand mutated files raise nothing but the one error class, in bounded time', () => {
  const samples = (['sysv', 'gnu'] as const).map((hash) =>
    sampleElf({ ...program, hash, loads: [Buffer.alloc(64, 7)], overlay: Buffer.alloc(40) }),
  );
  const random = lcg(20261123);
  const used = processorTime();
  for (let round = 0; round < 20_000; round++) {
    const original = samples[round % samples.length]!;
    const bytes = Buffer.from(
      original.subarray(0, random() % 8 === 0 ? random() % original.length : original.length),
    );
    for (let change = random() % 12; change >= 0 && bytes.length > 0; change--) {
      bytes[random() % bytes.length] = [0, 1, 0x7f, 0xff, random() & 0xff][random() % 5]!;
    }
    readEverything(bytes);
  }
  assert.ok(used() < 20_000);
});

function readEverything(bytes: Buffer): void {
  try {
    const elf = parseElf(bytes);
    const facts = describeElf(elf);
    if (facts.dynamic !== undefined) readSymbols(elf, facts.dynamic);
    findUpx(elf);
    goBuild(elf);
    rustBuild(elf);
  } catch (error) {
    if (!(error instanceof WaterguardError)) throw error;
  }
}

/** Numerical Recipes' generator: the same mutations on every run. */
function lcg(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state >>> 8;
  };
}
