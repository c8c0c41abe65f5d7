/** What can be done to a host or a container by `POST /api/control/PROBE/NODE/CONTROL`. */
import { randomBytes } from 'node:crypto';
import { View } from '../world/files/view.ts';
import { now, type World } from '../world/world.ts';
import { type Estate, hostNode, type Seen } from './estate.ts';
import { openPipe } from './pipe.ts';

export interface Control {
  readonly id: string;
  readonly human: string;
  readonly icon: string;
  readonly confirmation?: string;
  readonly rank: number;
}

export const hostControls: readonly Control[] = [
  { id: 'host_exec', human: 'Exec shell', icon: 'fa fa-terminal', rank: 0 },
];

const all = {
  attach: { id: 'docker_attach_container', human: 'Attach', icon: 'fa fa-desktop', rank: 1 },
  exec: { id: 'docker_exec_container', human: 'Exec shell', icon: 'fa fa-terminal', rank: 2 },
  start: { id: 'docker_start_container', human: 'Start', icon: 'fa fa-play', rank: 3 },
  restart: { id: 'docker_restart_container', human: 'Restart', icon: 'fa fa-redo', rank: 4 },
  pause: { id: 'docker_pause_container', human: 'Pause', icon: 'fa fa-pause', rank: 5 },
  unpause: { id: 'docker_unpause_container', human: 'Unpause', icon: 'fa fa-play', rank: 6 },
  stop: { id: 'docker_stop_container', human: 'Stop', icon: 'fa fa-stop', rank: 7 },
  remove: { id: 'docker_remove_container', human: 'Remove', icon: 'far fa-trash-alt', rank: 8 },
} as const satisfies Record<string, Control>;

/** Those that its state allows. */
export function controlsOf({ state }: Seen): readonly Control[] {
  switch (state) {
    case 'running':
      return [all.attach, all.exec, all.restart, all.pause, all.stop];
    case 'paused':
      return [all.unpause];
    case 'exited':
      return [all.start, all.remove];
  }
}

export interface Asked {
  readonly probe: string;
  readonly node: string;
  readonly control: string;
  readonly args: Readonly<Record<string, string>>;
}

/** What is answered: fields of Scope's response, sorted as its encoder sorts them. */
export type Answered = { readonly error: string } | Readonly<Record<string, unknown>>;

/** Pipes of one source; of more, the oldest ends. */
const mostPipes = 20;

export function perform(estate: Estate, { probe, node, control, args }: Asked): Answered {
  if (probe !== estate.probeId) return { error: `probe ${probe} is not connected right now` };
  if (control === 'host_exec') {
    const pipe = shell(estate, estate.host, { control, node: hostNode(estate) }, '/bin/bash', '-l');
    return { pipe, raw_tty: true, resize_tty_control: 'host_resize_exec_tty' };
  }
  if (control === 'host_resize_exec_tty' || control === 'docker_resize_exec_tty') return resize(estate, args);
  if (!Object.values(all).some(({ id }) => id === control))
    return { error: `Control ${JSON.stringify(control)} not recognised` };
  const id = /^(.*);<container>$/.exec(node)?.[1];
  if (id === undefined) return { error: `Invalid ID: ${node}` };
  const container = estate.containers.get(node);
  if (container === undefined) return { error: `No such container: ${id}` };
  return onContainer(estate, container, node, control);
}

function onContainer(estate: Estate, container: Seen, node: string, control: string): Answered {
  const { id, state } = container;
  const about = { control, node };
  switch (control) {
    case all.exec.id: {
      if (state !== 'running')
        return {
          error: `API error (409): {"message":"Container ${id} is ${state === 'paused' ? 'paused, unpause the container before exec' : 'not running'}"}\n`,
        };
      const world = estate.worldOf(container);
      const pipe = shell(estate, world, about, shellOfRoot(world));
      return { pipe, raw_tty: true, resize_tty_control: 'docker_resize_exec_tty' };
    }
    case all.attach.id:
      if (state !== 'running')
        return {
          error: `API error (409): {"message":"You cannot attach to a stopped container, start it first"}\n`,
        };
      return { pipe: shell(estate, estate.worldOf(container), about) };
    case all.start.id:
    case all.restart.id:
      Object.assign(container, {
        state: 'running',
        startedAt: now(estate.host),
        restarts: container.restarts,
      });
      return {};
    case all.pause.id:
      if (state !== 'running')
        return { error: `API error (409): {"message":"Container ${id} is not running"}\n` };
      container.state = 'paused';
      return {};
    case all.unpause.id:
      if (state !== 'paused')
        return { error: `API error (500): {"message":"Container ${id} is not paused"}\n` };
      container.state = 'running';
      return {};
    case all.stop.id:
      container.state = 'exited';
      return {};
    default:
      if (state !== 'exited')
        return {
          error: `API error (409): {"message":"You cannot remove a ${state} container ${id}. Stop the container before attempting removal or force remove"}\n`,
        };
      estate.containers.delete(node);
      return { removedNode: node };
  }
}

/** A pipe with a shell behind it; without one where none is told. @returns its name */
function shell(
  estate: Estate,
  world: World,
  about: { control: string; node: string },
  ...argv: string[]
): string {
  const { pipes } = estate;
  for (const [id, pipe] of pipes) {
    if (pipes.size < mostPipes) break;
    pipe.close();
    pipes.delete(id);
  }
  const id = `pipe-${randomBytes(8).readBigUInt64BE() >> 1n}`;
  const pipe = openPipe({
    id,
    world,
    about,
    ...(argv.length > 0 && { argv }),
    over: () => void pipes.delete(id),
  });
  pipes.set(id, pipe);
  return id;
}

function shellOfRoot(world: World): string {
  const files = new View(world.files);
  const accounts = files.exists('/etc/passwd') ? Buffer.from(files.read('/etc/passwd')).toString() : '';
  return /^root:.*:([^:\n]+)$/m.exec(accounts)?.[1] ?? '/bin/sh';
}

function resize({ pipes }: Estate, { pipeID = '', height = '', width = '' }: Asked['args']): Answered {
  const pipe = pipes.get(pipeID);
  const [rows, columns] = [Number(height), Number(width)];
  if (pipeID === '') return { error: 'Missing argument: pipeID' };
  if (!(rows > 0 && rows < 1000))
    return {
      error: `Bad parameter: height (${JSON.stringify(height)}): strconv.ParseUint: parsing ${JSON.stringify(height)}: invalid syntax`,
    };
  if (!(columns > 0 && columns < 1000))
    return {
      error: `Bad parameter: width (${JSON.stringify(width)}): strconv.ParseUint: parsing ${JSON.stringify(width)}: invalid syntax`,
    };
  if (pipe === undefined) return { error: `Unknown pipeID (${JSON.stringify(pipeID)})` };
  pipe.resize(rows, columns);
  return {};
}
