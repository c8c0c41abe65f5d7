/** Numbers about the node and its pods: the summary, and metrics for Prometheus. Drawn for each pod, growing with time. */
import { type Json, type JsonObject, type KubeObject, listAt, textAt, timestamp } from '../cluster/json.ts';
import type { Node, Plan } from '../cluster/plan.ts';

interface Use {
  /** Nanoseconds of a processor in a second. */
  readonly rate: number;
  readonly memory: number;
  readonly startedAt: number;
}

function useOf({ persona }: Plan, pod: KubeObject, container: Json): Use {
  const random = persona.random(`kubelet/use/${pod.metadata.uid}/${textAt(container, 'name')}`);
  const status = listAt(pod, 'status', 'containerStatuses').find(
    (one) => textAt(one, 'name') === textAt(container, 'name'),
  );
  return {
    rate: random.int(400_000, 48_000_000),
    memory: random.int(9, 310) << 20,
    startedAt:
      Date.parse(textAt(status, 'state', 'running', 'startedAt')) ||
      Date.parse(pod.metadata.creationTimestamp),
  };
}

function cpu({ rate, startedAt }: Use, now: number): JsonObject {
  return {
    time: timestamp(now - 4000),
    usageNanoCores: rate,
    usageCoreNanoSeconds: Math.floor(((now - startedAt) / 1000) * rate),
  };
}

function memory({ memory }: Use, now: number): JsonObject {
  return {
    time: timestamp(now - 4000),
    usageBytes: memory,
    workingSetBytes: Math.floor(memory * 0.91),
    rssBytes: Math.floor(memory * 0.78),
    pageFaults: Math.floor(memory / 2048),
    majorPageFaults: Math.floor(memory / 3_000_000),
  };
}

/** `/stats/summary`. @param now milliseconds since 1970 */
export function summary(plan: Plan, node: Node, pods: readonly KubeObject[], now: number): JsonObject {
  const { machine } = plan.persona;
  const running = pods.filter((pod) => textAt(pod, 'status', 'phase') === 'Running');
  const all = running.flatMap((pod) => listAt(pod, 'spec', 'containers').map((one) => useOf(plan, pod, one)));
  const total: Use = {
    rate: all.reduce((sum, one) => sum + one.rate, 60_000_000),
    memory: all.reduce((sum, one) => sum + one.memory, 900 << 20),
    startedAt: plan.persona.bootedAt(now),
  };
  const disk = machine.diskGiB * 1_018_000 * 1024;
  return {
    node: {
      nodeName: node.name,
      startTime: timestamp(total.startedAt),
      cpu: cpu(total, now),
      memory: { ...memory(total, now), availableBytes: Math.max(0, machine.memoryKiB * 1024 - total.memory) },
      fs: {
        time: timestamp(now - 9000),
        availableBytes: Math.floor(disk * 0.58),
        capacityBytes: disk,
        usedBytes: Math.floor(disk * 0.37),
        inodesFree: machine.diskGiB * 58_000,
        inodes: machine.diskGiB * 65_000,
        inodesUsed: machine.diskGiB * 7000,
      },
      rlimit: { time: timestamp(now - 2000), maxpid: 32_768, curproc: 190 + running.length * 9 },
    },
    pods: running.map((pod) => ({
      podRef: { name: pod.metadata.name, namespace: pod.metadata.namespace, uid: pod.metadata.uid },
      startTime: textAt(pod, 'status', 'startTime'),
      containers: listAt(pod, 'spec', 'containers').map((one) => {
        const use = useOf(plan, pod, one);
        return {
          name: textAt(one, 'name'),
          startTime: timestamp(use.startedAt),
          cpu: cpu(use, now),
          memory: memory(use, now),
        };
      }),
    })),
  };
}

