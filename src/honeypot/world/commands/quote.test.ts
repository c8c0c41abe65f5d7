import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { quoteIfNeeded } from './quote.ts';

test('names are quoted as ls of this machine quotes them on a terminal', () => {
  const folder = mkdtempSync(join(tmpdir(), 'waterguard-names-'));
  const names = [
    'x',
    'a b',
    '#c',
    'd#',
    '~',
    'e~',
    '-f',
    '{g}',
    "it's",
    'say "h"',
    'a\tb',
    '$i',
    '=j',
    'k=',
    'l:m',
    '{',
    '}',
    'n]',
    '[',
  ];
  try {
    for (const name of names) writeFileSync(join(folder, name), '');
    const env = { PATH: process.env.PATH, LC_ALL: 'C' };
    const listed = execFileSync('ls', ['-1', '--quoting-style=shell-escape'], {
      cwd: folder,
      env,
      encoding: 'utf8',
    });
    assert.deepEqual(names.map(quoteIfNeeded).sort(), listed.trimEnd().split('\n').sort());
    assert.deepEqual(['.', '..', ''].map(quoteIfNeeded), ['.', '..', "''"]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
