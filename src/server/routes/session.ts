/** Signing in and out. */
import { z } from 'zod';
import { passwordChange, scopesOfRole, session, signIn, type User } from '../../api/access.ts';
import { audit, closeSession, openSession, storedSecret, takeLink, userRow } from '../../store/access.ts';
import { checkPassword, hashPassword } from '../../store/password.ts';
import { requireSameOrigin, sessionCookie, sessionSecret } from '../access.ts';
import type { AppOptions } from '../app.ts';
import type { App, ServerContext } from '../context.ts';
import { isSecure } from '../host.ts';
import { Refusal } from '../problem.ts';

/** A password can be tried so often in a minute from one address. */
const mostSignIns = 10;

export function sessionRoutes(
  app: App,
  { db }: ServerContext,
  { publicUrl, oidc }: Pick<AppOptions, 'publicUrl' | 'oidc'>,
): void {
  app.get(
    '/v1/session',
    { config: { scope: 'read' }, schema: { summary: 'Who is signed in', response: { 200: session } } },
    async ({ actor }) => {
      if (actor.user === undefined || actor.sessionExpiresAt === undefined)
        throw new Refusal(404, 'not-found', 'A token has no session.');
      return sessionOf(actor.user, actor.sessionExpiresAt);
    },
  );

  app.get(
    '/v1/sign-in/options',
    {
      config: { scope: 'open' },
      schema: {
        summary: 'How people can sign in',
        response: { 200: z.object({ password: z.boolean(), oidc: z.string().nullable() }) },
      },
    },
    async () => ({ password: true, oidc: oidc?.settings.name ?? null }),
  );

  app.post(
    '/v1/session',
    {
      config: { scope: 'open', rateLimit: { max: mostSignIns, timeWindow: '1 minute' } },
      schema: { summary: 'Sign in by a link or a password', body: signIn, response: { 200: session } },
    },
    async (request, reply) => {
      requireSameOrigin(request, publicUrl);
      const { body } = request;
      const known = 'link' in body ? undefined : await byPassword(db, body.name, body.password);
      const opened = await db.transaction().execute(async (tx) => {
        const user = 'link' in body ? await takeLink(tx, body.link) : known;
        if (user === undefined) return undefined;
        const actor = { name: `user:${user.name}`, address: request.ip };
        await audit(tx, actor, 'session.open', `user:${user.id}`, {
          by: 'link' in body ? 'link' : 'password',
        });
        return { user, ...(await openSession(tx, user.id)) };
      });
      if (opened === undefined) {
        throw new Refusal(
          401,
          'sign-in-failed',
          'link' in body
            ? 'The link is used up or too old. Make a new one: waterguard prints one when it starts.'
            : 'The name or the password is not right.',
        );
      }
      reply.setCookie(sessionCookie, opened.secret, {
        path: '/',
        httpOnly: true,
        sameSite: 'strict',
        secure: isSecure(request, publicUrl),
      });
      return sessionOf(opened.user, opened.expiresAt);
    },
  );

  app.delete(
    '/v1/session',
    { config: { scope: 'read' }, schema: { summary: 'Sign out', response: { 204: z.null() } } },
    async (request, reply) => {
      const { user } = request.actor;
      const secret = sessionSecret(request);
      if (user === undefined || secret === undefined)
        throw new Refusal(404, 'not-found', 'A token has no session.');
      await db.transaction().execute(async (tx) => {
        await closeSession(tx, secret);
        await audit(tx, request.actor, 'session.close', `user:${user.id}`);
      });
      reply.clearCookie(sessionCookie, { path: '/' });
      return reply.status(204).send(null);
    },
  );

  app.put(
    '/v1/session/password',
    {
      config: { scope: 'read', rateLimit: { max: mostSignIns, timeWindow: '1 minute' } },
      schema: {
        summary: 'Set one’s own password; it ends all other sessions',
        body: passwordChange,
        response: { 204: z.null() },
      },
    },
    async (request, reply) => {
      const { actor, body } = request;
      const { user } = actor;
      const secret = sessionSecret(request);
      if (user === undefined || secret === undefined)
        throw new Refusal(403, 'forbidden', 'A token has no password.');
      if (user.hasPassword && !(await byPassword(db, user.name, body.current ?? '')))
        throw new Refusal(403, 'forbidden', 'The current password is not right.');
      const password = await hashPassword(body.password);
      await db.transaction().execute(async (tx) => {
        await tx.updateTable('users').set({ password }).where('id', '=', user.id).execute();
        await tx
          .deleteFrom('sessions')
          .where('user_id', '=', user.id)
          .where('secret', '<>', storedSecret(secret))
          .execute();
        await audit(tx, actor, 'user.password', `user:${user.id}`);
      });
      return reply.status(204).send(null);
    },
  );
}

function sessionOf({ id, name, role, hasPassword }: User, expiresAt: string) {
  return { user: { id, name, role, hasPassword }, scopes: [...scopesOfRole[role]], expiresAt };
}

/** Takes as long for a name that does not exist. */
async function byPassword(
  db: ServerContext['db'],
  name: string,
  password: string,
): Promise<User | undefined> {
  const row = await db.selectFrom('users').selectAll().where('name', '=', name).executeTakeFirst();
  const isRight = await checkPassword(password, row?.password ?? undefined);
  return isRight && row !== undefined && !row.disabled ? userRow(row) : undefined;
}
