/** What a source has in this cluster, and how what it does is told. */

import { execute } from '../cluster/execution.ts';
import { isObject, type Json, type JsonObject, type KubeObject, listAt, textAt } from '../cluster/json.ts';
import { ownLog } from '../cluster/logs.ts';
import { createPodWorlds, type PodWorlds } from '../cluster/pod-worlds.ts';
import type { Runtime } from '../cluster/runtime.ts';
import type { Connection, Recorded } from '../decoy.ts';
import type { Exchange } from '../http/serve.ts';
import { argumentLine } from '../payload/line.ts';
import type { Random } from '../persona/random.ts';
import { leftBy } from '../run-line.ts';
import { type Controllers, createControllers } from './controllers/controllers.ts';
import type { Outcome } from './controllers/pod-life.ts';
import type { Store } from './store.ts';
import { argumentsOf, workloadOf } from './workload.ts';

export interface Visit {
  readonly store: Store;
  readonly controllers: Controllers;
  readonly worlds: PodWorlds;
  readonly runtime: Runtime;
  chance(): Random;
  /** Log of a pod's container, as it was written. */
  logOf(pod: KubeObject): Buffer;
  /**
   * Tells of a write before it is answered.
   * @param before what it changes, where it is no creation
   */
  tellWrite(
    exchange: Exchange,
    verb: string,
    object: KubeObject | undefined,
    text: string,
    before?: KubeObject,
  ): Promise<void>;
  /** What the visitor said last about who they are; empty for nothing yet. */
  identity: string;
  /** The connection that came last: what happens by itself is told as its doing. */
  connection: Connection;
}

/** Milliseconds of real time that a container's program may take to be emulated. */
const runsWithin = 20_000;
/** Longer by the world's clock, and it is taken to run on; so is what had to be stopped: 128 + the number of the signal. */
const longest = 45_000;
const killed = 137;
/** Of a pod's log, in bytes; and pods that have one. */
const most = { log: 256 * 1024, logs: 100, runs: 100 } as const;

interface FirstRun {
  readonly outcome: Outcome | undefined;
  readonly log: Buffer;
}

export function createVisit(store: Store, runtime: Runtime, connection: Connection): Visit {
  const { cluster } = store;
  const worlds = createPodWorlds(cluster);
  const logs = new Map<string, Buffer>();
  /** By owner and command: what pods of one workload do is emulated once. */
  const runs = new Map<string, Promise<FirstRun>>();
  let drawn = 0;

  /** Runs what a new pod's first container is told to run. */
  async function start(pod: KubeObject): Promise<Outcome | undefined> {
    const [container] = listAt(pod, 'spec', 'containers');
    if (container === undefined) return undefined;
    const argv = argumentsOf(container);
    // Somebody is going to attach; or it is one of the cluster's own.
    if (isObject(container) && container.stdin === true) return undefined;
    if (
      cluster.plan.apps.some(
        (app) => app.image === textAt(container, 'image') && (app.args ?? []).join(' ') === argv.join(' '),
      )
    )
      return undefined;
    if (argv.length === 0) return isBare(textAt(container, 'image')) ? { exitCode: 0, took: 50 } : undefined;
    const owner = pod.metadata.ownerReferences?.[0]?.uid ?? pod.metadata.uid;
    const key = `${owner} ${argv.join(' ')}`;
    const running = runs.get(key) ?? runFirst(pod, container, argv);
    if (runs.size >= most.runs) runs.delete(runs.keys().next().value!);
    runs.set(key, running);
    const { outcome, log } = await running;
    if (logs.size >= most.logs) logs.delete(logs.keys().next().value!);
    logs.set(pod.metadata.uid, log);
    return outcome;
  }

  async function runFirst(pod: KubeObject, container: Json, argv: readonly string[]): Promise<FirstRun> {
    const { connection } = visit;
    const made = worlds.of(connection.host, pod, container, store.get);
    const before = { ahead: made.world.ahead, processes: new Set(made.world.processes) };
    const { exitCode, failure, output, notes } = await execute(
      { runtime, container: made, argv },
      runsWithin,
    );
    const took = made.world.ahead - before.ahead;
    const left = made.world.processes.some((one) => one.isLeft && !before.processes.has(one));
    const runsOn = left || took > longest || exitCode === killed;
    const image = textAt(container, 'image');
    const { namespace, name } = pod.metadata;
    await connection.record('pod.start', {
      raw: argv.join(' '),
      texts: [argumentLine(argv)],
      notes,
      artefacts: leftBy(made.world, [{ notes }]),
      data: {
        namespace,
        pod: name,
        image,
        ...(!runsOn && { exitCode }),
        output: output.slice(0, 4096),
        ...(failure !== undefined && { failure }),
      },
    });
    const log = Buffer.from(output).subarray(0, most.log);
    if (failure !== undefined)
      return { log, outcome: isBare(image) ? { exitCode: 128, took: 200 } : undefined };
    return { log, outcome: runsOn ? undefined : { exitCode, took: took + 200 } };
  }

  const visit: Visit = {
    store,
    worlds,
    runtime,
    connection,
    identity: '',
    controllers: createControllers(store, {
      start,
      stop(pod) {
        worlds.drop(pod);
        logs.delete(pod.metadata.uid);
      },
    }),
    chance: () => cluster.plan.persona.random(`kubernetes/visit/${Date.now()}/${drawn++}`),
    logOf: (pod) => logs.get(pod.metadata.uid) ?? ownLog(cluster.plan, pod, Date.now()),
    tellWrite: (exchange, verb, object, text, before) =>
      exchange.connection.record(...writeEvent(exchange, verb, object, text, before)),
  };
  return visit;
}

