/** What reaches into pods: exec, attach, logs; port forwarding is refused. */

import { type Execution, executeOver } from '../cluster/execution.ts';
import { isObject, type Json, type KubeObject, listAt, textAt } from '../cluster/json.ts';
import type { Channels, Wanted } from '../remote/channels.ts';
import { asksForSpdy } from '../remote/spdy.ts';
import { spdyChannels } from '../remote/spdy-channels.ts';
import { asksForWebSocket } from '../remote/websocket.ts';
import { websocketChannels } from '../remote/websocket-channels.ts';
import { type Call, flagOf } from './call.ts';
import { badRequest, notFound, Refused } from './status.ts';
import { argumentsOf } from './workload.ts';

interface Reached {
  readonly pod: KubeObject;
  readonly container: Json;
}

/** @throws Refused where there is no such pod or container, or it does not run */
function reach({ exchange, target, visit }: Call, isLog = false): Reached {
  const { namespace = '', name = '', resource } = target;
  const pod = visit.store.get('Pod', namespace, name);
  if (pod === undefined) throw notFound(resource, name);
  const containers = listAt(pod, 'spec', 'containers');
  const asked = exchange.query.get('container') ?? '';
  const container =
    asked === ''
      ? containers[0]
      : [...containers, ...listAt(pod, 'spec', 'initContainers')].find(
          (one) => textAt(one, 'name') === asked,
        );
  if (asked === '' && containers.length > 1)
    throw badRequest(
      `a container name must be specified for pod ${name}, choose one of: [${containers.map((one) => textAt(one, 'name')).join(' ')}]`,
    );
  if (container === undefined) throw badRequest(`container ${asked} is not valid for pod ${name}`);
  if (textAt(pod, 'spec', 'nodeName') === '') throw badRequest(`pod ${name} does not have a host assigned`);
  const phase = textAt(pod, 'status', 'phase');
  if (isLog && phase === 'Pending')
    throw badRequest(
      `container "${textAt(container, 'name')}" in pod "${name}" is waiting to start: ContainerCreating`,
    );
  if (!isLog && phase !== 'Running')
    throw phase === 'Pending'
      ? new Refused(
          500,
          'InternalError',
          `Internal error occurred: error executing command in container: container not found ("${textAt(container, 'name')}")`,
        )
      : badRequest(`cannot exec into a container in a completed pod; current phase is ${phase}`);
  return { pod, container };
}

function wantedBy(exchange: Call['exchange']): Wanted {
  const is = (...names: readonly string[]): boolean => names.some((name) => flagOf(exchange, name));
  const tty = is('tty');
  return {
    stdin: is('stdin', 'input'),
    stdout: is('stdout', 'output'),
    stderr: is('stderr', 'error') && !tty,
    tty,
  };
}

/** @throws Refused where the client asks for no upgrade */
async function openChannels(call: Call, wanted: Wanted): Promise<Channels | undefined> {
  const { exchange } = call;
  if (asksForWebSocket(exchange)) return websocketChannels(exchange, wanted);
  if (asksForSpdy(exchange)) return spdyChannels(exchange, wanted);
  throw badRequest('Upgrade request required');
}

function execution(
  { exchange, visit }: Call,
  pod: KubeObject,
  container: Json,
  argv: readonly string[],
): Execution {
  const { store, worlds, runtime } = visit;
  return { runtime, container: worlds.of(exchange.connection.host, pod, container, store.get), argv };
}

export async function serveExec(call: Call): Promise<void> {
  const { exchange } = call;
  const { pod, container } = reach(call);
  const argv = exchange.query.getAll('command').slice(0, 200);
  const wanted = wantedBy(exchange);
  if (argv.length === 0) throw badRequest('you must specify at least one command for the container');
  if (!wanted.stdin && !wanted.stdout && !wanted.stderr)
    throw badRequest('you must specify at least one of stdin, stdout, stderr');
  const about = {
    namespace: pod.metadata.namespace,
    pod: pod.metadata.name,
    container: textAt(container, 'name'),
  };
  const channels = await openChannels(call, wanted);
  if (channels !== undefined) {
    await executeOver(execution(call, pod, container, argv), channels, wanted, exchange.connection, about);
    return;
  }
  const data = { ...about, command: argv.map((one) => one.slice(0, 8192)), upgraded: false };
  await exchange.connection.record('request', { raw: exchange.target, texts: [], data });
}

