/** Queries of a session: the simple way and the extended one, and COPY with the client in between. */
import { randomInt } from 'node:crypto';
import type { Recorded } from '../decoy.ts';
import { now } from '../world/world.ts';
import { Context } from './engine/context.ts';
import { compileSelect } from './engine/select.ts';
import { failures, PgError } from './failure.ts';
import {
  bindComplete,
  closeComplete,
  complete,
  copyResponse,
  dataRow,
  emptyQuery,
  failure,
  fromBinary,
  message,
  noData,
  notice,
  parameterDescription,
  parameterStatus,
  parseComplete,
  portalSuspended,
  ready,
  rowDescription,
} from './protocol/answer.ts';
import { Body, type Message } from './protocol/messages.ts';
import type { Prepared, Session } from './session.ts';
import type { Statement } from './sql/ast.ts';
import { parse } from './sql/statements.ts';
import { maxPrepared } from './statement/prepared.ts';
import { type CopyWithClient, type Result, runStatement } from './statement/run.ts';
import { input, typeByOid, types, type Value } from './types.ts';

/** Bytes of answers that are sent together; characters of a query in an event, and of one that is decoded. */
const most = { batch: 64 * 1024, shown: 16_000, decoded: 262_144 };
/** Bytes that COPY takes from the client. */
const maxCopy = 8 << 20;

export class Queries {
  private readonly session: Session;
  private readonly flush: (bytes: Buffer) => Promise<void>;
  private waiting: Buffer[] = [];
  private waitingBytes = 0;
  /** After an error, messages are skipped until the client synchronises. */
  private isSkipping = false;
  private copying:
    | { readonly copy: CopyWithClient; readonly chunks: Buffer[]; size: number; readonly isSimple: boolean }
    | undefined;
  /** All that was told is on disk. */
  private written: Promise<void> = Promise.resolve();

  constructor(session: Session, flush: (bytes: Buffer) => Promise<void>) {
    this.session = session;
    this.flush = flush;
  }

  async take({ kind, body }: Message): Promise<void> {
    if (this.copying !== undefined && 'dcf'.includes(kind)) return this.takeCopy(kind, body);
    if (this.isSkipping && kind !== 'S') return;
    switch (kind) {
      case 'Q':
        return this.simple(new Body(body).string(), body);
      case 'S':
        this.isSkipping = false;
        return this.end();
      case 'H':
        return this.send();
      case 'd':
      case 'c':
      case 'f':
        return;
      case 'F':
        return this.attempt(() => {
          throw failures.notSupported(
            'fastpath function calls are not supported',
            'fastpath.c:197:HandleFunctionRequest',
          );
        });
      default:
        return this.attempt(() => this.extended(kind, new Body(body), body));
    }
  }

  private async simple(query: string, raw: Buffer): Promise<void> {
    const { session } = this;
    this.beginQuery(query);
    this.tellQuery(query, raw);
    let restore: (() => void) | undefined;
    try {
      const statements = parse(query);
      if (statements.length === 0) this.put(emptyQuery);
      // Several statements are one transaction, unless they say otherwise.
      if (statements.length > 1 && session.rollback === undefined) restore = session.server.capture();
      for (const parsed of statements) {
        this.requireGoing(parsed.statement);
        if (parsed.statement.kind === 'transaction') restore = undefined;
        const context = new Context(session);
        let isDescribed = false;
        const result = await this.running(context, () =>
          runStatement(parsed, context, undefined, (columns) => {
            this.put(rowDescription(columns));
            isDescribed = true;
          }),
        );
        if (result.columns !== undefined && !isDescribed) this.put(rowDescription(result.columns));
        await this.answer(result, context, true);
        if (this.copying !== undefined) return;
      }
    } catch (error) {
      if (!(error instanceof PgError)) throw error;
      restore?.();
      this.fail(error);
    }
    await this.end();
  }

  private async running(context: Context, run: () => Promise<Result>): Promise<Result> {
    try {
      return await run();
    } finally {
      for (const [type, what] of context.told) this.tell(type, what);
      for (const one of this.session.notices.splice(0)) this.put(notice(one));
    }
  }

  private async answer(
    { tag, columns, rows, copy }: Result,
    context: Context,
    isSimple: boolean,
    formats: readonly number[] = [],
  ): Promise<void> {
    if (copy !== undefined) {
      this.put(copyResponse(copy.isFrom, copy.columns));
      if (copy.isFrom) {
        this.copying = { copy, chunks: [], size: 0, isSimple };
        return this.send();
      }
      for (const line of copy.lines ?? []) await this.putAndFlush(message('d', Buffer.from(line)));
      this.put(message('c'));
    } else if (columns !== undefined)
      for (const row of rows ?? []) await this.putAndFlush(dataRow(row, columns, context, formats));
    this.put(complete(tag));
  }

