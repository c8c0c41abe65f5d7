/** Which handler a path leads to, as dockerd's router finds it. */
import type { Handler } from './call.ts';

export interface Route {
  readonly method: string;
  /** `/containers/{name}/json`; a name may have slashes. */
  readonly pattern: string;
  readonly handle: Handler;
  /** It records what it does itself; others are told of as `request`. */
  readonly recordsItself?: boolean;
  /** It is not there under a version. */
  readonly isUnversioned?: boolean;
}

interface Compiled {
  readonly route: Route;
  readonly before: string;
  /** Undefined where the pattern has no name. */
  readonly after: string | undefined;
}

export interface Router {
  find(method: string, path: string): { readonly route: Route; readonly name: string } | undefined;
}

/** @param routes the first that fits counts */
export function routerOf(routes: readonly Route[]): Router {
  const byFirst = new Map<string, Compiled[]>();
  for (const route of routes) {
    const [before = '', after] = route.pattern.split('{name}');
    const key = keyOf(route.method, route.pattern);
    const list = byFirst.get(key) ?? [];
    byFirst.set(key, list);
    list.push({ route, before, after });
  }
  return {
    find(method, path) {
      for (const { route, before, after } of byFirst.get(keyOf(method, path)) ?? []) {
        if (after === undefined) {
          if (path === before) return { route, name: '' };
          continue;
        }
        if (!path.startsWith(before) || !path.endsWith(after)) continue;
        if (path.length <= before.length + after.length) continue;
        return { route, name: path.slice(before.length, path.length - after.length) };
      }
      return undefined;
    },
  };
}

function keyOf(method: string, path: string): string {
  const end = path.indexOf('/', 1);
  return `${method} ${end < 0 ? path : path.slice(0, end)}`;
}
