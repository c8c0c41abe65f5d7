/**
 * The machine-readable report: one document. Its shape follows from how many targets were asked for, not from how
 * many could be read: the report itself for one, a list beside what could not be read for several.
 */
import type { ImageReport, UnreadableTarget } from '../model/report.ts';
import { safeJson } from './safe-text.ts';

export function renderJson(
  reports: readonly ImageReport[],
  unreadable: readonly UnreadableTarget[] = [],
): string {
  const [only] = reports;
  const isOne = reports.length + unreadable.length === 1 && only !== undefined;
  return safeJson(isOne ? only : { schemaVersion: 1, reports, unreadable }, 2) + '\n';
}
