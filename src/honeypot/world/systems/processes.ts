/** The process table of the server: what Debian 12 on an instance of EC2 runs, with the persona's pids and times. */
import type { Persona } from '../../persona/persona.ts';
import type { Process } from '../world.ts';
import { runningContainers } from './running-containers.ts';

const kernelThreads =
  'rcu_gp rcu_par_gp slub_flushwq netns kworker/0:0H-events_highpri mm_percpu_wq rcu_tasks_kthread rcu_tasks_rude_kthread rcu_tasks_trace_kthread ksoftirqd/0 rcu_preempt migration/0 cpuhp/0';
const laterThreads =
  'kdevtmpfs inet_frag_wq kauditd khungtaskd oom_reaper writeback kcompactd0 ksmd khugepaged kintegrityd kblockd blkcg_punt_bio tpm_dev_wq edac-poller devfreq_wq kworker/0:1H-kblockd kswapd0 kthrotld acpi_thermal_pm mld ipv6_addrconf kstrp zswap-shrink kworker/u65:0 nvme-wq nvme-reset-wq nvme-delete-wq jbd2/nvme0n1p1- ext4-rsv-conver kworker/1:1H-kblockd ena cryptd';

type Daemon = readonly [args: string, memory: number, cpuPerDay: number, user?: string];

/** Resident KiB and seconds of processor a day, as measured on an idle one. */
const daemons: readonly Daemon[] = [
  ['/lib/systemd/systemd-journald', 17_400, 2],
  ['/lib/systemd/systemd-udevd', 6_900, 0.3],
  ['/lib/systemd/systemd-networkd', 9_300, 0.8, 'systemd-network'],
  ['/usr/sbin/cron -f', 2_700, 0.4],
  ['/usr/sbin/rsyslogd -n -iNONE', 6_100, 1],
  ['/lib/systemd/systemd-logind', 8_400, 0.5],
  ['/usr/sbin/chronyd -F 1', 3_300, 0.3, '_chrony'],
  ['/sbin/agetty -o -p -- \\u --noclear - linux', 1_100, 0],
  ['/sbin/agetty -o -p -- \\u --keep-baud 115200,57600,38400,9600 - vt220', 1_100, 0],
  ['/usr/bin/containerd', 52_000, 55],
  ['/usr/bin/redis-server 0.0.0.0:6379', 9_100, 70, 'redis'],
  ['sshd: /usr/sbin/sshd -D [listener] 0 of 10-100 startups', 9_600, 0.2],
  [
    '/usr/lib/postgresql/15/bin/postgres -D /var/lib/postgresql/15/main -c config_file=/etc/postgresql/15/main/postgresql.conf',
    29_800,
    6,
    'postgres',
  ],
  [
    '/usr/sbin/dockerd -H fd:// -H tcp://0.0.0.0:2375 --containerd=/run/containerd/containerd.sock',
    79_000,
    30,
  ],
];

const postgresChildren = [
  'checkpointer ',
  'background writer ',
  'walwriter ',
  'autovacuum launcher ',
  'logical replication launcher ',
];

/** Milliseconds in which new visitors share the lines; meanwhile only times of processors would change. */
const sharedFor = 600_000;
const shared = new WeakMap<Persona, { readonly at: number; readonly list: readonly Process[] }>();

/** @param now milliseconds since 1970 @returns a list that its world may change */
export function serverProcesses(persona: Persona, now: number): Process[] {
  let known = shared.get(persona);
  if (known === undefined || Math.abs(now - known.at) > sharedFor) {
    known = { at: now, list: makeProcesses(persona, now) };
    shared.set(persona, known);
  }
  return [...known.list];
}