/** `/metrics/cadvisor`. */
export function cadvisorMetrics(plan: Plan, pods: readonly KubeObject[], now: number): string {
  const uses = pods.flatMap((pod) =>
    listAt(pod, 'spec', 'containers').map((one) => {
      const uid = pod.metadata.uid.replaceAll('-', '_');
      const status = listAt(pod, 'status', 'containerStatuses').find(
        (each) => textAt(each, 'name') === textAt(one, 'name'),
      );
      const id = textAt(status, 'containerID').replace('containerd://', '');
      const labels = `container="${textAt(one, 'name')}",id="/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod${uid}.slice/cri-containerd-${id}.scope",image="${textAt(status, 'image')}",name="${id}",namespace="${pod.metadata.namespace}",pod="${pod.metadata.name}"`;
      return { labels, use: useOf(plan, pod, one) };
    }),
  );
  const block = (name: string, help: string, type: string, lines: readonly string[]): string =>
    `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${lines.map((line) => `${name}${line}\n`).join('')}`;
  const { persona } = plan;
  return [
    block(
      'cadvisor_version_info',
      "A metric with a constant '1' value labeled by kernel version, OS version, docker version, cadvisor version & cadvisor revision.",
      'gauge',
      [
        `{cadvisorRevision="",cadvisorVersion="",dockerVersion="",kernelVersion="${persona.kernel.release}",osVersion="Debian GNU/Linux 12 (bookworm)"} 1`,
      ],
    ),
    block(
      'container_cpu_usage_seconds_total',
      'Cumulative cpu time consumed in seconds.',
      'counter',
      uses.map(
        ({ labels, use }) =>
          `{${labels.replace(',id=', ',cpu="total",id=')}} ${((((now - use.startedAt) / 1000) * use.rate) / 1e9).toFixed(6)} ${now}`,
      ),
    ),
    block(
      'container_memory_working_set_bytes',
      'Current working set in bytes.',
      'gauge',
      uses.map(({ labels, use }) => `{${labels}} ${Math.floor(use.memory * 0.91)} ${now}`),
    ),
    block(
      'container_start_time_seconds',
      'Start time of the container since unix epoch in seconds.',
      'gauge',
      uses.map(({ labels, use }) => `{${labels}} ${Math.floor(use.startedAt / 1000)} ${now}`),
    ),
    block('machine_cpu_cores', 'Number of logical CPU cores.', 'gauge', [
      `{boot_id="${persona.random('kubelet/boot').uuid()}",machine_id="${persona.random('kubelet/machine').hex(32)}",system_uuid="${persona.random('kubelet/system').uuid()}"} ${persona.machine.cores}`,
    ]),
  ].join('');
}

/** `/metrics`: a few of its many. */
export function kubeletMetrics(
  { release, persona, createdAt }: Plan,
  pods: readonly KubeObject[],
  now: number,
): string {
  const started = Math.max(persona.bootedAt(now), createdAt) / 1000 + 14;
  const age = now / 1000 - started;
  const running = pods.filter((pod) => textAt(pod, 'status', 'phase') === 'Running').length;
  const lines: readonly (readonly [string, string, string, string, number])[] = [
    ['go_goroutines', 'gauge', 'Number of goroutines that currently exist.', '', 390 + running * 7],
    [
      'kubelet_running_containers',
      'gauge',
      '[ALPHA] Number of containers currently running',
      '{container_state="running"}',
      pods.reduce((sum, pod) => sum + listAt(pod, 'spec', 'containers').length, 0),
    ],
    ['kubelet_running_pods', 'gauge', '[ALPHA] Number of pods that have a running pod sandbox', '', running],
    [
      'kubernetes_build_info',
      'gauge',
      "[ALPHA] A metric with a constant '1' value labeled by major, minor, git version, git commit, git tree state, build date, Go version, and compiler from which Kubernetes was built, and platform on which it is running.",
      `{build_date="${release.built}",compiler="gc",git_commit="${release.commit}",git_tree_state="clean",git_version="${release.version}",go_version="${release.go}",major="1",minor="27",platform="linux/amd64"}`,
      1,
    ],
    [
      'process_cpu_seconds_total',
      'counter',
      'Total user and system CPU time spent in seconds.',
      '',
      Math.floor(age * 0.021),
    ],
    [
      'process_start_time_seconds',
      'gauge',
      'Start time of the process since unix epoch in seconds.',
      '',
      Math.floor(started),
    ],
  ];
  return lines
    .map(
      ([name, type, help, labels, value]) =>
        `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${name}${labels} ${value}\n`,
    )
    .join('');
}
