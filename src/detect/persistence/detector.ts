/**
 * How an intruder stays in an image or hides there: preloaded libraries, start files that fetch programs,
 * accounts, setuid, and programs in places and under names made to be overlooked.
 */

import { WaterguardError } from '../../model/error.ts';
import { isDocumentation } from '../context.ts';
import type { Deadline, Detection, Detector, FileRecord, OpenFile } from '../detector.ts';
import { nothing } from '../detector.ts';
import { startPlace } from '../start/locations.ts';
import { accountReader } from './account.ts';
import { anchors } from './anchors.ts';
import { isThreat } from './command.ts';
import { kinds, strongest, toFinding } from './kinds.ts';
import { inspectProgram, isSuspectProgram } from './program.ts';
import { inspectStartFile, programSource } from './start-file.ts';

export const persistenceDetector: Detector = {
  name: 'persistence',
  version: 3,
  needs: 'path',
  findings: Object.values(kinds),
  anchors,
  wants,
  inspect,
};

function wants(file: FileRecord): boolean {
  if (file.size === 0) return false;
  if (isSuspectProgram(file)) return true;
  if (file.kind !== 'script' && file.kind !== 'text') return false;
  if (accountReader(file.path) !== undefined || startPlace(file.path) !== undefined) return true;
  return (isScript(file) || isProgramSource(file)) && !isDocumentation(file.path);
}

/** Also without `#!`: a shell that is told to runs any text. */
function isScript({ kind, path, mode }: FileRecord): boolean {
  return (
    kind === 'script' ||
    (kind === 'text' && ((mode & 0o111) > 0 || /(?:\.(?:ba)?sh|\/[\w-]{1,64})$/.test(path)))
  );
}

/** Programs of the image's own; those of packages start nothing by themselves. */
function isProgramSource({ path }: FileRecord): boolean {
  return programSource.test(path) && !libraries.test(path);
}

const libraries = /^\/usr\/(?:lib|share)\/|\/(?:node_modules|site-packages|dist-packages|vendor\/bundle)\//;

function inspect(file: OpenFile, deadline: Deadline): Detection {
  const found = file.offset === 0 && isSuspectProgram(file) ? [...inspectProgram(file)] : [];
  if (file.kind === 'script' || file.kind === 'text') {
    const ofAccount = accountReader(file.path)?.(file.bytes.toString('latin1')) ?? [];
    found.push(...ofAccount.map((one) => ({ ...one, offset: file.offset + (one.offset ?? 0) })));
    const inspected = inspectStartFile(file, deadline);
    found.push(...inspected.found);
    // What was found tells enough; without it, the reader of the report must know.
    if (inspected.unread > 0 && !found.some(isThreat)) {
      const detail = `${inspected.unread} bytes of a file that starts by itself were not read`;
      throw new WaterguardError('limit', detail);
    }
  }
  return found.length === 0 ? nothing : { ...nothing, findings: strongest(found).map(toFinding) };
}
