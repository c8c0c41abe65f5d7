/** A terminal of Jupyter (terminado 0.17): a login shell that goes on whether somebody watches or not. */
import type { Connection } from '../decoy.ts';
import type { WebSocket } from '../http/websocket.ts';
import { leftBy } from '../run-line.ts';
import { createTyped } from '../typed.ts';
import { interactive } from '../world/terminal.ts';
import { dumps, isoNow, loads } from './python-json.ts';
import type { Server } from './server.ts';

export interface Terminal {
  readonly name: string;
  lastActivity: string;
  /** Serves a visitor until one of both ends. */
  attach(socket: WebSocket, connection: Connection): Promise<void>;
  readonly isWatched: boolean;
  close(): void;
}

/** Chunks of output that who comes later is shown (`read_buffer`). */
const mostRecent = 10;
/** Characters of a line in an event. */
const maxLine = 8192;

/** @param maker whose events its lines are until somebody watches */
export function startTerminal(server: Server, name: string, maker: Connection): Terminal {
  const watchers = new Set<WebSocket>();
  const ending = new AbortController();
  const input = createTyped(ending.signal);
  const decoder = new TextDecoder();
  const size = { rows: 25, columns: 80 };
  let recent: string[] = [];
  let recorder = maker;

  const terminal: Terminal = {
    name,
    lastActivity: isoNow(),
    get isWatched() {
      return watchers.size > 0;
    },
    async attach(socket, connection) {
      recorder = connection;
      watchers.add(socket);
      server.visitors += 1;
      void socket.send('text', dumps(['setup', {}]));
      if (recent.length > 0) void socket.send('text', dumps(['stdout', recent.join('')]));
      for await (const { data } of socket.messages()) {
        take(loads(data.toString('utf8')));
        terminal.lastActivity = isoNow();
        server.lastActivity = Date.now();
      }
      server.visitors -= 1;
      watchers.delete(socket);
    },
    close: () => ending.abort(),
  };

  function take(message: unknown): void {
    if (!Array.isArray(message)) return;
    const [kind, first, second] = message as unknown[];
    if (kind === 'stdin' && typeof first === 'string') input.push(Buffer.from(first));
    else if (kind === 'set_size') {
      const [rows, columns] = [Number(first), Number(second)];
      if (rows > 0 && rows < 1000 && columns > 0 && columns < 1000) Object.assign(size, { rows, columns });
    }
  }

  async function show(text: string): Promise<void> {
    if (text === '') return;
    recent = [...recent, text].slice(-mostRecent);
    terminal.lastActivity = isoNow();
    const message = dumps(['stdout', text]);
    await Promise.all([...watchers].map((socket) => socket.send('text', message)));
  }

  void interactive(server.world, {
    terminal: size,
    argv: ['/bin/bash', '-l'],
    cwd: server.root,
    env: new Map([
      ['TERM', 'xterm-256color'],
      ['SHELL', '/bin/bash'],
      ['LANG', 'C.UTF-8'],
      ['JUPYTER_SERVER_ROOT', server.root],
      ['JUPYTER_SERVER_URL', `http://${server.world.hostname}:8888/`],
    ]),
    input: input.chunks(),
    output: {
      isTerminal: true,
      write: (data) => show(typeof data === 'string' ? data : decoder.decode(data, { stream: true })),
    },
    onLine(line, { exitCode, notes, output }) {
      void recorder.record('terminal.input', {
        raw: line,
        notes,
        artefacts: leftBy(server.world, [{ notes }]),
        data: { terminal: name, line: line.slice(0, maxLine), exitCode, output: output.slice(0, maxLine) },
      });
    },
    signal: ending.signal,
  }).then(() => {
    server.terminals.delete(name);
    for (const socket of watchers) {
      void socket.send('text', dumps(['disconnect', 1]));
      socket.close();
    }
  });

  return terminal;
}
