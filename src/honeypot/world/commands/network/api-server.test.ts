import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { personaOf } from '../../../persona/persona.ts';
import { askApiServer, isApiServerName } from './api-server.ts';

const persona = personaOf('a');
const claims = Buffer.from('{"sub":"system:serviceaccount:default:default"}').toString('base64url');
const bearer = `Bearer e30.${claims}.c2ln`;

describe('the API server, asked from within a pod', () => {
  it('tells its release to everybody', () => {
    const { status, body } = askApiServer(persona, 'GET', '/version?timeout=32s');
    assert.equal(status, 200);
    assert.match(body, /"gitVersion": "v1\.27\./);
  });

  it('lets the account of the pod do nothing, in its words', () => {
    const asked = (method: string, path: string, authorization?: string) =>
      JSON.parse(askApiServer(persona, method, path, authorization).body) as Record<string, unknown>;
    assert.deepEqual(asked('GET', '/api/v1/namespaces/kube-system/secrets?limit=5', bearer), {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message:
        'secrets is forbidden: User "system:serviceaccount:default:default" cannot list resource "secrets" in API group "" in the namespace "kube-system"',
      reason: 'Forbidden',
      details: { kind: 'secrets' },
      code: 403,
    });
    assert.equal(
      asked('DELETE', '/apis/apps/v1/daemonsets/x').message,
      'daemonsets "x" is forbidden: User "system:anonymous" cannot delete resource "daemonsets" in API group "apps" at the cluster scope',
    );
    assert.equal(asked('GET', '/api').message, 'forbidden: User "system:anonymous" cannot get path "/api"');
    assert.equal(asked('GET', '/api', 'Bearer nonsense').code, 401);
  });

  it('is known by its names', () => {
    for (const name of ['kubernetes', 'kubernetes.default', 'kubernetes.default.svc.cluster.local'])
      assert.ok(isApiServerName(name), name);
    assert.ok(!isApiServerName('kubernetes.io'));
  });
});
