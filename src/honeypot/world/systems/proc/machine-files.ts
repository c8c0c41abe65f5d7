/** Files of /proc that tell about the machine. */
import type { Node } from '../../files/node.ts';
import { now, type World } from '../../world.ts';
import { loadOf, memoryOf, processorTimeOf, uptimeOf } from '../machine.ts';
import { control, made } from './fresh.ts';
import { kernelCommandLine } from './kernel.ts';
import { cpuInfo } from './processor.ts';

export function machineFiles(world: World, at: () => number): readonly (readonly [string, Node])[] {
  const { persona } = world;
  const file = (text: () => string, mode?: number): Node => made(at, text, mode);
  return [
    ['cpuinfo', file(() => cpuInfo(persona))],
    ['meminfo', file(() => memInfo(world))],
    ['version', file(() => versionOf(world))],
    ['uptime', file(() => `${uptimeOf(world).toFixed(2)} ${processorTimeOf(world).idle.toFixed(2)}\n`)],
    ['loadavg', file(() => loadLine(world))],
    ['stat', file(() => statOf(world))],
    ['cmdline', file(() => `${kernelCommandLine(persona)}\n`)],
    ['filesystems', file(() => filesystems)],
    ['partitions', file(() => partitions(world))],
    ['devices', file(() => devices)],
    ['diskstats', file(() => diskstats(world))],
    ['modules', file(() => modules.map(([name, size, users]) => moduleLine(name, size, users)).join(''))],
    ['swaps', file(() => 'Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n')],
    ['cgroups', file(() => cgroups)],
    ['misc', file(() => '183 hw_random\n237 loop-control\n234 btrfs-control\n229 fuse\n144 nvram\n')],
    ['crypto', file(() => '')],
    ['interrupts', file(() => interrupts(world))],
    ['kmsg', file(() => '', 0o400)],
    ['sysrq-trigger', control(at, '', 0o200)],
  ];
}

export function versionOf({ persona: { kernel } }: World): string {
  return `Linux version ${kernel.release} ${kernel.compiler} ${kernel.version}\n`;
}

function loadLine(world: World): string {
  const newest = Math.max(world.nextPid - 1, ...world.processes.map(({ pid }) => pid));
  const load = loadOf(world).map((value) => value.toFixed(2));
  return `${load.join(' ')} 1/${world.processes.length + 170} ${newest}\n`;
}

function memInfo(world: World): string {
  const memory = memoryOf(world);
  const { total } = memory;
  const used = total - memory.free - memory.buffers - memory.cached - memory.reclaimable;
  const pages = (kib: number): number => Math.round(kib / 4) * 4;
  const share = (part: number): number => pages(total * part);
  const anonymous = pages(used * 0.7);
  const activeFile = pages(memory.cached * 0.4);
  const inactiveFile = memory.cached + memory.buffers - activeFile - memory.shared;
  const lines: readonly (readonly [string, number])[] = [
    ['MemTotal', total],
    ['MemFree', memory.free],
    ['MemAvailable', memory.available],
    ['Buffers', memory.buffers],
    ['Cached', memory.cached],
    ['SwapCached', 0],
    ['Active', memory.shared + activeFile],
    ['Inactive', anonymous + inactiveFile],
    ['Active(anon)', memory.shared],
    ['Inactive(anon)', anonymous],
    ['Active(file)', activeFile],
    ['Inactive(file)', inactiveFile],
    ['Unevictable', 0],
    ['Mlocked', 0],
    ['SwapTotal', 0],
    ['SwapFree', 0],
    ['Zswap', 0],
    ['Zswapped', 0],
    ['Dirty', 148],
    ['Writeback', 0],
    ['AnonPages', anonymous],
    ['Mapped', share(0.03)],
    ['Shmem', memory.shared],
    ['KReclaimable', memory.reclaimable],
    ['Slab', memory.reclaimable + share(0.006)],
    ['SReclaimable', memory.reclaimable],
    ['SUnreclaim', share(0.006)],
    ['KernelStack', 3328],
    ['PageTables', 7620],
    ['NFS_Unstable', 0],
    ['Bounce', 0],
    ['WritebackTmp', 0],
    ['CommitLimit', Math.floor(total / 8) * 4],
    ['Committed_AS', pages(used * 2.4)],
    ['VmallocTotal', 34_359_738_367],
    ['VmallocUsed', 22_488],
    ['VmallocChunk', 0],
    ['Percpu', 720 * world.persona.machine.cores],
    ['HardwareCorrupted', 0],
    ['AnonHugePages', share(0.01)],
    ['ShmemHugePages', 0],
    ['ShmemPmdMapped', 0],
    ['FileHugePages', 0],
    ['FilePmdMapped', 0],
  ];
  const written = lines
    .map(([name, value]) => `${`${name}:`.padEnd(16)}${`${value}`.padStart(8)} kB\n`)
    .join('');
  const direct = Math.ceil(total / 1_048_576) * 1_048_576;
  return `${written}HugePages_Total:       0
HugePages_Free:        0
HugePages_Rsvd:        0
HugePages_Surp:        0
Hugepagesize:       2048 kB
Hugetlb:               0 kB
DirectMap4k:      174012 kB
DirectMap2M:${`${direct - 3_145_728}`.padStart(12)} kB
DirectMap1G:     3145728 kB
`;
}

