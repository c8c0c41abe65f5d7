/** What several detectors say of one file, put together. */

import type { Observable } from '../model/indicator.ts';
import type { DetectedFinding, Detection, Unseen } from './detector.ts';

export interface Collected {
  readonly unseen: Unseen[];
  readonly findings: DetectedFinding[];
  readonly observables: Observable[];
  readonly refs: string[];
  readonly commands: (readonly string[])[];
  start: boolean;
}

export const emptyDetection = (): Collected => ({
  unseen: [],
  findings: [],
  observables: [],
  refs: [],
  commands: [],
  start: false,
});

export function append(into: Collected, one: Detection | undefined, member?: string): void {
  if (one === undefined) return;
  for (const finding of one.findings)
    into.findings.push(member === undefined ? finding : { ...finding, member });
  for (const observable of one.observables) into.observables.push(observable);
  if (one.start !== undefined && member === undefined) {
    into.start = true;
    into.refs.push(...one.start.refs);
    into.commands.push(...one.start.commands);
  }
}

export function finish({ findings, observables, refs, commands, start, unseen }: Collected): Detection {
  return {
    findings,
    observables,
    ...(start && { start: { refs, commands } }),
    ...(unseen.length > 0 && { unseen }),
  };
}
