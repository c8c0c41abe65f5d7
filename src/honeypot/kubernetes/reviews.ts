/** Questions about who one is and what one may do, and tokens: answered, and kept nowhere. */
import { at, isObject, type JsonObject, listAt, textAt, timestamp } from '../cluster/json.ts';
import { accountToken } from '../cluster/pki.ts';
import { apiVersionOf } from '../cluster/resources.ts';
import type { Call } from './call.ts';
import { readObject } from './input.ts';
import { notFound } from './status.ts';

const kinds: ReadonlySet<string> = new Set([
  'SelfSubjectRulesReview',
  'SelfSubjectAccessReview',
  'SubjectAccessReview',
  'LocalSubjectAccessReview',
  'TokenReview',
]);

export function isReview(kind: string): boolean {
  return kinds.has(kind);
}

/** Everybody may do everything: that is the mistake that this cluster has. */
export async function serveReview({ exchange, target, answering }: Call): Promise<void> {
  const { kind } = target.resource;
  const { object, text } = await readObject(exchange, kind, apiVersionOf(target.resource));
  await exchange.connection.record('request', {
    raw: `${exchange.method} ${exchange.target}\n\n${text}`,
    texts: [],
    data: { verb: 'create', resource: target.resource.plural, body: text.slice(0, 2048) },
  });
  const metadata = { creationTimestamp: null, ...(isObject(object.metadata) ? object.metadata : {}) };
  const review = { kind, apiVersion: apiVersionOf(target.resource), metadata, spec: object.spec ?? {} };
  await answering.object(exchange, 201, { ...review, status: statusFor(kind, object) });
}

const reason =
  'RBAC: allowed by ClusterRoleBinding "cluster-admin" of ClusterRole "cluster-admin" to Group "system:masters"';

function statusFor(kind: string, object: JsonObject): JsonObject {
  switch (kind) {
    case 'SelfSubjectRulesReview':
      return {
        resourceRules: [
          { verbs: ['*'], apiGroups: ['*'], resources: ['*'] },
          {
            verbs: ['create'],
            apiGroups: ['authorization.k8s.io'],
            resources: ['selfsubjectaccessreviews', 'selfsubjectrulesreviews'],
          },
        ],
        nonResourceRules: [
          { verbs: ['*'], nonResourceURLs: ['*'] },
          { verbs: ['get'], nonResourceURLs: ['/healthz', '/livez', '/readyz', '/version', '/version/'] },
        ],
        incomplete: false,
      };
    case 'TokenReview':
      return tokenStatus(textAt(object, 'spec', 'token'));
    default:
      return { allowed: true, reason };
  }
}

function tokenStatus(token: string): JsonObject {
  try {
    const claims = JSON.parse(
      Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'),
    ) as JsonObject;
    const username = textAt(claims, 'sub');
    if (username !== '')
      return {
        authenticated: true,
        user: { username, groups: ['system:serviceaccounts', 'system:authenticated'] },
        audiences: listAt(claims, 'aud'),
      };
  } catch {}
  return { user: {}, error: '[invalid bearer token, Token has been invalidated]' };
}

const issuer = 'https://kubernetes.default.svc.cluster.local';

/** `kubectl create token`. */
export async function serveToken({ exchange, target, answering, visit }: Call): Promise<void> {
  const { namespace = 'default', name = '' } = target;
  const { object, text } = await readObject(exchange, 'TokenRequest', 'authentication.k8s.io/v1');
  await visit.tellWrite(exchange, 'create', undefined, text);
  const account = visit.store.get('ServiceAccount', namespace, name);
  if (account === undefined) throw notFound(target.resource, name);
  const asked = at(object, 'spec', 'expirationSeconds');
  const seconds = typeof asked === 'number' ? Math.min(Math.max(asked, 600), 31_536_000) : 3600;
  const audiences = listAt(object, 'spec', 'audiences').map(String).slice(0, 20);
  const aud = audiences.length > 0 ? audiences : [issuer];
  const now = Math.floor(Date.now() / 1000);
  const token = accountToken(visit.store.cluster.plan.persona, {
    aud,
    exp: now + seconds,
    iat: now,
    iss: issuer,
    'kubernetes.io': { namespace, serviceaccount: { name, uid: account.metadata.uid } },
    nbf: now,
    sub: `system:serviceaccount:${namespace}:${name}`,
  });
  await answering.object(exchange, 201, {
    kind: 'TokenRequest',
    apiVersion: 'authentication.k8s.io/v1',
    metadata: { name, namespace, creationTimestamp: timestamp(now * 1000) },
    spec: { audiences: aud, expirationSeconds: seconds, boundObjectRef: null },
    status: { token, expirationTimestamp: timestamp((now + seconds) * 1000) },
  });
}
