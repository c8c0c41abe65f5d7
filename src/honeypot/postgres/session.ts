/** One connection that has come in: who it is, what it set and prepared, and how its transaction is. */
import type { Connection } from '../decoy.ts';
import type { Database, Row, Sequence } from './database.ts';
import type { Visible } from './engine/scope.ts';
import type { Notice } from './failure.ts';
import type { Server } from './server.ts';
import { Settings } from './settings.ts';
import type { Parsed } from './sql/statements.ts';
import type { Type, Value } from './types.ts';

export interface Prepared {
  readonly parsed: Parsed | undefined;
  readonly types: readonly Type[];
}

export interface Portal {
  readonly prepared: Prepared;
  readonly params: readonly Value[];
  readonly formats: readonly number[];
  /** What is left of its rows, once it was begun. */
  rows?: readonly (readonly Value[])[];
}

export interface Cursor {
  readonly columns: readonly Visible[];
  readonly rows: readonly Row[];
  /** The next row. */
  at: number;
  /** Stays when the transaction is over. */
  readonly isHeld: boolean;
}

export class Session {
  readonly server: Server;
  readonly connection: Connection;
  readonly database: Database;
  readonly user: string;
  readonly processId: number;
  readonly secret: number;
  readonly settings = new Settings();
  readonly since = Date.now();
  /** Undefined outside of a transaction. */
  rollback: (() => void) | undefined;
  /** Something failed in the transaction, and all that follows will until it ends. */
  isFailed = false;
  readonly prepared = new Map<string, Prepared>();
  readonly portals = new Map<string, Portal>();
  readonly cursors = new Map<string, Cursor>();
  /** The query of the moment, for pg_stat_activity. */
  query = '';
  /** When the transaction of the moment began, in milliseconds since 1970. */
  now = Date.now();
  /** And microseconds on top. */
  micros = 0;
  readonly usedSequences = new WeakSet<Sequence>();
  lastSequence: Sequence | undefined;
  /** Sent before the answer. */
  readonly notices: Notice[] = [];
  /** Ends what is waited for. */
  cancel = new AbortController();

  constructor(server: Server, connection: Connection, database: Database, user: string, secret: number) {
    this.server = server;
    this.connection = connection;
    this.database = database;
    this.user = user;
    this.secret = secret;
    this.processId = server.processId();
  }

  get status(): 'I' | 'T' | 'E' {
    if (this.rollback === undefined) return 'I';
    return this.isFailed ? 'E' : 'T';
  }

  begin(): void {
    this.rollback ??= this.server.capture();
    this.isFailed = false;
  }

  /** @returns whether it had failed, and was taken back */
  commit(): boolean {
    const { isFailed } = this;
    if (isFailed) this.rollback?.();
    this.endTransaction();
    return isFailed;
  }

  takeBack(): void {
    this.rollback?.();
    this.endTransaction();
  }

  private endTransaction(): void {
    this.rollback = undefined;
    this.isFailed = false;
    for (const [name, { isHeld }] of this.cursors) if (!isHeld) this.cursors.delete(name);
  }
}
