/**
 * What a matched rule means in our terms. Our own rules state it (`docs/adding-a-detector.md`, section Rules);
 * of third-party rules the score, the tags and the words of name and metadata are read, and where they say
 * nothing, the match is malware of category `other`, strong but not conclusive.
 */
import type { RuleSource } from '../../model/finding.ts';
import { printable } from '../../model/printable.ts';
import { type Category, categories, type Severity, severities } from '../../model/terms.ts';
import type { DetectedFinding, FileKind } from '../detector.ts';
import type { RuleMatch } from '../rule-engine.ts';
import { licenceKey } from './licence.ts';
import { fileNamespace } from './namespace.ts';

export interface Meaning
  extends Pick<
    DetectedFinding,
    | 'rule'
    | 'title'
    | 'category'
    | 'severity'
    | 'attack'
    | 'confidence'
    | 'subject'
    | 'malware'
    | 'proves'
    | 'source'
  > {
  /** The rule speaks of a complete file and means nothing in a window of a larger one. */
  readonly wholeFile: boolean;
}

type Meta = RuleMatch['meta'];

/** @param match its metadata decide; `waterguard` in `author` together with `id` marks a rule of ours */
export function meaningOf(
  match: Pick<RuleMatch, 'rule' | 'namespace' | 'tags' | 'meta'>,
  kind: FileKind,
): Meaning {
  return isOurs(match.meta) ? stated(match.meta) : mapped(match, kind);
}

/** The metadata that each of our own rules carries. */
export const statedKeys = [
  'id',
  'title',
  'category',
  'severity',
  'confidence',
  'attack',
  'reference',
  'date',
  'author',
  'licence',
  'subject',
] as const;

export function isOurs(meta: Meta): boolean {
  return meta.author === 'Waterguard' && typeof meta.id === 'string';
}

function stated(meta: Meta): Meaning {
  const proves = ['pool', 'wallet', 'miner'].find((one) => one === meta.proves);
  return {
    rule: `yara/${textOf(meta, 'id')}`,
    title: textOf(meta, 'title'),
    category: oneOf(categories, meta.category) ?? 'other',
    severity: oneOf(severities, meta.severity) ?? 'medium',
    confidence: percent(meta.confidence, 60),
    attack: textOf(meta, 'attack')
      .split(',')
      .map((id) => id.trim())
      .filter((id) => id !== ''),
    subject: oneOf(['program', 'text', 'secret'], meta.subject) ?? 'program',
    ...(meta.malware === true && { malware: true }),
    ...(proves !== undefined && { proves: proves as 'pool' | 'wallet' | 'miner' }),
    source: sourceOf(meta),
    wholeFile: meta.whole_file === true,
  };
}

function mapped(match: Pick<RuleMatch, 'rule' | 'namespace' | 'tags' | 'meta'>, kind: FileKind): Meaning {
  const { meta } = match;
  const words = wordsOf(match);
  const hunting = words.some((word) => huntingWords.has(word));
  const category = categoryOf(words);
  const confidence = hunting ? 0.4 : confidenceOf(meta);
  const isText = kind === 'script' || kind === 'text';
  return {
    rule: `yara/${fileNamespace(match.namespace)}/${match.rule}`,
    title: titleOf(match),
    category,
    severity: severityOf(confidence),
    confidence,
    attack: attackIdsOf(match),
    subject: isText ? 'text' : 'program',
    ...(!hunting && { malware: true }),
    source: sourceOf(meta),
    wholeFile: false,
  };
}

/**
 * signature-base and its kin score 0 to 100 (75 where nothing is said): 40 and less is noteworthy, 60 suspicious,
 * 75 and more malicious. Never conclusive: nobody of us has tested those rules.
 */
function confidenceOf(meta: Meta): number {
  return Math.min(0.85, percent(meta.score, 75));
}

function severityOf(confidence: number): Severity {
  return confidence >= 0.7 ? 'high' : confidence >= 0.5 ? 'medium' : 'low';
}

/** Words by which rule authors say that a match alone proves nothing. */
const huntingWords = new Set([
  'hunting',
  'hunt',
  'susp',
  'suspicious',
  'informational',
  'info',
  'anomaly',
  'packer',
  'capability',
  'test',
]);

