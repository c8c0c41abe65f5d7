/** What a workload would run, and how far it reaches out of its containers: for the event of its creation. */
import { at, isObject, type Json, type JsonObject, listAt, textAt } from '../cluster/json.ts';

export interface Workload {
  readonly images: readonly string[];
  /** As lines: arguments joined by spaces, scripts of `sh -c` as such. */
  readonly commands: readonly string[];
  /** Paths of the node that are mounted. */
  readonly hostPaths: readonly string[];
  readonly isPrivileged: boolean;
  readonly hostNetwork: boolean;
  readonly hostPid: boolean;
  /** Values of variables, files of configuration: what else may say something. */
  readonly texts: readonly string[];
  /** Techniques that follow. */
  readonly attack: readonly string[];
}

const maxContainers = 50;

/** @returns undefined for what makes no pods */
export function workloadOf(object: JsonObject): Workload | undefined {
  const spec = podSpecOf(object);
  if (spec === undefined) return undefined;
  const containers = ['initContainers', 'containers', 'ephemeralContainers']
    .flatMap((name) => listAt(spec, name))
    .slice(0, maxContainers);
  const hostPaths = listAt(spec, 'volumes')
    .map((one) => textAt(one, 'hostPath', 'path'))
    .filter((path) => path !== '');
  const isPrivileged = containers.some((one) => at(one, 'securityContext', 'privileged') === true);
  const hostPid = spec.hostPID === true;
  const commands = containers.map((one) => lineOf(argumentsOf(one))).filter((line) => line !== '');
  return {
    images: [...new Set(containers.map((one) => textAt(one, 'image')).filter((image) => image !== ''))],
    commands,
    hostPaths,
    isPrivileged,
    hostNetwork: spec.hostNetwork === true,
    hostPid,
    texts: [
      ...commands,
      ...containers.flatMap((one) => listAt(one, 'env').map((each) => textAt(each, 'value'))),
    ],
    attack: hostPaths.length > 0 || isPrivileged || hostPid ? ['T1610', 'T1611'] : ['T1610'],
  };
}

function podSpecOf(object: JsonObject): JsonObject | undefined {
  const places: Readonly<Record<string, readonly string[]>> = {
    Pod: ['spec'],
    CronJob: ['spec', 'jobTemplate', 'spec', 'template', 'spec'],
  };
  const own = ['Deployment', 'DaemonSet', 'StatefulSet', 'ReplicaSet', 'ReplicationController', 'Job'];
  const kind = textAt(object, 'kind');
  const path = places[kind] ?? (own.includes(kind) ? ['spec', 'template', 'spec'] : undefined);
  const spec = path === undefined ? undefined : at(object, ...path);
  return isObject(spec) ? spec : undefined;
}

/** Command and arguments of a container; empty where the image decides. */
export function argumentsOf(container: Json): readonly string[] {
  return [...listAt(container, 'command'), ...listAt(container, 'args')].filter(
    (one): one is string => typeof one === 'string',
  );
}

function lineOf(args: readonly string[]): string {
  const [program = '', flag = '', script] = args;
  if (/(?:^|\/)(?:ba|da|a|z|k)?sh$/.test(program) && /^-[a-z]*c$/.test(flag) && script !== undefined)
    return script;
  return args.join(' ');
}
