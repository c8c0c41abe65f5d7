/** Queries of a session: those that come alone, and COPY with the client in between. */
import { randomInt } from 'node:crypto';
import { now } from '../world/world.ts';
import { Answers } from './answers.ts';
import { Context } from './engine/context.ts';
import { Extended } from './extended.ts';
import { failureOf, PgError } from './failure.ts';
import { callFunction } from './fast-path.ts';
import { complete, copyResponse, dataRow, emptyQuery, message, rowDescription } from './protocol/answer.ts';
import { Body, type Message } from './protocol/messages.ts';
import type { Session } from './session.ts';
import type { Statement } from './sql/ast.ts';
import { type Parsed, parse } from './sql/statements.ts';
import { type CopyWithClient, type Described, type Result, runStatement } from './statement/run.ts';

/** Characters of a query in an event, and of one that is decoded. */
export const most = { shown: 16_000, decoded: 262_144 };

interface Copying {
  readonly copy: CopyWithClient;
  readonly chunks: Buffer[];
  size: number;
  /** What comes behind it, where it came in a simple query. */
  readonly goOn: (() => Promise<void>) | undefined;
}

export class Queries {
  readonly answers: Answers;
  private readonly session: Session;
  private readonly extended: Extended;
  /** After an error, messages are skipped until the client synchronises. */
  private isSkipping = false;
  private copying: Copying | undefined;
  /** Takes back what was done since the client last synchronised. */
  private restore: (() => void) | undefined;

  constructor(session: Session, flush: (bytes: Buffer) => Promise<void>) {
    this.session = session;
    this.answers = new Answers(session, flush);
    this.extended = new Extended(session, this);
  }

  async take(received: Message): Promise<void> {
    if (this.copying === undefined) await this.takeOne(received);
    else await this.takeCopy(received, this.copying);
    await this.answers.rest();
  }

  private async takeOne({ kind, body }: Message): Promise<void> {
    if (this.isSkipping && kind !== 'S') return;
    switch (kind) {
      case 'Q':
        return this.simple(body);
      case 'S':
        this.isSkipping = false;
        return this.synchronise();
      case 'H':
        return this.answers.send();
      // What is left of a COPY that failed.
      case 'd':
      case 'c':
      case 'f':
        return;
      case 'F':
        await this.guarded(() => this.call(new Body(body)));
        return this.synchronise();
      default:
        return this.attempt(() => this.extended.take(kind, new Body(body), body));
    }
  }

  private async simple(raw: Buffer): Promise<void> {
    await this.guarded(async () => {
      const body = new Body(raw);
      const query = body.string();
      body.end();
      this.begin(query, raw);
      this.session.forget(this.session.prepared, '');
      const statements = parse(query);
      if (statements.length === 0) this.answers.put(emptyQuery);
      await this.runFrom(statements, 0);
    });
    if (this.copying === undefined) await this.synchronise();
  }

  private async runFrom(statements: readonly Parsed[], first: number): Promise<void> {
    for (const [index, parsed] of statements.entries()) {
      if (index < first) continue;
      await this.answers.rest();
      await this.within(new Context(this.session), async (context) => {
        let isDescribed = false;
        const result = await this.run(parsed, context, (columns) => {
          this.answers.put(rowDescription(columns));
          isDescribed = true;
        });
        if (result.columns !== undefined && !isDescribed) this.answers.put(rowDescription(result.columns));
        await this.answer(result, context, [], () => this.runFrom(statements, index + 1));
      });
      if (this.copying !== undefined) return;
    }
  }

  /** Past SQL. @throws PgError */
  private async call(body: Body): Promise<void> {
    if (this.session.isFailed) throw aborted();
    await this.within(new Context(this.session), async (context) => {
      this.session.query = '';
      try {
        this.answers.put(await callFunction(body, context));
      } finally {
        for (const [type, what] of context.told) this.answers.tell(type, what);
      }
    });
  }

  /** What it held is free again, however it ends. */
  async within(context: Context, work: (context: Context) => Promise<void>): Promise<void> {
    try {
      await work(context);
    } finally {
      context.release();
    }
  }

  /** All that is done in one go is one transaction, unless it says otherwise. @throws PgError */
  async run(parsed: Parsed, context: Context, described?: Described): Promise<Result> {
    const { session } = this;
    this.requireGoing(parsed.statement);
    if (parsed.statement.kind === 'transaction') this.restore = undefined;
    else if (session.rollback === undefined) this.restore ??= session.server.capture();
    try {
      return await runStatement(parsed, context, undefined, described);
    } finally {
      for (const [type, what] of context.told) this.answers.tell(type, what);
      this.answers.putNotices();
    }
  }