/** First match wins, so that a miner's backdoor counts as what brings the money. */
const categoryWords: readonly (readonly [Category, ReadonlySet<string>])[] = [
  [
    'cryptomining',
    new Set([
      'miner',
      'miners',
      'coinminer',
      'cryptominer',
      'mining',
      'cryptomining',
      'xmrig',
      'cryptojacking',
      'coinhive',
      'stratum',
      'kinsing',
      'h2miner',
      'nkminer',
      'perfctl',
    ]),
  ],
  [
    'ddos',
    new Set([
      'ddos',
      'flooder',
      'flood',
      'mirai',
      'gafgyt',
      'bashlite',
      'tsunami',
      'kaiten',
      'billgates',
      'xorddos',
      'botnet',
    ]),
  ],
  [
    'backdoor',
    new Set([
      'backdoor',
      'bkdr',
      'rootkit',
      'trojan',
      'rat',
      'webshell',
      'webshells',
      'implant',
      'reverse',
      'shell',
      'rshell',
      'loader',
      'dropper',
      'bpfdoor',
      'c2',
      'beacon',
      'sshdoor',
    ]),
  ],
  [
    'hacking',
    new Set([
      'hacktool',
      'hktl',
      'hacktools',
      'scanner',
      'exploit',
      'expl',
      'bruteforce',
      'stealer',
      'credential',
      'exploitation',
      'pentest',
    ]),
  ],
];

function categoryOf(words: readonly string[]): Category {
  for (const [category, known] of categoryWords) if (words.some((word) => known.has(word))) return category;
  return 'other';
}

/** Lower-case words of name, tags, and the metadata that describe: `MAL_LNX_CamaroDragon` gives mal, lnx, … */
function wordsOf(match: Pick<RuleMatch, 'rule' | 'tags' | 'meta'>): readonly string[] {
  const described = [
    'description',
    'category',
    'type',
    'malware',
    'threat_name',
    'tags',
    'os',
    'severity',
  ].map((key) => textOf(match.meta, key));
  const text = [match.rule, ...match.tags, ...described].join(' ').slice(0, 2000);
  return text
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/);
}

function titleOf(match: Pick<RuleMatch, 'rule' | 'meta'>): string {
  const described = textOf(match.meta, 'description') || textOf(match.meta, 'threat_name');
  return printable(described === '' ? `Matches the rule ${match.rule}` : described, 160);
}

/** Technique ids in tags and metadata: `T1059`, `attack_t1014`, `mitre_att = "T1496.001"`. */
function attackIdsOf(match: Pick<RuleMatch, 'tags' | 'meta'>): readonly string[] {
  const text = [...match.tags, ...Object.values(match.meta)].join(' ').slice(0, 4000);
  const ids = text.match(/(?<![A-Za-z0-9])[Tt]1\d{3}(?:\.\d{3})?(?![A-Za-z0-9])/g) ?? [];
  return [...new Set(ids.map((id) => id.toUpperCase()))].slice(0, 8);
}

function sourceOf(meta: Meta): RuleSource {
  const author = textOf(meta, 'author');
  const licence = textOf(meta, 'licence') || textOf(meta, 'license') || textOf(meta, licenceKey);
  const reference = textOf(meta, 'reference') || textOf(meta, 'ref') || textOf(meta, 'reference_sample');
  return {
    ...(author !== '' && { author: printable(author, 200) }),
    ...(licence !== '' && { licence: printable(licence, 200) }),
    ...(reference !== '' && { reference: printable(reference, 300) }),
  };
}

function textOf(meta: Meta, key: string): string {
  const value = meta[key];
  return value === undefined ? '' : String(value);
}

/** YARA 4 has no fractions in metadata, so probabilities are written in percent. */
function percent(value: Meta[string] | undefined, otherwise: number): number {
  const number = typeof value === 'number' && value >= 0 && value <= 100 ? value : otherwise;
  return number / 100;
}

function oneOf<T extends string>(known: readonly T[], value: Meta[string] | undefined): T | undefined {
  return known.find((one) => one === value);
}
