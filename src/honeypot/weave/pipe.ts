/** A pipe of Scope: a shell at one end, whoever opens its WebSocket at the other; raw bytes in between. */
import type { Connection } from '../decoy.ts';
import type { WebSocket } from '../http/websocket.ts';
import { leftBy } from '../run-line.ts';
import { createTyped } from '../typed.ts';
import { interactive } from '../world/terminal.ts';
import type { World } from '../world/world.ts';

export interface Pipe {
  readonly id: string;
  resize(rows: number, columns: number): void;
  /** Serves a visitor until one of both ends, and with them the pipe. */
  attach(socket: WebSocket, connection: Connection): Promise<void>;
  close(): void;
}

export interface PipeOptions {
  readonly id: string;
  readonly world: World;
  /** What the event tells beside the line. */
  readonly about: { readonly control: string; readonly node: string };
  /** The shell; absent for a container's own process, which says nothing. */
  readonly argv?: readonly string[];
  /** Called once when it is over. */
  over(): void;
}

/** Bytes of output before anybody listens, and characters of a line in an event. */
const limits = { ahead: 64 * 1024, line: 8192 } as const;

export function openPipe({ id, world, about, argv, over }: PipeOptions): Pipe {
  const ending = new AbortController();
  const input = createTyped(ending.signal);
  const size = { rows: 24, columns: 80 };
  let ahead: Buffer[] = [];
  let socket: WebSocket | undefined;
  let connection: Connection | undefined;

  async function show(data: string | Uint8Array): Promise<void> {
    const bytes = Buffer.from(data as Uint8Array);
    if (socket !== undefined) {
      await socket.send('binary', bytes);
      return;
    }
    ahead.push(bytes);
    while (ahead.reduce((sum, one) => sum + one.length, 0) > limits.ahead) ahead.shift();
  }

  const pipe: Pipe = {
    id,
    resize: (rows, columns) => void Object.assign(size, { rows, columns }),
    async attach(opened, from) {
      [socket, connection] = [opened, from];
      for (const bytes of ahead) void opened.send('binary', bytes);
      ahead = [];
      for await (const { data } of opened.messages()) {
        if (argv === undefined) await tell(data.toString('utf8'));
        else input.push(data);
      }
      pipe.close();
    },
    close() {
      if (ending.signal.aborted) return;
      ending.abort();
      socket?.close();
      over();
    },
  };

  async function tell(
    line: string,
    more: { exitCode?: number; output?: string } = {},
    notes: Parameters<typeof leftBy>[1][number]['notes'] = [],
  ): Promise<void> {
    await connection?.record('exec', {
      raw: line,
      notes,
      artefacts: leftBy(world, [{ notes }]),
      data: { ...about, line: line.slice(0, limits.line), ...more },
    });
  }

  if (argv !== undefined)
    void interactive(world, {
      terminal: size,
      argv,
      cwd: '/',
      env: new Map([['TERM', 'xterm']]),
      input: input.chunks(),
      output: { isTerminal: true, write: show },
      onLine: (line, { exitCode, notes, output }) =>
        void tell(line, { exitCode, output: output.slice(0, limits.line) }, notes),
      signal: ending.signal,
    }).then(() => pipe.close());

  return pipe;
}
