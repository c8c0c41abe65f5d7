/** Whom the server says it replicates from. It never connects: the link stays down. */
import { randomBytes } from 'node:crypto';

export interface Master {
  readonly host: string;
  readonly port: number;
}

const nobody = '0'.repeat(40);

export class Replication {
  id: string;
  formerId = nobody;
  offset = 0;
  formerOffset = -1;
  hasBacklog = false;
  master: Master | undefined;
  /** A master was named at some time: what a full synchronisation with it would have left may be there. */
  wasReplica = false;

  constructor(id: string) {
    this.id = id;
  }

  follow(master: Master): void {
    this.master = master;
    this.wasReplica = true;
  }

  /** Becomes a master of its own again. */
  promote(): void {
    if (this.master === undefined) return;
    this.master = undefined;
    this.formerId = this.id;
    this.formerOffset = this.offset + 1;
    this.id = randomBytes(20).toString('hex');
  }
}
