/**
 * The engine's process from the scanner's side: started, spoken to, ended. It loads its code without knowing any rules,
 * so a scan that is sure to need it launches it before the scanner loads its own: on a small image that is a fifth of
 * the time. Kept free of all other modules for the same reason.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { extname } from 'node:path';
import type { Duplex } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { bareEnvironment } from '../../bare-environment.ts';
import { openSlab, type Slab } from './slab.ts';

export interface EngineProcess {
  readonly child: ChildProcess;
  readonly socket: Duplex;
  readonly slab: Slab | undefined;
  /** How it ended, once it has. */
  readonly ended: Promise<string>;
  /** The last that it printed, for messages. */
  words(): string;
}

/** The collector's helper threads would only compete with its own threads for the same cores. */
const engineFlags = [
  '--single-threaded-gc',
  '--max-semi-space-size=4',
  '--initial-heap-size=48',
  '--no-turbofan',
  '--v8-pool-size=1',
];

const defaultEntry = fileURLToPath(new URL(`./child${extname(import.meta.url)}`, import.meta.url));

/**
 * @param slab of an earlier process, to be used again
 * @param entry the program to run as engine
 */
export function launchEngine(slab: Slab | undefined = openSlab(), entry = defaultEntry): EngineProcess {
  const child = spawn(process.execPath, [...engineFlags, entry], {
    stdio: ['ignore', 'ignore', 'pipe', 'pipe', slab?.fd ?? 'ignore'],
    env: bareEnvironment(),
  });
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, signal) => resolve(signal ?? `exit ${code}`));
  });
  let words = '';
  child.stderr?.on('data', (text: Buffer) => {
    words = (words + text.toString('latin1')).slice(-2000);
  });
  const socket = child.stdio[3] as Duplex;
  // What a write to a dead process says, its exit says better.
  socket.on('error', () => child.kill('SIGKILL'));
  return { child, socket, slab, ended, words: () => words };
}

/** Resolves once it is gone. */
export async function endEngine({ child, socket, ended }: EngineProcess): Promise<void> {
  socket.destroy();
  child.kill('SIGKILL');
  await ended;
}
