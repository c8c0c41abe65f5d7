/** Signing in at another place: there, and back. */
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { userName } from '../../api/access.ts';
import { messageOf } from '../../model/error.ts';
import { audit, openSession } from '../../store/access.ts';
import { sessionCookie } from '../access.ts';
import type { App, ServerContext } from '../context.ts';
import { isSecure } from '../host.ts';
import type { Provider } from '../oidc.ts';
import { Refusal } from '../problem.ts';

const startedCookie = 'waterguard_oidc';

const startedSchema = z.object({ state: z.string(), nonce: z.string(), verifier: z.string() });

/** Somebody has to sign in there meanwhile. */
const longest = 10 * 60;

export function oidcRoutes(
  app: App,
  { db }: ServerContext,
  provider: Provider,
  publicUrl: string | undefined,
): void {
  const { newRole, name: shown } = provider.settings;
  const limit = { max: 20, timeWindow: '1 minute' };

  app.get(
    '/v1/oidc/start',
    {
      config: { scope: 'open', rateLimit: limit },
      schema: { summary: 'Go to the provider of single sign-on' },
    },
    async (request, reply) => {
      const { url, started } = await provider.begin(callbackOf(request)).catch((error: unknown) => {
        request.log.warn({ reason: messageOf(error) }, 'single sign-on');
        throw new Refusal(503, 'unavailable', `${shown} cannot be reached now.`, { 'retry-after': '30' });
      });
      reply.setCookie(startedCookie, JSON.stringify(started), {
        path: '/v1/oidc',
        httpOnly: true,
        // The way back comes from another site.
        sameSite: 'lax',
        secure: isSecure(request, publicUrl),
        maxAge: longest,
      });
      return reply.redirect(url.href);
    },
  );

  app.get(
    '/v1/oidc/callback',
    {
      config: { scope: 'open', rateLimit: limit },
      schema: { summary: 'Back from the provider of single sign-on' },
    },
    async (request, reply) => {
      reply.clearCookie(startedCookie, { path: '/v1/oidc' });
      const started = startedSchema.safeParse(parsed(request.cookies[startedCookie]));
      if (!started.success)
        throw new Refusal(400, 'sign-in-failed', 'The sign-in took too long: begin again.');
      const url = new URL(request.url, callbackOf(request));
      const name = await provider.complete(url, started.data).catch((error: unknown) => {
        request.log.warn({ reason: messageOf(error) }, 'single sign-on');
        throw new Refusal(401, 'sign-in-failed', `${shown} did not sign you in.`);
      });
      if (!userName.safeParse(name).success)
        throw new Refusal(401, 'sign-in-failed', 'That name cannot be a user’s.');
      const opened = await db.transaction().execute(async (tx) => {
        if (newRole !== undefined) {
          await tx
            .insertInto('users')
            .values({ name, role: newRole })
            .onConflict((on) => on.column('name').doNothing())
            .execute();
        }
        const user = await tx
          .selectFrom('users')
          .select('id')
          .where('name', '=', name)
          .where('disabled', '=', false)
          .executeTakeFirst();
        if (user === undefined) return undefined;
        await audit(tx, { name: `user:${name}`, address: request.ip }, 'session.open', `user:${user.id}`, {
          by: 'oidc',
        });
        return openSession(tx, user.id);
      });
      if (opened === undefined)
        throw new Refusal(
          403,
          'forbidden',
          'You are signed in there, and no user here: ask an admin to add you.',
        );
      reply.setCookie(sessionCookie, opened.secret, {
        path: '/',
        httpOnly: true,
        sameSite: 'strict',
        secure: isSecure(request, publicUrl),
      });
      return reply.redirect('/');
    },
  );

  function callbackOf(request: FastifyRequest): string {
    return `${publicUrl ?? `${request.protocol}://${request.host}`}/v1/oidc/callback`;
  }
}

function parsed(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
}
