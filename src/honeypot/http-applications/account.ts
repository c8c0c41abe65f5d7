/** Whom an application runs as: what a machine does not have, its package brought with it. */
import { View } from '../world/files/view.ts';
import type { Run } from '../world/program.ts';
import { accountsOf } from '../world/systems/account-database.ts';
import type { World } from '../world/world.ts';

/** @param installedAt milliseconds since 1970, when the machine came to know it */
export function serviceAccount(name: string, world: World, installedAt: number): Run['user'] {
  const files = new View(world.files);
  const { users, groups, byName } = accountsOf(files);
  const known = byName(name);
  if (known !== undefined) return known;
  const taken = new Set([...users.map(({ uid }) => uid), ...groups.map(({ gid }) => gid)]);
  // Downwards, as systemd-sysusers gives them out.
  let id = 999;
  while (taken.has(id)) id -= 1;
  const home = `/opt/${name}`;
  try {
    const options = { append: true, now: installedAt };
    files.write('/etc/passwd', Buffer.from(`${name}:x:${id}:${id}::${home}:/usr/sbin/nologin\n`), options);
    files.write('/etc/group', Buffer.from(`${name}:x:${id}:\n`), options);
  } catch {
    // A visitor keeps these files from being written, or has filled the disk: it has no name then.
  }
  return { name, uid: id, gid: id, home };
}
