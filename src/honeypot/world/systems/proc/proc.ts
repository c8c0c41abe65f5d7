/** /proc of a world: made at each reading, of its processes, its clock and its persona. */
import type { Directory, Node } from '../../files/node.ts';
import { Quota } from '../../files/quota.ts';
import { Tree } from '../../files/tree.ts';
import { now, type Process, type World } from '../../world.ts';
import { type Entries, fresh, linkTo } from './fresh.ts';
import { machineFiles } from './machine-files.ts';
import { processDirectory } from './process-files.ts';
import { sysDirectory } from './sys.ts';

/** What a visitor may set in /proc/sys, in bytes. */
const settings = 1 << 20;

/** Shows it at /proc of the world's files. */
export function mountProc(world: World, quota: Quota): void {
  const at = (): number => now(world);
  const root: Directory = { ...fresh(at, () => new Map()), entries: () => currentEntries(world, at) };
  const tree = new Tree(root, new Quota(0));
  let sys: Tree | undefined;
  tree.mounts.set('/sys', {
    // Few visitors look there.
    get tree() {
      sys ??= new Tree(sysDirectory(world), new Quota(settings, quota));
      return sys;
    },
    path: '/',
    readOnly: isConfined(world),
  });
  world.files.mounts.set('/proc', { tree, path: '/', readOnly: false });
}

function isConfined(world: World): boolean {
  return world.container?.privileged === false;
}

/** Milliseconds for which a list of processes may be shown; a path is looked up name by name. */
const moment = 100;
/** Of the world that was looked at last. */
let shown:
  | { readonly world: World; readonly entries: Entries; readonly key: string; readonly until: number }
  | undefined;

function currentEntries(world: World, at: () => number): Entries {
  const time = performance.now();
  const key = `${world.processes.length} ${world.processes.at(-1)?.pid} ${world.nextPid}`;
  if (shown?.world === world && shown.key === key && time < shown.until) return shown.entries;
  const entries = rootEntries(world, at);
  shown = { world, entries, key, until: time + moment };
  return entries;
}

function rootEntries(world: World, at: () => number): Entries {
  const entries = new Map<string, Node>();
  for (const process of world.processes) entries.set(`${process.pid}`, processDirectory(world, process, at));
  const reader = readerOf(world);
  if (!entries.has(`${reader.pid}`)) entries.set(`${reader.pid}`, processDirectory(world, reader, at));
  for (const [name, node] of machineFiles(world, at)) entries.set(name, node);
  entries.set('self', linkTo(`${reader.pid}`, at));
  entries.set('thread-self', linkTo(`${reader.pid}/task/${reader.pid}`, at));
  entries.set('mounts', linkTo('self/mounts', at));
  entries.set('net', linkTo('self/net', at));
  entries.set(
    'sys',
    fresh(at, () => new Map()),
  );
  return entries;
}

/** Who reads is taken to be what was started last. */
function readerOf(world: World): Process {
  const last = world.processes.findLast(({ isVisitors }) => isVisitors);
  if (last !== undefined) return last;
  return {
    pid: world.nextPid,
    ppid: 1,
    user: 'root',
    args: ['sh'],
    exe: world.system === 'alpine' || world.system === 'busybox' ? '/bin/busybox' : '/usr/bin/dash',
    startedAt: now(world),
    memory: 900,
    cpu: 0,
  };
}
