/**
 * One source's Jupyter server: what its terminals, kernels and notebooks are, where it lies on the machine, and what
 * its owner left there. It runs as root, as whoever needed `--allow-root` once has it.
 */
import { randomUUID } from 'node:crypto';
import { type Kept, perWorld } from '../per-world.ts';
import type { Persona } from '../persona/persona.ts';
import { FileError } from '../world/files/node.ts';
import { View } from '../world/files/view.ts';
import type { Process, World } from '../world/world.ts';
import type { Kernel } from './kernel/kernel.ts';
import { ownersNotebooks } from './notebooks.ts';
import type { Terminal } from './terminal.ts';

export interface NotebookSession {
  readonly id: string;
  path: string;
  name: string;
  type: string;
  kernel: string;
}

export interface Server extends Kept {
  readonly world: World;
  /** Directory that it serves. */
  readonly root: string;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  lastActivity: number;
  readonly terminals: Map<string, Terminal>;
  readonly kernels: Map<string, Kernel>;
  readonly sessions: Map<string, NotebookSession>;
  /** Somebody's connection. */
  visitors: number;
  /** A process of the machine from now on; @returns ends it */
  startProcess(args: readonly string[], memory: number): { readonly pid: number; end(): void };
}

export const serverOf = perWorld(createServer);

export function rootOf(persona: Persona): string {
  return `/root/${persona.random('jupyter/root').pick(['notebooks', 'work', 'jupyter', 'research', 'analysis'])}`;
}

const hour = 3_600_000;

function createServer(world: World): Server {
  const { persona } = world;
  const random = persona.random('jupyter/server');
  const booted = persona.bootedAt(Date.now());
  const startedAt = Math.min(
    booted + random.int(2 * hour, 90 * hour) + random.int(0, 999) / 1000,
    Date.now() - hour,
  );
  const root = rootOf(persona);
  const own = startProcess(world, serverArgs, 92_000 + random.int(0, 9000), startedAt);
  furnish(world, root, own.pid, startedAt);

  return {
    world,
    root,
    startedAt,
    lastActivity: Math.max(startedAt, Date.now() - random.int(2 * hour, 60 * hour)),
    terminals: new Map(),
    kernels: new Map(),
    sessions: new Map(),
    visitors: 0,
    get isInUse() {
      return this.visitors > 0;
    },
    get size() {
      return 16_384 * (1 + this.terminals.size + this.kernels.size);
    },
    startProcess: (args, memory) => startProcess(world, args, memory, Date.now(), own.pid),
    close() {
      for (const terminal of this.terminals.values()) terminal.close();
      for (const kernel of this.kernels.values()) kernel.close();
    },
  };
}

const port = 8888;
const serverArgs = [
  '/usr/bin/python3',
  '/usr/bin/jupyter-notebook',
  '--allow-root',
  '--no-browser',
  '--ip=0.0.0.0',
  `--port=${port}`,
];

function startProcess(
  world: World,
  args: readonly string[],
  memory: number,
  startedAt: number,
  parent?: number,
): ReturnType<Server['startProcess']> {
  const { processes } = world;
  const used = new Set(processes.map((one) => one.pid));
  let pid = parent === undefined ? world.persona.random('jupyter/pid').int(1500, 3000) : world.nextPid;
  while (used.has(pid)) pid += 1;
  world.nextPid = Math.max(world.nextPid, pid + 1);
  const process: Process = { pid, ppid: parent ?? 1, user: 'root', args, startedAt, memory, cpu: 1 };
  const after = processes.findIndex((one) => one.pid > pid);
  processes.splice(after < 0 ? processes.length : after, 0, process);
  return {
    pid,
    end() {
      const at = processes.indexOf(process);
      if (at >= 0) processes.splice(at, 1);
    },
  };
}

/** Leaves on the machine what a server and its owner do; where a visitor has something in its place, that stays. */
function furnish(world: World, root: string, pid: number, startedAt: number): void {
  const files = new View(world.files);
  const runtime = '/root/.local/share/jupyter/runtime';
  const about = {
    base_url: '/',
    hostname: '0.0.0.0',
    notebook_dir: root,
    password: false,
    pid,
    port,
    secure: false,
    sock: '',
    token: '',
    url: `http://0.0.0.0:${port}/`,
  };
  put(files, `${runtime}/nbserver-${pid}.json`, JSON.stringify(about, null, 2), startedAt);
  put(
    files,
    '/root/.jupyter/jupyter_notebook_config.py',
    "c.NotebookApp.token = ''\nc.NotebookApp.password = ''\n",
    startedAt - hour,
  );
  put(
    files,
    '/usr/bin/jupyter-notebook',
    "#!/usr/bin/python3\n# EASY-INSTALL-ENTRY-SCRIPT: 'notebook==6.4.12','console_scripts','jupyter-notebook'\nimport re\nimport sys\n",
    startedAt - hour,
    0o755,
  );
  for (const { path, content, at } of ownersNotebooks(world.persona, startedAt))
    put(files, `${root}/${path}`, content, at);
}

function put(files: View, path: string, content: string, now: number, mode = 0o644): void {
  try {
    const names = path.split('/').slice(1, -1);
    for (let depth = 1; depth <= names.length; depth += 1) {
      const folder = `/${names.slice(0, depth).join('/')}`;
      if (!files.exists(folder)) files.mkdir(folder, { now });
    }
    if (!files.exists(path)) files.write(path, Buffer.from(content), { now, mode });
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
  }
}

export function newId(): string {
  return randomUUID();
}
