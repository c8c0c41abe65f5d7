/** `docker stats`: figures of a container as control groups of version 2 count them, near enough to what it does. */
import { type Call, flag, respondJson, streamJson } from '../api/call.ts';
import type { Route } from '../api/route.ts';
import { type Container, isRunning } from '../engine/container.ts';
import { containerOf, type Engine } from '../engine/engine.ts';
import { goJson, goTime, momentOf, neverTime } from '../json/encode.ts';
import { keepOpen } from '../stream/keep-open.ts';

export const statsRoutes: readonly Route[] = [
  { method: 'GET', pattern: '/containers/{name}/stats', handle: stats },
];

async function stats(call: Call): Promise<void> {
  const { engine, exchange, query } = call;
  const container = containerOf(engine, call.name);
  const isStream = query.get('stream') === null || flag(call, 'stream');
  const isOneShot = flag(call, 'one-shot') && call.minor >= 41;
  if (!isStream) {
    if (!isRunning(container)) {
      respondJson(call, 200, stillJson(container));
      return;
    }
    const first = isOneShot ? undefined : sampleOf(engine, container, Date.now());
    if (!isOneShot) await pause(1000);
    respondJson(call, 200, statsJson(engine, container, first, sampleOf(engine, container, Date.now())));
    return;
  }
  const stream = streamJson(call);
  const leave = keepOpen(exchange.connection);
  const gone = exchange.leaving();
  let before: Sample | undefined;
  while (!gone.aborted && engine.containers.has(container.id)) {
    const sample = isRunning(container) ? sampleOf(engine, container, Date.now()) : undefined;
    const json = sample === undefined ? stillJson(container) : statsJson(engine, container, before, sample);
    if (!(await stream.write(goJson(json)))) break;
    before = sample;
    await pause(1000);
  }
  leave();
  stream.end();
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

interface Sample {
  readonly at: number;
  /** Nanoseconds of a processor. */
  readonly cpu: number;
  readonly system: number;
  readonly memory: number;
  readonly received: number;
  readonly sent: number;
  readonly processes: number;
}

function sampleOf({ persona }: Engine, container: Container, at: number): Sample {
  const random = persona.random(`docker/stats/${container.id}`);
  const age = at - (container.startedAt?.at ?? at);
  const share = container.isOwn ? random.int(1, 30) / 1000 : 0.0004;
  return {
    at,
    cpu: Math.round(30_000_000 + age * 1e6 * share),
    system: (at - persona.bootedAt(at)) * 1e6 * persona.machine.cores,
    memory: container.isOwn ? random.int(9_000_000, 210_000_000) : random.int(500_000, 1_400_000),
    received: Math.round(1_046 + (container.isOwn ? (age * random.int(1, 40)) / 50 : 0)),
    sent: Math.round(container.isOwn ? (age * random.int(1, 40)) / 50 : 0),
    processes: container.isOwn ? random.int(1, 12) : 1,
  };
}

const noBlocks = {
  io_serviced_recursive: null,
  io_queue_recursive: null,
  io_service_time_recursive: null,
  io_wait_time_recursive: null,
  io_merged_recursive: null,
  io_time_recursive: null,
  sectors_recursive: null,
};
const noThrottling = { periods: 0, throttled_periods: 0, throttled_time: 0 };
const noCpu = { total_usage: 0, usage_in_kernelmode: 0, usage_in_usermode: 0 };

function stillJson({ id, name }: Container): object {
  const cpu = { cpu_usage: noCpu, throttling_data: noThrottling };
  return {
    read: neverTime,
    preread: neverTime,
    pids_stats: {},
    blkio_stats: { io_service_bytes_recursive: null, ...noBlocks },
    num_procs: 0,
    storage_stats: {},
    cpu_stats: cpu,
    precpu_stats: cpu,
    memory_stats: {},
    name: `/${name}`,
    id,
  };
}

function statsJson(engine: Engine, container: Container, before: Sample | undefined, sample: Sample): object {
  const { persona } = engine;
  const { machine } = persona;
  const cpu = (one: Sample | undefined): object =>
    one === undefined
      ? { cpu_usage: noCpu, throttling_data: noThrottling }
      : {
          cpu_usage: {
            total_usage: one.cpu,
            usage_in_kernelmode: Math.round(one.cpu * 0.4),
            usage_in_usermode: one.cpu - Math.round(one.cpu * 0.4),
          },
          system_cpu_usage: one.system,
          online_cpus: machine.cores,
          throttling_data: noThrottling,
        };
  const { memory } = sample;
  return {
    read: goTime(momentOf(sample.at)),
    preread: before === undefined ? neverTime : goTime(momentOf(before.at)),
    pids_stats: { current: sample.processes, limit: Math.floor(machine.memoryKiB / 104) },
    blkio_stats: { io_service_bytes_recursive: [], ...noBlocks },
    num_procs: 0,
    storage_stats: {},
    cpu_stats: cpu(sample),
    precpu_stats: cpu(before),
    memory_stats: {
      usage: memory,
      stats: {
        active_anon: 4096,
        active_file: Math.round(memory * 0.1),
        anon: Math.round(memory * 0.7),
        anon_thp: 0,
        file: Math.round(memory * 0.2),
        file_dirty: 0,
        file_mapped: Math.round(memory * 0.08),
        file_writeback: 0,
        inactive_anon: Math.round(memory * 0.7),
        inactive_file: Math.round(memory * 0.1),
        kernel_stack: 16_384,
        pgactivate: 0,
        pgdeactivate: 0,
        pgfault: 1_171,
        pglazyfree: 0,
        pglazyfreed: 0,
        pgmajfault: 0,
        pgrefill: 0,
        pgscan: 0,
        pgsteal: 0,
        shmem: 0,
        slab: Math.round(memory * 0.04),
        slab_reclaimable: Math.round(memory * 0.02),
        slab_unreclaimable: Math.round(memory * 0.02),
        sock: 0,
        thp_collapse_alloc: 0,
        thp_fault_alloc: 0,
        unevictable: 0,
        workingset_activate: 0,
        workingset_nodereclaim: 0,
        workingset_refault: 0,
      },
      limit: container.hostConfig.Memory || machine.memoryKiB * 1024,
    },
    name: `/${container.name}`,
    id: container.id,
    ...(container.hostConfig.NetworkMode !== 'host' && {
      networks: {
        eth0: {
          rx_bytes: sample.received,
          rx_packets: Math.ceil(sample.received / 90),
          rx_errors: 0,
          rx_dropped: 0,
          tx_bytes: sample.sent,
          tx_packets: Math.ceil(sample.sent / 90),
          tx_errors: 0,
          tx_dropped: 0,
        },
      },
    }),
  };
}
