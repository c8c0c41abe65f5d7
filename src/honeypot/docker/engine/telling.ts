/** Events of what processes of containers did: when they end, when they go on for long, for each line that is typed. */
import { createBeginning } from '../../beginning.ts';
import type { Artefact, Connection } from '../../decoy.ts';
import { leftBy } from '../../run-line.ts';
import type { LineResult } from '../../world/terminal.ts';
import type { Note } from '../../world/world.ts';
import type { Container } from './container.ts';
import type { Outcome } from './process.ts';

/** Who tells the sensor. */
export type Witness = Pick<Connection, 'record'>;

/** Of what a process wrote, in an event; bytes. */
const outputHead = 8 << 10;
const longestCommand = 4000;

export interface Telling {
  wrote(bytes: Uint8Array): void;
  /** @param outcome absent while it runs */
  tell(outcome?: Outcome): void;
}

/** @param more what is particular to it: the id of an exec */
export function tellingOf(
  witness: Witness,
  container: Container,
  command: readonly string[],
  more: Readonly<Record<string, unknown>> = {},
): Telling {
  const output = createBeginning(outputHead);
  return {
    wrote: output.add,
    tell(outcome) {
      void witness.record('container.run', {
        texts: [],
        commands: (outcome?.commands ?? []).map((words) => words.join(' ')),
        notes: outcome?.notes ?? [],
        artefacts: leftIn(container, outcome?.notes ?? []),
        data: {
          ...namesOf(container),
          ...more,
          command: command.join(' ').slice(0, longestCommand),
          isRunning: outcome === undefined,
          ...(outcome !== undefined && { exitCode: outcome.exitCode }),
          output: output.text(),
        },
      });
    },
  };
}

/** A line that was typed at a container's terminal. */
export function tellLine(witness: Witness, container: Container, line: string, result: LineResult): void {
  const { exitCode, notes, commands, output } = result;
  void witness.record('container.run', {
    texts: [line],
    commands: commands.map((words) => words.join(' ')),
    notes,
    artefacts: leftIn(container, notes),
    data: { ...namesOf(container), input: line, exitCode, output },
  });
}

function leftIn({ world }: Container, notes: readonly Note[]): readonly Artefact[] {
  return world === undefined ? [] : leftBy(world, [{ notes }]);
}

function namesOf({ id, name, imageName }: Container): Readonly<Record<string, string>> {
  return { id, name, image: imageName };
}
