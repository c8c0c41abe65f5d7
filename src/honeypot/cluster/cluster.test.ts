import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { personaOf } from '../persona/persona.ts';
import { createCluster } from './cluster.ts';
import { type JsonObject, listAt, mapAt, textAt } from './json.ts';
import { resourceOfKind } from './resources.ts';
import { conform } from './schema/conform.ts';
import { messageOfKind } from './schema/schema.ts';

const now = (): number => Date.parse('2026-01-15T12:00:00Z');
const seeds = ['one', 'two', 'three', 'four'];
const clusters = seeds.map((seed) => createCluster(personaOf(seed), now));

/** Of secrets and identities: what must never be the same. */
function own(objects: readonly JsonObject[]): string[] {
  const values = objects.flatMap((object) => [
    textAt(object, 'metadata', 'uid'),
    ...(object.kind === 'Secret' ? Object.values(mapAt(object, 'data')) : []),
    ...listAt(object, 'status', 'containerStatuses').map((one) => textAt(one, 'containerID')),
  ]);
  return values.filter((value) => value.length > 20);
}

describe('a cluster', () => {
  it('is the same at every start', () => {
    const again = createCluster(personaOf('one'), now);
    assert.deepEqual(again.objects(), clusters[0]!.objects());
  });

  it('shares no identity and no secret with another sensor’s', () => {
    const seen = new Map<string, number>();
    for (const [index, cluster] of clusters.entries())
      for (const value of new Set(own(cluster.objects()))) {
        assert.equal(seen.get(value), undefined, `${value} is in ${seen.get(value)} and ${index}`);
        seen.set(value, index);
      }
    assert.ok(seen.size > 400);
  });

  it('has objects whose fields all are those of their types', () => {
    for (const object of clusters.flatMap((cluster) => cluster.objects())) {
      const message = messageOfKind(object.apiVersion, object.kind);
      if (message === undefined) continue;
      const { unknown } = conform(object, message);
      assert.deepEqual(unknown, [], `${object.kind} ${object.metadata.name}`);
      assert.notEqual(resourceOfKind(object.apiVersion, object.kind), undefined, object.kind);
    }
  });

  it('has pods that run on its nodes, each with an address of its own or its node’s', () => {
    for (const cluster of clusters) {
      const addresses = new Map<string, string>();
      const pods = cluster.objects().filter((one) => one.kind === 'Pod');
      assert.ok(pods.length >= 12);
      for (const pod of pods) {
        const node = cluster.plan.nodes.find((one) => one.name === textAt(pod, 'spec', 'nodeName'));
        assert.equal(textAt(pod, 'status', 'hostIP'), node?.address);
        const address = textAt(pod, 'status', 'podIP');
        if (address === node?.address) continue;
        assert.equal(addresses.get(address), undefined, address);
        addresses.set(address, pod.metadata.name);
      }
    }
  });

  it('is not younger than its release, and nothing in it is newer than now', () => {
    for (const { plan, objects } of clusters) {
      assert.ok(plan.createdAt > Date.parse(plan.release.built));
      for (const { metadata } of objects()) {
        if (metadata.creationTimestamp !== null) assert.ok(Date.parse(metadata.creationTimestamp) <= now());
      }
    }
  });

  it('goes on: heartbeats are renewed, names stay', () => {
    let time = now();
    const cluster = createCluster(personaOf('one'), () => time);
    const before = cluster.objects();
    const version = cluster.version();
    time += 3_600_000;
    const after = cluster.objects();
    assert.deepEqual(
      after.map((one) => one.metadata.name),
      before.map((one) => one.metadata.name),
    );
    const heartbeat = (objects: typeof before): string =>
      textAt(
        listAt(
          objects.find((one) => one.kind === 'Node'),
          'status',
          'conditions',
        )[1],
        'lastHeartbeatTime',
      );
    assert.ok(heartbeat(after) > heartbeat(before));
    assert.ok(cluster.version() > version);
  });
});
