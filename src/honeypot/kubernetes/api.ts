/** Requests for resources: get, list, watch, create, update, patch, delete, as the API server's handlers do them. */
import type { JsonObject, KubeObject } from '../cluster/json.ts';
import { apiVersionOf, type Resource } from '../cluster/resources.ts';
import { type Call, chosen, find, shown, verbOf } from './call.ts';
import { patch, update } from './change.ts';
import { create } from './create.ts';
import { remove, removeAll } from './remove.ts';
import { badRequest, full } from './status.ts';
import { Full } from './store.ts';
import { beginWatch } from './watch.ts';

export async function serveResource(call: Call): Promise<void> {
  const { exchange, target, answering } = call;
  try {
    switch (verbOf(exchange, target)) {
      case 'get':
        return await answering.object(
          exchange,
          200,
          shown(find(call), target.resource),
          deprecation(target.resource),
        );
      case 'list':
        return await answering.object(exchange, 200, list(call), deprecation(target.resource));
      case 'watch':
        return await beginWatch(call, chosen(call));
      case 'create':
        return await create(call);
      case 'update':
        return await update(call);
      case 'patch':
        return await patch(call);
      case 'delete':
        return await remove(call);
      default:
        return await removeAll(call);
    }
  } catch (error) {
    if (error instanceof Full) throw full();
    throw error;
  }
}

function deprecation({ kind }: Resource): readonly (readonly [string, string])[] {
  return kind === 'ComponentStatus'
    ? [['Warning', '299 - "v1 ComponentStatus is deprecated in v1.19+"']]
    : [];
}

function list(call: Call): JsonObject {
  const { exchange, target, visit } = call;
  const { resource, namespace } = target;
  const isWanted = chosen(call);
  const all = visit.store.list(resource.kind, namespace).filter(isWanted);
  const limit = Number(exchange.query.get('limit') ?? 0);
  const token = exchange.query.get('continue') ?? '';
  const from = token === '' ? 0 : startOf(token);
  const isCut = Number.isInteger(limit) && limit > 0 && all.length > from + limit;
  const some = all.slice(from, isCut ? from + limit : undefined);
  const version = String(visit.store.version());
  return {
    kind: `${resource.kind}List`,
    apiVersion: apiVersionOf(resource),
    metadata: {
      resourceVersion: version,
      ...(isCut && {
        continue: continueToken(from + limit, version, some.at(-1)!),
        remainingItemCount: all.length - from - limit,
      }),
    },
    items: some.map(({ kind: _, apiVersion: __, ...rest }) => rest as JsonObject),
  };
}

/** As the API server's: JSON in base64, with the version and the key where to go on. */
function continueToken(next: number, version: string, last: KubeObject): string {
  const { namespace, name } = last.metadata;
  const start = `${namespace === undefined ? '' : `${namespace}/`}${name}\u0000`;
  return Buffer.from(JSON.stringify({ v: 'meta.k8s.io/v1', rv: Number(version), start, at: next })).toString(
    'base64url',
  );
}

function startOf(token: string): number {
  try {
    const value = JSON.parse(Buffer.from(token, 'base64url').toString('utf8')) as JsonObject;
    if (typeof value.at === 'number' && value.at >= 0) return value.at;
  } catch {}
  throw badRequest('continue key is not valid: invalid character');
}
