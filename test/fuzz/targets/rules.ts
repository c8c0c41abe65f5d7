/** Rules that users bring: they come from strangers as well. And what rules need, held against the rules themselves. */
import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { headSize, kindOf } from '../../../src/detect/kind.ts';
import { contentOf, type SampleFile } from '../../../src/detect/rules/sample.ts';
import { parseSecretRules } from '../../../src/detect/secrets/load.ts';
import { ruleEngine } from '../../../src/detect/yara/engine.ts';
import { loadRules } from '../../../src/detect/yara/load.ts';
import { needsOf } from '../../../src/detect/yara/need/rule-need.ts';
import { assemble, metaOf, parseRules, section } from '../../../src/detect/yara/source.ts';
import { type RuleSearch, ruleSearch } from '../../fixtures/rule-search.ts';
import { expect, type Target } from '../target.ts';

const rules = new URL('../../../rules/', import.meta.url);
const shipped = (path: string): string => readFileSync(new URL(path, rules), 'utf8');

/** What the shipped rules must match and must leave alone. Parsing it takes long, and one target alone needs it. */
let samples: readonly Buffer[] | undefined;

function shippedSamples(): readonly Buffer[] {
  samples ??= globSync('*/*.samples.yaml', { cwd: rules }).flatMap((path) => {
    const file: SampleFile = parse(shipped(path));
    return Object.values(file)
      .flatMap(({ match, clean }) => [...match, ...clean])
      .map(contentOf)
      .filter((one) => one.length < 4096);
  });
  return samples;
}

let sampleWords: readonly string[] | undefined;

export const ruleTargets: readonly Target[] = [
  {
    name: 'secret-rules-toml',
    seeds: () => {
      const [, ...rules] = shipped('secrets/gitleaks/gitleaks.toml').split(/^(?=\[\[rules\]\])/m);
      return rules
        .filter((text) => text.length < 1500)
        .slice(0, 40)
        .map((text) => Buffer.from(text));
    },
    words: [
      '[[rules]]',
      "regex = '''",
      'keywords = [',
      '(?i)',
      '[[rules.allowlists]]',
      'entropy = ',
      '{1000}',
      '(((((',
      '\\p{L}',
      '"""',
    ],
    largest: 1 << 14,
    run: (input) => readRules(input, 'rules.toml'),
  },
  {
    name: 'secret-rules-yaml',
    seeds: () => [Buffer.from(shipped('secrets/image.yaml').slice(0, 20_000))].flatMap(singleRules),
    words: [
      'rules:',
      'regex: ',
      '- id: ',
      '&a ',
      '*a',
      '!!binary ',
      '? ',
      '<<: ',
      '|-\n',
      '(?i)',
      '{1000}',
      '---\n',
    ],
    largest: 1 << 12,
    run: (input) => readRules(input, 'rules.yaml'),
  },
  {
    name: 'yara-source',
    seeds: () => [
      ...['miners/cpu.yar', 'rootkits/preload.yar', 'botnets/families.yar'].flatMap((path) =>
        yaraRules(path),
      ),
      Buffer.from(
        'import "elf"\nprivate global rule a : b c { condition: elf.type == 2 and filesize < 1MB }\n',
      ),
      Buffer.from(
        'rule a { strings: $x = { 4? (AA | BB [2-4]) ~00 } $y = /a\\/b"{2}/is condition: #x > 2 // "}"\n}',
      ),
    ],
    words: [
      'rule ',
      'strings:',
      'condition:',
      'meta:',
      '/*',
      '*/',
      '//',
      '{',
      '}',
      '/',
      '"',
      'import "',
      'include "',
      '$a = ',
    ],
    largest: 1 << 18,
    run(input) {
      const parsed = parseRules(input.toString());
      for (const rule of parsed.rules) {
        expect(rule.name !== '', 'a rule has a name');
        metaOf(rule);
        for (const name of ['strings', 'condition'] as const) section(rule, name);
      }
      assemble(parsed.rules, parsed.imports);
      needsOf(parsed.rules, () => 0);
    },
  },
  {
    name: 'rule-needs',
    seeds: shippedSamples,
    get words() {
      sampleWords ??= shippedSamples().map((one) => one.toString('latin1', 0, 60));
      return sampleWords;
    },
    async run(input) {
      const engine = ruleEngine();
      if (engine === undefined) return;
      search ??= ruleSearch(await loadRules([fileURLToPath(rules)]), engine);
      const kind = kindOf(input.subarray(0, headSize));
      const [asked, always] = [search.asked(input, kind), search.always(input, kind)];
      expect(asked.join() === always.join(), `${asked.join()} is ${always.join()}`);
    },
  },
];

let search: RuleSearch | undefined;

function readRules(input: Buffer, origin: string): void {
  const { rules, refused } = parseSecretRules({ origin, namespace: 'fuzz', text: input.toString() });
  for (const one of refused) expect(one.message !== '', 'a refused rule says why');
  for (const one of rules) expect(one.id !== '', 'a rule has an id');
}

/** A rule file of many rules as files of two rules each, with the head of the first. */
function singleRules(file: Buffer): Buffer[] {
  const [head = '', ...rules] = file.toString().split(/^(?= *- id:)/m);
  return rules.slice(0, -1).map((rule) => Buffer.from(head + rule));
}

function yaraRules(path: string): Buffer[] {
  return shipped(path)
    .split(/^(?=(?:private |global )*rule )/m)
    .slice(1, 9)
    .map((text) => Buffer.from(text));
}
