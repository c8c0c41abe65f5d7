/**
 * What a cluster's API server says to whoever asks it from within a pod: its release, that it is well, and of all else
 * that the pod's account may not, as of accounts that nobody gave a role (Kubernetes 1.27).
 */
import { releaseOf, versionInfo } from '../../../persona/kubernetes-release.ts';
import type { Persona } from '../../../persona/persona.ts';
import { requestVerb } from '../../../request-verb.ts';

export interface ApiAnswer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

/** Address of the server for programs of a pod; undefined anywhere else. */
export function apiServerOf(env: ReadonlyMap<string, string>): string | undefined {
  return env.get('KUBERNETES_SERVICE_HOST');
}

export function isApiServerName(host: string): boolean {
  return /^kubernetes(?:\.default(?:\.svc(?:\.cluster\.local)?)?)?\.?$/.test(host);
}

/** @param authorization header of the request */
export function askApiServer(
  persona: Persona,
  method: string,
  target: string,
  authorization = '',
): ApiAnswer {
  const path = target.split('?', 1)[0]!;
  if (/^\/version\/?$/.test(path)) return json(200, versionInfo(releaseOf(persona)));
  if (/^\/(?:healthz|livez|readyz)$/.test(path)) return { status: 200, type: 'text/plain', body: 'ok' };
  const user = userOf(authorization);
  if (user === undefined) return failure(401, 'Unauthorized', 'Unauthorized');
  const [, group = '', namespace, resource, name] =
    /^\/(?:api|apis\/([^/]+))\/v[^/]+(?:\/namespaces\/([^/]+)(?=\/))?\/([^/]+)(?:\/([^/]+))?/.exec(path) ??
    [];
  if (resource === undefined)
    return failure(
      403,
      'Forbidden',
      `forbidden: User "${user}" cannot ${method.toLowerCase()} path "${path}"`,
      {},
    );
  const of = name === undefined ? resource : `${resource} "${name}"`;
  const place = namespace === undefined ? 'at the cluster scope' : `in the namespace "${namespace}"`;
  return failure(
    403,
    'Forbidden',
    `${of} is forbidden: User "${user}" cannot ${requestVerb(method, name)} resource "${resource}" in API group "${group}" ${place}`,
    { ...(name !== undefined && { name }), ...(group !== '' && { group }), kind: resource },
  );
}

/** Of the token's claims; undefined for what is none. */
function userOf(authorization: string): string | undefined {
  const [, token] = /^Bearer +(\S+)$/i.exec(authorization) ?? [];
  if (token === undefined) return 'system:anonymous';
  try {
    const claims = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as {
      readonly sub?: unknown;
    };
    return typeof claims.sub === 'string' ? claims.sub : undefined;
  } catch {
    return undefined;
  }
}

function failure(code: number, reason: string, message: string, details?: object): ApiAnswer {
  return json(code, {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message,
    reason,
    ...(details !== undefined && { details }),
    code,
  });
}

function json(status: number, value: object): ApiAnswer {
  return { status, type: 'application/json', body: JSON.stringify(value, null, 2) };
}
