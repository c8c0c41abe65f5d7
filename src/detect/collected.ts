/** What several detectors say of one file, put together. */

import type { Observable } from '../model/indicator.ts';
import type { DetectedFinding, Detection, StartFact, Unseen } from './detector.ts';
import { type FileForms, noForms } from './form.ts';

export interface Collected {
  readonly unseen: Unseen[];
  readonly findings: DetectedFinding[];
  readonly observables: Observable[];
  /** Of the one detector that makes such. */
  start: StartFact | undefined;
  held: FileForms;
}

export const emptyDetection = (): Collected => ({
  unseen: [],
  findings: [],
  observables: [],
  start: undefined,
  held: noForms,
});

export function append(into: Collected, one: Detection | undefined, member?: string): void {
  if (one === undefined) return;
  for (const finding of one.findings)
    into.findings.push(member === undefined ? finding : { ...finding, member });
  for (const observable of one.observables) into.observables.push(observable);
  if (member === undefined) into.start ??= one.start;
}

export function finish({ findings, observables, start, unseen, held }: Collected): Detection {
  return {
    findings,
    observables,
    ...(start !== undefined && { start }),
    ...(unseen.length > 0 && { unseen }),
    ...(held !== noForms && { held }),
  };
}
