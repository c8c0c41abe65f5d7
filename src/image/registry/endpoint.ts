/** Where a registry of a reference is really asked: its mirrors first, then itself. */
import { WaterguardError } from '../../model/error.ts';
import { printable } from '../../model/printable.ts';
import { isRegistry } from '../reference.ts';

export interface Endpoint {
  /** The name under which a login is stored; a mirror has its own, it never gets the origin's. */
  readonly registry: string;
  /** `host[:port]` to connect to. */
  readonly host: string;
}

/**
 * @param env `WATERGUARD_MIRRORS` is a list `docker.io=mirror.example:5000,…`; a registry may come several times
 * @returns mirrors in the order written; the origin is always last
 * @throws WaterguardError `usage` for a list that cannot be read
 */
export function endpointsOf(registry: string, env: Readonly<Record<string, string | undefined>>): Endpoint[] {
  const mirrors: Endpoint[] = [];
  for (const entry of (env.WATERGUARD_MIRRORS ?? '').split(',')) {
    if (entry.trim() === '') continue;
    const [origin = '', mirror = '', ...more] = entry.trim().split('=');
    if (!isRegistry(origin) || !isRegistry(mirror) || more.length > 0) {
      const shown = printable(entry.trim(), 100);
      throw new WaterguardError('usage', `WATERGUARD_MIRRORS: '${shown}' is not REGISTRY=HOST[:PORT]`);
    }
    if (origin === registry) mirrors.push({ registry: mirror, host: mirror });
  }
  return [...mirrors, originOf(registry)];
}

/** Docker Hub's registry API has another host than its name. */
export function originOf(registry: string): Endpoint {
  return { registry, host: registry === 'docker.io' ? 'registry-1.docker.io' : registry };
}
