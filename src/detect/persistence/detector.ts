/**
 * How an intruder stays in an image or hides there: preloaded libraries, start files that fetch programs,
 * accounts, setuid, and programs in places and under names made to be overlooked.
 */

import { isDocumentation } from '../context.ts';
import type { Detection, Detector, FileRecord, OpenFile } from '../detector.ts';
import { nothing } from '../detector.ts';
import { startPlace } from '../start/locations.ts';
import { accountReader } from './account.ts';
import { kinds, toFinding } from './kinds.ts';
import { inspectProgram, isSuspectProgram } from './program.ts';
import { inspectStartFile, scriptAnchors } from './start-file.ts';

/** Larger text files are data. */
const maxText = 256 * 1024;
/** Most findings of one rule in one file; the rest says nothing new. */
const maxPerRule = 5;

export const persistenceDetector: Detector = {
  name: 'persistence',
  version: 3,
  needs: 'path',
  findings: Object.values(kinds),
  anchors: scriptAnchors,
  wants,
  inspect,
};

function wants(file: FileRecord): boolean {
  if (file.size === 0) return false;
  if (isSuspectProgram(file)) return true;
  if (file.size > maxText || (file.kind !== 'script' && file.kind !== 'text')) return false;
  if (accountReader(file.path) !== undefined || startPlace(file.path) !== undefined) return true;
  return isScript(file) && !isDocumentation(file.path);
}

/** Also without `#!`: a shell that is told to runs any text. */
function isScript({ kind, path, mode }: FileRecord): boolean {
  return (
    kind === 'script' ||
    (kind === 'text' && ((mode & 0o111) > 0 || /(?:\.(?:ba)?sh|\/[\w-]{1,64})$/.test(path)))
  );
}

function inspect(file: OpenFile): Detection {
  if (file.offset > 0) return nothing;
  const found = isSuspectProgram(file) ? [...inspectProgram(file)] : [];
  if (file.size <= maxText && (file.kind === 'script' || file.kind === 'text')) {
    found.push(
      ...(accountReader(file.path)?.(file.bytes.toString('latin1')) ?? []),
      ...inspectStartFile(file),
    );
  }
  if (found.length === 0) return nothing;
  const counts = new Map<string, number>();
  const kept = found
    .sort((a, b) => b.confidence - a.confidence)
    .filter(({ kind }) => {
      const count = (counts.get(kind.rule) ?? 0) + 1;
      counts.set(kind.rule, count);
      return count <= maxPerRule;
    });
  return { ...nothing, findings: kept.map(toFinding) };
}
