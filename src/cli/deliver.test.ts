import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { serverOf } from './deliver.ts';

const folder = mkdtempSync(join(tmpdir(), 'waterguard-deliver-'));
after(() => rmSync(folder, { recursive: true }));
const tokenFile = join(folder, 'token');
const token = `wg_${'x'.repeat(40)}`;
writeFileSync(tokenFile, `${token}\n`);

describe('a server', () => {
  it('is known by its URL, with the path of a proxy where it has one, and a token', () => {
    for (const [server, url] of [
      ['https://waterguard.example.com', 'https://waterguard.example.com'],
      ['HTTP://Waterguard.example.com:80/', 'http://waterguard.example.com'],
      ['https://example.com/waterguard/', 'https://example.com/waterguard'],
    ] as const)
      assert.deepEqual(serverOf({ server, tokenFile }), { url, token });
  });

  it('that has no URL is told before anything is done', () => {
    for (const server of [
      '',
      'waterguard.example.com:443',
      'foo',
      'ftp://a.example',
      'https://me:x@a.example/',
    ])
      assert.throws(() => serverOf({ server, tokenFile }), {
        code: 'usage',
        message: `--server '${server}': give a URL such as https://waterguard.example.com.`,
      });
  });

  it('gets a token from a file that has one line, and not one without end', () => {
    for (const [file, message] of [
      ['/dev/zero', /has more than 4096 bytes/],
      [folder, /cannot read the token: EISDIR/],
      ['/dev/null', /holds no token/],
    ] as const)
      assert.throws(() => serverOf({ server: 'https://a.example', tokenFile: file }), {
        code: 'usage',
        message,
      });
  });
});
