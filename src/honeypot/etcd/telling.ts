/** The events of one request: with its bytes, and waited for before it is answered. */
import type { Connection, Recorded } from '../decoy.ts';

/** Events of one request; a transaction may have as many operations. */
const most = 20;

export class Telling {
  private readonly connection: Connection;
  /** What came. */
  raw: Uint8Array = new Uint8Array();
  private written: Promise<void> = Promise.resolve();
  private count = 0;

  constructor(connection: Connection) {
    this.connection = connection;
  }

  readonly tell = (type: string, what: Recorded): void => {
    this.count += 1;
    if (this.count <= most) this.written = this.connection.record(type, { raw: this.raw, ...what });
  };

  /** All that was told is on disk. */
  settled(): Promise<void> {
    this.count = 0;
    return this.written;
  }
}
