/** The way into the scanner. */
export { layerFacts } from './layer-facts.ts';
export type { LayerReport } from './layer-report.ts';
export { defaultLimits, type ScanLimits } from './limits.ts';
export { type Progress, scanTarget } from './scan.ts';
export { openSession, type ScanSession, type SessionOptions } from './session.ts';
