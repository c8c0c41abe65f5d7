import assert from 'node:assert/strict';
import { globSync } from 'node:fs';
import { test } from 'node:test';
import { ruleSearch } from '../../test/fixtures/rule-search.ts';
import { createRandom } from '../../test/fuzz/random.ts';
import { shippedRules } from '../package.ts';
import type { FileKind } from './detector.ts';
import { headSize, kindOf } from './kind.ts';
import { createLiteralTable } from './literals/table.ts';
import { isMetBare } from './need.ts';
import { makePlan } from './plan.ts';
import type { RuleEngine } from './rule-engine.ts';
import { contentOf, readSamples } from './rules/sample.ts';
import { createSearcher } from './search.ts';
import { engineAvailable } from './yara/engine.ts';
import { loadRules } from './yara/load.ts';

const engine = engineAvailable();
const present: { skip: string | false } = { skip: 'missing' in engine ? engine.missing : false };

async function sampleContents(): Promise<Buffer[]> {
  const files = globSync('*/*.samples.yaml', { cwd: shippedRules });
  const samples = await Promise.all(files.map((path) => readSamples(`${shippedRules}/${path}`)));
  return samples.flatMap((file) =>
    Object.values(file).flatMap(({ match, clean }) => [...match, ...clean].map((one) => contentOf(one))),
  );
}

const kind = (bytes: Buffer): FileKind => kindOf(bytes.subarray(0, headSize));

test(
  'rules that are asked only where their needs are met match what they match anyway',
  present,
  async () => {
    assert.ok(!('missing' in engine));
    const search = ruleSearch(await loadRules([shippedRules]), engine);
    const contents = await sampleContents();
    const random = createRandom(7, 0, 0);
    const joined = Array.from({ length: 150 }, () =>
      Buffer.concat(Array.from({ length: 1 + random.below(8) }, () => random.pick(contents))),
    );
    let matches = 0;
    for (const one of [...contents, ...joined]) {
      const expected = search.always(one, kind(one));
      assert.deepEqual(search.asked(one, kind(one)), expected, one.toString('latin1', 0, 200));
      matches += expected.length;
    }
    assert.ok(matches > 300, `${matches} matches`);
  },
);

test('hardly a rule of ours must be asked about every file', present, async () => {
  const { groups } = await loadRules([shippedRules]);
  const bare = groups.flatMap((one) => one.needs).filter(isMetBare);
  assert.ok(bare.length <= 2, `${bare.length} rules need no literal`);
});

test('a group of rules is loaded with the first file that needs it', () => {
  let loads = 0;
  const counting: RuleEngine = {
    name: 'counting',
    version: '1',
    compile: () => ({ bytes: Buffer.alloc(1), accepted: 1, refused: [] }),
    load() {
      loads++;
      return { scan: () => [] };
    },
  };
  const literals = createLiteralTable();
  const number = literals.number({ bytes: Buffer.from('needle'), mask: Buffer.alloc(6, 0xff) });
  const source = { origin: 'r.yar', namespace: 'r', text: '' };
  const needs = [{ kind: 'literal', number, telling: 6 } as const];
  const plan = makePlan([], { groups: [{ class: 'elf', sources: [source], needs }], literals }, counting);
  const searcher = createSearcher(plan, counting, 1000);
  const content = (bytes: string, of: FileKind): void => {
    searcher.search(Buffer.from(bytes), of).content(() => assert.fail());
  };
  content('hay', 'elf');
  content('needle', 'text');
  assert.equal(loads, 0);
  content('a needle', 'elf');
  content('needle again', 'elf');
  assert.equal(loads, 1);
});