/** Images whose shell is the better one. */
const bashImages = /(?:^|\/)(?:debian|ubuntu|centos|fedora|rockylinux|almalinux|bash)(?:[:@]|$)/;

/**
 * The first process of a container that waits for input begins now, for `kubectl run -it`; others say what they said
 * before, and what is typed is kept.
 */
export async function serveAttach(call: Call): Promise<void> {
  const { exchange, visit } = call;
  const { pod, container } = reach(call);
  const wanted = wantedBy(exchange);
  const channels = await openChannels(call, wanted);
  if (channels === undefined) return;
  const about = {
    namespace: pod.metadata.namespace,
    pod: pod.metadata.name,
    container: textAt(container, 'name'),
    attach: true,
  };
  if (wanted.stdin && isObject(container) && container.stdin === true) {
    const own = argumentsOf(container);
    const argv = own.length > 0 ? own : [bashImages.test(textAt(container, 'image')) ? 'bash' : '/bin/sh'];
    const exitCode = await executeOver(
      execution(call, pod, container, argv),
      channels,
      wanted,
      exchange.connection,
      about,
    );
    visit.controllers.ended(pod, exitCode);
    return;
  }
  const typed: Buffer[] = [];
  let size = 0;
  channels.listen(
    (bytes) => {
      if (bytes === undefined || size > 64 * 1024) return;
      typed.push(bytes);
      size += bytes.length;
    },
    () => {},
  );
  await channels.write('stdout', visit.logOf(pod));
  await channels.gone;
  const input = Buffer.concat(typed).toString('utf8');
  await exchange.connection.record('exec', {
    raw: input,
    texts: [input],
    data: { ...about, stdin: input.slice(0, 16_384) },
  });
}

/** There is no way out of here. */
export async function servePortForward(call: Call): Promise<void> {
  const { exchange } = call;
  const { pod } = reach(call);
  await exchange.connection.record('forward', {
    raw: `${exchange.method} ${exchange.target}`,
    texts: [],
    data: {
      namespace: pod.metadata.namespace,
      pod: pod.metadata.name,
      ports: exchange.query.getAll('ports').slice(0, 20),
    },
  });
  throw new Refused(
    500,
    'InternalError',
    'Internal error occurred: error forwarding port: unable to do port forwarding: socat not found',
  );
}

const maxLines = 5000;

export async function serveLog(call: Call): Promise<void> {
  const { exchange, visit, answering } = call;
  const { pod } = reach(call, true);
  const lines = visit.logOf(pod).toString('utf8').split('\n');
  const tail = exchange.query.get('tailLines');
  const count = tail === null ? maxLines : Math.max(0, Math.min(maxLines, Number(tail) || 0));
  if (lines.at(-1) === '') lines.pop();
  const shown = count === 0 ? [] : lines.slice(-count);
  const stamp = flagOf(exchange, 'timestamps')
    ? `${textAt(pod, 'status', 'startTime').slice(0, -1)}.000000000Z `
    : '';
  const text = shown.map((line) => `${stamp}${line}\n`).join('');
  const isFollowing = flagOf(exchange, 'follow') && textAt(pod, 'status', 'phase') === 'Running';
  if (!isFollowing) {
    answering.text(exchange, 200, text, [['Content-Type', 'text/plain']]);
    return;
  }
  const stream = exchange.stream(200, answering.headers([['Content-Type', 'text/plain']]));
  if (text !== '') await stream.write(text);
  const over = Promise.withResolvers<void>();
  const stop = visit.store.listen(({ object }) => {
    if (object.metadata.uid === pod.metadata.uid && textAt(object, 'status', 'phase') !== 'Running')
      over.resolve();
  });
  exchange.leaving().addEventListener('abort', () => over.resolve());
  await over.promise;
  stop();
  stream.end();
}
