/** The shipped rules in YARA 4 itself: people who use them elsewhere get the same answers as from our engine. */
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { shippedRules } from '../src/detect/rules/folders.ts';
import { contentOf, readSamples } from '../src/detect/rules/sample.ts';

const absent = spawnSync('yara', ['--version']).status !== 0;
const skip = absent && !process.env.WATERGUARD_REQUIRE_ALL ? 'yara not installed' : false;

describe('the shipped rules in YARA 4', { skip }, () => {
  const base = mkdtempSync(join(tmpdir(), 'waterguard-yara-'));
  after(() => rmSync(base, { recursive: true }));

  for (const file of readdirSync(shippedRules, { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.yar')) continue;
    it(`${file} compiles and agrees with its samples`, async () => {
      const samples = await readSamples(join(shippedRules, file.replace(/\.yar$/, '.samples.yaml')));
      const folder = join(base, file);
      mkdirSync(folder, { recursive: true });
      const expected: string[] = [];
      const unwanted: string[] = [];
      for (const [id, { match, clean }] of Object.entries(samples)) {
        const rule = 'WG_' + id.replaceAll('-', '_');
        for (const [kind, list] of [
          ['match', match],
          ['clean', clean],
        ] as const) {
          for (const [index, sample] of list.entries()) {
            const path = join(folder, `${id}.${kind}${index}`);
            writeFileSync(path, contentOf(sample));
            (kind === 'match' ? expected : unwanted).push(`${rule} ${path}`);
          }
        }
      }
      const output = execFileSync('yara', ['-w', '-r', join(shippedRules, file), folder], {
        encoding: 'utf8',
      });
      const found = new Set(output.split('\n'));
      assert.deepEqual(
        expected.filter((one) => !found.has(one)),
        [],
        'not found',
      );
      assert.deepEqual(
        unwanted.filter((one) => found.has(one)),
        [],
        'found in clean samples',
      );
    });
  }
});
