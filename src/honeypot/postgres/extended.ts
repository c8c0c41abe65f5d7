/** The extended query protocol: Parse, Bind, Describe, Execute, Close. */
import { sizeOf, sizeOfRows } from './database.ts';
import { Context } from './engine/context.ts';
import { nowhere } from './engine/select.ts';
import { PgError } from './failure.ts';
import {
  bindComplete,
  closeComplete,
  dataRow,
  emptyQuery,
  fromBinary,
  noData,
  parameterDescription,
  parseComplete,
  portalSuspended,
  rowDescription,
} from './protocol/answer.ts';
import type { Body } from './protocol/messages.ts';
import { most, type Queries } from './queries.ts';
import type { Portal, Prepared, Session } from './session.ts';
import type { Statement } from './sql/ast.ts';
import { parse } from './sql/statements.ts';
import { describe } from './statement/describe.ts';
import { keepPrepared, maxPrepared, noPrepared, requireKnown } from './statement/prepared.ts';
import { type Type, typeByOid, types, type Value } from './types.ts';
import { input } from './values.ts';

/** Of one statement: what there are more of is not looked at. */
const maxGiven = 1000;

const planned: ReadonlySet<Statement['kind']> = new Set(['select', 'insert', 'update', 'delete']);

/** `S` for a statement, `P` for a portal. @throws PgError */
function kindIn(body: Body, what: string, line: number): string {
  const kind = body.byte();
  if (kind === 'S' || kind === 'P') return kind;
  throw new PgError(
    '08P01',
    `invalid ${what} message subtype ${kind.charCodeAt(0)}`,
    `postgres.c:${line}:PostgresMain`,
  );
}

/** @throws PgError with the parameter that it is */
function textIn(bytes: Buffer, type: Type, index: number, portal: string): Value {
  try {
    return input(bytes.toString('utf8'), type);
  } catch (error) {
    if (!(error instanceof PgError)) throw error;
    const title = portal === '' ? 'unnamed portal' : `portal "${portal}"`;
    throw error.with({ context: `${title} parameter $${index + 1} = '...'` });
  }
}

export class Extended {
  private readonly session: Session;
  private readonly queries: Queries;

  constructor(session: Session, queries: Queries) {
    this.session = session;
    this.queries = queries;
  }

  /** @throws PgError */
  async take(kind: string, body: Body, raw: Buffer): Promise<void> {
    switch (kind) {
      case 'P':
        return this.parse(body, raw);
      case 'B':
        return this.bind(body);
      case 'D':
        return this.describe(body);
      case 'E': {
        const [portal, limit] = [body.string(), body.int32()];
        body.end();
        return this.execute(portal, limit);
      }
      case 'C': {
        const what = kindIn(body, 'CLOSE', 4786);
        if (what === 'S') this.session.forget(this.session.prepared, body.string());
        else this.session.forget(this.session.portals, body.string());
        body.end();
        this.queries.answers.put(closeComplete);
        return;
      }
      default:
        throw new PgError(
          '08P01',
          `invalid frontend message type ${kind.charCodeAt(0)}`,
          'postgres.c:4884:PostgresMain',
        );
    }
  }

  private parse(body: Body, raw: Buffer): void {
    const { session } = this;
    const [name, query] = [body.string(), body.string()];
    this.queries.begin(query, raw);
    const given = Array.from(
      { length: Math.min(body.int16(), maxGiven) },
      () => typeByOid(body.int32()) ?? types.unknown,
    );
    body.end();
    const statements = parse(query);
    if (statements.length > 1)
      throw new PgError(
        '42601',
        'cannot insert multiple commands into a prepared statement',
        'postgres.c:1419:exec_parse_message',
      );
    const parsed = statements[0];
    if (parsed !== undefined) this.queries.requireGoing(parsed.statement);
    const context = new Context(session, [], given);
    if (parsed !== undefined) describe(parsed.statement, context);
    if (name !== '' && session.prepared.has(name))
      throw new PgError(
        '42P05',
        `prepared statement "${name}" already exists`,
        'prepare.c:412:StorePreparedStatement',
      );
    keepPrepared(session, name, parsed, requireKnown(context));
    this.queries.answers.put(parseComplete);
  }

  private preparedNamed(name: string, place: string): Prepared {
    const prepared = this.session.prepared.get(name);
    if (prepared !== undefined) return prepared;
    if (name === '') throw new PgError('26000', 'unnamed prepared statement does not exist', place);
    throw noPrepared(name);
  }

