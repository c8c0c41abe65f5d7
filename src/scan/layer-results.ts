/** What a layer adds up to: findings, observables, start facts and everything skipped, each of them bounded. */
import type { StartFact } from '../detect/detector.ts';
import type { Inspection } from '../detect/runner.ts';
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

/** Most observables kept per layer; more are counted as a hole. */
const mostObservables = 200_000;

export interface Results {
  add(open: OpenEntry, sha256: Buffer | undefined, found: Inspection): void;
  skip(path: string, reason: Skipped['reason'], detail?: string): void;
  /** A compressed document that was not looked into. */
  close(ordinal: number): void;
  count(bytes: number): void;
  report(): Omit<LayerReport, 'diffId' | 'digests' | 'entries'>;
}

export function createResults(): Results {
  const findings: LayerFinding[] = [];
  const observables = new Map<
    string,
    { readonly one: Observable; readonly places: Place[]; files: number; last: number }
  >();
  const starts = new Map<number, StartFact>();
  const skipped: Omit<Skipped, 'layer'>[] = [];
  const skips = new Map<Skipped['reason'], number>();
  const errors: CoverageError[] = [];
  let count = 0;
  let total = 0;
  let overflow = false;
  const closed: number[] = [];

  function skip(path: string, reason: Skipped['reason'], detail?: string): void {
    const before = skips.get(reason) ?? 0;
    skips.set(reason, before + 1);
    if (before >= mostSkips) return;
    skipped.push({
      path: printable(path),
      reason,
      ...(detail !== undefined && { detail: printable(detail, 300) }),
    });
  }

  return {
    add({ ordinal, record }, sha256, { content, path, faults }) {
      const hex = sha256?.toString('hex') ?? '';
      for (const one of content.findings) findings.push({ ...one, ordinal, sha256: hex });
      for (const one of path.findings) findings.push({ ...one, ordinal, sha256: hex });
      for (const one of content.unseen ?? []) skip(`${record.path}!${one.member}`, one.reason, one.detail);
      for (const list of [content.observables, path.observables]) {
        for (const one of list) {
          const key = `${one.type}\n${one.value}`;
          const known = observables.get(key);
          if (known === undefined) {
            if (observables.size < mostObservables) {
              observables.set(key, {
                one,
                places: [{ ordinal, offset: one.offset }],
                files: 1,
                last: ordinal,
              });
            } else overflow = true;
          } else if (known.last !== ordinal) {
            known.last = ordinal;
            known.files++;
            if (known.places.length < mostPlaces) known.places.push({ ordinal, offset: one.offset });
          }
        }
      }
      const start = path.start ?? content.start;
      if (start !== undefined) starts.set(ordinal, start);
      for (const { detector, code, message } of faults) {
        if (code === 'limit') skip(record.path, 'time-limit', `${detector}: ${message}`);
        else
          errors.push({
            where: printable(record.path),
            code,
            message: printable(`${detector}: ${message}`, 500),
          });
      }
    },
    skip,
    close(ordinal) {
      closed.push(ordinal);
    },
    count(bytes) {
      count++;
      total += bytes;
    },
    report() {
      for (const [reason, times] of skips) {
        if (times > mostSkips) skipped.push({ path: '/', reason, detail: `and ${times - mostSkips} more` });
      }
      if (overflow)
        skip('/', 'entry-limit', `more than ${mostObservables} different hosts, addresses and URLs`);
      const kept: LayerObservable[] = [...observables.values()].map(({ one, places, files }) => ({
        type: one.type,
        value: one.value,
        note: one.note ?? '',
        places,
        files,
      }));
      findings.sort((a, b) => a.ordinal - b.ordinal);
      return { findings, observables: kept, starts, closed, skipped, errors, files: count, bytes: total };
    },
  };
}
