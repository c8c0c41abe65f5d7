/** The API server: takes requests apart, tells of them, and hands them on. */
import type { X509Certificate } from 'node:crypto';
import { TLSSocket } from 'node:tls';
import type { Cluster } from '../cluster/cluster.ts';
import { jsonWebKey } from '../cluster/pki.ts';
import { apiVersionOf } from '../cluster/resources.ts';
import type { Runtime } from '../cluster/runtime.ts';
import type { Connection } from '../decoy.ts';
import type { Exchange } from '../http/serve.ts';
import { versionInfo } from '../persona/kubernetes-release.ts';
import { type Answering, createAnswering, formatOf, written } from './answer.ts';
import { serveResource } from './api.ts';
import { type Call, verbOf } from './call.ts';
import { serveScale } from './change.ts';
import { aggregated, coreVersions, discoveryType, groupList, groupOf, resourceList } from './discovery.ts';
import { createDocuments, type Documents } from './openapi.ts';
import { type ResourceTarget, targetOf } from './path.ts';
import { serveAttach, serveExec, serveLog, servePortForward } from './pod-access.ts';
import { serveProxy } from './proxy.ts';
import { serveEviction } from './remove.ts';
import { isReview, serveReview, serveToken } from './reviews.ts';
import { health, indexPaths, metrics } from './server-pages.ts';
import { createSources } from './sources.ts';
import { notAllowed } from './status.ts';
import type { Store } from './store.ts';
import { createVisit, type Visit } from './visit.ts';

export type Serve = (exchange: Exchange) => Promise<void>;

export function createApiServer(cluster: Cluster, runtime: Runtime): Serve {
  const { plan } = cluster;
  const answering = createAnswering(plan.persona);
  /** Made for the first who asks, as the API server does. */
  let documents: Documents | undefined;
  const visits = new WeakMap<Store, Visit>();
  const sources = createSources(cluster, (store) => visits.get(store)?.worlds.close());

  function visitOf(connection: Connection): Visit {
    const store = sources.of(connection.src.ip);
    const visit = visits.get(store) ?? createVisit(store, runtime, connection);
    visits.set(store, visit);
    visit.connection = connection;
    return visit;
  }

  return async (exchange) => {
    try {
      await tellIdentity(exchange, visitOf(exchange.connection));
      const target = targetOf(exchange.path);
      if (target.kind === 'resource') await serveTarget(exchange, target);
      else {
        await tellRequest(exchange);
        await serveRest(exchange, target);
      }
    } catch (error) {
      await answering.refuse(exchange, error);
    }
  };

  async function serveTarget(exchange: Exchange, target: ResourceTarget): Promise<void> {
    const visit = visitOf(exchange.connection);
    const call: Call = { exchange, target, visit, answering };
    const verb = verbOf(exchange, target);
    const { resource, subresource } = target;
    const isRead = verb === 'get' || verb === 'list' || verb === 'watch';
    if (isRead && !['exec', 'attach', 'portforward'].includes(subresource ?? '')) await tellRead(call, verb);
    const known =
      subresource === undefined ? resource : resource.subresources.find((one) => one.name === subresource);
    if (known?.verbs.includes(verb) !== true && subresource !== 'proxy') throw notAllowed();
    switch (subresource) {
      case undefined:
        return isReview(resource.kind) ? serveReview(call) : serveResource(call);
      case 'exec':
        return serveExec(call);
      case 'attach':
        return serveAttach(call);
      case 'portforward':
        return servePortForward(call);
      case 'log':
        return serveLog(call);
      case 'eviction':
        return serveEviction(call);
      case 'scale':
        return serveScale(call);
      case 'token':
        return serveToken(call);
      case 'proxy':
        return serveProxy(call);
      default:
        return serveResource(call);
    }
  }

  async function serveRest(
    exchange: Exchange,
    target: Exclude<ReturnType<typeof targetOf>, ResourceTarget>,
  ): Promise<void> {
    switch (target.kind) {
      case 'groups':
        return serveGroups(exchange, target.isCore);
      case 'group':
        return answering.object(exchange, 200, groupOf(target.group));
      case 'version':
        return answering.object(exchange, 200, resourceList(target.group, target.version));
      case 'nothing':
        return pageNotFound(exchange, answering);
      case 'other':
        return serveOther(exchange);
    }
  }

  async function serveGroups(exchange: Exchange, isCore: boolean): Promise<void> {
    if (formatOf(exchange, ['APIGroupDiscoveryList'])?.as === 'APIGroupDiscoveryList') {
      const { body, tag } = aggregated(isCore);
      const more = [
        ['ETag', tag],
        ['Vary', 'Accept'],
      ] as const;
      if (exchange.header('if-none-match') === tag) exchange.respond(304, answering.headers(more));
      else
        exchange.respond(
          200,
          answering.headers([...more, ['Content-Type', discoveryType]]),
          written(body, false),
        );
      return;
    }
    const { address } = plan.nodes[0]!;
    await answering.object(exchange, 200, isCore ? coreVersions(`${address}:6443`) : groupList(), [
      ['Vary', 'Accept'],
    ]);
  }

  function documentsOf(): Documents {
    documents ??= createDocuments(plan.release);
    return documents;
  }

  async function serveOther(exchange: Exchange): Promise<void> {
    const { path, query } = exchange;
    const json = (text: string): void =>
      exchange.respond(200, answering.headers([['Content-Type', 'application/json']]), text);
    const page = health(path, query.has('verbose'));
    if (page !== undefined) return answering.text(exchange, 200, page);
    if (path === '/version' || path === '/version/')
      return json(JSON.stringify(versionInfo(plan.release), null, 2));
    if (path === '/' || path === '/index.html') return json(written(indexPaths(), true));
    if (path === '/metrics')
      return answering.text(exchange, 200, metrics(plan, Date.now()), [
        ['Content-Type', 'text/plain; version=0.0.4; charset=utf-8'],
      ]);
    if (path === '/openapi/v2') {
      if (!(exchange.header('accept') ?? '').includes('com.github.proto-openapi.spec.v2'))
        return json(documentsOf().v2);
      const type = 'application/com.github.proto-openapi.spec.v2.v1.0+protobuf';
      return exchange.respond(200, answering.headers([['Content-Type', type]]), documentsOf().v2Protobuf);
    }
    if (path === '/openapi/v3' || path === '/openapi/v3/') return json(documentsOf().index);
    if (path.startsWith('/openapi/v3/')) {
      const document = documentsOf().v3.get(path.slice('/openapi/v3/'.length));
      return document === undefined ? pageNotFound(exchange, answering) : json(document);
    }
    if (path === '/openid/v1/jwks')
      return exchange.respond(
        200,
        answering.headers([['Content-Type', 'application/jwk-set+json']]),
        JSON.stringify({ keys: [jsonWebKey(plan.persona)] }),
      );
    if (path === '/.well-known/openid-configuration') {
      const issuer = 'https://kubernetes.default.svc.cluster.local';
      return json(
        JSON.stringify({
          issuer,
          jwks_uri: `https://${plan.nodes[0]!.address}:6443/openid/v1/jwks`,
          response_types_supported: ['id_token'],
          subject_types_supported: ['public'],
          id_token_signing_alg_values_supported: ['RS256'],
        }),
      );
    }
    return pageNotFound(exchange, answering);
  }
}