  /** Clients are told of parameters that they look at. */
  private putChanged(): void {
    const { settings } = this.session;
    for (const name of [
      'application_name',
      'client_encoding',
      'DateStyle',
      'TimeZone',
      'standard_conforming_strings',
    ]) {
      const value = settings.get(name);
      if (this.shown.get(name) !== undefined && this.shown.get(name) !== value)
        this.put(parameterStatus(name, value));
      this.shown.set(name, value);
    }
  }

  private readonly shown = new Map<string, string>();

  private async takeCopy(kind: string, body: Buffer): Promise<void> {
    const { copy, chunks, isSimple } = this.copying!;
    if (kind === 'd') {
      this.copying!.size += body.length;
      if (this.copying!.size <= maxCopy) chunks.push(Buffer.from(body));
      return;
    }
    this.copying = undefined;
    try {
      if (kind === 'f')
        throw new PgError(
          '57014',
          `COPY from stdin failed: ${new Body(body).string()}`,
          'copyfromparse.c:266:CopyGetData',
        );
      const content = Buffer.concat(chunks);
      this.tell('copy', {
        raw: content,
        texts: [content.subarray(0, most.decoded).toString('utf8')],
        data: { size: content.length },
      });
      this.put(complete(`COPY ${await copy.take!(content)}`));
    } catch (error) {
      if (!(error instanceof PgError)) throw error;
      this.fail(error);
    }
    if (isSimple) await this.end();
  }

  private async attempt(step: () => void | Promise<void>): Promise<void> {
    try {
      await step();
    } catch (error) {
      if (!(error instanceof PgError)) throw error;
      this.fail(error);
      this.isSkipping = true;
    }
  }

  private async extended(kind: string, body: Body, raw: Buffer): Promise<void> {
    const { session } = this;
    switch (kind) {
      case 'P': {
        const name = body.string();
        const query = body.string();
        this.beginQuery(query);
        this.tellQuery(query, raw);
        const given = Array.from(
          { length: Math.min(body.int16(), 1000) },
          () => typeByOid(body.int32()) ?? types.unknown,
        );
        const statements = parse(query);
        if (statements.length > 1)
          throw new PgError(
            '42601',
            'cannot insert multiple commands into a prepared statement',
            'postgres.c:1473:exec_parse_message',
          );
        if (name !== '' && session.prepared.has(name))
          throw new PgError(
            '42P05',
            `prepared statement "${name}" already exists`,
            'prepare.c:422:StorePreparedStatement',
          );
        if (session.prepared.size >= maxPrepared) throw failures.tooMuch();
        const parsed = statements[0];
        if (parsed !== undefined) this.requireGoing(parsed.statement);
        const context = new Context(session, [], given);
        if (parsed?.statement.kind === 'select') compileSelect(parsed.statement.select, context);
        session.prepared.set(name, { parsed, types: context.paramTypes.map((type) => type ?? types.text) });
        this.put(parseComplete);
        return;
      }
      case 'B':
        return this.bind(body);
      case 'D':
        return this.describe(body.byte(), body.string());
      case 'E':
        return this.execute(body.string(), body.int32());
      case 'C': {
        const what = body.byte();
        (what === 'S' ? session.prepared : session.portals).delete(body.string());
        this.put(closeComplete);
        return;
      }
      default:
        throw new PgError(
          '08P01',
          `invalid frontend message type ${kind.charCodeAt(0)}`,
          'postgres.c:4747:PostgresMain',
        );
    }
  }

  private preparedNamed(name: string): Prepared {
    const prepared = this.session.prepared.get(name);
    if (prepared !== undefined) return prepared;
    throw new PgError(
      '26000',
      name === ''
        ? 'unnamed prepared statement does not exist'
        : `prepared statement "${name}" does not exist`,
      'postgres.c:1657:exec_bind_message',
    );
  }

  private bind(body: Body): void {
    const [portal, name] = [body.string(), body.string()];
    const prepared = this.preparedNamed(name);
    const formats = Array.from({ length: Math.min(body.int16(), 1000) }, () => body.int16());
    const count = body.int16();
    if (count !== prepared.types.length)
      throw new PgError(
        '08P01',
        `bind message supplies ${count} parameters, but prepared statement "${name}" requires ${prepared.types.length}`,
        'postgres.c:1705:exec_bind_message',
      );
    const params: Value[] = [];
    for (let index = 0; index < count; index += 1) {
      const length = body.int32();
      const bytes = length < 0 ? undefined : body.take(length);
      const type = prepared.types[index]!;
      const format = formats.length === 1 ? formats[0]! : (formats[index] ?? 0);
      if (bytes === undefined) params.push(null);
      else
        params.push(
          format === 1
            ? fromBinary(bytes, type)
            : input(bytes.toString('utf8'), type.name === 'unknown' ? types.text : type),
        );
    }
    const results = Array.from({ length: Math.min(body.int16(), 1600) }, () => body.int16());
    if (this.session.portals.size >= maxPrepared) this.session.portals.clear();
    this.session.portals.set(portal, { prepared, params, formats: results });
    if (params.length > 0)
      this.tell('query', {
        texts: params
          .filter((value) => typeof value === 'string')
          .map((value) => String(value).slice(0, most.decoded)),
        data: {
          query: (prepared.parsed?.text ?? '').slice(0, most.shown),
          parameters: params.slice(0, 50).map((value) => String(value).slice(0, 1000)),
        },
      });
    this.put(bindComplete);
  }