  private async bind(body: Body): Promise<void> {
    const { session } = this;
    const [name, statement] = [body.string(), body.string()];
    const prepared = this.preparedNamed(statement, 'postgres.c:1616:exec_bind_message');
    const formats = Array.from({ length: Math.min(body.int16(), maxGiven) }, () => body.int16());
    const count = body.int16();
    if (count !== prepared.types.length)
      throw new PgError(
        '08P01',
        `bind message supplies ${count} parameters, but prepared statement "${statement}" requires ${prepared.types.length}`,
        'postgres.c:1674:exec_bind_message',
      );
    if (prepared.parsed !== undefined) this.queries.requireGoing(prepared.parsed.statement);
    if (name !== '' && session.portals.has(name))
      throw new PgError('42P03', `cursor "${name}" already exists`, 'portalmem.c:186:CreatePortal');
    const params: Value[] = [];
    for (const [index, type] of prepared.types.entries()) {
      const length = body.int32();
      const bytes = length < 0 ? undefined : body.take(length);
      const format = formats.length === 1 ? formats[0]! : (formats[index] ?? 0);
      if (bytes === undefined) params.push(null);
      else params.push(format === 1 ? fromBinary(bytes, type) : textIn(bytes, type, index, name));
    }
    const results = Array.from({ length: Math.min(body.int16(), 1600) }, () => body.int16());
    body.end();
    await this.plan(prepared, params);
    session.forget(session.portals, name);
    if (session.portals.size >= maxPrepared) session.forgetAll(session.portals);
    const size = sizeOf(params);
    session.hold(size);
    session.portals.set(name, { prepared, params, formats: results, size });
    if (params.length > 0) this.tellParameters(prepared, params);
    this.queries.answers.put(bindComplete);
  }

  /** What is the same whatever the rows are is known now, and fails now. @throws PgError */
  private async plan({ parsed, types: given }: Prepared, params: readonly Value[]): Promise<void> {
    if (parsed === undefined || !planned.has(parsed.statement.kind)) return;
    await this.queries.within(new Context(this.session, params, given), async (context) => {
      context.isBound = true;
      describe(parsed.statement, context);
      for (const constant of context.constants) await constant(nowhere);
    });
  }

  private tellParameters({ parsed }: Prepared, params: readonly Value[]): void {
    this.queries.answers.tell('query', {
      texts: params.filter((value) => typeof value === 'string').map((value) => value.slice(0, most.decoded)),
      data: {
        query: (parsed?.text ?? '').slice(0, most.shown),
        parameters: params.slice(0, 50).map((value) => String(value).slice(0, 1000)),
      },
    });
  }

  private describe(body: Body): void {
    const { answers } = this.queries;
    const [what, name] = [kindIn(body, 'DESCRIBE', 4821), body.string()];
    body.end();
    if (what === 'S') {
      const prepared = this.preparedNamed(name, 'postgres.c:2586:exec_describe_statement_message');
      answers.put(parameterDescription(prepared.types));
      this.putDescription(prepared, []);
      return;
    }
    const { prepared, formats } = this.portalNamed(name, 'postgres.c:2669:exec_describe_portal_message');
    this.putDescription(prepared, formats);
  }

  private putDescription({ parsed, types: given }: Prepared, formats: readonly number[]): void {
    const columns = parsed && describe(parsed.statement, new Context(this.session, [], given));
    this.queries.answers.put(columns === undefined ? noData : rowDescription(columns, formats));
  }

  private portalNamed(name: string, place: string): Portal {
    const portal = this.session.portals.get(name);
    if (portal !== undefined) return portal;
    throw new PgError('34000', `portal "${name}" does not exist`, place);
  }

  /** @param limit rows that the client wants now; none or less for all */
  private async execute(name: string, limit: number): Promise<void> {
    const { session, queries } = this;
    const portal = this.portalNamed(name, 'postgres.c:2071:exec_execute_message');
    const { parsed, types: given } = portal.prepared;
    if (parsed === undefined) {
      queries.answers.put(emptyQuery);
      return;
    }
    await queries.within(new Context(session, portal.params, given), async (context) => {
      const { result, sent } = portal.begun ?? { result: await queries.run(parsed, context), sent: 0 };
      const left = result.rows?.slice(sent);
      if (limit <= 0 || left === undefined || left.length < limit || result.columns === undefined) {
        const tag = sent > 0 ? `${result.tag.replace(/\d+$/, '')}${left?.length ?? 0}` : result.tag;
        return queries.answer({ ...result, tag, ...(left && { rows: left }) }, context, portal.formats);
      }
      if (portal.begun === undefined) {
        const size = sizeOfRows(left);
        session.hold(size);
        portal.size += size;
      }
      portal.begun = { result, sent: sent + limit };
      for (const row of left.slice(0, limit))
        await queries.answers.putAndFlush(dataRow(row, result.columns, context, portal.formats));
      queries.answers.put(portalSuspended);
    });
  }
}
