/** The server as a whole: what every request passes, and the routes. */
import cookie from '@fastify/cookie';
import helmet from '@fastify/helmet';
import rateLimit from '@fastify/rate-limit';
import swagger from '@fastify/swagger';
import Fastify, { type FastifyServerOptions, LogController } from 'fastify';
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import { version } from '../package.ts';
import { guard, sessionCookie } from './access.ts';
import { askForCertificates, followAuthorities } from './client-certificate.ts';
import { serveConsole } from './console.ts';
import type { App, ServerContext } from './context.ts';
import { guardHost } from './host.ts';
import { openLive } from './live.ts';
import { addMetrics } from './metrics.ts';
import type { Provider } from './oidc.ts';
import { addProblems, describeRoute, problemSchemas } from './openapi.ts';
import { handleError, refuseConnection, sendProblem } from './problem.ts';
import { accessRoutes } from './routes/access.ts';
import { findingRoutes } from './routes/findings.ts';
import { honeypotRoutes } from './routes/honeypots.ts';
import { huntRoutes } from './routes/hunts.ts';
import { imageRoutes } from './routes/images.ts';
import { ingestRoutes } from './routes/ingest.ts';
import { intelRoutes } from './routes/intel.ts';
import { oidcRoutes } from './routes/oidc.ts';
import { activityRoutes } from './routes/overview.ts';
import { reportRoutes } from './routes/reports.ts';
import { sensorRoutes } from './routes/sensors.ts';
import { sessionRoutes } from './routes/session.ts';
import { upkeepRoutes } from './routes/upkeep.ts';

export interface AppOptions {
  /** By which people reach the server, where that is not the address that it listens on. */
  readonly publicUrl?: string | undefined;
  /** Single sign-on, where there is one. */
  readonly oidc?: Provider | undefined;
  readonly logger: FastifyServerOptions['logger'];
  readonly https?: { readonly key: Buffer; readonly cert: Buffer };
  /** Folder of the built console; without one there is the API alone. */
  readonly consoleFolder?: string | undefined;
  /** Requests a minute from one address. */
  readonly mostRequests?: number;
}

/** More than any list that people send; deliveries of machines have their own limit. */
const largestBody = 1024 * 1024;

/** Milliseconds that a client may take for its headers, and between looks for those that took longer. */
const slowest = { headersTimeout: 15_000, connectionsCheckingInterval: 5_000 } as const;

export async function buildApp(context: ServerContext, options: AppOptions): Promise<App> {
  const tls = options.https && (await askForCertificates(context, options.https));
  const app = Fastify({
    logger: options.logger ?? false,
    bodyLimit: largestBody,
    // Slow clients hold a connection no longer than this.
    requestTimeout: 30_000,
    connectionTimeout: 60_000,
    keepAliveTimeout: 15_000,
    logController: new LogController({ disableRequestLogging: true }),
    routerOptions: { maxParamLength: 300 },
    forceCloseConnections: true,
    // What fails before it has a route answers in the same form.
    frameworkErrors: handleError,
    clientErrorHandler: refuseConnection,
    ...(tls === undefined ? { http: slowest } : { https: { ...tls, ...slowest } }),
  } as FastifyServerOptions) as unknown as App;
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  acceptEmptyBodies(app);
  app.setErrorHandler(handleError);
  // Any page on the web may send plain text anywhere; what we take is JSON.
  app.removeContentTypeParser('text/plain');
  app.setNotFoundHandler((_, reply) =>
    sendProblem(reply, 404, 'not-found', { detail: 'There is no such page.' }),
  );

  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        imgSrc: ["'self'", 'data:'],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
        objectSrc: ["'none'"],
      },
    },
    referrerPolicy: { policy: 'no-referrer' },
    strictTransportSecurity: tls === undefined ? false : { maxAge: 31_536_000 },
    crossOriginEmbedderPolicy: false,
  });
  await app.register(cookie);
  await app.register(rateLimit, {
    max: options.mostRequests ?? 1200,
    timeWindow: '1 minute',
    keyGenerator: (request) => request.ip,
    allowList: (request) => request.url === '/healthz',
  });
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Waterguard',
        version,
        description:
          'Errors are problem details (RFC 9457). Lists are pages: `next` is the cursor of the following one.',
      },
      components: {
        securitySchemes: {
          token: { type: 'http', scheme: 'bearer', description: 'A scoped token, from Settings.' },
          session: { type: 'apiKey', in: 'cookie', name: sessionCookie },
        },
        schemas: problemSchemas,
      },
    },
    transform: describeRoute,
    transformObject: addProblems,
  });
  app.addHook('onResponse', async (request, reply) => {
    // The route and not the path, the actor's kind and not the name: nothing of the content is in a log.
    request.log.info(
      {
        method: request.method,
        route: request.routeOptions.url ?? 'none',
        status: reply.statusCode,
        ms: Math.round(reply.elapsedTime),
        by: request.actor?.name.split(':')[0],
      },
      'request',
    );
  });
  guardHost(app, options.publicUrl);
  guard(app, context, options.publicUrl);
  if (tls !== undefined) followAuthorities(app, context, tls);
  addMetrics(app, context);
  const live = openLive(app, context);
  app.addHook('onClose', () => live.close());

  app.get('/healthz', { config: { scope: 'open' }, schema: { hide: true } }, async () => ({ status: 'ok' }));
  app.get('/readyz', { config: { scope: 'open' }, schema: { hide: true } }, async () => {
    await context.db.selectFrom('hunts').select('id').limit(1).execute();
    return { status: 'ok' };
  });
  app.get('/v1/openapi.json', { config: { scope: 'open' }, schema: { hide: true } }, async () =>
    app.swagger(),
  );
  sessionRoutes(app, context, options);
  if (options.oidc !== undefined) oidcRoutes(app, context, options.oidc, options.publicUrl);
  activityRoutes(app, context);
  huntRoutes(app, context);
  imageRoutes(app, context);
  reportRoutes(app, context);
  findingRoutes(app, context);
  intelRoutes(app, context);
  await ingestRoutes(app, context);
  honeypotRoutes(app, context);
  sensorRoutes(app, context, options.publicUrl);
  upkeepRoutes(app, context);
  accessRoutes(app, context, options.publicUrl);
  await serveConsole(app, options.consoleFolder);
  return app;
}

/** Clients that name the type of every body also name it where there is none. */
function acceptEmptyBodies(app: App): void {
  const parse = app.getDefaultJsonParser('error', 'error');
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body === '') done(null, undefined);
    else parse(request, String(body), done);
  });
}
