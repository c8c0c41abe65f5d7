import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { jsonPatch, mergePatch, strategicPatch } from './patch.ts';
import { Refused } from './status.ts';

const deployment = {
  metadata: { name: 'web', labels: { a: '1' }, finalizers: ['x'] },
  spec: {
    replicas: 1,
    template: {
      spec: {
        containers: [
          { name: 'web', image: 'nginx:1', env: [{ name: 'A', value: '1' }], ports: [{ containerPort: 80 }] },
          { name: 'side', image: 'envoy' },
        ],
        tolerations: [{ key: 'a' }],
      },
    },
  },
};

describe('a merge patch', () => {
  it('sets, removes and replaces lists (RFC 7386)', () => {
    assert.deepEqual(mergePatch({ a: { b: 'c', d: [1] }, e: 1 }, { a: { b: null, d: [2] }, f: 3 }), {
      a: { d: [2] },
      e: 1,
      f: 3,
    });
  });

  it('keeps a key that is called __proto__ to itself', () => {
    const patch = JSON.parse('{"__proto__":{"polluted":true}}');
    const made = mergePatch({}, patch) as object;
    assert.deepEqual(Object.keys(made), ['__proto__']);
    assert.equal(({} as Record<string, unknown>).polluted, undefined);
  });
});

describe('a strategic merge patch', () => {
  it('merges containers by their names and their variables as well', () => {
    const made = strategicPatch(deployment, {
      spec: {
        template: {
          spec: { containers: [{ name: 'web', image: 'nginx:2', env: [{ name: 'B', value: '2' }] }] },
        },
      },
    }) as typeof deployment;
    const [web, side] = made.spec.template.spec.containers;
    assert.deepEqual(web, {
      name: 'web',
      image: 'nginx:2',
      env: [
        { name: 'A', value: '1' },
        { name: 'B', value: '2' },
      ],
      ports: [{ containerPort: 80 }],
    });
    assert.deepEqual(side, { name: 'side', image: 'envoy' });
  });

  it('replaces lists without keys, and deletes and orders members as it is told', () => {
    const made = strategicPatch(deployment, {
      spec: {
        template: {
          spec: {
            $setElementOrder: null,
            '$setElementOrder/containers': [{ name: 'new' }, { name: 'web' }],
            containers: [
              { name: 'side', $patch: 'delete' },
              { name: 'new', image: 'b' },
            ],
            tolerations: [{ key: 'b' }],
          },
        },
      },
      metadata: { '$deleteFromPrimitiveList/finalizers': ['x'], labels: null },
    }) as typeof deployment;
    assert.deepEqual(
      made.spec.template.spec.containers.map((one) => one.name),
      ['new', 'web'],
    );
    assert.deepEqual(made.spec.template.spec.tolerations, [{ key: 'b' }]);
    assert.deepEqual(made.metadata, { name: 'web', finalizers: [] });
  });
});

describe('a JSON patch', () => {
  it('adds, removes, replaces, moves, copies and tests (RFC 6902)', () => {
    const made = jsonPatch({ a: { 'x/y': 1 }, b: [1, 2] }, [
      { op: 'test', path: '/a/x~1y', value: 1 },
      { op: 'replace', path: '/a/x~1y', value: 2 },
      { op: 'add', path: '/b/-', value: 3 },
      { op: 'add', path: '/b/0', value: 0 },
      { op: 'remove', path: '/b/1' },
      { op: 'copy', from: '/b', path: '/c' },
      { op: 'move', from: '/a', path: '/d' },
    ]);
    assert.deepEqual(made, { b: [0, 2, 3], c: [0, 2, 3], d: { 'x/y': 2 } });
  });

  it('that tests in vain, or copies itself without end, is refused', () => {
    assert.throws(() => jsonPatch({ a: 1 }, [{ op: 'test', path: '/a', value: 2 }]), Refused);
    const doubling = Array.from({ length: 60 }, (_, at) => ({ op: 'copy', from: '', path: `/x${at}` }));
    assert.throws(() => jsonPatch({ a: 'x'.repeat(1000) }, doubling), Refused);
  });
});
