/** What every command that scans for a store has: what is known, and a scanner that asks for it. */
import type { ScanSession } from '../scan/session.ts';
import { type IndicatorSource, indicatorSource } from '../store/indicators.ts';
import { layerExchange } from '../store/layer-reports.ts';
import type { Store } from '../store/open.ts';
import { openScanning, type ScanningFlags } from './scanning.ts';

export interface Workplace {
  readonly indicators: IndicatorSource;
  readonly session: ScanSession;
}

/** @param resources closes the session */
export async function openWorkplace(
  { db }: Store,
  flags: ScanningFlags,
  resources: AsyncDisposableStack,
): Promise<Workplace> {
  const indicators = indicatorSource(db);
  await indicators.refresh();
  const session = await openScanning(flags, { known: indicators.known, exchange: layerExchange(db) });
  resources.defer(() => session.close());
  return { indicators, session };
}
