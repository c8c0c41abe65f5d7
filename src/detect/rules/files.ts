/**
 * The rule files of a scan, of all formats, read once and not parsed: a rescan needs no more of them than their
 * hash. `prepare.ts` makes rules of them.
 */
import { hash } from 'node:crypto';
import { resolve } from 'node:path';
import { messageOf, WaterguardError } from '../../model/error.ts';
import type { RefusedRule, RuleText } from '../rule-engine.ts';
import { shippedSecretFiles } from '../secrets/files.ts';
import { licenceReader } from '../yara/licence.ts';
import { findRuleFiles, readRuleFile } from './folder.ts';
import { shippedRules } from './folders.ts';

export interface RuleFiles {
  /** `sha256:…` over all rules; the same rules give the same hash on every machine. */
  readonly hash: string;
  /** Of the hash and of what else shows in findings: the names of the files and their licences. */
  readonly identity: string;
  readonly yara: readonly YaraFile[];
  /** Text rules that come with Waterguard, with the file that says which of gitleaks' are used. */
  readonly shippedText: readonly RuleText[];
  /** Text rules that a user brings: Waterguard YAML and gitleaks TOML. */
  readonly text: readonly RuleText[];
  /** Files that could not be read. */
  readonly refused: readonly RefusedRule[];
}

export interface YaraFile extends RuleText {
  readonly licence: string | undefined;
}

export interface RuleChoice {
  /** Folders or files of rules that a user brings. The shipped folder among them counts as shipped. */
  readonly folders: readonly string[];
  readonly shippedYara: boolean;
  readonly shippedText: boolean;
}

/** @throws WaterguardError `usage` where a folder does not exist */
export function readRuleFiles(choice: RuleChoice): RuleFiles {
  const shipped = choice.folders.some((one) => resolve(one) === shippedRules);
  const folders = choice.folders.filter((one) => resolve(one) !== shippedRules);
  const refused: RefusedRule[] = [];
  const read = (paths: readonly string[], wanted: RegExp): ReadFile[] => readAll(paths, wanted, refused);
  const found = [
    ...(choice.shippedYara || shipped ? read([shippedRules], yaraName) : []),
    ...read(folders, /\.(?:yara?|ya?ml|toml)$/i),
  ];
  const licenceOf = licenceReader();
  const yara = withUniqueNames(found.filter(isYara)).map((one) => ({ ...one, licence: licenceOf(one) }));
  const shippedText = choice.shippedText || shipped ? shippedSecretFiles() : [];
  const text = found.filter((one) => !isYara(one) && (one.named || isTextRules(one)));
  return {
    hash: hashOf([...unordered(yara), ...[...shippedText, ...text].map(digestOf)]),
    identity: hashOf(
      [...yara, ...shippedText, ...text].map((one) => JSON.stringify(one, ['namespace', 'licence', 'text'])),
    ),
    yara,
    shippedText,
    text,
    refused,
  };
}

interface ReadFile extends RuleText {
  readonly named: boolean;
}

const yaraName = /\.yara?$/i;

function isYara(file: RuleText): boolean {
  return !/\.(?:ya?ml|toml)$/i.test(file.origin);
}

function readAll(paths: readonly string[], wanted: RegExp, refused: RefusedRule[]): ReadFile[] {
  const files: ReadFile[] = [];
  for (const { path, namespace, named } of findRuleFiles(paths, wanted)) {
    try {
      files.push({ origin: path, namespace, text: readRuleFile(path), named });
    } catch (error) {
      if (!(error instanceof WaterguardError)) throw error;
      refused.push({ origin: path, rule: '(file)', message: messageOf(error) });
    }
  }
  return files;
}

/**
 * Rule folders hold other YAML and TOML as well: samples, workflows, package descriptions. Rules have a list of
 * that name; one without `waterguard: 1` is taken for a rule file whose first line was forgotten, and refused.
 */
function isTextRules({ origin, text }: RuleText): boolean {
  if (/\.samples\.ya?ml$/i.test(origin)) return false;
  if (/\.toml$/i.test(origin)) return /^[ \t]*\[\[[ \t]*rules[ \t]*\]\]/m.test(text);
  return /^waterguard[ \t]*:/m.test(text) || /^rules[ \t]*:/m.test(text);
}

/** Two folders may hold files of the same name: the second becomes `name~2`. */
function withUniqueNames<File extends RuleText>(files: readonly File[]): File[] {
  const taken = new Set<string>();
  return files.map((one) => {
    let namespace = one.namespace;
    for (let count = 2; taken.has(namespace); count++) namespace = `${one.namespace}~${count}`;
    taken.add(namespace);
    return { ...one, namespace };
  });
}

function digestOf(file: RuleText): string {
  return hash('sha256', file.text);
}

/** YARA rules do not depend on each other's order; of text rules with one id the last counts. */
function unordered(files: readonly RuleText[]): readonly string[] {
  return files.map(digestOf).sort();
}

function hashOf(parts: readonly string[]): string {
  return `sha256:${hash('sha256', parts.join('\n'))}`;
}
