/** What is remembered of a layer outside of the cache: the values in it and the hashes of its files. */
import type { LayerFacts } from '../model/layer-facts.ts';
import { printable } from '../model/printable.ts';
import { type LayerReport, shownPathOf } from './layer-report.ts';
import type { ScanSession } from './session.ts';

/** Of a SHA-256: enough to tell the files of all registries apart, and a number for an index. */
const hashPrefix = 8;

/** Longest value that is indexed; a longer URL is no indicator that anybody would look for. */
const longestValue = 2048;

export function layerFacts(
  report: LayerReport,
  { mask, context, layers }: Pick<ScanSession, 'mask' | 'context' | 'layers'>,
): LayerFacts {
  const { entries } = report;
  const hashes = Buffer.allocUnsafe(entries.contentCount * hashPrefix);
  for (let id = 0; id < entries.contentCount; id++) {
    entries.contentHash(id).copy(hashes, id * hashPrefix, 0, hashPrefix);
  }
  return {
    diffId: report.diffId,
    context,
    files: report.files,
    bytes: report.bytes,
    forms: report.forms,
    observables: report.observables
      .filter(({ value }) => value.length <= longestValue)
      .map(({ type, value, note, places: [first], files }) => ({
        type,
        value: printable(type === 'url' ? mask(value) : value),
        note,
        path: first === undefined ? '' : mask(shownPathOf(report, first.ordinal)),
        files,
      })),
    hashes,
    ...(layers !== undefined && { report: () => layers.pack(report) }),
  };
}
