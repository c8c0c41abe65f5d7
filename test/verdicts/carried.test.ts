/** Programs that a file carries inside: packed, appended to a script, written as base64. Miners are inert strings. */
import { describe } from 'node:test';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { buildTar, file, type ImageSpec } from '../../src/lab/image-builder.ts';
import { sampleElf } from '../fixtures/elf-builder.ts';
import { type Case, testCases } from '../fixtures/scanner.ts';
import { buildZip } from '../fixtures/zip-builder.ts';

const program = (...strings: readonly string[]): Buffer =>
  sampleElf({ type: 2, behindHeaders: Buffer.from(`${strings.join('\0')}\0`) });

const miner = program(
  'XMRig/6.21.0 (Linux x86_64)',
  'donate.v2.xmrig.com',
  '      --donate-level=N',
  'speed 10s/60s/15m',
);
const harmless = program('usage: greet NAME', 'Hello, %s');

/** An image that starts one file. */
function started(path: string, ...parts: readonly (Buffer | string)[]): ImageSpec {
  const content = Buffer.concat(parts.map((one) => Buffer.from(one)));
  return { layers: [[file(path, content, { mode: 0o755 })]], config: { Entrypoint: [`/${path}`] } };
}

const lines = (bytes: Buffer): string => bytes.toString('base64').replace(/.{76}/g, '$&\n');
const skippable = Buffer.from('502a4d1804000000abcdabcd', 'hex');

/** As makeself 2.5 writes it, shortened: a script of so many lines, then a tarball. */
function installer(content: Buffer): (Buffer | string)[] {
  const text = [
    '#!/bin/sh',
    '# This script was generated using Makeself 2.5.0',
    'CRCsum="1234567890"',
    'label="Greeter"',
    'script="./install.sh"',
    'filesizes="4096"',
    'skip="9"',
    'offset=`head -n "$skip" "$0" | wc -c | sed "s/ //g"`',
    'tail -c +$((offset + 1)) "$0" | gzip -cd | tar xf - -C "$tmpdir"; exit 0',
    '',
  ].join('\n');
  return [
    text,
    gzipSync(buildTar([file('install.sh', '#!/bin/sh\ncp greet /usr/bin\n'), file('greet', content)])),
  ];
}

/** The same with each program. */
const forms: readonly (readonly [string, (content: Buffer) => ImageSpec])[] = [
  [
    'as a tarball behind a script',
    (content) =>
      started(
        'start.sh',
        '#!/bin/sh\ntail -n +4 "$0" | tar xz -C /tmp\nexec /tmp/x\n',
        gzipSync(buildTar([file('x', content)])),
      ),
  ],
  [
    'as a packed program behind a script',
    (content) =>
      started(
        'start.sh',
        '#!/bin/sh\nsed 1,3d "$0" | zstd -d > /tmp/x\nexec /tmp/x\n',
        zstdCompressSync(content),
      ),
  ],
  ['in an installer of makeself', (content) => started('install.run', ...installer(content))],
  [
    'as base64 in a heredoc',
    (content) => started('start.sh', '#!/bin/sh\nbase64 -d > /tmp/x <<EOF\n', lines(content), '\nEOF\n'),
  ],
  [
    'as packed base64 in one word',
    (content) =>
      started(
        'start.sh',
        '#!/bin/sh\necho ',
        gzipSync(content).toString('base64'),
        ' | base64 -d | gunzip > /tmp/x\n',
      ),
  ],
  [
    'in two frames of a zstd stream',
    (content) => {
      const [one, two] = [content.subarray(0, 100), content.subarray(100)].map((part) =>
        zstdCompressSync(part),
      );
      return started('opt/data.zst', one ?? '', skippable, two ?? '');
    },
  ],
  [
    'behind a frame that is to be skipped',
    (content) => started('opt/data.zst', skippable, zstdCompressSync(content)),
  ],
  [
    'in a zipapp with a comment',
    (content) => {
      const zip = buildZip([
        { name: '__main__.py', content: 'import os\n' },
        { name: 'x', content },
      ]);
      zip.writeUInt16LE(8, zip.length - 2);
      return started('opt/app.pyz', '#!/usr/bin/env python3\n', zip, 'a remark');
    },
  ],
];

describe('a miner is found', () => {
  testCases(
    forms.map(([form, spec]): Case => {
      const expected = { verdict: 'malicious', categories: ['cryptomining'], reachable: true } as const;
      return [form, spec(miner), expected];
    }),
  );
});

describe('a program that does no harm is clean', () => {
  testCases(forms.map(([form, spec]): Case => [form, spec(harmless), { verdict: 'clean' }]));
});

describe('a program that a script decodes and starts is hidden, whatever it does', () => {
  const script = ['#!/bin/sh\nbase64 -d > /tmp/x <<EOF\n', lines(harmless), '\nEOF\nexec /tmp/x\n'];
  const expected = { verdict: 'malicious', categories: ['backdoor'], reachable: true } as const;
  testCases([['as base64 in a heredoc', started('start.sh', ...script), expected]]);
});

describe('what merely looks packed is clean', () => {
  const bundle = `const wasm = "${gzipSync(Buffer.from('\0asm inert')).toString('base64')}";\n`;
  testCases([
    ['a bundle with packed data', started('app.js', '#!/usr/bin/env node\n', bundle), { verdict: 'clean' }],
    [
      'a program text that quotes the beginnings of base64',
      started('app.py', '#!/usr/bin/env python3\n', `heads = ("H4sI", "UEsD", "f0VMR${'A'.repeat(200)}")\n`),
      { verdict: 'clean' },
    ],
    [
      'a script in Latin-1',
      started('start.sh', Buffer.from('#!/bin/sh\n# Gr\xfc\xdfe\necho ready\n', 'latin1')),
      { verdict: 'clean' },
    ],
  ]);
});
