/** Refusals, in the words of k8s.io/apimachinery, api/errors. */
import type { JsonObject } from '../cluster/json.ts';
import { qualifiedName, type Resource } from '../cluster/resources.ts';

/** Thrown by whatever serves a request. */
export class Refused extends Error {
  readonly status: JsonObject;
  readonly code: number;

  constructor(code: number, reason: string, message: string, details?: JsonObject) {
    super(message);
    this.code = code;
    this.status = {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message,
      ...(reason !== '' && { reason }),
      ...(details !== undefined && { details }),
      code,
    };
  }
}

type Named = Pick<Resource, 'group' | 'plural'>;

function detailsOf(name: string | undefined, { group }: Named, kind: string): JsonObject {
  return { ...(name !== undefined && { name }), ...(group !== '' && { group }), kind };
}

export function notFound(resource: Named, name: string): Refused {
  return new Refused(
    404,
    'NotFound',
    `${qualifiedName(resource)} "${name}" not found`,
    detailsOf(name, resource, resource.plural),
  );
}

export function alreadyExists(resource: Named, name: string): Refused {
  const message = `${qualifiedName(resource)} "${name}" already exists`;
  return new Refused(409, 'AlreadyExists', message, detailsOf(name, resource, resource.plural));
}

export function conflict(resource: Named, name: string): Refused {
  const message = `Operation cannot be fulfilled on ${qualifiedName(resource)} "${name}": the object has been modified; please apply your changes to the latest version and try again`;
  return new Refused(409, 'Conflict', message, detailsOf(name, resource, resource.plural));
}

export function badRequest(message: string): Refused {
  return new Refused(400, 'BadRequest', message);
}

export interface Cause {
  readonly reason:
    | 'FieldValueRequired'
    | 'FieldValueInvalid'
    | 'FieldValueNotSupported'
    | 'FieldValueForbidden';
  readonly message: string;
  readonly field: string;
}

export function invalid(
  { group, kind, plural }: Pick<Resource, 'group' | 'kind' | 'plural'>,
  name: string,
  causes: readonly Cause[],
): Refused {
  const words = causes.map(({ field, message }) => `${field}: ${message}`);
  const said = words.length === 1 ? words[0]! : `[${words.join(', ')}]`;
  const full = group === '' ? kind : `${kind}.${group}`;
  return new Refused(422, 'Invalid', `${full} "${name}" is invalid: ${said}`, {
    ...detailsOf(name, { group, plural }, kind),
    causes: causes.map(({ reason, message, field }) => ({ reason, message, field })),
  });
}

export function notAllowed(): Refused {
  return new Refused(
    405,
    'MethodNotAllowed',
    'the server does not allow this method on the requested resource',
    {},
  );
}

export function full(): Refused {
  return new Refused(500, '', 'etcdserver: mvcc: database space exceeded');
}

/** What a deletion answers. */
export function deleted(resource: Named, name: string, uid: string): JsonObject {
  return {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Success',
    details: { ...detailsOf(name, resource, resource.plural), uid },
  };
}