  /** @param goOn what follows a COPY from the client */
  async answer(
    { tag, columns, rows, copy }: Result,
    context: Context,
    formats: readonly number[] = [],
    goOn?: () => Promise<void>,
  ): Promise<void> {
    const { answers } = this;
    if (copy !== undefined) {
      answers.put(copyResponse(copy.isFrom, copy.columns));
      if (copy.isFrom) {
        this.copying = { copy, chunks: [], size: 0, goOn };
        return answers.send();
      }
      for (const line of copy.lines ?? []) await answers.putAndFlush(message('d', Buffer.from(line)));
      answers.put(message('c'));
    } else if (columns !== undefined)
      for (const row of rows ?? []) await answers.putAndFlush(dataRow(row, columns, context, formats));
    answers.put(complete(tag));
  }

  private async takeCopy({ kind, body }: Message, copying: Copying): Promise<void> {
    if (kind === 'S' || kind === 'H') return;
    const { copy, chunks, goOn } = copying;
    if (!'dcf'.includes(kind)) return this.loseSynchronization(kind, copying);
    const end = (): void => {
      this.copying = undefined;
      this.session.release(copying.size);
    };
    const isGood = await this.guarded(async () => {
      try {
        if (kind === 'd') {
          this.session.hold(body.length);
          copying.size += body.length;
          chunks.push(Buffer.from(body));
          return;
        }
        const content = Buffer.concat(chunks);
        if (kind === 'f') throw givenUp(new Body(body).string(), copy, content);
        this.answers.tell('copy', {
          raw: content,
          texts: [content.subarray(0, most.decoded).toString('utf8')],
          data: { size: content.length },
        });
        const count = await copy.take!(content);
        end();
        this.answers.put(complete(`COPY ${count}`));
        await goOn?.();
      } catch (error) {
        if (this.copying === copying) end();
        throw error;
      }
    });
    if (!isGood && goOn === undefined) this.isSkipping = true;
    if (this.copying === undefined && goOn !== undefined) await this.synchronise();
  }

  /** Nobody knows what such a client will say next. @throws PgError, which is the end */
  private async loseSynchronization(kind: string, { copy, chunks }: Copying): Promise<never> {
    const code = kind.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0');
    const message = `unexpected message type 0x${code} during COPY from stdin`;
    this.answers.putFailure(
      new PgError('08P01', message, 'copyfromparse.c:292:CopyGetData', {
        context: placeIn(copy, Buffer.concat(chunks)),
      }),
    );
    await this.answers.send();
    throw new PgError(
      '08P01',
      'terminating connection because protocol synchronization was lost',
      'postgres.c:4429:PostgresMain',
      {},
      'FATAL',
    );
  }

  private async attempt(step: () => void | Promise<void>): Promise<void> {
    if (!(await this.guarded(step))) this.isSkipping = true;
  }

  /** @returns whether it went well; the client is told where not */
  private async guarded(step: () => void | Promise<void>): Promise<boolean> {
    try {
      await step();
      return true;
    } catch (error) {
      const known = failureOf(error);
      if (known === undefined) throw error;
      this.restore?.();
      this.restore = undefined;
      this.answers.putFailure(known);
      return false;
    }
  }

  private async synchronise(): Promise<void> {
    const { session } = this;
    this.restore = undefined;
    if (session.rollback === undefined) session.forgetAll(session.portals);
    await this.answers.end();
  }

  /** @throws PgError where something failed, and only the end of the transaction is waited for */
  requireGoing({ kind, ...statement }: Statement): void {
    if (!this.session.isFailed) return;
    const isEnd =
      kind === 'transaction' &&
      'what' in statement &&
      statement.what !== 'begin' &&
      statement.what !== 'savepoint';
    if (!isEnd) throw aborted();
  }

  begin(query: string, raw: Buffer): void {
    const { session } = this;
    session.query = query;
    if (session.rollback === undefined) {
      session.now = now(session.server.world);
      session.micros = randomInt(1000);
    }
    if (session.cancel.signal.aborted) session.cancel = new AbortController();
    this.answers.tell('query', {
      raw,
      texts: [query.slice(0, most.decoded)],
      data: { query: query.slice(0, most.shown) },
    });
  }
}

function givenUp(why: string, copy: CopyWithClient, content: Buffer): PgError {
  return new PgError('57014', `COPY from stdin failed: ${why}`, 'copyfromparse.c:315:CopyGetData', {
    context: placeIn(copy, content),
  });
}

/** How far a COPY came. */
function placeIn({ table }: CopyWithClient, content: Buffer): string {
  let line = 1;
  for (let at = content.indexOf(10); at >= 0; at = content.indexOf(10, at + 1)) line += 1;
  return `COPY ${table}, line ${line}`;
}

function aborted(): PgError {
  return new PgError(
    '25P02',
    'current transaction is aborted, commands ignored until end of transaction block',
    'postgres.c:1081:exec_simple_query',
  );
}
