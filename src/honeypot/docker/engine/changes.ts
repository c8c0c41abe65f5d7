/** What was written into a container since it was made: for `diff`, `commit` and `build`. */
import { type Directory, entriesOf, type Node } from '../../world/files/node.ts';
import { join } from '../../world/files/tree.ts';
import type { World } from '../../world/world.ts';
import type { Container } from './container.ts';
import type { Engine } from './engine.ts';
import { worldOf } from './worlds.ts';

export interface Change {
  readonly path: string;
  /** 0 changed, 1 added, as the API numbers them. */
  readonly kind: 0 | 1;
}

/** Most entries that are looked at. */
const most = 5000;
/** What the engine itself puts into each. */
const made = /^\/(proc|sys|dev)(\/|$)|^\/etc\/(hostname|hosts|resolv\.conf)$/;

/** Nodes that somebody's tree put there; directories only where they are new or lead to one. */
export function writtenIn(world: World): Map<string, Node> {
  const found = new Map<string, Node>();
  const root = world.files.get('/');
  const open: (readonly [path: string, directory: Directory])[] = [];
  if (root?.kind === 'directory' && root.owner !== undefined) open.push(['/', root]);
  for (let at = 0; at < open.length && found.size < most; at++) {
    const [path, directory] = open[at]!;
    for (const [name, node] of entriesOf(directory)) {
      const place = join(path, name);
      if (node.owner === undefined || made.test(place) || world.files.mounts.has(place)) continue;
      found.set(place, node);
      if (node.kind === 'directory' && typeof node.entries !== 'function') open.push([place, node]);
    }
  }
  return found;
}

export function changesOf(engine: Engine, container: Container): Change[] {
  const changes = new Map<string, 0 | 1>();
  for (const { Destination } of container.startedAt === undefined || container.isOwn ? [] : container.mounts)
    changes.set(Destination, 1);
  if (container.world !== undefined && !container.isOwn) {
    const untouched = worldOf(engine, { ...container, world: undefined as never, mounts: [] });
    for (const path of writtenIn(container.world).keys())
      if (!container.mounts.some(({ Destination }) => path.startsWith(Destination)))
        changes.set(path, untouched.files.get(path) === undefined ? 1 : 0);
    untouched.close();
  }
  return [...changes].map(([path, kind]) => ({ path, kind })).sort((a, b) => (a.path < b.path ? -1 : 1));
}
