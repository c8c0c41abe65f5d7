/** How a decoy's process is started so that it has no network: in an empty network namespace of its own. */
import { spawnSync } from 'node:child_process';

export interface Isolation {
  /** Put before the command. */
  readonly prefix: readonly string[];
  /** For people: why there is less than there should be. */
  readonly lack?: string;
}

/** As root; else in a user namespace of its own, where the system lets people have one. */
const ways: readonly (readonly string[])[] = [
  ['unshare', '--net', '--'],
  ['unshare', '--user', '--map-root-user', '--net', '--'],
];

export function findIsolation(): Isolation {
  for (const prefix of ways) {
    const { status } = spawnSync(prefix[0]!, [...prefix.slice(1), 'true'], {
      stdio: 'ignore',
      timeout: 5000,
    });
    if (status === 0) return { prefix };
  }
  return {
    prefix: [],
    lack: 'Network namespaces are not to be had here (unshare -n): that decoys do not connect out rests on their having no code for it.',
  };
}