function statOf(world: World): string {
  const { persona } = world;
  const { cores } = persona.machine;
  const { busy, idle } = processorTimeOf(world);
  const line = (name: string, part: number): string => {
    const hundredths = [busy * 0.6, busy * 0.02, busy * 0.28, idle, busy * 0.05, 0, busy * 0.02, busy * 0.03];
    return `${name} ${hundredths.map((seconds) => Math.round((seconds * 100) / part)).join(' ')} 0 0\n`;
  };
  const processors = Array.from({ length: cores }, (_, core) => line(`cpu${core}`, cores)).join('');
  const switches = Math.round(busy * 9000);
  return `${line('cpu ', 1)}${processors}intr ${Math.round(busy * 4100)} 0 9 0 0 0 0 0 0 0 1 4 0 0 0 0 0 0 0
ctxt ${switches}
btime ${Math.floor(persona.bootedAt(now(world)) / 1000)}
processes ${world.nextPid + 1200}
procs_running 1
procs_blocked 0
softirq ${Math.round(busy * 2500)} 0 ${Math.round(busy * 900)} 12 ${Math.round(busy * 300)} ${Math.round(busy * 80)} 0 9 ${Math.round(busy * 600)} 0 ${Math.round(busy * 500)}
`;
}

const filesystems = `nodev	sysfs
nodev	tmpfs
nodev	bdev
nodev	proc
nodev	cgroup
nodev	cgroup2
nodev	cpuset
nodev	devtmpfs
nodev	debugfs
nodev	tracefs
nodev	securityfs
nodev	sockfs
nodev	bpf
nodev	pipefs
nodev	ramfs
nodev	hugetlbfs
nodev	devpts
nodev	mqueue
nodev	pstore
	ext3
	ext2
	ext4
	vfat
nodev	autofs
nodev	overlay
`;

/** Blocks of a KiB: the disk, its root, the partition for the BIOS and that for EFI, as Debian's cloud image has them. */
export function partitionsOf(
  world: World,
): readonly (readonly [name: string, minor: number, blocks: number])[] {
  const whole = world.persona.machine.diskGiB * 1_048_576;
  return [
    ['nvme0n1', 0, whole],
    ['nvme0n1p1', 1, whole - 131_072],
    ['nvme0n1p14', 2, 3_072],
    ['nvme0n1p15', 3, 126_976],
  ];
}

function partitions(world: World): string {
  const lines = partitionsOf(world).map(
    ([name, minor, blocks]) => ` 259 ${`${minor}`.padStart(8)} ${`${blocks}`.padStart(10)} ${name}\n`,
  );
  return `major minor  #blocks  name\n\n${lines.join('')}`;
}

function diskstats(world: World): string {
  const busy = Math.round(processorTimeOf(world).busy);
  return partitionsOf(world)
    .map(([name, minor]) => {
      const reads = minor < 2 ? 21_000 + busy : 190;
      const writes = minor < 2 ? busy * 14 : 2;
      return ` 259 ${`${minor}`.padStart(7)} ${name} ${reads} 120 ${reads * 54} ${reads} ${writes} ${Math.round(writes / 2)} ${writes * 21} ${writes * 2} 0 ${writes} ${writes * 2} 0 0 0 0 0 0\n`;
    })
    .join('');
}

