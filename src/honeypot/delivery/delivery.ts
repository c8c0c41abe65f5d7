/** Who stores what a sensor saw: a server over the network, or the embedded store in the same process. */

export interface Answer {
  /** Lines that will never be taken, for people to know. */
  readonly rejected: number;
}

export interface Delivery {
  /**
   * Stores a batch of lines. @throws `Postponed` where it should be tried again after a time, `WaterguardError`
   * `unauthorized` or `refused` where somebody has to act first
   */
  events(lines: readonly string[], signal: AbortSignal): Promise<Answer>;
  /** The same, and `refused` for one that will never be taken. */
  artefact(sha256: string, content: Uint8Array<ArrayBuffer>, signal: AbortSignal): Promise<void>;
  /** Tells how the sensor is, where somebody wants to know. */
  report?(report: SensorState, signal: AbortSignal): Promise<void>;
}

export interface SensorState {
  readonly version: string;
  readonly decoys: readonly {
    /** Of the port, as the command line calls it. */
    readonly name: string;
    readonly address: string;
    readonly state: 'up' | 'restarting';
  }[];
  /** Bytes that wait, and that may. */
  readonly spool?: { readonly bytes: number; readonly capacity: number };
}

export class Postponed extends Error {
  /** Milliseconds. */
  readonly after: number;

  constructor(message: string, after: number) {
    super(message);
    this.after = after;
  }
}
