/** Where rules live: those shipped with the package, and those that the user added. */
import { homedir } from 'node:os';
import { join } from 'node:path';

export { shippedRules } from '../../package.ts';

/** `rules/` of the data folder; relative settings of XDG_DATA_HOME are ignored, as its specification wants. */
export function userRules(env: Readonly<Record<string, string | undefined>>): string {
  const set = env.XDG_DATA_HOME;
  const data = set?.startsWith('/') ? set : join(env.HOME ?? homedir(), '.local', 'share');
  return join(data, 'waterguard', 'rules');
}
