/**
 * What a decoy keeps for each source beside its files: the server as it left it. It is forgotten with the source's
 * world, or when others need the room.
 */
import type { World } from './world/world.ts';

export interface Kept {
  /** Somebody is connected. */
  readonly isInUse: boolean;
  /** Bytes that it holds now. */
  readonly size: number;
  /** Gives its memory back. */
  close(): void;
}

/** Worlds whose state is kept, as many as there are hosts. */
const maxWorlds = 1000;
/** Bytes of all that are not in use, above which the longest unused go. */
const maxIdle = 12 << 20;
/** Milliseconds, as long as a host is kept. */
const keptFor = 3_600_000;

/** @returns the state of a world, made at first sight */
export function perWorld<T extends Kept>(make: (world: World) => T): (world: World) => T {
  /** The one that was longest unused comes first. */
  const all = new Map<World, { readonly state: T; at: number }>();

  function forget(): void {
    const now = Date.now();
    let idle = 0;
    for (const { state } of all.values()) if (!state.isInUse) idle += state.size;
    for (const [world, { state, at }] of all) {
      if (state.isInUse) continue;
      if (all.size < maxWorlds && now - at < keptFor && idle < maxIdle) return;
      all.delete(world);
      idle -= state.size;
      state.close();
    }
  }

  return (world) => {
    const known = all.get(world);
    all.delete(world);
    forget();
    const kept = known ?? { state: make(world), at: 0 };
    kept.at = Date.now();
    all.set(world, kept);
    return kept.state;
  };
}
