/** What every program finds in its environment before anybody adds to it. */
import type { Run } from '../program.ts';
import type { World } from '../world.ts';
import { defaultPath } from './simple.ts';

/** As sshd and docker set it; a login adds its own. */
export function defaultEnvironment(world: World, user: Run['user']): Map<string, string> {
  const isPlain = user.uid !== 0 && world.container === undefined;
  return new Map([
    ['PATH', isPlain ? '/usr/local/bin:/usr/bin:/bin:/usr/games' : defaultPath],
    ['HOME', user.home],
    ...(world.container === undefined ? [] : [['HOSTNAME', world.hostname] as const]),
  ]);
}
