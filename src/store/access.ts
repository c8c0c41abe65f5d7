/**
 * People, machines and what they did. Secrets of sessions, links and tokens are random and long, so their SHA-256 is
 * kept and nothing else; passwords are kept by scrypt.
 */
import { createHash, randomBytes } from 'node:crypto';
import { type Kysely, type Selectable, sql, type Transaction } from 'kysely';
import type { z } from 'zod';
import type { AuditEntry, auditQuery, Role, Scope, Token, User } from '../api/access.ts';
import type { Page } from '../api/page.ts';
import { type Order, pageFrom, readCursor } from './page.ts';
import { storableJson } from './storable.ts';
import type { Tables } from './tables.ts';

/** Hours that somebody stays signed in without coming back, and minutes that a link is good for. */
const sessionHours = 12;
const linkMinutes = 10;

/** 256 bits of chance, and what is stored of it. */
export function newSecret(prefix = ''): { readonly secret: string; readonly stored: Buffer } {
  const secret = prefix + randomBytes(32).toString('base64url');
  return { secret, stored: storedSecret(secret) };
}

export function storedSecret(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}

export function userRow(row: Selectable<Tables['users']>): User {
  return {
    id: row.id,
    name: row.name,
    role: row.role as Role,
    hasPassword: row.password !== null,
    disabled: row.disabled,
    createdAt: row.created_at.toISOString(),
    ...(row.last_seen_at !== null && { lastSeenAt: row.last_seen_at.toISOString() }),
  };
}

/** @returns the link's secret; it works once */
export async function addLink(
  db: Kysely<Tables>,
  user: number,
): Promise<{ readonly secret: string; readonly expiresAt: string }> {
  const { secret, stored } = newSecret();
  const { expires_at } = await db
    .insertInto('sign_in_links')
    .values({
      secret: stored,
      user_id: user,
      expires_at: sql<Date>`now() + ${linkMinutes} * interval '1 minute'`,
    })
    .returning('expires_at')
    .executeTakeFirstOrThrow();
  return { secret, expiresAt: expires_at.toISOString() };
}

/** Takes a link: the first one who has it is signed in, nobody after. */
export async function takeLink(tx: Transaction<Tables>, secret: string): Promise<User | undefined> {
  const row = await tx
    .deleteFrom('sign_in_links')
    .using('users')
    .whereRef('users.id', '=', 'sign_in_links.user_id')
    .where('sign_in_links.secret', '=', storedSecret(secret))
    .where('sign_in_links.expires_at', '>', sql<Date>`now()`)
    .where('users.disabled', '=', false)
    .returningAll('users')
    .executeTakeFirst();
  return row && userRow(row);
}

export interface OpenedSession {
  readonly secret: string;
  readonly expiresAt: string;
}

export async function openSession(tx: Transaction<Tables>, user: number): Promise<OpenedSession> {
  const { secret, stored } = newSecret();
  await tx.deleteFrom('sessions').where('expires_at', '<=', sql<Date>`now()`).execute();
  const { expires_at } = await tx
    .insertInto('sessions')
    .values({
      secret: stored,
      user_id: user,
      expires_at: sql<Date>`now() + ${sessionHours} * interval '1 hour'`,
    })
    .returning('expires_at')
    .executeTakeFirstOrThrow();
  await tx.updateTable('users').set({ last_seen_at: sql<Date>`now()` }).where('id', '=', user).execute();
  return { secret, expiresAt: expires_at.toISOString() };
}

/** Whose session it is; it is prolonged while it is used. */
export async function findSession(
  db: Kysely<Tables>,
  secret: string,
): Promise<{ readonly user: User; readonly expiresAt: string } | undefined> {
  const stored = storedSecret(secret);
  const row = await db
    .selectFrom('sessions')
    .innerJoin('users', 'users.id', 'sessions.user_id')
    .selectAll('users')
    .select('sessions.expires_at')
    .where('sessions.secret', '=', stored)
    .where('sessions.expires_at', '>', sql<Date>`now()`)
    .where('users.disabled', '=', false)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  const left = row.expires_at.getTime() - Date.now();
  if (left < (sessionHours - 1) * 3_600_000) {
    await db
      .updateTable('sessions')
      .set({ expires_at: sql<Date>`now() + ${sessionHours} * interval '1 hour'` })
      .where('secret', '=', stored)
      .execute();
  }
  return { user: userRow(row), expiresAt: row.expires_at.toISOString() };
}

export async function closeSession(db: Kysely<Tables>, secret: string): Promise<void> {
  await db.deleteFrom('sessions').where('secret', '=', storedSecret(secret)).execute();
}

export function tokenRow(row: Omit<Selectable<Tables['tokens']>, 'secret'>): Token {
  return {
    id: row.id,
    name: row.name,
    scopes: row.scopes as Scope[],
    prefix: row.prefix,
    createdAt: row.created_at.toISOString(),
    createdBy: row.created_by,
    ...(row.expires_at !== null && { expiresAt: row.expires_at.toISOString() }),
    ...(row.last_used_at !== null && { lastUsedAt: row.last_used_at.toISOString() }),
    ...(row.sensor_id !== null && { sensor: row.sensor_id }),
  };
}

/** What a machine's token allows; its last use is noted once a minute. */
export async function findToken(db: Kysely<Tables>, secret: string): Promise<Token | undefined> {
  const row = await db
    .selectFrom('tokens')
    .selectAll()
    .where('secret', '=', storedSecret(secret))
    .where((of) => of.or([of('expires_at', 'is', null), of('expires_at', '>', sql<Date>`now()`)]))
    .executeTakeFirst();
  if (row === undefined) return undefined;
  if (row.last_used_at === null || Date.now() - row.last_used_at.getTime() > 60_000) {
    await db.updateTable('tokens').set({ last_used_at: sql<Date>`now()` }).where('id', '=', row.id).execute();
  }
  return tokenRow(row);
}

/** Who did something: `user:anna`, `token:ci`, `system`. */
export interface Actor {
  readonly name: string;
  readonly address?: string | undefined;
}

/** In the transaction of what it tells of: nothing is changed without a line, and no line is without a change. */
export async function audit(
  tx: Kysely<Tables>,
  actor: Actor,
  action: string,
  subject: string,
  detail: Readonly<Record<string, unknown>> = {},
): Promise<void> {
  await tx
    .insertInto('audit_log')
    .values({
      actor: actor.name,
      action,
      subject,
      detail: storableJson(detail),
      address: actor.address ?? null,
    })
    .execute();
}

const newestFirst: Order = { list: 'audit', by: ['bigint'] };

/** The newest first. */
export async function listAudit(
  db: Kysely<Tables>,
  query: z.output<typeof auditQuery>,
): Promise<Page<AuditEntry>> {
  const after = readCursor(query.cursor, newestFirst);
  const rows = await db
    .selectFrom('audit_log')
    .selectAll()
    .$if(query.action !== undefined, (one) => one.where('action', '=', query.action!))
    .$if(after !== undefined, (one) => one.where('id', '<', Number(after![0])))
    .orderBy('id', 'desc')
    .limit(query.limit + 1)
    .execute();
  return pageFrom(
    rows,
    query.limit,
    newestFirst,
    (row) => ({
      id: row.id,
      at: row.at.toISOString(),
      actor: row.actor,
      action: row.action,
      subject: row.subject,
      detail: row.detail as Record<string, unknown>,
      ...(row.address !== null && { address: row.address }),
    }),
    (row) => [row.id],
  );
}