/** Images that hold a system and nothing to serve: their shell ends where nobody types, and programs have to be theirs. */
function isBare(image: string): boolean {
  const name =
    image
      .replace(/[@:][^/]*$/, '')
      .split('/')
      .at(-1) ?? '';
  return /^(?:alpine|busybox|debian|ubuntu|centos|fedora|rockylinux|almalinux|bash|python|node)$/.test(name);
}

/** Kinds that say who may do what. */
const rights = /^(?:Cluster)?Role(?:Binding)?$/;

function writeEvent(
  exchange: Exchange,
  verb: string,
  object: KubeObject | undefined,
  text: string,
  before: KubeObject | undefined,
): [string, Recorded] {
  const raw = `${exchange.method} ${exchange.target}\n\n${text}`;
  const workload = object === undefined ? undefined : workloadOf(object);
  const about: JsonObject = {
    verb,
    path: exchange.path.slice(0, 500),
    ...(object !== undefined && {
      kind: object.kind,
      name: object.metadata.name,
      ...(object.metadata.namespace !== undefined && { namespace: object.metadata.namespace }),
    }),
  };
  const isDelete = verb.startsWith('delete');
  const isSame = before !== undefined && JSON.stringify(workload) === JSON.stringify(workloadOf(before));
  if (workload === undefined || isDelete || isSame) {
    const data = { ...about, ...(text !== '' && { body: text.slice(0, 8192) }) };
    if (isDelete) return ['delete', { raw, texts: [], data }];
    const grants = object !== undefined && rights.test(object.kind);
    return [
      'write',
      { raw, texts: [text], data, ...(grants && { attack: ['T1098.006'], severity: 'high' }) },
    ];
  }
  const { images, commands, hostPaths, isPrivileged, hostNetwork, hostPid, texts, attack } = workload;
  return [
    'pod.create',
    {
      raw,
      texts,
      commands,
      images,
      attack,
      data: {
        ...about,
        images: images.slice(0, 20),
        commands: commands.map((one) => one.slice(0, 4096)).slice(0, 20),
        hostPaths: hostPaths.slice(0, 20),
        privileged: isPrivileged,
        hostNetwork,
        hostPid,
        manifest: text.slice(0, 16_384),
      },
    },
  ];
}
