/** A running kernel: what the messaging protocol 5.3 says of it over a WebSocket, cell after cell (ipykernel 6.17). */
import { randomBytes } from 'node:crypto';
import type { Connection } from '../../decoy.ts';
import type { WebSocket } from '../../http/websocket.ts';
import { dumps, isoNow, loads } from '../python-json.ts';
import { newId, type Server } from '../server.ts';
import { createInterpreter, isWaiting } from './cell.ts';
import { machineOf } from './commands.ts';
import { kernelInfo } from './information.ts';
import { tracebackOf } from './traceback.ts';

export interface Kernel {
  readonly id: string;
  lastActivity: string;
  state: 'starting' | 'idle' | 'busy';
  connections: number;
  attach(socket: WebSocket, connection: Connection, session: string): Promise<void>;
  interrupt(): void;
  restart(): void;
  close(): void;
}

type Channel = 'shell' | 'control' | 'iopub';
type Header = Readonly<Record<string, unknown>>;
type Content = Readonly<Record<string, unknown>>;

/** Messages that wait for their turn; entries of the history; characters of code and output in an event, and of output. */
const limits = { waiting: 50, history: 200, told: 8192, printed: 1 << 20 } as const;

export function startKernel(server: Server, connection: Connection): Kernel {
  const id = newId();
  const engine = newId();
  const file = `/root/.local/share/jupyter/runtime/kernel-${id}.json`;
  const process = server.startProcess(['/usr/bin/python3', '-m', 'ipykernel_launcher', '-f', file], 61_000);
  const watchers = new Map<WebSocket, string>();
  let recorder = connection;
  let session = newSession();
  let sent = 4;
  let count = 0;
  let waiting = 0;
  let history: string[] = [];
  let running = new AbortController();
  let last: Promise<void> = Promise.resolve();
  const machine = machineOf(server.world, () => running.signal);
  let interpreter = createInterpreter(machine, server.root);

  const kernel: Kernel = {
    id,
    lastActivity: isoNow(),
    state: 'starting',
    get connections() {
      return watchers.size;
    },
    async attach(socket, from, clientSession) {
      recorder = from;
      watchers.set(socket, clientSession);
      server.visitors += 1;
      greet(socket, clientSession);
      for await (const { data } of socket.messages()) {
        kernel.lastActivity = isoNow();
        server.lastActivity = Date.now();
        take(loads(data.toString('utf8')), socket);
      }
      server.visitors -= 1;
      watchers.delete(socket);
    },
    interrupt() {
      running.abort();
      running = new AbortController();
    },
    restart() {
      kernel.interrupt();
      session = newSession();
      [sent, count, history] = [4, 0, []];
      interpreter = createInterpreter(machine, server.root);
      kernel.state = 'idle';
    },
    close() {
      running.abort();
      process.end();
      for (const socket of watchers.keys()) socket.close();
    },
  };

  function newHeader(type: string): Header {
    sent += 1;
    return {
      msg_id: `${session}_${process.pid}_${sent}`,
      msg_type: type,
      username: 'username',
      session,
      date: isoNow(),
      version: '5.3',
    };
  }

  function messageOf(
    channel: Channel,
    type: string,
    parent: Header,
    content: Content,
    metadata: Content = {},
  ): string {
    const header = newHeader(type);
    return dumps({
      header,
      msg_id: header.msg_id,
      msg_type: type,
      parent_header: parent,
      metadata,
      content,
      buffers: [],
      channel,
    });
  }

  /** All hear of what is published; only who asked hears the answer. */
  function publish(type: string, parent: Header, content: Content): void {
    const message = messageOf('iopub', type, parent, content);
    for (const socket of watchers.keys()) void socket.send('text', message);
  }

  /** The server asks the kernel whether it lives; the newcomer hears of that. */
  function greet(socket: WebSocket, clientSession: string): void {
    kernel.state = 'idle';
    const asked = (number: number): Header => ({
      msg_id: `${clientSession}_${process.pid - 1}_${number}`,
      msg_type: 'kernel_info_request',
      username: 'username',
      session: clientSession,
      date: isoNow(),
      version: '5.3',
    });
    const [first, second] = [asked(1), asked(2)];
    for (const [parent, state] of [
      [first, 'busy'],
      [second, 'idle'],
      [first, 'idle'],
    ] as const)
      void socket.send('text', messageOf('iopub', 'status', parent, { execution_state: state }));
  }

  function take(message: unknown, socket: WebSocket): void {
    const { header, content, channel } = (typeof message === 'object' && message !== null ? message : {}) as {
      header?: unknown;
      content?: unknown;
      channel?: unknown;
    };
    if (typeof header !== 'object' || header === null) return;
    const type = String((header as Header).msg_type);
    const asked = (typeof content === 'object' && content !== null ? content : {}) as Content;
    const on: Channel = channel === 'control' ? 'control' : 'shell';
    const parent = header as Header;
    const reply = (name: string, answer: Content, metadata: Content = {}): void => {
      void socket.send('text', messageOf(on, name, parent, answer, metadata));
    };
    if (waiting >= limits.waiting) return;
    waiting += 1;
    // One after another, as the kernel's own loop.
    last = last
      .then(async () => {
        kernel.state = 'busy';
        publish('status', parent, { execution_state: 'busy' });
        await answer(type, asked, parent, reply);
        kernel.state = 'idle';
        publish('status', parent, { execution_state: 'idle' });
      })
      .catch(() => socket.close())
      .finally(() => {
        waiting -= 1;
      });
  }

  async function answer(
    type: string,
    asked: Content,
    parent: Header,
    reply: (name: string, answer: Content, metadata?: Content) => void,
  ): Promise<void> {
    const code = typeof asked.code === 'string' ? asked.code : '';
    const cursor = typeof asked.cursor_pos === 'number' ? asked.cursor_pos : code.length;
    switch (type) {
      case 'execute_request':
        return execute(code, asked, parent, reply);
      case 'kernel_info_request':
        return reply('kernel_info_reply', kernelInfo);
      case 'complete_request':
        return reply('complete_reply', {
          matches: [],
          cursor_end: cursor,
          cursor_start: cursor,
          metadata: {},
          status: 'ok',
        });
      case 'is_complete_request':
        return reply(
          'is_complete_reply',
          isWaiting(code) ? { status: 'incomplete', indent: '    ' } : { status: 'complete' },
        );
      case 'inspect_request':
        return reply('inspect_reply', { status: 'ok', data: {}, metadata: {}, found: false });
      case 'history_request':
        return reply('history_reply', {
          status: 'ok',
          history: history.map((one, at) => [1, at + 1, one]),
        });
      case 'comm_info_request':
        return reply('comm_info_reply', { comms: {}, status: 'ok' });
      case 'interrupt_request':
        kernel.interrupt();
        return reply('interrupt_reply', {});
      case 'shutdown_request': {
        const restart = asked.restart === true;
        publish('shutdown_reply', parent, { status: 'ok', restart });
        reply('shutdown_reply', { status: 'ok', restart });
        if (restart) kernel.restart();
        return;
      }
      default:
        return;
    }
  }

  async function execute(
    code: string,
    asked: Content,
    parent: Header,
    reply: (name: string, answer: Content, metadata?: Content) => void,
  ): Promise<void> {
    const isSilent = asked.silent === true;
    const started = isoNow();
    if (!isSilent && asked.store_history !== false) {
      count += 1;
      history = [...history, code.slice(0, limits.told)].slice(-limits.history);
    }
    if (!isSilent) publish('execute_input', parent, { code, execution_count: count });
    const printed: { readonly name: string; text: string }[] = [];
    let length = 0;
    const result = await interpreter.run(code, {
      write(name, text) {
        const last = printed.at(-1);
        length += text.length;
        if (length > limits.printed) return;
        // As ipykernel, which sends what came within a fifth of a second together.
        if (last?.name === name) last.text += text;
        else printed.push({ name, text });
      },
    });
    const failed =
      result.kind === 'error'
        ? { traceback: tracebackOf(result, code, count), ename: result.type, evalue: result.message }
        : undefined;
    const shown = result.kind === 'ok' ? (result.result ?? '') : `${result.type}: ${result.message}`;
    const { notes, artefacts } = machine.takeNotes();
    await recorder.record('execute', {
      raw: code,
      notes,
      artefacts,
      data: {
        kernel: id,
        code: code.slice(0, limits.told),
        output: (printed.map(({ text }) => text).join('') + shown).slice(0, limits.told),
      },
    });
    for (const stream of printed) publish('stream', parent, stream);
    if (failed !== undefined) publish('error', parent, failed);
    else if (result.kind === 'ok' && result.result !== undefined && !isSilent)
      publish('execute_result', parent, {
        data: { 'text/plain': result.result },
        metadata: {},
        execution_count: count,
      });
    const metadata = {
      started,
      dependencies_met: true,
      engine,
      status: failed === undefined ? 'ok' : 'error',
    };
    reply(
      'execute_reply',
      failed === undefined
        ? { status: 'ok', execution_count: count, user_expressions: {}, payload: [] }
        : {
            status: 'error',
            ...failed,
            engine_info: { engine_uuid: engine, engine_id: -1, method: 'execute' },
            execution_count: count,
            user_expressions: {},
            payload: [],
          },
      metadata,
    );
  }

  return kernel;
}

/** As `jupyter_client.session` makes them: a UUID with its first dash alone. */
function newSession(): string {
  return `${randomBytes(4).toString('hex')}-${randomBytes(12).toString('hex')}`;
}
