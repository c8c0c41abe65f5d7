import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { techniqueNames } from './technique-names.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const data =
  process.env.WATERGUARD_TEST_DATA ?? fileURLToPath(new URL('../../../shared/data', import.meta.url));
const attck = `${data}/intel/attck/techniques.attck-v18.1.min.json`;

/** Whatever rules, detectors and decoys say, and what it is a part of. */
function tagged(): Set<string> {
  const found = new Set<string>();
  for (const file of globSync(['rules/**/*.{yar,yaml}', 'src/{detect,honeypot}/**/*.ts'], { cwd: root })) {
    if (file.endsWith('.test.ts')) continue;
    for (const [id, technique] of readFileSync(`${root}/${file}`, 'utf8').matchAll(
      /\b(T1\d{3})(?:\.\d{3})?\b/g,
    ))
      found.add(id).add(technique!);
  }
  return found;
}

test('every technique that something is tagged with has a name, and every name is of such a one', () => {
  assert.deepEqual(Object.keys(techniqueNames).sort(), [...tagged()].sort());
});

test('names are those of ATT&CK', {
  skip: existsSync(attck) ? false : 'shared/data/intel/attck is absent',
}, () => {
  const known: readonly { readonly id: string; readonly name: string }[] = JSON.parse(
    readFileSync(attck, 'utf8'),
  );
  const names = new Map(known.map(({ id, name }) => [id, name]));
  for (const [id, name] of Object.entries(techniqueNames)) assert.equal(name, names.get(id), id);
});
