/** Where rules live: those shipped with the package, and those that the user added. */
import { readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

export { shippedRules } from '../../package.ts';

/** `rules/` of the data folder; relative settings of XDG_DATA_HOME are ignored, as its specification wants. */
export function userRules(env: Readonly<Record<string, string | undefined>>): string {
  const set = env.XDG_DATA_HOME;
  const data = set?.startsWith('/') ? set : join(env.HOME ?? homedir(), '.local', 'share');
  return join(data, 'waterguard', 'rules');
}

/** The folders that the user added with `waterguard rules add`; every scan uses them. */
export function addedFolders(env: Readonly<Record<string, string | undefined>>): readonly string[] {
  const folder = userRules(env);
  try {
    return readdirSync(folder)
      .filter((name) => !name.startsWith('.'))
      .sort()
      .map((name) => join(folder, name));
  } catch {
    return [];
  }
}
