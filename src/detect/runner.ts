/**
 * The runner: everything around the detectors. It searches each file once for all rules and anchors, hands it
 * to the detectors that want it, bounds their time, and turns whatever they throw into a listed fault, so that
 * one bad file or one bad detector never ends a scan.
 *
 * A `Plan` is made once per scan, in the parent; `createRunner` loads it in each engine worker.
 */
import { messageOf, WaterguardError } from '../model/error.ts';
import { type AnchorSearch, planAnchors } from './anchors.ts';
import type { Deadline, DetectedFinding, Detection, Detector, FileKind, FileRecord, OpenFile, StartFact } from './detector.ts';
import { fileKinds } from './detector.ts';
import type { RefusedRule, RuleEngine, RuleMatch, RuleScanner, RuleText, RuleVariables } from './rule-engine.ts';
import type { Observable } from '../model/indicator.ts';

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

export interface InspectedFile extends FileRecord {
  readonly bytes: Buffer;
  readonly offset: number;
}

/** What to run: content detectors are left out where the file's result is known already. */
export interface Want {
  readonly content: boolean;
  readonly path: boolean;
}

export interface Fault {
  readonly detector: string;
  readonly code: string;
  readonly message: string;
}

export interface Inspection {
  readonly content: Detection;
  readonly path: Detection;
  readonly faults: readonly Fault[];
}

export interface Runner {
  inspect(file: InspectedFile, want: Want): Inspection;
}

/** Kinds that share a compiled set: programs see ELF rules, texts see text anchors. */
const kindGroups: readonly (readonly FileKind[])[] = [['elf'], ['script', 'text'], ['archive', 'binary']];

/** Compiles rules and anchors. @param engine absent where no binding is there: detectors then run without rules */
export function makePlan(detectors: readonly Detector[], rules: RulesByClass, engine: RuleEngine | undefined): Plan {
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

/** @param timeoutMs longest time per file for rules, and again for each detector */
export function createRunner(
  plan: Plan,
  detectors: readonly Detector[],
  engine: RuleEngine | undefined,
  timeoutMs: number,
): Runner {
  const searches = new Map<FileKind, { readonly anchors: AnchorSearch; readonly rules: RuleScanner | undefined }>();
  for (const kinds of kindGroups) {
    const anchors = planAnchors(detectors, kinds);
    const compiled = plan.content?.find((one) => one.kinds.join() === kinds.join());
    const rules = engine === undefined || compiled === undefined ? undefined : engine.load(compiled.rules, timeoutMs);
    for (const kind of kinds) searches.set(kind, { anchors, rules });
  }
  const pathRules = engine === undefined || plan.path === undefined ? undefined : engine.load(plan.path, timeoutMs);
  const byNeed = {
    content: detectors.filter((one) => one.needs === 'content'),
    path: detectors.filter((one) => one.needs === 'path'),
  };

  return {
    inspect(file, want) {
      const faults: Fault[] = [];
      const search = searches.get(file.kind);
      const pathDetectors = want.path ? byNeed.path.filter((one) => one.wants(file)) : [];
      const searchContent = want.content || pathDetectors.some((one) => one.anchors !== undefined);
      const found = searchContent ? scanRules(search?.rules, file, undefined, faults) : [];
      const hits = search?.anchors.hits(file.bytes, search.rules === undefined ? undefined : found);
      const open = (
        record: FileRecord,
        matches: readonly RuleMatch[],
        detector: Detector,
      ): OpenFile => ({
        path: record.path,
        size: record.size,
        mode: record.mode,
        uid: record.uid,
        gid: record.gid,
        kind: record.kind,
        bytes: file.bytes,
        offset: file.offset,
        matches,
        hits: (anchor) => hits?.(detector.name, anchor) ?? [],
      });
      let content = emptyDetection();
      if (want.content) {
        const nameless = { path: '', size: file.size, mode: 0, uid: 0, gid: 0, kind: file.kind };
        const ruleMatches = search?.anchors.withoutAnchors(found) ?? [];
        for (const one of byNeed.content) {
          if (one.wants(nameless)) content = append(content, run(one, open(nameless, ruleMatches, one), timeoutMs, faults));
        }
      }
      let path = emptyDetection();
      if (pathDetectors.length > 0) {
        const matches = pathRules === undefined ? [] : scanRules(pathRules, file, variablesOf(file), faults);
        for (const one of pathDetectors) path = append(path, run(one, open(file, matches, one), timeoutMs, faults));
      }
      return { content: finish(content), path: finish(path), faults };
    },
  };
}

function scanRules(
  rules: RuleScanner | undefined,
  file: InspectedFile,
  variables: RuleVariables | undefined,
  faults: Fault[],
): readonly RuleMatch[] {
  if (rules === undefined) return [];
  try {
    return rules.scan(file.bytes, variables);
  } catch (error) {
    faults.push(faultOf('yara', error));
    return [];
  }
}

function run(detector: Detector, file: OpenFile, timeoutMs: number, faults: Fault[]): Detection | undefined {
  const end = performance.now() + timeoutMs;
  const deadline: Deadline = {
    check() {
      if (performance.now() > end) {
        throw new WaterguardError('limit', `${detector.name} took longer than ${timeoutMs} ms`);
      }
    },
  };
  try {
    return detector.inspect(file, deadline);
  } catch (error) {
    faults.push(faultOf(detector.name, error));
    return undefined;
  }
}

function faultOf(detector: string, error: unknown): Fault {
  const code = error instanceof WaterguardError ? error.code : 'internal';
  return { detector, code, message: messageOf(error) };
}

function variablesOf(file: FileRecord): RuleVariables {
  const filename = file.path.slice(file.path.lastIndexOf('/') + 1);
  const dot = filename.lastIndexOf('.');
  return {
    filename,
    filepath: file.path,
    extension: dot > 0 ? filename.slice(dot) : '',
    filetype: file.kind === 'elf' ? 'ELF' : '',
    owner: '',
  };
}

interface Collected {
  readonly findings: DetectedFinding[];
  readonly observables: Observable[];
  readonly refs: string[];
  readonly commands: (readonly string[])[];
  start: boolean;
}

const emptyDetection = (): Collected => ({ findings: [], observables: [], refs: [], commands: [], start: false });

function append(into: Collected, one: Detection | undefined): Collected {
  if (one === undefined) return into;
  into.findings.push(...one.findings);
  into.observables.push(...one.observables);
  if (one.start !== undefined) {
    into.start = true;
    into.refs.push(...one.start.refs);
    into.commands.push(...one.start.commands);
  }
  return into;
}

function finish(collected: Collected): Detection {
  const start: StartFact | undefined = collected.start ? { refs: collected.refs, commands: collected.commands } : undefined;
  const { findings, observables } = collected;
  return start === undefined ? { findings, observables } : { findings, observables, start };
}

/** All kinds must belong to a group, or files of that kind would not be searched. */
export const searchedKinds: readonly FileKind[] = fileKinds.filter((kind) =>
  kindGroups.some((kinds) => kinds.includes(kind)),
);