  private describe(what: string, name: string): void {
    if (what === 'S') {
      const prepared = this.preparedNamed(name);
      this.put(parameterDescription(prepared.types));
      this.putDescription(prepared, []);
      return;
    }
    const portal = this.session.portals.get(name);
    if (portal === undefined)
      throw new PgError(
        '34000',
        `portal "${name}" does not exist`,
        'postgres.c:2646:exec_describe_portal_message',
      );
    this.putDescription(portal.prepared, portal.formats);
  }

  private putDescription({ parsed, types: given }: Prepared, formats: readonly number[]): void {
    if (parsed?.statement.kind === 'select') {
      const { columns } = compileSelect(parsed.statement.select, new Context(this.session, [], given));
      this.put(rowDescription(columns, formats));
    } else if (parsed?.statement.kind === 'show')
      this.put(
        rowDescription([{ table: undefined, name: parsed.statement.name, type: types.text }], formats),
      );
    else this.put(noData);
  }

  private async execute(name: string, limit: number): Promise<void> {
    const { session } = this;
    const portal = session.portals.get(name);
    if (portal === undefined)
      throw new PgError('34000', `portal "${name}" does not exist`, 'postgres.c:2105:exec_execute_message');
    const { parsed, types: given } = portal.prepared;
    if (parsed === undefined) {
      this.put(emptyQuery);
      return;
    }
    this.requireGoing(parsed.statement);
    const context = new Context(session, portal.params, given);
    const result = await this.running(context, () => runStatement(parsed, context));
    const rows = portal.rows ?? result.rows;
    if (limit > 0 && rows !== undefined && rows.length > limit && result.columns !== undefined) {
      for (const row of rows.slice(0, limit))
        await this.putAndFlush(dataRow(row, result.columns, context, portal.formats));
      portal.rows = rows.slice(limit);
      this.put(portalSuspended);
      return;
    }
    await this.answer({ ...result, ...(rows && { rows }) }, context, false, portal.formats);
  }

  private requireGoing({ kind, ...statement }: Statement): void {
    if (!this.session.isFailed) return;
    const isEnd =
      kind === 'transaction' &&
      'what' in statement &&
      statement.what !== 'begin' &&
      statement.what !== 'savepoint';
    if (!isEnd)
      throw new PgError(
        '25P02',
        'current transaction is aborted, commands ignored until end of transaction block',
        'postgres.c:1081:exec_simple_query',
      );
  }

  private fail(error: PgError): void {
    for (const one of this.session.notices.splice(0)) this.put(notice(one));
    this.put(failure(error));
    if (this.session.rollback !== undefined) this.session.isFailed = true;
  }

  private beginQuery(query: string): void {
    const { session } = this;
    session.query = query;
    if (session.rollback === undefined) {
      session.now = now(session.server.world);
      session.micros = randomInt(1000);
    }
    if (session.cancel.signal.aborted) session.cancel = new AbortController();
    if (this.shown.size === 0) this.putChanged();
  }

  private tellQuery(query: string, raw: Buffer): void {
    this.tell('query', {
      raw,
      texts: [query.slice(0, most.decoded)],
      data: { query: query.slice(0, most.shown) },
    });
  }

  private tell(type: string, what: Recorded): void {
    this.written = this.session.connection.record(type, what);
  }

  private put(bytes: Buffer): void {
    this.waiting.push(bytes);
    this.waitingBytes += bytes.length;
  }

  private async putAndFlush(bytes: Buffer): Promise<void> {
    this.put(bytes);
    if (this.waitingBytes > most.batch) await this.send();
  }

  private async end(): Promise<void> {
    this.putChanged();
    this.put(ready(this.session.status));
    await this.send();
  }

  /** What was answered was recorded. */
  private async send(): Promise<void> {
    await this.written;
    const bytes = Buffer.concat(this.waiting);
    this.waiting = [];
    this.waitingBytes = 0;
    await this.flush(bytes);
  }
}
