/** The machine-readable report: one document, several reports under `reports` (docs/scanning.md). */
import type { ImageReport } from '../model/report.ts';
import { safeJson } from './safe-text.ts';

export function renderJson(reports: readonly ImageReport[]): string {
  const [only] = reports;
  const document = reports.length === 1 && only !== undefined ? only : { schemaVersion: 1, reports };
  return safeJson(document, 2) + '\n';
}
