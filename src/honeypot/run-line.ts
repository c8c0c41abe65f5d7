/** A command line that a service runs for its visitor, as `system(3)` and `popen(3)` would: its output is kept. */
import { createBeginning } from './beginning.ts';
import type { Artefact } from './decoy.ts';
import { View } from './world/files/view.ts';
import type { Input, Output, Run } from './world/program.ts';
import { root, run } from './world/run.ts';
import type { Note, World } from './world/world.ts';

export interface Ran {
  readonly line: string;
  readonly exitCode: number;
  /** Standard output and standard error, the beginning of them. */
  readonly output: Buffer;
  readonly errors: Buffer;
  readonly notes: readonly Note[];
}

/** Of one event. */
const mostFiles = 100;
/** Bytes that are kept of each. */
const maxOutput = 1 << 20;
/** Milliseconds; nobody waits longer for a service's answer. */
export const patience = 20_000;

/** @param input what the command reads, nothing by default. Never rejects */
export async function runLine(
  world: World,
  line: string,
  { user = root, input }: { readonly user?: Run['user']; readonly input?: Uint8Array } = {},
): Promise<Ran> {
  const [stdout, stderr] = [createSink(), createSink()];
  const { exitCode, notes } = await run(world, {
    argv: ['/bin/sh', '-c', line],
    user,
    ...(input !== undefined && { stdin: inputOf(input) }),
    stdout,
    stderr,
    pace: 'skip',
    signal: AbortSignal.timeout(patience),
  });
  return { line, exitCode, output: stdout.content(), errors: stderr.content(), notes };
}

/** The files that commands left; those that a container left on its host are called what they are there. */
export function leftBy(world: World, ran: readonly Pick<Ran, 'notes'>[]): Artefact[] {
  const left = new Map<string, Artefact>();
  for (const note of ran.flatMap(({ notes }) => notes)) {
    if (note.kind !== 'file' || left.size >= mostFiles) continue;
    const { tree, path } = note.origin ?? { tree: world.files, path: note.path };
    const name = tree === world.host?.files ? path : note.path;
    try {
      left.set(name, { name, content: new View(tree).read(path) });
    } catch {
      // It is gone.
    }
  }
  return [...left.values()];
}

/** Keeps the beginning of an output. */
export function createSink(): Output & { content(): Buffer } {
  const beginning = createBeginning(maxOutput);
  return {
    isTerminal: false,
    async write(data) {
      beginning.add(typeof data === 'string' ? Buffer.from(data) : data);
    },
    content: beginning.bytes,
  };
}

/** All of it at once, then the end. */
export function inputOf(bytes: Uint8Array | undefined): Input {
  let isRead = false;
  return {
    isTerminal: false,
    async read() {
      const chunk = isRead ? undefined : bytes;
      isRead = true;
      return chunk;
    },
  };
}
