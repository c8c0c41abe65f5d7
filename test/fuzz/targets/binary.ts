/** ELF files: headers, tables, notes, build data. */

import { contentOf, parseElf, sectionName } from '../../../src/binary/elf.ts';
import { readDynamic, readSymbols } from '../../../src/binary/elf-dynamic.ts';
import { describeElf } from '../../../src/binary/elf-facts.ts';
import { goBuild } from '../../../src/binary/go-build.ts';
import { rustBuild } from '../../../src/binary/rust-build.ts';
import { findUpx } from '../../../src/binary/upx.ts';
import { sampleElf, sampleNote } from '../../fixtures/elf-builder.ts';
import { expect, type Target } from '../target.ts';

export function elfSeeds(): Buffer[] {
  const common = {
    interpreter: '/lib64/ld-linux-x86-64.so.2',
    needed: ['libc.so.6'],
    imports: ['puts', 'dlsym'],
  };
  const text = (content: string): Buffer => Buffer.from(content, 'latin1');
  const goInfo = Buffer.concat([
    text('\xff Go buildinf:\x08\x02'.padEnd(32, '\0')),
    text('\x08go1.22.1'),
    text('\x30path\tcommand-line-arguments\nmod\texample.com/x\tv1\n'),
  ]);
  return [
    sampleElf({ ...common, type: 2, notes: sampleNote('GNU', 3, Buffer.alloc(20, 7)) }),
    sampleElf({ ...common, bits: 32, little: false, hash: 'gnu', exports: ['open', 'read'] }),
    sampleElf({ bits: 32, soname: 'libx.so', runpath: '/opt', exports: ['readdir'], hash: 'gnu' }),
    sampleElf({
      little: false,
      sections: [{ name: '.text', content: text('inert') }],
      overlay: text('behind'),
    }),
    sampleElf({
      sections: [{ name: '.go.buildinfo', content: goInfo }],
      notes: sampleNote('Go', 4, text('id/x')),
    }),
    sampleElf({
      sections: [{ name: '.rodata', content: text('/cargo/registry/src/index-1/serde-1.0.1/src/lib.rs\0') }],
    }),
    sampleElf({ behindHeaders: text('UPX!'.padEnd(36, '\x0d')), loads: [Buffer.alloc(200, 0xa5)] }),
  ];
}

export const binaryTargets: readonly Target[] = [
  {
    name: 'elf',
    seeds: elfSeeds,
    words: ['\x7fELF', 'UPX!', '\xff Go buildinf:', 'cargo/registry/', 'GNU\0', '.dynsym\0'],
    largest: 1 << 18,
    run(input, random) {
      const elf = parseElf(input, random.oneIn(8) ? input.length + random.below(1 << 20) : input.length);
      describeElf(elf);
      const dynamic = readDynamic(elf);
      if (dynamic !== undefined) readSymbols(elf, dynamic);
      for (const section of elf.sections.slice(0, 50)) {
        sectionName(elf, section);
        expect(contentOf(elf, section).length <= input.length, 'a section lies in the file');
      }
      for (const segment of elf.segments.slice(0, 50)) contentOf(elf, segment);
      goBuild(elf);
      rustBuild(elf);
      findUpx(elf);
    },
  },
];
