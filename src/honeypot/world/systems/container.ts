/** A container on the server: its own files, processes and name, and of the host what it was given. */
import { Quota } from '../files/quota.ts';
import { join, parentOf, Tree } from '../files/tree.ts';
import { View } from '../files/view.ts';
import { now, type World } from '../world.ts';
import { nameServer } from './etc.ts';
import { imageOf, rootOf } from './images.ts';
import { mountProc } from './proc/proc.ts';

export interface Bind {
  /** Absolute paths: on the host, in the container. */
  readonly source: string;
  readonly target: string;
  readonly readOnly?: boolean;
}

export interface ContainerOptions {
  readonly image: string;
  /** Nobody here has seen it, whatever it is made of here. */
  readonly isForeign?: boolean;
  /** 64 hex digits. */
  readonly id: string;
  /** Docker by default. */
  readonly runtime?: 'docker' | 'containerd';
  readonly hostname?: string;
  readonly binds?: readonly Bind[];
  readonly privileged?: boolean;
  readonly hostPid?: boolean;
  readonly hostNetwork?: boolean;
  /** `NAME=value`, which its first process shows. */
  readonly env?: readonly string[];
  /** What its first process runs; without it there is none yet. */
  readonly command?: readonly string[];
}

/** What a container may keep, in bytes; inside what its visitor may keep altogether. */
const share = 8 << 20;
/** Of more no real client asks. */
const mostBinds = 64;

export function createContainer(host: World, options: ContainerOptions): World {
  const { persona } = host;
  const { id, runtime = 'docker', hostPid = false, hostNetwork = false, privileged = false } = options;
  const { isForeign = false } = options;
  const image = imageOf(options.image);
  const own = new Quota(share, host.files.quota);
  const files = new Tree(rootOf(persona, image, privileged), own);
  const hostname = options.hostname ?? (hostNetwork ? host.hostname : id.slice(0, 12));
  const world: World = {
    persona,
    system: image.system,
    hostname,
    files,
    processes: hostPid ? host.processes : [],
    container: { id, runtime, image: options.image, isForeign, privileged, hasHostNetwork: hostNetwork },
    host,
    nextPid: hostPid ? host.nextPid : 1,
    ahead: host.ahead,
    close: () => own.release(),
  };
  if (options.command !== undefined) {
    world.processes.push({
      pid: world.nextPid,
      ppid: 0,
      user: 'root',
      args: options.command,
      startedAt: now(world),
      memory: 1_600,
      cpu: 0,
      env: options.env ?? [],
    });
    world.nextPid += hostPid ? 1 : 6;
  }
  mountProc(world, own);
  files.mounts.set('/sys', { tree: host.files, path: '/sys', readOnly: !privileged });
  addNames(world, hostNetwork ? host : undefined);
  for (const bind of (options.binds ?? []).slice(0, mostBinds)) addBind(world, host, bind);
  return world;
}

/** What the engine writes into each container. @param host whose names it shares */
function addNames(world: World, host: World | undefined): void {
  const view = new View(world.files);
  const address = '172.17.0.2';
  const read = (path: string): Uint8Array => new View((host ?? world).files).read(path);
  const hosts = `127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\nfe00::0\tip6-localnet\nff00::0\tip6-mcastprefix\nff02::1\tip6-allnodes\nff02::2\tip6-allrouters\n${address}\t${world.hostname}\n`;
  const { domain, network } = world.persona;
  const time = { now: now(world) };
  view.write('/etc/hostname', Buffer.from(`${world.hostname}\n`), time);
  view.write('/etc/hosts', host === undefined ? Buffer.from(hosts) : read('/etc/hosts'), time);
  const resolver = `search ${domain}\nnameserver ${nameServer(network.address)}\n`;
  view.write('/etc/resolv.conf', Buffer.from(resolver), time);
  if (world.container?.runtime !== 'docker') view.unlink('/.dockerenv', time.now);
}

/** Makes what is missing on both sides, as the engine does. */
function addBind(world: World, host: World, { source, target, readOnly = false }: Bind): void {
  const outside = new View(host.files);
  const [from, to] = [normal(source), normal(target)];
  try {
    if (!outside.exists(from)) makeDirectories(outside, from);
    const real = outside.realpath(from);
    const inside = new View(world.files);
    if (!inside.exists(to)) {
      const isDirectory = outside.stat(from).kind === 'directory';
      makeDirectories(inside, isDirectory ? to : parentOf(to));
      if (!isDirectory) inside.write(to, new Uint8Array());
    }
    world.files.mounts.set(inside.realpath(to), { tree: host.files, path: real, readOnly });
  } catch {
    // A path that nothing can be mounted at: the container goes without it.
  }
}

function makeDirectories(view: View, path: string): void {
  let here = '/';
  for (const name of path.split('/')) {
    if (name === '') continue;
    here = join(here, name);
    if (!view.exists(here)) view.mkdir(here);
  }
}

function normal(path: string): string {
  const names: string[] = [];
  for (const name of path.split('/')) {
    if (name === '..') names.pop();
    else if (name !== '' && name !== '.') names.push(name);
  }
  return `/${names.join('/')}`;
}
