/**
 * Who asks, and whether they may. People come with a session cookie, machines with a bearer token, sensors with one or a
 * certificate; every route names the one scope that it asks for, or says that it is open to all.
 */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { sql } from 'kysely';
import { type Role, type Scope, scopesOfRole, type User } from '../api/access.ts';
import { printable } from '../model/printable.ts';
import { type Actor, findSession, findToken, storedSecret } from '../store/access.ts';
import { findCertificate, fingerprintOf } from '../store/sensor-certificates.ts';
import { peerCertificate } from './client-certificate.ts';
import type { App, ServerContext } from './context.ts';
import { isFromHere, isPublicPage } from './host.ts';
import { Refusal } from './problem.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What the route asks for; `open` for everybody, who is then not asked who they are. */
    scope?: Scope | 'open';
    /** Without credentials too, for whoever asks from this machine. */
    isOpenHere?: boolean;
    /** Also for sensors by their tokens or certificates, which deliver what decoys saw and may do nothing else. */
    takesSensors?: boolean;
  }
  interface FastifyRequest {
    /** Set by the time a handler runs; the name is `nobody` on open routes. */
    actor: Actor & {
      readonly scopes: readonly Scope[];
      readonly user?: User;
      readonly sessionExpiresAt?: string;
      /** Whose token or certificate it is. */
      readonly sensor?: number;
    };
  }
}

export const sessionCookie = 'waterguard_session';

export const tokenPrefix = 'wg_';

const nobody = { name: 'nobody', scopes: [] };

/** Adds the check to every route that is defined after it; one without a scope is refused at once. */
export function guard(app: App, { db }: ServerContext, publicUrl: string | undefined): void {
  app.addHook('onRoute', ({ method, url, config }) => {
    if (config?.scope !== undefined) return;
    // HEAD comes with each GET and has its configuration.
    throw new Error(`the route ${String(method)} ${url} names no scope`);
  });
  app.decorateRequest('actor');
  app.addHook('onRequest', async (request: FastifyRequest, reply: FastifyReply) => {
    request.actor = { ...nobody, address: request.ip };
    const { scope, isOpenHere = false, takesSensors = false } = request.routeOptions.config;
    // Pages and probes are answered without the store.
    if (scope === 'open' || scope === undefined) return;
    // What somebody may see is for nobody else to find in a cache.
    reply.header('cache-control', 'no-store');
    const known = (await actorOf(request, db)) ?? (takesSensors ? await sensorOf(request, db) : undefined);
    if (known === undefined) {
      if (isOpenHere && isFromHere(request)) return;
      reply.header('www-authenticate', 'Bearer');
      throw new Refusal(401, 'unauthorized', 'Sign in, or send a token: Authorization: Bearer …');
    }
    if (!known.scopes.includes(scope)) {
      throw new Refusal(403, 'forbidden', `This needs the scope '${scope}', which ${whose(known)} has not.`);
    }
    if (known.sensor !== undefined && !takesSensors)
      throw new Refusal(403, 'forbidden', 'A sensor delivers what its decoys saw, and nothing else.');
    if (known.user !== undefined && isWrite(request.method)) requireSameOrigin(request, publicUrl);
    request.actor = { ...known, address: request.ip };
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
    // Sentences of the live feed name who did it.
    const { name, scopes, sensor } = token;
    return { name: printable(`token:${name}`), scopes, ...(sensor !== undefined && { sensor }) };
  }
  const secret = sessionSecret(request);
  if (secret === undefined) return undefined;
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

/** By the certificate of the connection, where there is one. A token that was sent beside it would have gone first. */
async function sensorOf(request: FastifyRequest, db: ServerContext['db']): Promise<Known | undefined> {
  const peer = peerCertificate(request);
  if (peer === undefined) return undefined;
  const found = peer.sensor && (await findCertificate(db, fingerprintOf(peer.certificate), peer.sensor));
  if (!found) throw new Refusal(401, 'unauthorized', 'The certificate is not valid, or no longer.');
  return { name: `sensor:${found.name}`, scopes: ['ingest'], sensor: found.id };
}

/** A text that could be one; nobody has longer ones from us. */
export function sessionSecret({ cookies }: FastifyRequest): string | undefined {
  const secret = cookies[sessionCookie];
  return secret === undefined || secret.length > 200 ? undefined : secret;
}

/** Whether who asked for a stream may go on reading it. To watch is not to come back: it prolongs no session. */
export async function mayGoOn(
  request: FastifyRequest,
  scope: Scope,
  db: ServerContext['db'],
): Promise<boolean> {
  const secret = sessionSecret(request);
  if (request.actor.user === undefined || secret === undefined) {
    const known = await actorOf(request, db).catch((error: unknown) => {
      if (error instanceof Refusal) return undefined;
      throw error;
    });
    return known?.scopes.includes(scope) ?? false;
  }
  const row = await db
    .selectFrom('sessions')
    .innerJoin('users', 'users.id', 'sessions.user_id')
    .select('users.role')
    .where('sessions.secret', '=', storedSecret(secret))
    .where('sessions.expires_at', '>', sql<Date>`now()`)
    .where('users.disabled', '=', false)
    .executeTakeFirst();
  return row !== undefined && scopesOfRole[row.role as Role].includes(scope);
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
 * @param publicUrl whose page it may be as well, where a proxy puts another name into `Host`
 */
export function requireSameOrigin(request: FastifyRequest, publicUrl: string | undefined): void {
  const site = request.headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin') throw crossSite();
  const { origin } = request.headers;
  if (origin === undefined) {
    if (site === undefined) throw crossSite();
    return;
  }
  if (URL.parse(origin)?.host !== request.host && !isPublicPage(request, publicUrl)) throw crossSite();
}

function crossSite(): Refusal {
  return new Refusal(403, 'cross-site', 'This request comes from another site.');
}