const devices = `Character devices:
  1 mem
  4 /dev/vc/0
  4 tty
  4 ttyS
  5 /dev/tty
  5 /dev/console
  5 /dev/ptmx
  7 vcs
 10 misc
 13 input
128 ptm
136 pts
202 cpu/msr
203 cpu/cpuid
226 drm
243 nvme
244 nvme-generic
254 gpiochip

Block devices:
259 blkext
  7 loop
`;

/** Name, size and who uses it, of what an instance loads. */
export const modules: readonly (readonly [string, number, string?])[] = [
  ['xt_conntrack', 16_384],
  ['nft_chain_nat', 16_384],
  ['xt_MASQUERADE', 20_480],
  ['nf_nat', 57_344, 'nft_chain_nat,xt_MASQUERADE'],
  ['nf_conntrack', 188_416, 'xt_conntrack,nf_nat,xt_MASQUERADE'],
  ['nf_defrag_ipv6', 24_576, 'nf_conntrack'],
  ['nf_defrag_ipv4', 16_384, 'nf_conntrack'],
  ['xt_addrtype', 16_384],
  ['nft_compat', 20_480],
  ['nf_tables', 303_104, 'nft_compat,nft_chain_nat'],
  ['nfnetlink', 20_480, 'nft_compat,nf_tables'],
  ['br_netfilter', 32_768],
  ['bridge', 311_296, 'br_netfilter'],
  ['stp', 16_384, 'bridge'],
  ['llc', 16_384, 'bridge,stp'],
  ['overlay', 163_840],
  ['binfmt_misc', 24_576],
  ['ghash_clmulni_intel', 16_384],
  ['aesni_intel', 393_216],
  ['crypto_simd', 16_384, 'aesni_intel'],
  ['cryptd', 28_672, 'crypto_simd,ghash_clmulni_intel'],
  ['ena', 155_648],
  ['button', 24_576],
  ['fuse', 176_128],
  ['configfs', 57_344],
  ['ip_tables', 36_864],
  ['x_tables', 61_440, 'xt_conntrack,nft_compat,xt_addrtype,ip_tables,xt_MASQUERADE'],
  ['autofs4', 53_248],
  ['ext4', 983_040],
  ['crc16', 16_384, 'ext4'],
  ['mbcache', 16_384, 'ext4'],
  ['jbd2', 167_936, 'ext4'],
  ['crc32c_generic', 16_384],
  ['nvme', 53_248],
  ['nvme_core', 163_840, 'nvme'],
];

function moduleLine(name: string, size: number, users = ''): string {
  const list = users === '' ? [] : users.split(',');
  const address = '0x0000000000000000';
  return `${name} ${size} ${list.length === 0 ? 1 : list.length} ${list.length === 0 ? '-' : `${users},`} Live ${address}\n`;
}

const cgroups = `#subsys_name	hierarchy	num_cgroups	enabled
cpuset	0	96	1
cpu	0	96	1
cpuacct	0	96	1
blkio	0	96	1
memory	0	96	1
devices	0	96	1
freezer	0	96	1
net_cls	0	96	1
perf_event	0	96	1
net_prio	0	96	1
pids	0	96	1
rdma	0	96	1
misc	0	96	1
`;

function interrupts(world: World): string {
  const { cores } = world.persona.machine;
  const busy = Math.round(processorTimeOf(world).busy);
  const head = Array.from({ length: cores }, (_, core) => `CPU${core}`.padStart(11)).join('');
  const row = (name: string, base: number, what: string): string =>
    `${name.padStart(4)}:${Array.from({ length: cores }, (_, core) => `${Math.round(base * (1 + core / 7))}`.padStart(11)).join('')}   ${what}\n`;
  return `    ${head}\n${row('24', busy, 'PCI-MSI 65536-edge      nvme0q0')}${row('25', busy * 9, 'PCI-MSI 81920-edge      ena-mgmnt@pci:0000:00:05.0')}${row('NMI', 0, 'Non-maskable interrupts')}${row('LOC', busy * 400, 'Local timer interrupts')}${row('RES', busy * 50, 'Rescheduling interrupts')}`;
}
