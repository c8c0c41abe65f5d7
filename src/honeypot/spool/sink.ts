/** Where a sensor's events go first: whoever appends knows when they are on disk. */
import type { Worth } from '../decoy.ts';

export interface NumberedEvent {
  readonly seq: number;
  readonly worth: Worth;
  /** JSON, without a line feed. */
  readonly line: string;
}

export interface EventSink {
  /** Resolves once they are on disk, or were given up because there is no room; never fails. */
  append(events: readonly NumberedEvent[]): Promise<void>;
  close(): Promise<void>;
}

/** What was given up, to be told in an event `spool.dropped`. */
export interface Dropped {
  readonly worth: Worth;
  readonly count: number;
  readonly firstSeq: number;
  readonly lastSeq: number;
}
