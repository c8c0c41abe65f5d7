/** The way into the scanner. */
export { defaultLimits, type ScanLimits } from './limits.ts';
export { type Progress, scanTarget } from './scan.ts';
export { openSession, type ScanSession, type SessionOptions } from './session.ts';
