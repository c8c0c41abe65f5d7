/** Looks for what a container is told to run, before it is run, as runc does. */
import { View } from '../../world/files/view.ts';
import type { World } from '../../world/world.ts';
import type { ContainerConfig } from './config.ts';
import { broken } from './failure.ts';

const defaultPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

export function findProgram(
  world: World,
  program: string,
  { Env, WorkingDir }: Pick<ContainerConfig, 'Env' | 'WorkingDir'>,
): 'present' | 'absent' | 'forbidden' {
  const view = new View(world.files, { cwd: WorkingDir || '/' });
  const told = (Env ?? []).findLast((one) => one.startsWith('PATH='))?.slice('PATH='.length);
  const places = program.includes('/')
    ? [program]
    : (told ?? defaultPath).split(':').map((folder) => `${folder}/${program}`);
  for (const place of places) {
    if (!view.exists(place)) continue;
    const node = view.stat(place);
    if (node.kind === 'file' && view.allows(node, 1)) return 'present';
    if (program.includes('/')) return 'forbidden';
  }
  return 'absent';
}

/** @param user as `--user` takes it: name or number, and a group. @throws DockerError 500 */
export function verifyUser(world: World, user: string): void {
  const [name = ''] = user.split(':');
  if (name === '' || /^\d+$/.test(name) || name === 'root') return;
  const view = new View(world.files);
  const accounts = view.exists('/etc/passwd') ? Buffer.from(view.read('/etc/passwd')).toString('utf8') : '';
  if (!accounts.split('\n').some((line) => line.startsWith(`${name}:`)))
    throw broken(`unable to find user ${name}: no matching entries in passwd file`);
}
