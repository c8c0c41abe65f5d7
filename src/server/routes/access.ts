/** Users, tokens and the audit log. */
import { z } from 'zod';
import {
  auditEntry,
  auditQuery,
  createdToken,
  newToken,
  newUser,
  signInLink,
  token,
  user,
  userChange,
} from '../../api/access.ts';
import { idParameter, pageOf } from '../../api/page.ts';
import { addLink, audit, listAudit, newSecret, tokenRow, userRow } from '../../store/access.ts';
import { tokenPrefix } from '../access.ts';
import type { App, ServerContext } from '../context.ts';
import { notFound, Refusal } from '../problem.ts';

/** Characters of a token by which people tell it from others. */
export const shownOfToken = tokenPrefix.length + 4;

export function accessRoutes(app: App, { db }: ServerContext, publicUrl: string | undefined): void {
  app.get(
    '/v1/users',
    {
      config: { scope: 'admin' },
      schema: { summary: 'Users', response: { 200: pageOf(user) } },
    },
    async () => {
      const rows = await db.selectFrom('users').selectAll().orderBy('name').execute();
      return { items: rows.map(userRow) };
    },
  );

  app.post(
    '/v1/users',
    {
      config: { scope: 'admin' },
      schema: { summary: 'Add a user, who then signs in by a link', body: newUser, response: { 201: user } },
    },
    async ({ body, actor }, reply) => {
      const row = await db.transaction().execute(async (tx) => {
        const added = await tx
          .insertInto('users')
          .values(body)
          .onConflict((on) => on.column('name').doNothing())
          .returningAll()
          .executeTakeFirst();
        if (added === undefined) throw new Refusal(409, 'conflict', 'There is a user of that name.');
        await audit(tx, actor, 'user.create', `user:${added.id}`, body);
        return added;
      });
      return reply.status(201).send(userRow(row));
    },
  );

  app.patch(
    '/v1/users/:id',
    {
      config: { scope: 'admin' },
      schema: { summary: 'Change a user', params: idParameter, body: userChange, response: { 200: user } },
    },
    async ({ params, body, actor }) =>
      db.transaction().execute(async (tx) => {
        await tx.selectFrom('users').select('id').where('role', '=', 'admin').forUpdate().execute();
        const change = {
          ...(body.role !== undefined && { role: body.role }),
          ...(body.disabled !== undefined && { disabled: body.disabled }),
        };
        if (Object.keys(change).length === 0)
          throw new Refusal(400, 'invalid', 'There is nothing to change.');
        const row = await tx
          .updateTable('users')
          .set(change)
          .where('id', '=', params.id)
          .returningAll()
          .executeTakeFirst();
        if (row === undefined) throw notFound('user');
        await requireAdmin(tx);
        if (row.disabled) await tx.deleteFrom('sessions').where('user_id', '=', row.id).execute();
        await audit(tx, actor, 'user.change', `user:${row.id}`, change);
        return userRow(row);
      }),
  );

  app.delete(
    '/v1/users/:id',
    {
      config: { scope: 'admin' },
      schema: { summary: 'Remove a user', params: idParameter, response: { 204: z.null() } },
    },
    async ({ params, actor }, reply) => {
      await db.transaction().execute(async (tx) => {
        await tx.selectFrom('users').select('id').where('role', '=', 'admin').forUpdate().execute();
        const row = await tx
          .deleteFrom('users')
          .where('id', '=', params.id)
          .returning('name')
          .executeTakeFirst();
        if (row === undefined) throw notFound('user');
        await requireAdmin(tx);
        await audit(tx, actor, 'user.remove', `user:${params.id}`, { name: row.name });
      });
      return reply.status(204).send(null);
    },
  );

  app.post(
    '/v1/users/:id/link',
    {
      config: { scope: 'admin' },
      schema: {
        summary: 'A sign-in link: one use, ten minutes',
        params: idParameter,
        response: { 200: signInLink },
      },
    },
    async (request) => {
      const { params, actor } = request;
      return db.transaction().execute(async (tx) => {
        const row = await tx
          .selectFrom('users')
          .select('disabled')
          .where('id', '=', params.id)
          .executeTakeFirst();
        if (row === undefined) throw notFound('user');
        if (row.disabled) throw new Refusal(409, 'conflict', 'The user is disabled.');
        const { secret, expiresAt } = await addLink(tx, params.id);
        await audit(tx, actor, 'user.link', `user:${params.id}`);
        const server = publicUrl ?? `${request.protocol}://${request.host}`;
        return { url: `${server}/sign-in#${secret}`, expiresAt };
      });
    },
  );

  app.get(
    '/v1/tokens',
    {
      config: { scope: 'admin' },
      schema: { summary: 'Tokens of machines', response: { 200: pageOf(token) } },
    },
    async () => {
      const rows = await db.selectFrom('tokens').selectAll().orderBy('id', 'desc').execute();
      return { items: rows.map(tokenRow) };
    },
  );

  app.post(
    '/v1/tokens',
    {
      config: { scope: 'admin' },
      schema: {
        summary: 'Add a token; its secret is in this answer and never again',
        body: newToken,
        response: { 201: createdToken },
      },
    },
    async ({ body, actor }, reply) => {
      if (body.expiresAt !== undefined && Date.parse(body.expiresAt) <= Date.now())
        throw new Refusal(400, 'invalid', 'The date on which it ends has passed already.');
      const scopes = [...new Set(body.scopes)];
      const { secret, stored } = newSecret(tokenPrefix);
      const row = await db.transaction().execute(async (tx) => {
        const added = await tx
          .insertInto('tokens')
          .values({
            name: body.name,
            secret: stored,
            prefix: secret.slice(0, shownOfToken),
            scopes,
            created_by: actor.name,
            expires_at: body.expiresAt ?? null,
          })
          .returningAll()
          .executeTakeFirstOrThrow();
        const detail = { name: body.name, scopes, expiresAt: body.expiresAt ?? null };
        await audit(tx, actor, 'token.create', `token:${added.id}`, detail);
        return added;
      });
      return reply.status(201).send({ ...tokenRow(row), secret });
    },
  );

  app.delete(
    '/v1/tokens/:id',
    {
      config: { scope: 'admin' },
      schema: { summary: 'Take a token back', params: idParameter, response: { 204: z.null() } },
    },
    async ({ params, actor }, reply) => {
      await db.transaction().execute(async (tx) => {
        const row = await tx
          .deleteFrom('tokens')
          .where('id', '=', params.id)
          .returning('name')
          .executeTakeFirst();
        if (row === undefined) throw notFound('token');
        await audit(tx, actor, 'token.remove', `token:${params.id}`, { name: row.name });
      });
      return reply.status(204).send(null);
    },
  );

  app.get(
    '/v1/audit',
    {
      config: { scope: 'admin' },
      schema: { summary: 'Who changed what', querystring: auditQuery, response: { 200: pageOf(auditEntry) } },
    },
    async ({ query }) => listAudit(db, query),
  );
}

/** Somebody must be left who can let others in. */
async function requireAdmin(db: ServerContext['db']): Promise<void> {
  const left = await db
    .selectFrom('users')
    .select('id')
    .where('role', '=', 'admin')
    .where('disabled', '=', false)
    .limit(1)
    .executeTakeFirst();
  if (left === undefined)
    throw new Refusal(409, 'conflict', 'This is the last admin: make another one first.');
}