function pageNotFound(exchange: Exchange, answering: Answering): void {
  answering.text(exchange, 404, '404 page not found\n');
}

/** A token or certificate says who the visitor wants to be, or whom they robbed: told when it is another one. */
async function tellIdentity(exchange: Exchange, visit: Visit): Promise<void> {
  const { connection } = exchange;
  const authorization = exchange.header('authorization') ?? '';
  const certificate = clientCertificate(connection);
  const identity = `${authorization}\n${certificate?.fingerprint256 ?? ''}`;
  if (identity === '\n' || visit.identity === identity) return;
  visit.identity = identity;
  const token = /^bearer\s+(.*)$/i.exec(authorization)?.[1];
  const basic = /^basic\s+(.*)$/i.exec(authorization)?.[1];
  const [user, ...password] =
    basic === undefined ? [] : Buffer.from(basic, 'base64').toString('utf8').split(':');
  await connection.record('token', {
    raw: authorization,
    texts: [],
    data: {
      ...(token !== undefined && { token: token.slice(0, 8192), ...claimsOf(token) }),
      ...(basic !== undefined && { user, password: password.join(':') }),
      ...(certificate !== undefined && {
        certificate: {
          subject: certificate.subject.slice(0, 500),
          issuer: certificate.issuer.slice(0, 500),
          fingerprint: certificate.fingerprint256,
        },
      }),
    },
  });
}

function clientCertificate({ stream }: Connection): X509Certificate | undefined {
  return stream instanceof TLSSocket ? stream.getPeerX509Certificate() : undefined;
}

/** What a token says of itself. */
function claimsOf(token: string): Readonly<Record<string, unknown>> {
  try {
    const claims = JSON.parse(
      Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'),
    ) as Readonly<Record<string, unknown>>;
    return typeof claims.sub === 'string' ? { subject: claims.sub.slice(0, 500) } : {};
  } catch {
    return {};
  }
}

function tellRequest(exchange: Exchange): Promise<void> {
  const { method, target, connection } = exchange;
  return connection.record('request', {
    raw: `${method} ${target}`,
    texts: [],
    data: { method, path: exchange.path.slice(0, 1000) },
  });
}

/** Secrets are what visitors come for. */
function tellRead({ exchange, target }: Call, verb: string): Promise<void> {
  const { method, connection } = exchange;
  const { resource, namespace, name, subresource } = target;
  const data = {
    verb,
    resource: resource.plural,
    ...(resource.group !== '' && { apiVersion: apiVersionOf(resource) }),
    ...(namespace !== undefined && { namespace }),
    ...(name !== undefined && { name }),
    ...(subresource !== undefined && { subresource }),
  };
  const what = { raw: `${method} ${exchange.target}`, texts: [], data };
  return connection.record(resource.kind === 'Secret' ? 'secret.read' : 'request', what);
}
