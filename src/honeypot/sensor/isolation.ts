/** How a decoy's process is started so that it has no network: in an empty network namespace of its own. */
import { spawnSync } from 'node:child_process';

export interface Isolation {
  /** Put before the command. */
  readonly prefix: readonly string[];
  /** For people: why there is less than there should be. */
  readonly lack?: string;
}

/** Root needs no other namespace, and becomes nobody afterwards, which it could not within a user namespace. */
const ofRoot = ['unshare', '--net', '--'];
/** Where the system lets people have user namespaces. The process stays who it is, so that it has no rights in them. */
const ofOthers = ['unshare', '--user', '--map-current-user', '--net', '--'];

export function findIsolation(): Isolation {
  const prefix = process.getuid?.() === 0 ? ofRoot : ofOthers;
  const { status } = spawnSync(prefix[0]!, [...prefix.slice(1), 'true'], { stdio: 'ignore', timeout: 5000 });
  if (status === 0) return { prefix };
  return {
    prefix: [],
    lack: 'Network namespaces are not to be had here (unshare -n): that decoys do not connect out rests on their having no code for it.',
  };
}
