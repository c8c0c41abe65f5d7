/** What a layer adds up to: findings, observables, start facts and everything skipped, each of them bounded. */
import { isDocumentation } from '../detect/context.ts';
import type { DetectedFinding, StartFact, Unseen } from '../detect/detector.ts';
import { type FileForms, noForms } from '../detect/form.ts';
import type { Fault, Inspection } from '../detect/runner.ts';
import type { CoverageError, Skipped } from '../model/coverage.ts';
import type { Observable } from '../model/indicator.ts';
import { printable } from '../model/printable.ts';
import type { OpenEntry } from './file-windows.ts';
import {
  type LayerFinding,
  type LayerObservable,
  type LayerReport,
  mostPlaces,
  type Place,
} from './layer-report.ts';

/** Most skips listed per layer and reason; of the others only the number. */
const mostSkips = 1000;

/** Most errors listed per layer; of the others only the number. */
const mostErrors = 1000;

/** Most findings kept per layer, and of one rule; more are counted as a hole. */
const mostFindings = 100_000;
const mostOfOneRule = 10_000;

/** Most observables kept per layer; more are counted as a hole. */
const mostObservables = 200_000;

export interface Results {
  /** Keeps a place for an inspection: the report follows the walk, whichever file the engine is done with first. */
  expect(): number;
  /** Each expected place once. */
  add(place: number, open: OpenEntry, sha256: Buffer | undefined, found: Inspection): void;
  /** @param path as reports have it */
  skip(path: string, reason: Skipped['reason'], detail?: string): void;
  /** A compressed file that was not looked into. */
  close(ordinal: number): void;
  /** A text that was not read for what it starts. */
  leave(ordinal: number): void;
  count(bytes: number): void;
  /** Of a file that is inspected, or whose content was. */
  form(form: FileForms): void;
  report(): Omit<LayerReport, 'diffId' | 'digests' | 'entries'>;
}

/** @param shownPath the path of an entry as reports have it */
export function createResults(shownPath: (ordinal: number) => string): Results {
  const findings: LayerFinding[] = [];
  const observables = new Map<
    string,
    { readonly one: Observable; readonly places: Place[]; files: number; last: number }
  >();
  const starts = new Map<number, StartFact>();
  const walked = createSkips();
  const inspected = createSkips();
  const errors: CoverageError[] = [];
  let moreErrors = 0;
  let count = 0;
  let total = 0;
  let forms = noForms;
  const closed: number[] = [];
  const left: number[] = [];
  const perRule = new Map<string, number>();
  /** What bounds have left out, in words. */
  const overflows = new Set<string>();
  let expected = 0;
  let next = 0;
  const early = new Map<number, () => void>();

  function addFindings(list: readonly DetectedFinding[], ordinal: number, sha256: string): void {
    for (const one of list) {
      const before = perRule.get(one.rule) ?? 0;
      if (findings.length >= mostFindings) overflows.add(`more than ${mostFindings} findings`);
      else if (before >= mostOfOneRule) overflows.add(`more than ${mostOfOneRule} findings of ${one.rule}`);
      else {
        perRule.set(one.rule, before + 1);
        findings.push({ ...one, ordinal, sha256 });
      }
    }
  }

  function addObservable(one: Observable, ordinal: number): void {
    const key = `${one.type}\n${one.value}\n${one.note ?? ''}`;
    const known = observables.get(key);
    if (known === undefined) {
      if (observables.size >= mostObservables) {
        overflows.add(`more than ${mostObservables} different hosts, addresses and URLs`);
        return;
      }
      observables.set(key, { one, places: [{ ordinal, offset: one.offset }], files: 1, last: ordinal });
    } else if (known.last !== ordinal) {
      known.last = ordinal;
      known.files++;
      if (known.places.length < mostPlaces) known.places.push({ ordinal, offset: one.offset });
    }
  }

  function addFault({ detector, code, message }: Fault, ordinal: number): void {
    const path = shownPath(ordinal);
    if (code === 'limit') inspected.skip(path, 'time-limit', `${detector}: ${message}`);
    else if (errors.length >= mostErrors) moreErrors++;
    else errors.push({ where: path, code, message: printable(`${detector}: ${message}`, 500) });
  }

  /**
   * Test data is full of broken archives, and some formats have no decoder here: such a file counts as closed, which
   * is a hole where a start path reads it.
   */
  function addUnseen(list: readonly Unseen[], ordinal: number, path: string): void {
    for (const { member, reason, detail } of list) {
      const isClosed = reason === 'unsupported' || (reason === 'truncated' && isDocumentation(path));
      if (!isClosed) inspected.skip(`${shownPath(ordinal)}!${member}`, reason, detail);
      else if (closed.at(-1) !== ordinal) closed.push(ordinal);
    }
  }

  function addNow({ ordinal, record }: OpenEntry, sha256: Buffer | undefined, found: Inspection): void {
    const { content, path, faults } = found;
    const hex = sha256?.toString('hex') ?? '';
    addFindings(content.findings, ordinal, hex);
    addFindings(path.findings, ordinal, hex);
    addUnseen(content.unseen ?? [], ordinal, record.path);
    for (const one of content.observables) addObservable(one, ordinal);
    for (const one of path.observables) addObservable(one, ordinal);
    const start = path.start ?? content.start;
    if (start !== undefined) starts.set(ordinal, start);
    forms |= content.held ?? noForms;
    for (const one of faults) addFault(one, ordinal);
  }

  return {
    expect: () => expected++,
    add(place, open, sha256, found) {
      early.set(place, () => addNow(open, sha256, found));
      for (let ready = early.get(next); ready !== undefined; ready = early.get(next)) {
        early.delete(next);
        next++;
        ready();
      }
    },
    skip: walked.skip,
    close(ordinal) {
      closed.push(ordinal);
    },
    leave(ordinal) {
      left.push(ordinal);
    },
    count(bytes) {
      count++;
      total += bytes;
    },
    form(form) {
      forms |= form;
    },
    report() {
      for (const detail of overflows) inspected.skip('/', 'entry-limit', detail);
      if (moreErrors > 0) errors.push({ where: '/', code: 'limit', message: `and ${moreErrors} more` });
      const kept: LayerObservable[] = [...observables.values()].map(({ one, places, files }) => ({
        type: one.type,
        value: one.value,
        note: one.note ?? '',
        places,
        files,
      }));
      const skipped = [...walked.list(), ...inspected.list()];
      closed.sort((a, b) => a - b);
      return {
        findings,
        observables: kept,
        starts,
        closed,
        left,
        skipped,
        errors,
        files: count,
        bytes: total,
        forms,
      };
    },
  };
}

interface Skips {
  skip(path: string, reason: Skipped['reason'], detail?: string): void;
  list(): readonly Omit<Skipped, 'layer'>[];
}

function createSkips(): Skips {
  const skipped: Omit<Skipped, 'layer'>[] = [];
  const counts = new Map<Skipped['reason'], number>();
  return {
    skip(path, reason, detail) {
      const before = counts.get(reason) ?? 0;
      counts.set(reason, before + 1);
      if (before >= mostSkips) return;
      const said = detail === undefined ? {} : { detail: printable(detail, 300) };
      skipped.push({ path: printable(path), reason, ...said });
    },
    list() {
      const more = [...counts].filter(([, times]) => times > mostSkips);
      return [
        ...skipped,
        ...more.map(([reason, times]) => ({ path: '/', reason, detail: `and ${times - mostSkips} more` })),
      ];
    },
  };
}
