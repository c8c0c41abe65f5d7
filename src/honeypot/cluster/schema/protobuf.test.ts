import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { decodeObject, encodeObject } from './protobuf.ts';
import { Malformed } from './wire.ts';

/** What `kubectl auth can-i --list` sends (kubectl 1.32). */
const rulesReview = Buffer.from(
  '6b3873000a310a17617574686f72697a6174696f6e2e6b38732e696f2f7631121653656c665375626a65637452756c657352657669657712230a100a0012001a0022002a003200380042001209' +
    '0a0764656661756c741a04180022001a002200',
  'hex',
);

const pod = {
  kind: 'Pod',
  apiVersion: 'v1',
  metadata: {
    name: 'x',
    namespace: 'default',
    labels: { a: 'b', __proto__x: 'c' },
    creationTimestamp: '2026-01-02T03:04:05Z',
  },
  spec: {
    volumes: [{ name: 'host', hostPath: { path: '/', type: '' } }],
    containers: [
      {
        name: 'c',
        image: 'alpine',
        command: ['sh', '-c', 'echo hi'],
        ports: [{ containerPort: 80, protocol: 'TCP' }],
        env: [{ name: 'A', valueFrom: { secretKeyRef: { name: 's', key: 'k' } } }],
        resources: { limits: { cpu: '100m', memory: '1Gi' } },
        livenessProbe: { httpGet: { path: '/', port: 'web', scheme: 'HTTP' }, initialDelaySeconds: 3 },
        securityContext: { privileged: true, runAsUser: -1 },
      },
    ],
    hostPID: true,
    terminationGracePeriodSeconds: 30,
  },
};

describe('protobuf', () => {
  it('of kubectl is read', () => {
    const object = decodeObject(rulesReview);
    assert.equal(object.kind, 'SelfSubjectRulesReview');
    assert.equal(object.apiVersion, 'authorization.k8s.io/v1');
    assert.deepEqual(object.spec, { namespace: 'default' });
  });

  it('gives back what was written, embedded messages, maps and special types among it', () => {
    const decoded = decodeObject(encodeObject(pod)!);
    // A volume’s type is a pointer: there, and empty.
    assert.deepEqual(decoded, {
      ...pod,
      spec: { ...pod.spec, volumes: [{ name: 'host', hostPath: { path: '/' } }] },
    });
  });

  it('that is cut off or changed anywhere is refused or read, and nothing else', () => {
    const bytes = encodeObject(pod)!;
    for (let at = 0; at < bytes.length; at++) {
      for (const hostile of [
        bytes.subarray(0, at),
        Buffer.concat([bytes.subarray(0, at), Buffer.from([0xff]), bytes.subarray(at + 1)]),
      ]) {
        try {
          decodeObject(hostile);
        } catch (error) {
          assert.ok(error instanceof Malformed, String(error));
        }
      }
    }
  });
});
