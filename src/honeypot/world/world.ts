/**
 * One machine as one visitor sees it: files, processes, users, a clock. A decoy keeps a world for each source, so that
 * what somebody wrote is there when they come back; all of them share one tree of files until they change it.
 */
import type { Persona } from '../persona/persona.ts';
import type { Tree } from './files/tree.ts';
import type { Origin } from './files/view.ts';

/** A line of `ps`. */
export interface Process {
  readonly pid: number;
  readonly ppid: number;
  readonly user: string;
  /** Arguments, the program first; kernel threads have one in brackets. */
  readonly args: readonly string[];
  /** Path of its file, where `args` do not tell. */
  readonly exe?: string;
  readonly cwd?: string;
  /** `NAME=value`, for who reads /proc/N/environ. */
  readonly env?: readonly string[];
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  /** Resident, in KiB. */
  readonly memory: number;
  /** Seconds of a processor. */
  readonly cpu: number;
  readonly tty?: string;
  /** Runs now, for the visitor: whoever reads /proc/self is one of these. */
  readonly isVisitors?: boolean;
  /** A visitor's program that stays when what started it has ended. */
  readonly isLeft?: boolean;
}

/** What programs of the world did that would leave the machine, or stay on it: for the event, beside its text. */
export type Note =
  /** An HTTP, FTP or TFTP request that was answered and not made. */
  | { readonly kind: 'request'; readonly tool: string; readonly url: string; readonly savedAs?: string }
  /** Any other connection: ssh, nc, /dev/tcp, a miner's pool. */
  | { readonly kind: 'connect'; readonly tool: string; readonly host: string; readonly port?: number }
  | { readonly kind: 'image'; readonly tool: string; readonly reference: string }
  /** A file that was left: its content as it was at the end of the run. `origin`: where, be it on another machine. */
  | { readonly kind: 'file'; readonly path: string; readonly origin?: Origin }
  /** A program was started; first word resolved as far as it is known. */
  | { readonly kind: 'command'; readonly words: readonly string[] };

export interface World {
  readonly persona: Persona;
  /** `debian` for a host, for a container what its image is made of. */
  readonly system: 'debian' | 'ubuntu' | 'alpine' | 'busybox' | 'redhat';
  readonly hostname: string;
  readonly files: Tree;
  /** In a container only its own. */
  readonly processes: Process[];
  /** In a container: what `/proc/1/cgroup`, mounts and `/.dockerenv` tell. */
  readonly container?: {
    /** Whose it is: Docker's, or a pod's. */
    readonly runtime: 'docker' | 'containerd';
    readonly id: string;
    readonly image: string;
    /** Of an image that nobody here has seen: programs that are not there may be its own. */
    readonly isForeign?: boolean;
    readonly privileged: boolean;
    /** Shows the host's interfaces and sockets. */
    readonly hasHostNetwork?: boolean;
  };
  /** The host under a container, where a namespace is shared or nsenter leads. */
  readonly host?: World;
  /** Lines of `crontab -l` by user live in files; this counts jobs and pids given out. */
  nextPid: number;
  /** Milliseconds by which sleeping moved this world's clock ahead of the machine's. */
  ahead: number;
  /** Gives its memory back. */
  close(): void;
}

/** Milliseconds since 1970, by the world's clock. */
export function now(world: World): number {
  return Date.now() + world.ahead;
}
