/** Commands that a cell runs, in the emulated machine. */
import type { Artefact } from '../../decoy.ts';
import { createSink, inputOf, leftBy, patience } from '../../run-line.ts';
import type { Machine, Options, Outcome } from '../../world/commands/languages/python/machine.ts';
import { View } from '../../world/files/view.ts';
import { root, run as runIn } from '../../world/run.ts';
import type { Note, World } from '../../world/world.ts';

/** What the commands of one cell did. */
export interface CellMachine extends Machine {
  /** Since they were last taken. */
  takeNotes(): { readonly notes: readonly Note[]; readonly artefacts: readonly Artefact[] };
}

/** Commands of one cell. */
const mostCommands = 200;

/** @param signal ends what runs */
export function machineOf(world: World, signal: () => AbortSignal): CellMachine {
  let notes: Note[] = [];
  let commands = 0;

  async function run(
    argv: readonly string[],
    { cwd, env, input, isMerged = false }: Options,
  ): Promise<Outcome> {
    commands += 1;
    const [stdout, stderr] = [createSink(), createSink()];
    if (commands > mostCommands) return { exitCode: 1, output: Buffer.alloc(0), errors: Buffer.alloc(0) };
    const ran = await runIn(world, {
      argv,
      cwd,
      ...(env !== undefined && { env }),
      stdin: inputOf(input),
      stdout,
      stderr: isMerged ? stdout : stderr,
      pace: 'skip',
      signal: AbortSignal.any([signal(), AbortSignal.timeout(patience)]),
    });
    notes.push(...ran.notes);
    return { exitCode: ran.exitCode, output: stdout.content(), errors: stderr.content() };
  }

  return {
    world,
    user: root,
    view: (cwd) => new View(world.files, { cwd }),
    run,
    /** By the machine's own client, which tells of it. */
    async fetch({ method, url, headers, body }, options) {
      const named = headers.flatMap(([name, value]) => ['-H', `${name}: ${value}`]);
      const sent = body === undefined ? [] : ['--data-binary', '@-'];
      const { exitCode, output } = await run(
        ['curl', '-sSL', '-X', method, ...named, ...sent, '-w', '%{http_code}', url],
        { cwd: options.cwd, ...(body !== undefined && { input: body }) },
      );
      if (exitCode !== 0) return undefined;
      return { status: Number(output.subarray(-3)), content: output.subarray(0, -3) };
    },
    async connect(host, port, options) {
      await run(['/bin/bash', '-c', `: < /dev/tcp/${host}/${port}`], options);
    },
    read: async () => Buffer.alloc(0),
    left: (path) => void notes.push({ kind: 'file', path }),
    takeNotes() {
      const taken = notes;
      notes = [];
      commands = 0;
      return { notes: taken, artefacts: leftBy(world, [{ notes: taken }]) };
    },
  };
}
