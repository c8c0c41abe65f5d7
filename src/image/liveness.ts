/**
 * Which entries and which contents are visible in the merged file system. Content counts wherever it is: a
 * file that was deleted is still present when a copy or a hard link of it remains.
 */
import { digestHash, digestSize } from './entry-columns.ts';
import { createHashIndex, type HashIndex, sameBytes } from './hash-index.ts';
import type { Merged } from './layer-merge.ts';

export interface Liveness {
  isVisible(layer: number, ordinal: number): boolean;
}

/** Works out what is visible at the first question: most images have no finding to ask about. */
export function createLiveness(merged: Merged): Liveness {
  let marks: Marks | undefined;
  return {
    isVisible(layer, ordinal) {
      marks ??= markVisible(merged);
      if (marks.entries[layer]![ordinal] === 1) return true;
      const sha256 = merged.tables[layer]!.sha256(ordinal);
      return sha256 !== undefined && marks.hasContent(sha256);
    },
  };
}

interface Marks {
  /** Per layer, per ordinal: 1 where the entry's content is visible. */
  readonly entries: readonly Uint8Array[];
  hasContent(sha256: Buffer): boolean;
}

function markVisible({ tables, tree }: Merged): Marks {
  const entries = tables.map((table) => new Uint8Array(table.count));
  const contents = tables.map((table) => new Uint8Array(table.contentCount));
  for (let node = 0; node < tree.count; node++) {
    if (!tree.isPresent(node)) continue;
    const layer = tree.sourceLayer(node);
    const ordinal = tree.sourceOrdinal(node);
    if (ordinal < 0) continue;
    entries[layer]![ordinal] = 1;
    const id = tables[layer]!.contentId(ordinal);
    if (id >= 0) contents[layer]![id] = 1;
  }
  const index = indexContents(tables, contents);
  return {
    entries,
    hasContent: (sha256) => index.has(sha256),
  };
}

/** Rows are pairs (layer, content id), numbered through. */
function indexContents(
  tables: Merged['tables'],
  visible: readonly Uint8Array[],
): { has(sha256: Buffer): boolean } {
  let total = 0;
  for (const marks of visible) for (const mark of marks) total += mark;
  const rowLayers = new Uint16Array(total);
  const rowIds = new Uint32Array(total);
  const hashOf = (row: number): number => digestHash(tables[rowLayers[row]!]!.contentHash(rowIds[row]!));
  const index: HashIndex = createHashIndex(hashOf, total);
  let row = 0;
  for (const [layer, marks] of visible.entries()) {
    for (let id = 0; id < marks.length; id++) {
      if (marks[id] === 0) continue;
      rowLayers[row] = layer;
      rowIds[row] = id;
      index.add(hashOf(row), row);
      row++;
    }
  }
  return {
    has: (sha256) =>
      index.find(digestHash(sha256), (at) =>
        sameBytes(tables[rowLayers[at]!]!.contentHash(rowIds[at]!), 0, sha256, 0, digestSize),
      ) >= 0,
  };
}
