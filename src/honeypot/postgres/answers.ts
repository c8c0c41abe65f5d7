/** What goes to the client, in batches, and never before what it answers is on disk. */
import { setImmediate } from 'node:timers/promises';
import type { Recorded } from '../decoy.ts';
import type { PgError } from './failure.ts';
import { failure, int32, message, notice, parameterStatus, ready } from './protocol/answer.ts';
import type { Session } from './session.ts';

/** Bytes of answers that are sent together. */
const batch = 64 * 1024;
/** Events that are on their way to the disk while more is read. */
const maxUnwritten = 50;
/** Milliseconds after which others have their turn. */
const turn = 5;

/** Parameters that clients are told of when they change. */
const shownParameters = [
  'application_name',
  'client_encoding',
  'DateStyle',
  'TimeZone',
  'standard_conforming_strings',
];

export class Answers {
  private readonly session: Session;
  private readonly flush: (bytes: Buffer) => Promise<void>;
  private waiting: Buffer[] = [];
  private waitingBytes = 0;
  /** All that was told is on disk. */
  private written: Promise<void> = Promise.resolve();
  private unwritten = 0;
  private since = performance.now();
  private readonly shown: Map<string, string>;

  /** @param flush resolves when there is room for more */
  constructor(session: Session, flush: (bytes: Buffer) => Promise<void>) {
    this.session = session;
    this.flush = flush;
    this.shown = new Map(shownParameters.map((name) => [name, session.settings.get(name)]));
  }

  tell(type: string, what: Recorded): void {
    this.written = this.session.connection.record(type, what);
    this.unwritten += 1;
  }

  put(bytes: Buffer): void {
    this.waiting.push(bytes);
    this.waitingBytes += bytes.length;
  }

  /** One of many. */
  async putAndFlush(bytes: Buffer): Promise<void> {
    this.put(bytes);
    if (this.waitingBytes > batch) await this.rest();
  }

  putNotices(): void {
    for (const one of this.session.notices.splice(0)) this.put(notice(one));
  }

  putFailure(error: PgError): void {
    this.putNotices();
    this.put(failure(error));
    if (this.session.rollback !== undefined) this.session.isFailed = true;
  }

  /** The client may go on. */
  async end(): Promise<void> {
    for (const name of shownParameters) {
      const value = this.session.settings.get(name);
      if (this.shown.get(name) !== value) this.put(parameterStatus(name, value));
      this.shown.set(name, value);
    }
    for (const { from, channel, payload } of this.session.notifications.splice(0))
      this.put(message('A', int32(from), channel, payload));
    this.put(ready(this.session.status));
    await this.send();
  }

  async send(): Promise<void> {
    await this.written;
    this.unwritten = 0;
    const bytes = Buffer.concat(this.waiting);
    this.waiting = [];
    this.waitingBytes = 0;
    await this.flush(bytes);
  }

  /** Between two messages, or two statements: lets others work, and the disk keep up. */
  async rest(): Promise<void> {
    if (this.unwritten > maxUnwritten || this.waitingBytes > batch) await this.send();
    if (performance.now() - this.since < turn) return;
    await setImmediate();
    this.since = performance.now();
  }
}
