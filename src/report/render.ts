/**
 * Reports as text, in every form that `scan` prints. Each form is a pure function over the same reports; what
 * they share is the order of findings (`order.ts`), the words (`wording.ts`) and the defence against text that
 * attackers wrote (`safe-text.ts`).
 */
import type { ImageReport } from '../model/report.ts';
import { renderHtml } from './html.ts';
import { renderJson } from './json.ts';
import { renderNdjson } from './ndjson.ts';
import { renderSarif } from './sarif.ts';
import { renderTable } from './table.ts';

export const formats = ['table', 'json', 'sarif', 'html', 'ndjson'] as const;
export type Format = (typeof formats)[number];

export interface RenderOptions {
  /** Terminal colours; only the table has any. */
  readonly colour: boolean;
  /** Columns; only the table wraps. */
  readonly width: number;
}

/** @returns text that ends with a line break; the empty string for no reports as ndjson */
export function render(reports: readonly ImageReport[], format: Format, options: RenderOptions): string {
  switch (format) {
    case 'table':
      return renderTable(reports, options);
    case 'json':
      return renderJson(reports);
    case 'sarif':
      return renderSarif(reports);
    case 'html':
      return renderHtml(reports);
    case 'ndjson':
      return renderNdjson(reports);
  }
}
