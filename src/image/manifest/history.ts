/** Which line of the build history made which layer. */

import type { HistoryLine } from '../image.ts';
import type { HistoryRecord } from './config.ts';

/**
 * Lines marked `empty_layer` made none; the others made the layers in order. A history that is shorter or
 * longer than the list of layers is common (squashed and imported images) and only leaves layers without a
 * line or lines without a layer.
 */
export function historyLines(records: readonly HistoryRecord[]): readonly HistoryLine[] {
  const lines: HistoryLine[] = [];
  let layer = 0;
  for (const { created_by: createdBy, comment, created, empty_layer: isEmpty } of records) {
    const line = { createdBy, comment, created };
    lines.push(isEmpty ? line : { ...line, layer: layer++ });
  }
  return lines;
}

/** Takes away the layer of lines that claim one beyond the last. */
export function boundedHistory(lines: readonly HistoryLine[], layers: number): readonly HistoryLine[] {
  return lines.map((line) => {
    if (line.layer === undefined || line.layer < layers) return line;
    const { createdBy, comment, created } = line;
    return { createdBy, comment, created };
  });
}
