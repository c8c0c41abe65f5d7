/** What Kubernetes' authorization calls a request: of the decoy, and of the server that pods of the emulated world ask. */

/** @param name of the object; undefined for all of its kind */
export function requestVerb(method: string, name: string | undefined): string {
  switch (method) {
    case 'POST':
      return 'create';
    case 'PUT':
      return 'update';
    case 'PATCH':
      return 'patch';
    case 'DELETE':
      return name === undefined ? 'deletecollection' : 'delete';
    default:
      return name === undefined ? 'list' : 'get';
  }
}
