/**
 * The process of one decoy. It was started without a network of its own; the supervisor hands it listening sockets,
 * and takes its events. It ends when the supervisor does.
 */
import { flushCompileCache } from 'node:module';
import type { Server } from 'node:net';
import { readLists } from '../../indicator/lists.ts';
import { messageOf } from '../../model/error.ts';
import { cutSmallBuffersFine } from '../buffer-pool.ts';
import type { Decoy, Talk } from '../decoy.ts';
import { loadDecoy } from '../list.ts';
import { personaOf } from '../persona/persona.ts';
import { attend } from './attend.ts';
import { beatEvery, type FromDecoy, type Left, type ToDecoy } from './channel.ts';
import { createDeadlines } from './deadlines.ts';
import { createGate, defaultLimits, type Gate } from './gate.ts';
import { createHosts } from './hosts.ts';
import type { Code } from './kept-code.ts';
import { createRecorder, type Recorder } from './recorder.ts';
import { createTidy } from './tidy.ts';

interface Running {
  readonly decoy: Decoy;
  readonly talk: Talk;
  readonly gate: Gate;
  readonly listen: (server: Server, port: string) => void;
  readonly leave: (left: Left) => void;
}

cutSmallBuffersFine();

const recorder: Recorder = createRecorder(send);
let running: Running | undefined;
let refused = 0;
let faults = 0;

/** @param code that the decoy may load when it has no rights any more */
export function run(name: string, code: Code): void {
  process.on('message', (message: ToDecoy, handle: Server | undefined) => {
    switch (message.kind) {
      case 'start':
        start(name, code, message).then(
          (isReady) => {
            if (isReady) send({ kind: 'ready' });
            else process.disconnect();
          },
          (error: unknown) => {
            send({ kind: 'failed', reason: messageOf(error) });
            process.disconnect();
          },
        );
        return;
      case 'listen':
        if (handle === undefined) return;
        running?.listen(handle, message.port);
        send({ kind: 'listening', port: message.port });
        return;
      case 'left':
        running?.leave(message);
        return;
      case 'durable':
        recorder.durable(message.events);
        return;
      case 'stop':
        // What was told before goes out before the process does.
        setImmediate(() => process.disconnect());
    }
  });
  process.on('disconnect', () => process.exit(0));
  // What a decoy leaves unhandled ends a promise and not the process: others are connected.
  process.on('unhandledRejection', fault);
  process.on('uncaughtException', fault);
  beatForEver();
}

/** @returns whether it goes on; where it does not, the next process finds all code compiled */
async function start(
  name: string,
  code: Code,
  { seed, connections, isAgain }: ToDecoy & { readonly kind: 'start' },
): Promise<boolean> {
  const decoy = await loadDecoy(name);
  await code.keep();
  if ((hasCompiler() || !code.isKept) && !isAgain) {
    flushCompileCache();
    send({ kind: 'compiled' });
    return false;
  }
  const persona = personaOf(seed);
  const hosts = createHosts(persona);
  const site = { persona, host: hosts.of };
  const gate = createGate({ all: connections, ...defaultLimits });
  const deadlines = createDeadlines();
  const talk = decoy.start(site);
  const attendance = { decoy, site, recorder, gate, deadlines, fault, refused: countRefused };
  running = {
    decoy,
    talk,
    gate,
    leave: hosts.leave,
    listen(server, portName) {
      const port = decoy.ports.find((one) => one.name === portName);
      if (port !== undefined) attend(server, port, talk, attendance);
    },
  };
  // Of the hosts that events name.
  readLists();
  // Nothing else is read from here on, and nothing is written: what a visitor could break out into is nobody's.
  flushCompileCache();
  dropPrivileges();
  return true;
}

/**
 * Whether what strips types was loaded, which keeps 20 MB for as long as the process lives. It is where a checkout's
 * sources are not in the compile cache; a package has no types.
 */
function hasCompiler(): boolean {
  const { moduleLoadList = [] } = process as { readonly moduleLoadList?: readonly string[] };
  return moduleLoadList.includes('NativeModule internal/deps/amaro/dist/index');
}

/** Debian's nobody and nogroup. */
const nobody = 65_534;

function dropPrivileges(): void {
  if (process.getuid?.() !== 0) return;
  process.setgroups?.([]);
  process.setgid?.(nobody);
  process.setuid?.(nobody);
}

function countRefused(): void {
  refused += 1;
}

function fault(error: unknown): void {
  faults += 1;
  if (process.env.WATERGUARD_DEBUG !== undefined) console.error(error);
}

function beatForEver(): void {
  let due = performance.now() + beatEvery;
  const tidy = createTidy();
  setInterval(() => {
    const late = Math.max(0, Math.round(performance.now() - due));
    due = performance.now() + beatEvery;
    const resident = process.memoryUsage.rss();
    send({ kind: 'beat', beat: { connections: running?.gate.open ?? 0, resident, late, refused, faults } });
    if (running !== undefined) tidy();
  }, beatEvery);
}

function send(message: FromDecoy): void {
  if (process.connected) process.send?.(message);
}
