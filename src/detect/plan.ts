/**
 * The plan of a scan: all literals that files are searched for, and the rules in small groups, each with what it needs
 * of a file before the rule engine is asked. Made once, in the parent or taken from its cache, and loaded by every
 * engine worker.
 */
import { type AnchorNumbers, numberAnchors } from './anchors.ts';
import { opener } from './archive/members.ts';
import type { Detector, FileKind } from './detector.ts';
import { type CompiledLiterals, compileLiterals } from './literals/compile.ts';
import type { LiteralTable } from './literals/table.ts';
import { literalsIn, type Need } from './need.ts';
import type { RefusedRule, RuleEngine, RuleText } from './rule-engine.ts';

/** What rules look at. `elf` ones can only match ELF files, `path` ones use external variables. */
export type RuleClass = 'any' | 'elf' | 'path';

/** Rules that are compiled together and asked together. */
export interface RuleGroup {
  readonly class: RuleClass;
  readonly sources: readonly RuleText[];
  /** Of each rule; the group is asked where one of them is met. */
  readonly needs: readonly Need[];
}

/** Rules on their way into a plan; the needs speak of the numbers of this table. */
export interface GroupedRules {
  readonly groups: readonly RuleGroup[];
  readonly literals: LiteralTable;
}

/** Plain data, so that it crosses to other processes. */
export interface Plan {
  /** For each group of kinds. */
  readonly searches: readonly { readonly kinds: readonly FileKind[]; readonly literals: CompiledLiterals }[];
  readonly anchors: AnchorNumbers;
  /** Serialised rules; none without a rule engine. */
  readonly groups: readonly CompiledGroup[];
  readonly refused: readonly RefusedRule[];
}

export interface CompiledGroup extends Pick<RuleGroup, 'class' | 'needs'> {
  readonly rules: Buffer;
}

/** Kinds that share a search, each in one group. What only ELF files can have is not searched for in others. */
export const kindGroups: readonly (readonly FileKind[])[] = [
  ['elf'],
  ['script', 'text', 'archive', 'binary'],
];

/** Compiles rules and literals. @param engine absent where no binding is there: detectors then run without rules */
export function makePlan(
  detectors: readonly Detector[],
  { groups, literals }: GroupedRules,
  engine: RuleEngine | undefined,
): Plan {
  const refused = new Map<string, RefusedRule>();
  const compiled: CompiledGroup[] = [];
  for (const { class: of, sources, needs } of groups) {
    if (engine === undefined) break;
    const { bytes, accepted, refused: left } = engine.compile(sources);
    for (const one of left) refused.set(`${one.origin}\n${one.rule}`, one);
    if (accepted > 0) compiled.push({ class: of, rules: bytes, needs });
  }
  const anchors = numberAnchors([opener, ...detectors], literals);
  return {
    searches: kindGroups.map((kinds) => ({ kinds, literals: searchFor(kinds, compiled, anchors, literals) })),
    anchors,
    groups: compiled,
    refused: [...refused.values()],
  };
}

/** Rules want to know whether a literal is there, anchors where. */
function searchFor(
  kinds: readonly FileKind[],
  groups: readonly CompiledGroup[],
  anchors: AnchorNumbers,
  { all }: LiteralTable,
): CompiledLiterals {
  const once = new Map<number, boolean>();
  for (const group of groups) {
    if (group.class === 'elf' && !kinds.includes('elf')) continue;
    for (const need of group.needs) for (const number of literalsIn(need)) once.set(number, true);
  }
  for (const { numbers, kinds: of } of Object.values(anchors).flatMap(Object.values)) {
    if (of !== undefined && !kinds.some((kind) => of.includes(kind))) continue;
    for (const number of numbers) once.set(number, false);
  }
  const wanted = [...once].flatMap(([number, isOnce]) => {
    const literal = all[number];
    return literal === undefined ? [] : [{ number, literal, once: isOnce }];
  });
  return compileLiterals(wanted, all.length);
}
