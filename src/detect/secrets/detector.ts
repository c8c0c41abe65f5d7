/**
 * Two detectors over one set of rules. `secrets` looks for formats that are distinctive wherever they are, by
 * content alone, so that its result is shared by every copy of a file. `secrets-config` looks for assignments,
 * for passwords on command lines and for formats that need a file's name, in files that look like settings.
 */

import type { Severity } from '../../model/finding.ts';
import type {
  Anchor,
  DetectedFinding,
  Detection,
  Detector,
  FileKind,
  FindingKind,
  OpenFile,
} from '../detector.ts';
import { nothing } from '../detector.ts';
import { keywordPlaces } from './keyword-places.ts';
import { identityOf, redacted } from './redact.ts';
import { regexOf } from './regex.ts';
import type { Keyword, SecretRule } from './rule.ts';
import { findSecrets, type SecretHit } from './search.ts';
import { holdsCommands, looksLikeSettings } from './settings.ts';

/** Raise whenever results may change for equal rules. */
const version = 3;

/** @param rules of all scopes; each detector takes its own */
export function secretDetectors(rules: readonly SecretRule[]): readonly Detector[] {
  return [
    anywhereDetector(rules.filter(({ scope }) => scope === 'anywhere')),
    settingsDetector(rules.filter(({ scope }) => scope === 'settings' || scope === 'commands')),
  ];
}

function anywhereDetector(rules: readonly SecretRule[]): Detector {
  const name = 'secrets';
  const anchors: Record<string, Anchor> = {};
  for (const rule of rules) {
    for (const keyword of rule.keywords) anchors[anchorName(keyword)] = keyword;
  }
  const names = Object.keys(anchors);
  const byKind = rulesByKind(rules);
  return {
    name,
    version,
    needs: 'content',
    findings: rules.map((rule) => findingKind(name, rule)),
    anchors,
    onlyWith: 'anchors',
    wants: (file) => file.kind !== 'archive',
    inspect(file, deadline) {
      const places = new Map<string, readonly number[]>();
      for (const anchor of names) {
        const found = file.hits(anchor);
        if (found.length > 0) places.set(anchor, found);
      }
      // Almost every file ends here.
      if (places.size === 0) return nothing;
      const placesOf = (keyword: Keyword) => places.get(anchorName(keyword)) ?? [];
      const hits = findSecrets(file.bytes, byKind(file.kind), placesOf, '', deadline);
      return detectionOf(name, hits, file);
    },
  };
}

function settingsDetector(rules: readonly SecretRule[]): Detector {
  const name = 'secrets-config';
  const placesIn = keywordPlaces(rules.flatMap((rule) => rule.keywords));
  return {
    name,
    version,
    needs: 'path',
    findings: rules.map((rule) => findingKind(name, rule)),
    wants: looksLikeSettings,
    inspect(file, deadline) {
      const places = placesIn(file.bytes);
      if (places === undefined) return nothing;
      const wanted = rules.filter(
        (rule) =>
          rule.keywords.some((keyword) => places(keyword).length > 0) &&
          (rule.scope !== 'commands' || holdsCommands(file)) &&
          (rule.path === undefined || regexOf(rule.path).test(file.path)) &&
          (rule.kinds?.includes(file.kind) ?? true),
      );
      return detectionOf(name, findSecrets(file.bytes, wanted, places, file.path, deadline), file);
    },
  };
}

function anchorName(keyword: Keyword): string {
  return `${keyword.nocase ? 'i' : 's'}:${keyword.text}`;
}

function rulesByKind(rules: readonly SecretRule[]): (kind: FileKind) => readonly SecretRule[] {
  const known = new Map<FileKind, readonly SecretRule[]>();
  return (kind) => {
    const list = known.get(kind) ?? rules.filter((rule) => rule.kinds?.includes(kind) ?? true);
    known.set(kind, list);
    return list;
  };
}

export function findingKind(detector: string, rule: SecretRule): FindingKind {
  return {
    rule: `${detector}/${rule.id}`,
    title: rule.title,
    category: rule.category,
    severity: rule.severity,
    attack: rule.attack,
  };
}

function detectionOf(detector: string, hits: readonly SecretHit[], file: OpenFile): Detection {
  if (hits.length === 0) return nothing;
  return { findings: hits.map((hit) => toFinding(detector, hit, file)), observables: [] };
}

function toFinding(detector: string, hit: SecretHit, file: OpenFile): DetectedFinding {
  return {
    ...findingKind(detector, hit.rule),
    severity: severityIn(file, hit),
    confidence: hit.rule.confidence,
    subject: 'secret',
    offset: file.offset + hit.start,
    length: hit.end - hit.start,
    excerpt: redacted(hit),
    value: identityOf(hit),
    source: hit.rule.source,
  };
}

/**
 * Programs carry keys for their self-tests; what a program holds is a secret of its author, not of the image. The
 * same goes for keys in a module's own manual.
 */
function severityIn(file: OpenFile, { rule, start }: SecretHit): Severity {
  if (rule.verify !== 'private-key') return rule.severity;
  const quiet = file.kind === 'elf' || file.kind === 'binary' || isInManual(file.bytes, start);
  return quiet ? 'low' : rule.severity;
}

/** Ansible's modules keep their manual in these constants (docs.ansible.com, module documentation, 2026-11). */
const manual = /(?:^|\n)(?:EXAMPLES|DOCUMENTATION|RETURN) {0,2}= {0,2}[ru]{0,2}$/;
/** Manuals are long; a key further from their beginning counts as one of its own. */
const manualReach = 32 * 1024;

function isInManual(bytes: Buffer, place: number): boolean {
  const before = bytes.toString('latin1', Math.max(0, place - manualReach), place);
  const quote = Math.max(before.lastIndexOf("'''"), before.lastIndexOf('"""'));
  return quote >= 0 && manual.test(before.slice(Math.max(0, quote - 40), quote));
}
