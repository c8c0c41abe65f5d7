/** What reaches into containers: run, exec, attach, logs. */
import { execute, executeOver } from '../cluster/execution.ts';
import { type Json, type KubeObject, listAt, textAt } from '../cluster/json.ts';
import type { Wanted } from '../remote/channels.ts';
import { asksForSpdy } from '../remote/spdy.ts';
import { spdyChannels } from '../remote/spdy-channels.ts';
import { asksForWebSocket } from '../remote/websocket.ts';
import { websocketChannels } from '../remote/websocket-channels.ts';
import { leftBy } from '../run-line.ts';
import { type Call, nothingThere, plain, tell } from './call.ts';

/** Milliseconds that a command may take whose caller waits for all its output. */
const runsWithin = 30_000;

interface Found {
  readonly pod: KubeObject;
  readonly container: Json;
  readonly about: Readonly<Record<string, string>>;
}

/** `NAMESPACE/POD/[UID/]CONTAINER`; answers where there is no such thing. */
async function find({ kubelet, exchange, parts }: Call): Promise<Found | undefined> {
  const [namespace = '', name = '', ...rest] = parts;
  const containerName = rest.at(-1) ?? '';
  const about = { namespace, pod: name, container: containerName };
  if (parts.length < 3 || parts.length > 4) {
    await tell(exchange, exchange.path);
    nothingThere(exchange);
    return undefined;
  }
  const pod = kubelet
    .pods()
    .find((one) => one.metadata.name === name && one.metadata.namespace === namespace);
  if (pod === undefined) {
    await tell(exchange, exchange.path);
    exchange.respond(404, [], 'pod does not exist');
    return undefined;
  }
  const container = listAt(pod, 'spec', 'containers').find((one) => textAt(one, 'name') === containerName);
  if (container === undefined) {
    await tell(exchange, exchange.path);
    exchange.respond(500, [], `container not found ("${containerName}")`);
    return undefined;
  }
  return { pod, container, about };
}

/** A command whose words stand in `cmd`, apart at spaces. */
export async function serveRun(call: Call): Promise<void> {
  const { kubelet, exchange } = call;
  const body = await exchange.body();
  const form =
    exchange.header('content-type')?.startsWith('application/x-www-form-urlencoded') === true
      ? new URLSearchParams(body.bytes.toString('utf8'))
      : new URLSearchParams();
  const cmd = form.get('cmd') ?? exchange.query.get('cmd') ?? '';
  const raw = `${exchange.method} ${exchange.target}\n\n${body.bytes.toString('utf8')}`;
  const found = await find(call);
  if (found === undefined) return;
  const { pod, container, about } = found;
  const argv = cmd.split(' ');
  const made = kubelet.worlds.of(exchange.connection.host, pod, container, kubelet.find);
  const ended = await execute({ runtime: kubelet.runtime, container: made, argv }, runsWithin);
  await exchange.connection.record('run', {
    raw,
    texts: [cmd],
    notes: ended.notes,
    artefacts: leftBy(made.world, [ended]),
    data: {
      ...about,
      cmd: cmd.slice(0, 16_384),
      exitCode: ended.exitCode,
      ...(ended.failure === undefined ? { output: ended.output.slice(0, 4096) } : { failure: ended.failure }),
    },
  });
  if (ended.failure !== undefined)
    exchange.respond(500, [], `rpc error: code = Unknown desc = ${ended.failure}`);
  else if (ended.exitCode === 0)
    exchange.respond(
      200,
      [['Content-Type', 'application/json']],
      Buffer.concat([ended.stdout, ended.stderr]),
    );
  else
    exchange.respond(
      500,
      [],
      `command '${cmd}' exited with ${ended.exitCode}: ${ended.stderr.toString('utf8')}`,
    );
}

/** Also attach, which shows what the container wrote. */
export async function serveExec(call: Call): Promise<void> {
  const { kubelet, exchange } = call;
  const found = await find(call);
  if (found === undefined) return;
  const { pod, container, about } = found;
  const is = (name: string): boolean => /^(?:1|true)$/.test(exchange.query.get(name) ?? '');
  const tty = is('tty');
  const wanted: Wanted = { stdin: is('input'), stdout: is('output'), stderr: is('error') && !tty, tty };
  const argv = exchange.query.getAll('command').slice(0, 200);
  const line = argv.join(' ');
  const told = { ...about, command: argv.map((one) => one.slice(0, 8192)), tty };
  if (!wanted.stdin && !wanted.stdout && !wanted.stderr) {
    await exchange.connection.record('exec', {
      raw: exchange.target,
      texts: [line],
      data: { ...told, upgraded: false },
    });
    return exchange.respond(400, [], 'you must specify at least 1 of stdin, stdout, stderr');
  }
  if (!asksForWebSocket(exchange) && !asksForSpdy(exchange)) {
    await exchange.connection.record('exec', {
      raw: exchange.target,
      texts: [line],
      data: { ...told, upgraded: false },
    });
    return exchange.respond(500, plain, 'Upgrade request required\n');
  }
  const channels = asksForWebSocket(exchange)
    ? websocketChannels(exchange, wanted)
    : await spdyChannels(exchange, wanted);
  if (channels === undefined) return;
  if (exchange.path.startsWith('/attach')) {
    await channels.write('stdout', kubelet.logOf(pod));
    channels.listen(
      () => {},
      () => {},
    );
    await channels.gone;
    return;
  }
  const made = kubelet.worlds.of(exchange.connection.host, pod, container, kubelet.find);
  await executeOver(
    { runtime: kubelet.runtime, container: made, argv },
    channels,
    wanted,
    exchange.connection,
    about,
  );
}

export async function serveContainerLog(call: Call): Promise<void> {
  const { kubelet, exchange } = call;
  const found = await find(call);
  if (found !== undefined) exchange.respond(200, [['Content-Type', 'text/plain']], kubelet.logOf(found.pod));
}
