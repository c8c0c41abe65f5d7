/** `waterguard rules test`: every rule against the samples that it must and must not match. */
import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import { messageOf, WaterguardError } from '../../model/error.ts';
import type { RuleEngine, RuleScanner, RuleVariables } from '../rule-engine.ts';
import { engineAvailable } from '../yara/engine.ts';
import { type LoadedRule, parseYaraFiles, type RuleSet } from '../yara/load.ts';
import { isOurs, statedKeys } from '../yara/meaning.ts';
import { fileNamespace } from '../yara/namespace.ts';
import { readRuleFiles, type YaraFile } from './files.ts';
import { shippedRules } from './folders.ts';
import { contentOf, readSamples, type Sample, type SampleFile } from './sample.ts';
import { testTextRules } from './test-text.ts';

export interface TestedRule {
  /** The id in the rule's metadata, or its identifier where it has none. */
  readonly id: string;
  readonly origin: string;
  /** How many samples it met; rules in a format without samples are only compiled. */
  readonly samples: number;
  readonly pass: boolean;
  /** What failed, one sentence each; empty when `pass`. */
  readonly failures: readonly string[];
}

/**
 * A rule without both kinds of samples fails, a sample of an unknown rule too; a rule of ours also fails when
 * its metadata are incomplete.
 *
 * @param folder default: the shipped rules
 * @throws WaterguardError `engine` for YARA rules without a rule engine, `usage` for a folder that does not exist
 */
export async function testRules(folder: string = shippedRules): Promise<readonly TestedRule[]> {
  const files = readRuleFiles({ folders: [folder], shippedYara: false, shippedText: false });
  const unread = files.refused.map(({ rule, origin, message }) => failed(rule, origin, [message]));
  return [...unread, ...(await testYaraFiles(files.yara)), ...testTextRules(files)];
}

async function testYaraFiles(files: readonly YaraFile[]): Promise<readonly TestedRule[]> {
  if (files.length === 0) return [];
  const engine = engineAvailable();
  if ('missing' in engine) throw new WaterguardError('engine', engine.missing);
  const set = parseYaraFiles(files);
  const { scanner, refused } = scannerOf(engine, set.groups);
  const tested = set.refused
    .concat(refused)
    .map(({ rule, origin, message }) => failed(rule, origin, [message]));
  const uncompiled = new Set(refused.map(({ origin, rule }) => `${origin}\n${rule}`));
  for (const [origin, rules] of Map.groupBy(set.rules, (rule) => rule.origin)) {
    const samples = await samplesOf(origin).catch((error: unknown) => messageOf(error));
    if (typeof samples === 'string') {
      tested.push(failed(basename(origin), origin, [samples]));
      continue;
    }
    const visible = rules.filter((rule) => !rule.private && !uncompiled.has(`${origin}\n${rule.name}`));
    for (const rule of visible) tested.push(testRule(rule, samples[idOf(rule)], scanner));
    for (const id of Object.keys(samples)) {
      if (!rules.some((rule) => !rule.private && idOf(rule) === id)) {
        tested.push(failed(id, origin, ['has samples, but there is no such rule']));
      }
    }
  }
  return tested;
}

function failed(id: string, origin: string, failures: readonly string[]): TestedRule {
  return { id, origin, samples: 0, pass: false, failures };
}

/** All groups in one scanner, so that a sample meets every rule whatever its kind. */
function scannerOf(engine: RuleEngine, groups: RuleSet['groups']) {
  const compiled = engine.compile(groups.flatMap((one) => one.sources));
  return { scanner: engine.load(compiled.bytes, 5_000), refused: compiled.refused };
}

async function samplesOf(origin: string): Promise<SampleFile> {
  const path = origin.replace(/\.yara?$/i, '.samples.yaml');
  return existsSync(path) ? await readSamples(path) : {};
}

function idOf(rule: LoadedRule): string {
  const id = rule.meta.id;
  return isOurs(rule.meta) && typeof id === 'string' ? id : rule.name;
}

function testRule(
  rule: LoadedRule,
  samples: SampleFile[string] | undefined,
  scanner: RuleScanner,
): TestedRule {
  const failures: string[] = [];
  if (isOurs(rule.meta)) {
    const missing = statedKeys.filter((key) => rule.meta[key] === undefined);
    if (missing.length > 0) failures.push(`lacks the metadata ${missing.join(', ')}`);
  }
  if (samples === undefined) failures.push('has no samples that must match and must not match');
  for (const [index, sample] of (samples?.match ?? []).entries()) {
    if (!matches(rule, sample, scanner)) failures.push(`does not match ${named(sample, index)}`);
  }
  for (const [index, sample] of (samples?.clean ?? []).entries()) {
    if (matches(rule, sample, scanner)) failures.push(`matches the clean ${named(sample, index)}`);
  }
  const met = (samples?.match.length ?? 0) + (samples?.clean.length ?? 0);
  return { id: idOf(rule), origin: rule.origin, samples: met, pass: failures.length === 0, failures };
}

function named(sample: Sample, index: number): string {
  return `sample ${index + 1}${sample.note === undefined ? '' : ` (${sample.note})`}`;
}

function matches(rule: LoadedRule, sample: Sample, scanner: RuleScanner): boolean {
  const found = scanner.scan(contentOf(sample), variablesOf(sample.path ?? '/sample'));
  return found.some((one) => one.rule === rule.name && fileNamespace(one.namespace) === rule.namespace);
}

function variablesOf(path: string): RuleVariables {
  const filename = basename(path);
  const dot = filename.lastIndexOf('.');
  return { filename, filepath: path, extension: dot > 0 ? filename.slice(dot) : '', filetype: '', owner: '' };
}
