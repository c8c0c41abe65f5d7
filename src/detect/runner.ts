/**
 * The runner: everything around the detectors. It searches each file once for all rules and anchors, hands it
 * to the detectors that want it, bounds their time, and turns whatever they throw into a listed fault, so that
 * one bad file or one bad detector never ends a scan.
 */
import { messageOf, WaterguardError } from '../model/error.ts';
import type { AnchorHits } from './anchors.ts';
import {
  type Budget,
  type Hole,
  isHole,
  isReadable,
  type Member,
  mostLevels,
  newBudget,
  onlyContent,
  openFile,
} from './archive/members.ts';
import { readEntries } from './archive/zip-entries.ts';
import type { ZipPart } from './archive/zip-walk.ts';
import { append, type Collected, emptyDetection, finish } from './collected.ts';
import type { Deadline, Detection, Detector, FileRecord, OpenFile } from './detector.ts';
import { formOf } from './form.ts';
import { headSize, kindOf } from './kind.ts';
import type { Plan } from './plan.ts';
import type { RuleEngine, RuleMatch, RuleVariables } from './rule-engine.ts';
import { createSearcher, type FileSearch, nothingSearched } from './search.ts';
import type { Places } from './search-ahead.ts';

export interface InspectedFile extends FileRecord {
  readonly bytes: Buffer;
  readonly offset: number;
  /** Members of a large zip that lie in this window of it. */
  readonly parts?: readonly ZipPart[];
  /** Where the literals stand, if they were searched for ahead. */
  readonly places?: Places;
}

/**
 * What to run: content detectors are left out where the file's result is known already, and an archive stays
 * closed where the caller says so.
 */
export interface Want {
  readonly content: boolean;
  readonly unfold: boolean;
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

/** @param timeoutMs longest time per file for rules, and again for each detector */
export function createRunner(
  plan: Plan,
  detectors: readonly Detector[],
  engine: RuleEngine | undefined,
  timeoutMs: number,
): Runner {
  const searcher = createSearcher(plan, engine, timeoutMs);
  const byNeed = {
    content: detectors.filter((one) => one.needs === 'content'),
    path: detectors.filter((one) => one.needs === 'path'),
  };

  function contentOf(
    file: InspectedFile,
    searched: FileSearch,
    faults: Fault[],
    into: Collected,
    member?: string,
  ): void {
    const nameless = { path: '', size: file.size, mode: 0, uid: 0, gid: 0, kind: file.kind };
    const matches = searched.content((error) => faults.push(faultOf('yara', error)));
    for (const one of byNeed.content) {
      if (!hasWork(one, matches, searched.hits) || !one.wants(nameless)) continue;
      append(into, run(one, opened(nameless, file, matches, searched.hits, one), timeoutMs, faults), member);
    }
  }

  /**
   * What a file holds is inspected as content, level by level.
   * @param holder its bytes
   * @returns false once the time is used up
   */
  function unfold(
    holder: Buffer,
    members: Iterable<Member | Hole>,
    outer: string,
    level: number,
    budget: Budget & { readonly end: number },
    faults: Fault[],
    into: Collected,
  ): boolean {
    for (const one of members) {
      const member = outer + one.name;
      if (performance.now() > budget.end) {
        const message = `the archive took longer than ${timeoutMs} ms; ${member} and what follows was not opened`;
        faults.push({ detector: 'archive', code: 'limit', message });
        return false;
      }
      if (level > mostLevels) {
        const detail = `archives nested more than ${mostLevels} deep`;
        into.unseen.push({ member, reason: 'depth-limit', detail });
        return true;
      }
      if (isHole(one)) {
        into.unseen.push({ member, reason: one.reason, detail: one.detail });
        continue;
      }
      const { bytes } = one;
      const kind = kindOf(bytes.subarray(0, headSize));
      into.held |= formOf(bytes, kind);
      const searched = searcher.search(bytes, kind);
      const file = { path: '', size: bytes.length, mode: 0, uid: 0, gid: 0, kind, bytes, offset: 0 };
      contentOf(file, searched, faults, into, member);
      if (kind === 'archive' && !isReadable(bytes)) {
        const detail = 'compressed in a format without a decoder here';
        into.unseen.push({ member, reason: 'unsupported', detail });
        continue;
      }
      // A tarball is two levels to us and one to its reader: `x.tgz!m/config.json`.
      const inner = one.name === onlyContent ? outer : `${member}!`;
      const held = openFile(file, searched.hits, budget);
      if (!unfold(bytes, held, inner, level + 1, budget, faults, into)) return false;
      if (bytes.buffer !== holder.buffer) letGo(bytes);
    }
    return true;
  }

  return {
    inspect(file, want) {
      const faults: Fault[] = [];
      const pathDetectors = want.path ? byNeed.path.filter((one) => one.wants(file)) : [];
      const isSearched = want.content || pathDetectors.length > 0;
      const searched = isSearched ? searcher.search(file.bytes, file.kind, file.places) : nothingSearched;
      const content = emptyDetection();
      if (want.content) {
        contentOf(file, searched, faults, content);
        const isWhole = file.bytes.length === file.size;
        const budget = { ...newBudget(), end: performance.now() + timeoutMs };
        if (want.unfold && isWhole) {
          unfold(file.bytes, openFile(file, searched.hits, budget), '', 1, budget, faults, content);
        }
        for (const { start, end, outer, level } of file.parts ?? []) {
          const members = readEntries(file.bytes, start, end, budget);
          if (!unfold(file.bytes, members, outer, level, budget, faults, content)) break;
        }
      }
      const path = emptyDetection();
      if (pathDetectors.length > 0) {
        const matches = searched.path(variablesOf(file), (error) => faults.push(faultOf('yara', error)));
        for (const one of pathDetectors)
          if (hasWork(one, matches, searched.hits))
            append(path, run(one, opened(file, file, matches, searched.hits, one), timeoutMs, faults));
      }
      return { content: finish(content), path: finish(path), faults };
    },
  };
}

/**
 * Large contents are not left to the garbage collector, before which several of them would add up. What lies behind
 * something else is still part of it.
 */
function letGo({ buffer, byteOffset, length }: Buffer): void {
  if (length >= 1024 * 1024 && byteOffset === 0 && buffer instanceof ArrayBuffer) buffer.transfer(0);
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

/** Most files have none, so that this decides what a detector costs. */
function hasWork(detector: Detector, matches: readonly RuleMatch[], hits: AnchorHits): boolean {
  if (detector.onlyWith === 'matches') return matches.length > 0;
  return detector.onlyWith === undefined || hits.any(detector.name);
}

function opened(
  record: FileRecord,
  file: InspectedFile,
  matches: readonly RuleMatch[],
  hits: AnchorHits,
  detector: Detector,
): OpenFile {
  const { path, size, mode, uid, gid, kind } = record;
  const { bytes, offset } = file;
  return {
    path,
    size,
    mode,
    uid,
    gid,
    kind,
    bytes,
    offset,
    matches,
    hits: (anchor) => hits.of(detector.name, anchor),
  };
}
