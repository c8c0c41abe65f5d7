/**
 * Rules of other people, from data that is only for tests and not part of the project: in `WATERGUARD_TEST_DATA`, or
 * in `shared/data` beside the checkout.
 */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { headSize, kindOf } from '../src/detect/kind.ts';
import { engineAvailable } from '../src/detect/yara/engine.ts';
import { loadRules, type RuleSet } from '../src/detect/yara/load.ts';
import { ruleSearch } from './fixtures/rule-search.ts';
import { createRandom, type Random } from './fuzz/random.ts';

const data = process.env.WATERGUARD_TEST_DATA ?? fileURLToPath(new URL('../../shared/data', import.meta.url));
const folder = join(data, 'images/signature-base');
const engine = engineAvailable();
const skip =
  'missing' in engine ? engine.missing : existsSync(folder) ? false : `signature-base is not in ${data}`;

const heads = ['', '\x7fELF\x02\x01\x01', 'MZ', '#!/bin/sh\n'].map((one) => Buffer.from(one, 'latin1'));

describe('signature-base', { skip }, () => {
  it('compiles whole, and its rules match the same when they are asked only where their needs are met', async () => {
    assert.ok(!('missing' in engine));
    const set = await loadRules([folder]);
    const compiled = engine.compile(set.groups.flatMap((one) => one.sources));
    assert.deepEqual([...set.refused, ...compiled.refused], []);
    assert.ok(set.rules.length > 500, `${set.rules.length} rules`);

    const search = ruleSearch(set, engine);
    const random = createRandom(5, 0, 0);
    const matched = new Set<string>();
    for (let round = 0; round < 10; round++) {
      for (const patterns of patternsOf(set, random)) {
        const bytes = someOf(patterns, random);
        const kind = kindOf(bytes.subarray(0, headSize));
        const expected = search.always(bytes, kind);
        assert.deepEqual(search.asked(bytes, kind), expected);
        for (const rule of expected) matched.add(rule);
      }
    }
    assert.ok(matched.size > 200, `contents made of their patterns match ${matched.size} rules`);
  });
});

/** Texts and bytes of each source, as they may stand in a file. */
function patternsOf({ groups }: RuleSet, random: Random): Buffer[][] {
  return groups.flatMap(({ sources }) =>
    sources.map(({ text }) => [
      ...[...text.matchAll(/=\s*"((?:[^"\\\n]|\\.)*)"([^\n]*)/g)].map(([, body = '', modifiers = '']) =>
        spelled(Buffer.from(unescaped(body), 'latin1'), modifiers, random),
      ),
      ...[...text.matchAll(/=\s*\{([0-9a-fA-F?\s]+)\}/g)].map(([, body = '']) =>
        Buffer.from(body.replaceAll(/\s/g, '').replaceAll('?', '0'), 'hex'),
      ),
    ]),
  );
}

function spelled(text: Buffer, modifiers: string, random: Random): Buffer {
  const cased =
    /nocase/.test(modifiers) && random.oneIn(2)
      ? Buffer.from(text.toString('latin1').toUpperCase(), 'latin1')
      : text;
  return /wide/.test(modifiers) && random.oneIn(2) ? Buffer.from(cased.toString('latin1'), 'utf16le') : cased;
}

function unescaped(body: string): string {
  const letters: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r' };
  return body.replaceAll(/\\x([0-9a-fA-F]{2})|\\(.)/g, (_, hex: string | undefined, one: string) =>
    hex === undefined ? (letters[one] ?? one) : String.fromCharCode(Number.parseInt(hex, 16)),
  );
}

/** A file that begins like some kind and holds a quarter, half or all of the patterns. */
function someOf(patterns: readonly Buffer[], random: Random): Buffer {
  const share = random.pick([1, 2, 4]);
  const kept = patterns.filter(() => random.below(4) < share);
  return Buffer.concat([
    random.pick(heads),
    ...kept.flatMap((one) => [one, Buffer.from(random.pick(['\0', '\n', ' ', '.', '"']))]),
  ]);
}
