/** A container as the daemon keeps it. What its process does is told in `process.ts`. */
import type { World } from '../../world/world.ts';
import type { Moment } from '../json/encode.ts';
import type { ContainerConfig } from './config.ts';
import type { HostConfig } from './host-config.ts';
import type { Image } from './image.ts';
import type { Channel, Logs } from './logs.ts';
import type { MountPoint } from './mounts.ts';
import type { Running } from './process.ts';

export type Status = 'created' | 'running' | 'paused' | 'restarting' | 'exited';

export interface Container {
  readonly id: string;
  /** Without the slash that the API puts before it. */
  name: string;
  readonly created: Moment;
  readonly image: Image;
  /** As it was asked for. */
  readonly imageName: string;
  /** Bytes that it was asked for with. */
  readonly cost: number;
  readonly config: ContainerConfig;
  hostConfig: HostConfig;
  readonly mounts: readonly MountPoint[];
  /** By the name of the network. */
  readonly endpoints: Map<string, Endpoint>;
  status: Status;
  pid: number;
  exitCode: number;
  error: string;
  startedAt: Moment | undefined;
  finishedAt: Moment | undefined;
  restarts: number;
  /** Somebody said stop: no policy starts it again. */
  isStopped: boolean;
  readonly logs: Logs;
  /** What the daemon gave it when it was started first, and shows from then on. */
  sandbox: string;
  readonly execs: Set<string>;
  /** Clients that see what it writes. */
  readonly watchers: Set<Watcher>;
  /** Of the persona; its processes are lines of the host's table and nothing more. */
  readonly isOwn: boolean;
  /** Its process is more than said to run. */
  isEmulated: boolean;
  /** Files and processes; there from the first start or copy on. */
  world?: World;
  /** The process that runs now. */
  running?: Running;
}

/** Somebody who is attached. */
export interface Watcher {
  output(channel: Channel, bytes: Uint8Array): void;
  /** The process has ended. */
  end(): void;
}

export interface Endpoint {
  readonly networkId: string;
  /** Absent while the container does not run. */
  readonly endpointId: string;
  readonly address: string;
  readonly gateway: string;
  readonly prefix: number;
  readonly mac: string;
  readonly aliases: readonly string[] | null;
}

export const noEndpoint: Endpoint = {
  networkId: '',
  endpointId: '',
  address: '',
  gateway: '',
  prefix: 0,
  mac: '',
  aliases: null,
};

export function isRunning({ status }: Container): boolean {
  return status === 'running' || status === 'paused';
}

/** An instance of `docker exec`. */
export interface Exec {
  readonly id: string;
  readonly container: Container;
  readonly argv: readonly string[];
  readonly env: readonly string[];
  readonly user: string;
  readonly workdir: string;
  readonly tty: boolean;
  readonly privileged: boolean;
  readonly stdin: boolean;
  readonly stdout: boolean;
  readonly stderr: boolean;
  readonly detachKeys: string;
  /** Bytes that it was asked for with. */
  readonly cost: number;
  isRunning: boolean;
  exitCode: number | null;
  pid: number;
  running?: Running;
}
