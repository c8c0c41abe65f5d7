/**
 * One file searched for all that detectors and rules look for: first for every literal, in one pass; then, where the
 * literals say that rules could match, by the rule engine with those rules. Most files never meet a rule.
 */
import { WaterguardError } from '../model/error.ts';
import { type AnchorHits, type AnchorPlaces, createAnchorPlaces, noHits } from './anchors.ts';
import type { FileKind } from './detector.ts';
import type { CompiledLiterals } from './literals/compile.ts';
import { type LiteralSearch, loadLiterals } from './literals/search.ts';
import { headOf, isMet, isMetBare, type Need, signsOf, type Told } from './need.ts';
import type { CompiledGroup, Plan, RuleClass } from './plan.ts';
import type { RuleEngine, RuleMatch, RuleScanner, RuleVariables } from './rule-engine.ts';
import type { Places } from './search-ahead.ts';

export interface FileSearch {
  readonly hits: AnchorHits;
  /** What rules over content say; `failed` is told of a rule engine that did not end well. */
  content(failed: (error: unknown) => void): readonly RuleMatch[];
  /** The same of rules that look at names. */
  path(variables: RuleVariables, failed: (error: unknown) => void): readonly RuleMatch[];
}

export interface Searcher {
  /** @param places what the literal search has found, where that was done ahead */
  search(bytes: Buffer, kind: FileKind, places?: Places): FileSearch;
}

const noMatches: readonly RuleMatch[] = [];

export const nothingSearched: FileSearch = { hits: noHits, content: () => noMatches, path: () => noMatches };

/** @param timeoutMs longest time for the rules on one file */
export function createSearcher(plan: Plan, engine: RuleEngine | undefined, timeoutMs: number): Searcher {
  const groups = plan.groups.map((one) => createGroup(one, engine, timeoutMs));
  const sides = new Map<FileKind, Side>();
  for (const { kinds, literals } of plan.searches) {
    const side = createSide(plan, kinds, groups, literals);
    for (const kind of kinds) sides.set(kind, side);
  }

  return {
    search(bytes, kind, places) {
      const side = sides.get(kind);
      if (side === undefined) return nothingSearched;
      const { anchors, seen } = side;
      const there: number[] = [];
      const hit = (literal: number, at: number): void => {
        if (anchors.has(literal)) anchors.add(literal, at);
        if (seen[literal] === 1) return;
        seen[literal] = 1;
        there.push(literal);
      };
      if (places === undefined) side.literals().search(bytes, hit);
      else for (let at = 0; at < places.length; at += 2) hit(places[at] ?? 0, places[at + 1] ?? 0);
      const told = { seen, size: bytes.length, isElf: kind === 'elf', head: headOf(bytes) };
      const asked = groupsFor(side, there, told);
      for (const literal of there) seen[literal] = 0;
      const scan = (
        isPath: boolean,
        variables: RuleVariables | undefined,
        failed: (error: unknown) => void,
      ) =>
        scanAll(
          asked.filter((one) => (one.class === 'path') === isPath),
          { bytes, variables, timeoutMs },
          failed,
        );
      return {
        hits: anchors.take(),
        content: (failed) => scan(false, undefined, failed),
        path: (variables, failed) => scan(true, variables, failed),
      };
    },
  };
}

/** Loaded with the first file that could match. */
interface Group {
  readonly class: RuleClass;
  readonly needs: readonly Need[];
  scanner(): RuleScanner | undefined;
}

function createGroup(
  { class: of, needs, rules }: CompiledGroup,
  engine: RuleEngine | undefined,
  timeoutMs: number,
): Group {
  let scanner: RuleScanner | undefined;
  return {
    class: of,
    needs,
    scanner() {
      scanner ??= engine?.load(rules, timeoutMs);
      return scanner;
    },
  };
}

/** What is searched for in files of some kinds. */
interface Side {
  /** Loaded with the first file that was not searched ahead. */
  literals(): LiteralSearch;
  readonly anchors: AnchorPlaces;
  /** By number; all 0 between files. */
  readonly seen: Uint8Array;
  /** Rules of which a literal is a sign. */
  readonly rulesOf: ReadonlyMap<number, readonly Rule[]>;
  /** Rules that need no literal. */
  readonly bare: readonly Rule[];
  /** Counts files. */
  turn: number;
}

interface Rule {
  readonly need: Need;
  readonly group: Group;
  /** Of the file for which the need was last looked at: a rule may have several signs. */
  turn: number;
}

function createSide(
  { anchors }: Plan,
  kinds: readonly FileKind[],
  groups: readonly Group[],
  literals: CompiledLiterals,
): Side {
  let loaded: LiteralSearch | undefined;
  const rulesOf = new Map<number, Rule[]>();
  const bare: Rule[] = [];
  for (const group of groups) {
    if (group.class === 'elf' && !kinds.includes('elf')) continue;
    for (const need of group.needs) {
      const rule = { need, group, turn: 0 };
      if (isMetBare(need)) bare.push(rule);
      else for (const literal of signsOf(need)) listAt(rulesOf, literal).push(rule);
    }
  }
  return {
    literals() {
      loaded ??= loadLiterals(literals);
      return loaded;
    },
    anchors: createAnchorPlaces(anchors, kinds),
    seen: new Uint8Array(literals.count),
    rulesOf,
    bare,
    turn: 0,
  };
}

function listAt(lists: Map<number, Rule[]>, key: number): Rule[] {
  const known = lists.get(key);
  if (known !== undefined) return known;
  const list: Rule[] = [];
  lists.set(key, list);
  return list;
}

function groupsFor(side: Side, there: readonly number[], told: Told): readonly Group[] {
  const asked: Group[] = [];
  side.turn++;
  const ask = (rule: Rule): void => {
    if (rule.turn === side.turn) return;
    rule.turn = side.turn;
    if (!asked.includes(rule.group) && isMet(rule.need, told)) asked.push(rule.group);
  };
  side.bare.forEach(ask);
  for (const literal of there) side.rulesOf.get(literal)?.forEach(ask);
  return asked;
}

interface Searched {
  readonly bytes: Buffer;
  readonly variables: RuleVariables | undefined;
  readonly timeoutMs: number;
}

/** What one group finds is kept where another one fails. */
function scanAll(
  groups: readonly Group[],
  { bytes, variables, timeoutMs }: Searched,
  failed: (error: unknown) => void,
): readonly RuleMatch[] {
  if (groups.length === 0) return noMatches;
  const end = performance.now() + timeoutMs;
  const found: RuleMatch[] = [];
  for (const group of groups) {
    if (performance.now() > end) {
      failed(
        new WaterguardError('limit', `The rules took longer than ${timeoutMs} ms over ${bytes.length} bytes`),
      );
      break;
    }
    try {
      found.push(...(group.scanner()?.scan(bytes, variables) ?? noMatches));
    } catch (error) {
      failed(error);
    }
  }
  return found;
}
