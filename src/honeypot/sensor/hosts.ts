/** The host that each source sees: what it changed is there when it comes back, until others need the room. */
import type { Persona } from '../persona/persona.ts';
import { Quota } from '../world/files/quota.ts';
import { View } from '../world/files/view.ts';
import { createHost } from '../world/systems/host.ts';
import type { World } from '../world/world.ts';
import type { Left } from './channel.ts';

/** Sources whose changes are kept. */
const maxHosts = 1000;
/** What visitors may write altogether, in bytes. */
const maxWritten = 24 << 20;
/** Milliseconds after which a host is as it was. */
const keptFor = 3_600_000;

interface Kept {
  readonly world: World;
  at: number;
}

export interface Hosts {
  of(source: string): World;
  /** Puts a file where its source left it at another decoy. */
  leave(left: Left): void;
}

export function createHosts(persona: Persona): Hosts {
  const quota = new Quota(maxWritten);
  // The files that all share are put together now: the first visitor would wait for it, and everybody beside him.
  createHost(persona, quota).close();
  /** The one that was longest away comes first. */
  const hosts = new Map<string, Kept>();

  function forget(): void {
    for (const [source, { world, at }] of hosts) {
      if (hosts.size < maxHosts && Date.now() - at < keptFor && !quota.isTight) return;
      hosts.delete(source);
      world.close();
    }
  }

  function of(source: string): World {
    const known = hosts.get(source);
    hosts.delete(source);
    const kept = known ?? { world: createHost(persona, quota), at: 0 };
    kept.at = Date.now();
    forget();
    hosts.set(source, kept);
    return kept.world;
  }

  return {
    of,
    leave({ ip, path, content }) {
      try {
        put(new View(of(ip).files), path, content);
      } catch {
        // No room, or another thing in its place: then it is not there.
      }
    },
  };
}

function put(files: View, path: string, content: Uint8Array): void {
  const names = path.split('/').slice(1, -1);
  for (let depth = 1; depth <= names.length; depth += 1) {
    const folder = `/${names.slice(0, depth).join('/')}`;
    if (!files.exists(folder)) files.mkdir(folder, { mode: 0o700 });
  }
  files.write(path, content, { mode: 0o600 });
}
