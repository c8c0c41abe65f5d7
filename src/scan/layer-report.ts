/**
 * What is known of a layer from the layer alone: the unit of caching. It depends on the layer's bytes, what inspects
 * them (`context.ts`) and the limits, and on nothing else: no image configuration, no list that changes with the day.
 * Immutable; shared by every image that has the layer.
 */
import type { DetectedFinding, StartFact } from '../detect/detector.ts';
import type { FileForms } from '../detect/form.ts';
import type { EntryTable } from '../image/entry-table.ts';
import type { CoverageError, Skipped } from '../model/coverage.ts';
import type { IndicatorType } from '../model/indicator.ts';
import { decodeLossless, printablePath } from '../model/printable.ts';

/** A place in the layer: the entry's ordinal in the table, and the offset in its content. */
export interface Place {
  readonly ordinal: number;
  readonly offset: number;
}

export interface LayerFinding extends DetectedFinding {
  readonly ordinal: number;
  /** Of the whole file, lower-case hex; empty where the file was not read to its end. */
  readonly sha256: string;
}

export interface LayerObservable {
  readonly type: IndicatorType;
  readonly value: string;
  readonly note: string;
  /** The first few files that hold it. */
  readonly places: readonly Place[];
  /** In how many files. */
  readonly files: number;
}

export interface LayerReport {
  readonly diffId: string;
  /** Digests under which this layer was read and verified. */
  readonly digests: readonly string[];
  readonly entries: EntryTable;
  readonly findings: readonly LayerFinding[];
  readonly observables: readonly LayerObservable[];
  /** By entry ordinal. */
  readonly starts: ReadonlyMap<number, StartFact>;
  /** Ordinals of compressed files that were not looked into: documentation, and formats without a decoder here. */
  readonly closed: readonly number[];
  /** Ordinals of texts that were not read for what they start: too large, or with nothing that says they are programs. */
  readonly left: readonly number[];
  /** Without layer index: that belongs to the image. */
  readonly skipped: readonly Omit<Skipped, 'layer'>[];
  readonly errors: readonly CoverageError[];
  readonly files: number;
  /** Bytes of file content. */
  readonly bytes: number;
  /** Of the files that were inspected and of what is in them: a rule for other forms cannot match here. */
  readonly forms: FileForms;
}

/** The path of an entry, UTF-8 with bytes that are not valid as `\xNN`. */
export function pathOf(report: LayerReport, ordinal: number): string {
  return decodeLossless(report.entries.path(ordinal));
}

/** The path of an entry as reports have it, and as identities hash it: see `printablePath`. */
export function shownPathOf(report: LayerReport, ordinal: number): string {
  return printablePath(report.entries.path(ordinal));
}

/** Most files kept per observable. */
export const mostPlaces = 8;

/** Whether an ordinal is in one of a report's lists. @param list ascending */
export function isListed(list: readonly number[], ordinal: number): boolean {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (list[middle]! < ordinal) low = middle + 1;
    else high = middle;
  }
  return list[low] === ordinal;
}
