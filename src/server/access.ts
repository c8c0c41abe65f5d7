/**
 * Who asks, and whether they may. People come with a session cookie, machines with a bearer token; every route names
 * the one scope that it asks for, or says that it is open to all.
 */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Role, type Scope, scopesOfRole, type User } from '../api/access.ts';
import { type Actor, findSession, findToken } from '../store/access.ts';
import type { App, ServerContext } from './context.ts';
import { Refusal } from './problem.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What the route asks for; `open` for everybody, also those who are not signed in. */
    scope?: Scope | 'open';
  }
  interface FastifyRequest {
    /** Set by the time a handler runs; the name is `nobody` on open routes without credentials. */
    actor: Actor & {
      readonly scopes: readonly Scope[];
      readonly user?: User;
      readonly sessionExpiresAt?: string;
    };
  }
}

export const sessionCookie = 'waterguard_session';

export const tokenPrefix = 'wg_';

const nobody = { name: 'nobody', scopes: [] };

/** Adds the check to every route that is defined after it; one without a scope is refused at once. */
export function guard(app: App, { db }: ServerContext): void {
  app.addHook('onRoute', ({ method, url, config }) => {
    if (config?.scope !== undefined || method === 'OPTIONS') return;
    // HEAD comes with each GET and has its configuration.
    throw new Error(`the route ${String(method)} ${url} names no scope`);
  });
  app.decorateRequest('actor');
  app.addHook('onRequest', async (request: FastifyRequest, reply: FastifyReply) => {
    request.actor = { ...nobody, address: request.ip };
    const scope = request.routeOptions.config.scope;
    const known = await actorOf(request, db);
    if (known !== undefined) request.actor = { ...known, address: request.ip };
    if (scope === 'open' || scope === undefined) return;
    if (known === undefined) {
      reply.header('www-authenticate', 'Bearer');
      throw new Refusal(401, 'unauthorized', 'Sign in, or send a token: Authorization: Bearer …');
    }
    if (!known.scopes.includes(scope)) {
      throw new Refusal(403, 'forbidden', `This needs the scope '${scope}', which ${whose(known)} has not.`);
    }
    if (known.user !== undefined && isWrite(request.method)) requireSameOrigin(request);
  });
}

type Known = Omit<FastifyRequest['actor'], 'address'>;

async function actorOf(request: FastifyRequest, db: ServerContext['db']): Promise<Known | undefined> {
  const { authorization } = request.headers;
  if (authorization !== undefined) {
    const secret = /^Bearer\s+(wg_[\w-]{20,100})$/i.exec(authorization)?.[1];
    const token = secret === undefined ? undefined : await findToken(db, secret);
    // A wrong token is an error even where the cookie would do.
    if (token === undefined) throw new Refusal(401, 'unauthorized', 'The token is not valid, or no longer.');
    return { name: `token:${token.name}`, scopes: token.scopes };
  }
  const secret = request.cookies[sessionCookie];
  if (secret === undefined || secret.length > 200) return undefined;
  const session = await findSession(db, secret);
  if (session === undefined) return undefined;
  const { user, expiresAt } = session;
  return {
    name: `user:${user.name}`,
    scopes: scopesOfRole[user.role as Role],
    user,
    sessionExpiresAt: expiresAt,
  };
}

function whose({ user }: Known): string {
  return user === undefined ? 'this token' : `the role '${user.role}'`;
}

export function isWrite(method: string): boolean {
  return method !== 'GET' && method !== 'HEAD' && method !== 'OPTIONS';
}

/**
 * A cookie is sent by the browser, whoever made the page. So what changes something must come from our own page: the
 * browser says so itself (Sec-Fetch-Site, or Origin where that is not sent).
 */
export function requireSameOrigin(request: FastifyRequest): void {
  const site = request.headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin') throw crossSite();
  const { origin } = request.headers;
  if (origin === undefined) {
    if (site === undefined) throw crossSite();
    return;
  }
  if (URL.parse(origin)?.host !== request.host) throw crossSite();
}

function crossSite(): Refusal {
  return new Refusal(403, 'cross-site', 'This request comes from another site.');
}
