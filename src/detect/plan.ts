/**
 * The plan of a scan: rules and anchors compiled into one set for each group of file kinds. Made once, in the parent
 * or taken from its cache, and loaded by every engine worker.
 */
import { planAnchors } from './anchors.ts';
import { type Detector, type FileKind, fileKinds } from './detector.ts';
import type { RefusedRule, RuleEngine, RuleText } from './rule-engine.ts';

/** Rules by what they need to see: `elf` ones can only match ELF files, `path` ones use external variables. */
export interface RulesByClass {
  readonly any: readonly RuleText[];
  readonly elf: readonly RuleText[];
  readonly path: readonly RuleText[];
}

/** Serialised rules; plain data, so that it crosses to other processes. */
export interface Plan {
  /** Compiled rules plus anchors, one for each group of kinds; absent without a rule engine. */
  readonly content?: readonly { readonly kinds: readonly FileKind[]; readonly rules: Buffer }[];
  /** Compiled rules that look at names. */
  readonly path?: Buffer;
  readonly accepted: number;
  readonly refused: readonly RefusedRule[];
}

/** Kinds that share a compiled set. Each set costs time to load, so there are only two: with ELF rules, without. */
export const kindGroups: readonly (readonly FileKind[])[] = [
  ['elf'],
  ['script', 'text', 'archive', 'binary'],
];

/** Compiles rules and anchors. @param engine absent where no binding is there: detectors then run without rules */
export function makePlan(
  detectors: readonly Detector[],
  rules: RulesByClass,
  engine: RuleEngine | undefined,
): Plan {
  if (engine === undefined) return { accepted: 0, refused: [] };
  const refused = new Map<string, RefusedRule>();
  let accepted = 0;
  const compile = (sources: readonly RuleText[]): Buffer => {
    const compiled = engine.compile(sources);
    for (const one of compiled.refused) refused.set(`${one.origin}\n${one.rule}`, one);
    accepted = Math.max(accepted, compiled.accepted - 1);
    return compiled.bytes;
  };
  const content = kindGroups.map((kinds) => {
    const texts = kinds.includes('elf') ? [...rules.any, ...rules.elf] : rules.any;
    return { kinds, rules: compile([...texts, planAnchors(detectors, kinds).ruleText()]) };
  });
  if (rules.path.length === 0) return { content, accepted, refused: [...refused.values()] };
  const path = engine.compile(rules.path);
  for (const one of path.refused) refused.set(`${one.origin}\n${one.rule}`, one);
  return { content, path: path.bytes, accepted: accepted + path.accepted, refused: [...refused.values()] };
}

/** All kinds must belong to a group, or files of that kind would not be searched. */
export const searchedKinds: readonly FileKind[] = fileKinds.filter((kind) =>
  kindGroups.some((kinds) => kinds.includes(kind)),
);