function makeProcesses(persona: Persona, now: number): Process[] {
  const random = persona.random('processes');
  const bootedAt = persona.bootedAt(now);
  const days = (now - bootedAt) / 86_400_000;
  const list: Process[] = [];
  let pid = 0;

  function add(args: readonly string[], more: Partial<Process> & { cpuPerDay?: number } = {}): number {
    pid = more.pid ?? pid + 1;
    const { cpuPerDay = 0, ...rest } = more;
    list.push({
      ppid: 1,
      user: 'root',
      startedAt: bootedAt,
      memory: 0,
      cpu: Math.round(cpuPerDay * days),
      ...rest,
      pid,
      args,
    });
    return pid;
  }

  add(['/sbin/init'], { ppid: 0, memory: 12_300 + random.int(0, 900), cpuPerDay: 4 });
  add(['[kthreadd]'], { ppid: 0 });
  for (const name of kernelThreads.split(' ')) add([`[${name}]`], { ppid: 2 });
  for (let core = 1; core < persona.machine.cores; core++) {
    for (const name of ['cpuhp', 'migration', 'ksoftirqd'])
      add([`[${name}/${core}]`], { ppid: 2, ...(name === 'cpuhp' && { pid: pid + 2 }) });
    add([`[kworker/${core}:0H-events_highpri]`], { ppid: 2, pid: pid + 2 });
  }
  pid += random.int(2, 5);
  for (const name of laterThreads.split(' ')) add([`[${name}]`], { ppid: 2, pid: pid + random.int(1, 3) });

  pid = random.int(190, 260);
  let startedAt = bootedAt + 4_000;
  for (const [line, memory, cpuPerDay, user = 'root'] of daemons) {
    const isLine = line.startsWith('sshd:') || line.startsWith('/usr/bin/redis-server');
    const tty = line.includes('noclear') ? 'tty1' : line.includes('keep-baud') ? 'ttyS0' : undefined;
    startedAt += random.int(20, 900);
    const more = { memory: memory + random.int(0, 700), cpuPerDay, user, startedAt };
    const daemon = add(isLine ? [line] : line.split(' '), {
      ...more,
      pid: pid + random.int(1, 30),
      ...(tty !== undefined && { tty }),
    });
    if (line.includes('chronyd')) add(line.split(' '), { ...more, ppid: daemon, memory: 500, cpuPerDay: 0 });
    if (!line.includes('/postgres ')) continue;
    for (const child of postgresChildren)
      add([`postgres: 15/main: ${child}`], {
        ...more,
        ppid: daemon,
        memory: 8_000 + random.int(0, 2000),
        cpuPerDay: 1,
      });
  }

  const dockerd = list.at(-1)!.pid;
  for (const { id, processes, ports, address } of runningContainers(persona, now)) {
    startedAt += random.int(300, 1500);
    for (const { host, inside } of ports) {
      if (host === undefined) continue;
      const proxy = `/usr/sbin/docker-proxy -proto tcp -host-ip 0.0.0.0 -host-port ${host} -container-ip ${address} -container-port ${inside}`;
      add(proxy.split(' '), { ppid: dockerd, memory: 3_500, startedAt, pid: pid + random.int(5, 40) });
    }
    const shim = add(
      `/usr/bin/containerd-shim-runc-v2 -namespace moby -id ${id} -address /run/containerd/containerd.sock`.split(
        ' ',
      ),
      { memory: 9_000 + random.int(0, 3000), cpuPerDay: 1, startedAt, pid: pid + random.int(20, 200) },
    );
    let parent = shim;
    for (const [user, ...args] of processes) {
      const memory = random.int(6_000, 60_000);
      const child = add(args, {
        user,
        ppid: parent,
        memory,
        cpuPerDay: 8,
        startedAt,
        pid: pid + random.int(1, 25),
      });
      if (parent === shim) parent = child;
    }
  }
  // Kernel workers come and go.
  for (let worker = 0; worker < 4; worker++) {
    const name = `[kworker/${worker % 2 === 0 ? `u${persona.machine.cores * 2}` : worker % persona.machine.cores}:${worker}-events${worker % 2 === 0 ? '_unbound' : ''}]`;
    add([name], {
      ppid: 2,
      startedAt: now - random.int(60, 7000) * 1000,
      pid: pid + random.int(900, 9000),
    });
  }
  return list.sort((a, b) => a.pid - b.pid);
}
