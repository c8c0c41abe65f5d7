/**
 * Reads rule folders: finds the files, takes them apart, sorts each rule by what it needs to see and gives the
 * groups that the engine compiles. Author and licence travel in the rules' own metadata,
 * so that they reach every finding through the compiled form.
 */
import { messageOf, WaterguardError } from '../../model/error.ts';
import { createLiteralTable, type LiteralTable } from '../literals/table.ts';
import type { RuleClass, RuleGroup } from '../plan.ts';
import type { RefusedRule, RuleText } from '../rule-engine.ts';
import { readRuleFiles, type YaraFile } from '../rules/files.ts';
import type { RulePart } from '../rules/part.ts';
import { classesOf } from './class.ts';
import { groupRules, type ParsedFile } from './groups.ts';
import { licenceKey } from './licence.ts';
import { partsOf } from './parts.ts';
import { metaOf, type ParsedRule, type ParsedSource, parseRules } from './source.ts';

export interface RuleSet {
  /** `sha256:…` over all sources, whatever their order or folder. */
  readonly hash: string;
  /** What is compiled together. A helper rule is carried into each group that builds on it. */
  readonly groups: readonly RuleGroup[];
  /** What the needs of the groups speak of. */
  readonly literals: LiteralTable;
  readonly rules: readonly LoadedRule[];
  readonly parts: readonly RulePart[];
  /** Left out while reading; the compiler refuses more (see `RuleEngine.compile`). */
  readonly refused: readonly RefusedRule[];
}

export interface LoadedRule {
  readonly name: string;
  readonly namespace: string;
  readonly origin: string;
  readonly class: RuleClass;
  readonly private: boolean;
  readonly tags: readonly string[];
  readonly meta: Readonly<Record<string, string | number | boolean>>;
}

/**
 * @param folders folders or single files; `*.yar` and `*.yara` below them are read, other formats ignored
 * @throws WaterguardError `usage` where one of them does not exist
 */
export async function loadRules(folders: readonly string[]): Promise<RuleSet> {
  const { yara, hash, refused } = readRuleFiles({ folders, shippedYara: false, shippedText: false });
  const set = parseYaraFiles(yara);
  return { ...set, hash, refused: [...refused, ...set.refused] };
}

/** Takes files apart and sorts their rules. */
export function parseYaraFiles(files: readonly YaraFile[]): Omit<RuleSet, 'hash'> {
  const refused: RefusedRule[] = [];
  const sources: ReadSource[] = [];
  for (const file of files) {
    try {
      const parsed = parseRules(file.text);
      if (parsed.rules.length === 0 && notText.test(file.text))
        refused.push({
          origin: file.origin,
          rule: '(file)',
          message: 'there is no rule in it, and it is no text',
        });
      sources.push({ ...file, parsed });
    } catch (error) {
      if (!(error instanceof WaterguardError)) throw error;
      refused.push({ origin: file.origin, rule: '(file)', message: messageOf(error) });
    }
  }
  const set = sortRules(sources);
  return { ...set, refused: [...refused, ...set.refused] };
}

/** What bytes that are no UTF-8 are read as. A file of comments alone is one without rules, and fine. */
const notText = /[\0\ufffd]/;

interface ReadSource extends YaraFile {
  readonly parsed: ParsedSource;
}

function sortRules(read: readonly ReadSource[]): Omit<RuleSet, 'hash'> {
  const literals = createLiteralTable();
  const files: ParsedFile[] = [];
  const rules: LoadedRule[] = [];
  const refused: RefusedRule[] = [];
  for (const { licence, parsed, ...text } of read) {
    refused.push(...refusals(text.origin, parsed));
    const marked = parsed.rules.map((rule) => carryLicence(rule, licence));
    const classes = classesOf(marked);
    for (const rule of marked) rules.push(loaded(rule, text, classes.get(rule.name) ?? 'any'));
    files.push({ ...text, imports: parsed.imports, rules: marked });
  }
  return { groups: groupRules(files, literals), literals, rules, parts: files.flatMap(partsOf), refused };
}

function refusals(origin: string, parsed: ParsedSource): RefusedRule[] {
  const includes = parsed.includes.map((file) => ({
    origin,
    rule: '(include)',
    message: `include "${file}" is not followed; add that file's folder with --rules instead`,
  }));
  return [...includes, ...parsed.broken.map((one) => ({ origin, ...one }))];
}

/** Adds the licence to a rule's metadata unless the rule states one itself. */
function carryLicence(rule: ParsedRule, licence: string | undefined): ParsedRule {
  const meta = metaOf(rule);
  if (licence === undefined || 'licence' in meta || 'license' in meta) return rule;
  const entry = `${licenceKey} = "${licence.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
  const heading = rule.tokens.findIndex(
    (one, at) => one.text === 'meta' && rule.tokens[at + 1]?.text === ':',
  );
  const at = heading < 0 ? rule.body + 1 : (rule.tokens[heading + 1]?.end ?? 0);
  const inserted = heading < 0 ? ` meta: ${entry}` : ` ${entry}`;
  const text = rule.text.slice(0, at) + inserted + rule.text.slice(at);
  return parseRules(text).rules[0] ?? rule;
}

function loaded(rule: ParsedRule, source: RuleText, kind: RuleClass): LoadedRule {
  return {
    name: rule.name,
    namespace: source.namespace,
    origin: source.origin,
    class: kind,
    private: rule.private,
    tags: rule.tags,
    meta: metaOf(rule),
  };
}
