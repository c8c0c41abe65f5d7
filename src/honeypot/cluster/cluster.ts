/**
 * The cluster as etcd has it before anybody changed it. Its heartbeats and leases are renewed every few minutes; all else
 * stays as it is.
 */
import type { Persona } from '../persona/persona.ts';
import { addAccess } from './access.ts';
import { createBuild, versionAt } from './build.ts';
import { addContents } from './contents.ts';
import type { KubeObject } from './json.ts';
import { type Plan, planOf } from './plan.ts';
import { addHeartbeats, addSystem } from './system.ts';

export interface Cluster {
  readonly plan: Plan;
  /** All objects, in the order in which etcd lists them: by their names within each resource. */
  objects(): readonly KubeObject[];
  /** The version that etcd has now. */
  version(): number;
}

/** Milliseconds after which heartbeats are renewed. */
const freshFor = 4 * 60_000;

/** @param now milliseconds since 1970, by the machine's clock */
export function createCluster(persona: Persona, now: () => number = Date.now): Cluster {
  const plan = planOf(persona);
  let made: readonly KubeObject[] = [];
  let madeAt = Number.NEGATIVE_INFINITY;

  function makeAll(): readonly KubeObject[] {
    const build = createBuild(plan, madeAt);
    addSystem(build);
    addAccess(build);
    addContents(build);
    return build.objects.toSorted(byName);
  }

  /** Nodes and leases anew; the rest stays. */
  function renewed(): readonly KubeObject[] {
    const build = createBuild(plan, madeAt);
    addHeartbeats(build);
    const fresh = new Map(build.objects.map((one) => [`${one.kind} ${keyOf(one)}`, one]));
    return made.map((one) => fresh.get(`${one.kind} ${keyOf(one)}`) ?? one);
  }

  return {
    plan,
    objects() {
      if (now() - madeAt < freshFor) return made;
      madeAt = now();
      made = made.length === 0 ? makeAll() : renewed();
      return made;
    },
    version: () => versionAt(plan, now()),
  };
}

export function byName(one: KubeObject, other: KubeObject): number {
  const [a, b] = [keyOf(one), keyOf(other)];
  return a < b ? -1 : a > b ? 1 : 0;
}

/** `name space/name`, as it stands in etcd's keys. */
export function keyOf({ metadata }: KubeObject): string {
  return metadata.namespace === undefined ? metadata.name : `${metadata.namespace}/${metadata.name}`;
}
