/** One connection that has come in: who it is, what it set and prepared, and how its transaction is. */
import type { Connection } from '../decoy.ts';
import type { Database, Row, Sequence } from './database.ts';
import type { Visible } from './engine/scope.ts';
import type { Notice, PgError } from './failure.ts';
import type { Server } from './server.ts';
import { Settings } from './settings.ts';
import type { Parsed } from './sql/statements.ts';
import type { Result } from './statement/run.ts';
import type { Type, Value } from './types.ts';

export interface Prepared {
  readonly parsed: Parsed | undefined;
  readonly types: readonly Type[];
  /** Bytes that it holds. */
  readonly size: number;
}

export interface Portal {
  readonly prepared: Prepared;
  readonly params: readonly Value[];
  readonly formats: readonly number[];
  /** Bytes that it holds. */
  size: number;
  /** What its statement gave, and how many rows of it the client has, once it was begun. */
  begun?: { readonly result: Result; sent: number };
}

/** What NOTIFY says. */
export interface Notification {
  readonly from: number;
  readonly channel: string;
  readonly payload: string;
}

/** A large object that is open. */
export interface Descriptor {
  readonly oid: number;
  at: number;
  isWritten: boolean;
  readonly mayWrite: boolean;
}

interface Cursor {
  readonly columns: readonly Visible[];
  readonly rows: readonly Row[];
  /** The next row. */
  at: number;
  /** Bytes that it holds. */
  readonly size: number;
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
  /** By their numbers, until the transaction ends. */
  readonly descriptors = new Map<number, Descriptor>();
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
  /** Channels. */
  readonly listening = new Set<string>();
  /** Of channels that it listens to; sent behind the answer. */
  readonly notifications: Notification[] = [];
  /** Bytes of what was prepared, of cursors, of what is being copied. */
  held = 0;
  /** Ends what is waited for. */
  cancel = new AbortController();
  /** Ends the connection, and says why. */
  terminate: (why: PgError) => void = () => {};

  constructor(server: Server, connection: Connection, database: Database, user: string, secret: number) {
    this.server = server;
    this.connection = connection;
    this.database = database;
    this.user = user;
    this.secret = secret;
    this.processId = server.processId();
  }

  /** @throws PgError where there is no room */
  hold(bytes: number): void {
    this.server.room.take(bytes);
    this.held += bytes;
  }

  release(bytes: number): void {
    this.server.room.give(bytes);
    this.held -= bytes;
  }

  /** Takes what was prepared or opened out of where it is. @returns whether it was there */
  forget<T extends { readonly size: number }>(all: Map<string, T>, name: string): boolean {
    this.release(all.get(name)?.size ?? 0);
    return all.delete(name);
  }

  forgetAll<T extends { readonly size: number }>(all: Map<string, T>): void {
    for (const name of [...all.keys()]) this.forget(all, name);
  }

  /** The connection is over. */
  close(): void {
    this.takeBack();
    this.release(this.held);
    this.server.sessions.delete(this);
    this.cancel.abort();
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
    for (const [name, { isHeld }] of this.cursors) if (!isHeld) this.forget(this.cursors, name);
    this.forgetAll(this.portals);
    this.descriptors.clear();
  }
}
