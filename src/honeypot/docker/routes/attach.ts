/** `attach` and `logs`: what a container writes and wrote, and what is typed to it. */
import { rawOf } from '../../http/raw.ts';
import { acceptKey, acceptWebSocket } from '../../http/websocket.ts';
import { apiHeaders, type Call, flag, seconds } from '../api/call.ts';
import type { Route } from '../api/route.ts';
import { type Container, isRunning, type Watcher } from '../engine/container.ts';
import { containerOf } from '../engine/engine.ts';
import { badRequest, DockerError } from '../engine/failure.ts';
import type { LogLine } from '../engine/logs.ts';
import { inputOf } from '../engine/waiting.ts';
import { goTime } from '../json/encode.ts';
import { follower } from '../stream/follow.ts';
import { keepOpen } from '../stream/keep-open.ts';
import { frame, send, takeOver } from '../stream/multiplex.ts';
import { tellTyped } from '../stream/typed.ts';

export const attachRoutes: readonly Route[] = [
  { method: 'POST', pattern: '/containers/{name}/attach', handle: attach, recordsItself: true },
  { method: 'GET', pattern: '/containers/{name}/attach/ws', handle: attachWebSocket, recordsItself: true },
  { method: 'GET', pattern: '/containers/{name}/logs', handle: logs },
];

async function attach(call: Call): Promise<void> {
  await recordAttach(call);
  let container: Container;
  try {
    container = containerOf(call.engine, call.name);
    if (container.status === 'paused')
      throw new DockerError(409, `Container ${call.name} is paused, unpause the container before attach.`);
  } catch (error) {
    if (!(error instanceof DockerError)) throw error;
    refuseHijacked(call, error);
    return;
  }
  const stream = takeOver(call, 'attach');
  const isRaw = container.config.Tty;
  connect(call, container, {
    out: (channel, bytes) => {
      send(stream, isRaw ? bytes : frame(channel, bytes));
    },
    end: () => {
      stream.end();
      // Nobody reads what still comes.
      stream.resume();
    },
    listen(take, ended, gone) {
      stream.on('data', take);
      stream.once('end', ended);
      stream.once('close', gone);
      stream.resume();
    },
  });
}

/** Once the connection is taken over, errors are text in it. */
function refuseHijacked({ exchange }: Call, { status, message }: DockerError): void {
  const stream = exchange.hijack();
  const words = status === 404 ? '404 Not Found' : '409 Conflict';
  stream.end(`HTTP/1.1 ${words}\r\nContent-Type: application/vnd.docker.raw-stream\r\n\r\n${message}\r\n`);
}

async function attachWebSocket(call: Call): Promise<void> {
  await recordAttach(call);
  const container = containerOf(call.engine, call.name);
  const key = acceptKey(call.exchange);
  if (key === undefined) {
    call.exchange.close('HTTP/1.1 400 Bad Request\r\n\r\nnot websocket protocol');
    return;
  }
  const socket = acceptWebSocket(
    call.exchange,
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${key}\r\n\r\n`,
  );
  connect(call, container, {
    out: (_, bytes) => void socket.send('binary', bytes),
    end: () => socket.close(),
    listen(take, _, gone) {
      const read = async (): Promise<void> => {
        for await (const { data } of socket.messages()) take(data);
      };
      read().then(gone, gone);
    },
  });
}

function recordAttach(call: Call): Promise<void> {
  return call.record('container.attach', {
    raw: rawOf(call.exchange),
    texts: [],
    data: { container: call.name, stdin: flag(call, 'stdin') },
  });
}

/** How bytes go to and come from whoever is attached. */
interface Wire {
  out: Watcher['output'];
  end(): void;
  /** Told of what is typed, of its end, and that the client has gone. */
  listen(take: (bytes: Buffer) => void, ended: () => void, gone: () => void): void;
}

function connect(call: Call, container: Container, wire: Wire): void {
  const { engine, exchange } = call;
  const wants = { 1: flag(call, 'stdout'), 2: flag(call, 'stderr') };
  engine.events.ofContainer('attach', container);
  if (flag(call, 'logs'))
    for (const { channel, bytes } of container.logs.all) if (wants[channel]) wire.out(channel, bytes);
  if (!flag(call, 'stream')) {
    wire.end();
    return;
  }
  const leave = keepOpen(exchange.connection);
  const watcher: Watcher = {
    output: (channel, bytes) => {
      if (wants[channel]) wire.out(channel, bytes);
    },
    end: () => {
      container.watchers.delete(watcher);
      leave();
      wire.end();
    },
  };
  container.watchers.add(watcher);
  const input = flag(call, 'stdin') && container.config.OpenStdin ? inputOf(container) : undefined;
  const typed = tellTyped((bytes) => void recordTyped(call, container, bytes));
  const endInput = (): void => {
    typed.end();
    if (container.config.StdinOnce || !isRunning(container)) input?.end();
  };
  wire.listen(
    (bytes) => {
      if (!flag(call, 'stdin')) return;
      typed.add(bytes);
      input?.push(bytes);
    },
    endInput,
    () => {
      container.watchers.delete(watcher);
      leave();
      endInput();
    },
  );
}

function recordTyped(call: Call, { id, name, imageName }: Container, bytes: Buffer): Promise<void> {
  const input = bytes.toString('utf8');
  return call.record('container.attach', {
    raw: bytes,
    texts: [input],
    severity: 'high',
    data: { container: id, name, image: imageName, input: input.slice(0, 4000) },
  });
}

async function logs(call: Call): Promise<void> {
  const { engine, exchange, query } = call;
  const wants = { 1: flag(call, 'stdout'), 2: flag(call, 'stderr') };
  if (!wants[1] && !wants[2]) throw badRequest('Bad parameters: you must choose at least one stream');
  const [since, until] = [seconds(call, 'since'), seconds(call, 'until')];
  const container = containerOf(engine, call.name);
  const tail = query.get('tail') ?? '';
  const most = /^\d{1,9}$/.test(tail) ? Number(tail) : Number.POSITIVE_INFINITY;
  const withTime = flag(call, 'timestamps');
  const isWanted = ({ channel, moment }: LogLine): boolean =>
    wants[channel] &&
    (since === undefined || moment.at >= since * 1000) &&
    (until === undefined || until === 0 || moment.at <= until * 1000);
  const shown = ({ channel, moment, bytes }: LogLine): Buffer => {
    const line = withTime ? Buffer.concat([Buffer.from(`${goTime(moment)} `), bytes]) : Buffer.from(bytes);
    return container.config.Tty ? line : frame(channel, line);
  };

  const stream = exchange.stream(200, apiHeaders);
  const { all } = container.logs;
  // The tail is of all lines, whichever of them is wanted.
  for (const line of all.slice(Math.max(0, all.length - most)).filter(isWanted))
    if (!(await stream.write(shown(line)))) return;
  if (!flag(call, 'follow') || !isRunning(container)) {
    stream.end();
    return;
  }
  const leave = keepOpen(exchange.connection);
  const over = Promise.withResolvers<void>();
  const tell = follower(stream, over.resolve);
  const stop = container.logs.follow((line) => {
    if (isWanted(line)) tell(shown(line));
  });
  const watcher: Watcher = { output: () => {}, end: over.resolve };
  container.watchers.add(watcher);
  exchange.leaving().addEventListener('abort', () => over.resolve(), { once: true });
  await over.promise;
  stop();
  container.watchers.delete(watcher);
  leave();
  stream.end();
}
