/** What /proc has for each process. */
import type { Directory, Node } from '../../files/node.ts';
import { View } from '../../files/view.ts';
import type { Process, World } from '../../world.ts';
import { accountsOf } from '../account-database.ts';
import { mountsOf } from '../mounts.ts';
import { executableOf, isKernelThread, nameOfProcess, virtualKiB } from '../process-facts.ts';
import { control, type Entries, fresh, linkTo, made } from './fresh.ts';
import { netEntries } from './net.ts';

const ofThreads: ReadonlySet<string> = new Set('cgroup cmdline comm exe stat status'.split(' '));

export function processDirectory(world: World, process: Process, at: () => number): Directory {
  return fresh(at, () => {
    const entries = entriesOfProcess(world, process, at);
    const thread = fresh(at, () => new Map([...entries].filter(([name]) => ofThreads.has(name))));
    return new Map([...entries, ['task', fresh(at, () => new Map([[`${process.pid}`, thread]]))]]);
  });
}

function entriesOfProcess(world: World, process: Process, at: () => number): Entries {
  const isKernel = isKernelThread(process);
  const file = (text: () => string, mode?: number): Node => made(at, text, mode);
  const entries = new Map<string, Node>([
    ['cgroup', file(() => `0::${cgroupOf(world, process)}\n`)],
    ['cmdline', file(() => (isKernel ? '' : process.args.map((arg) => `${arg}\0`).join('')))],
    ['comm', control(at, `${nameOfProcess(process)}\n`)],
    [
      'environ',
      file(
        () =>
          isKernel
            ? ''
            : environmentOf(process)
                .map((one) => `${one}\0`)
                .join(''),
        0o400,
      ),
    ],
    ['limits', file(() => limits)],
    ['loginuid', file(() => (process.tty === undefined ? '4294967295' : '0'))],
    ['maps', file(() => (isKernel ? '' : mapsOf(process)))],
    ['mountinfo', file(() => mountInfo(world))],
    ['mounts', file(() => mountLines(world))],
    ['oom_adj', control(at, '0\n')],
    ['oom_score', file(() => `${Math.round(process.memory / 5000)}\n`)],
    ['oom_score_adj', control(at, '0\n')],
    ['sched', file(() => `${nameOfProcess(process)} (${process.pid}, #threads: 1)\n${'-'.repeat(67)}\n`)],
    ['stat', file(() => statOf(world, process))],
    [
      'statm',
      file(
        () =>
          `${virtualKiB(process) / 4} ${process.memory / 4} ${Math.round(process.memory / 6)} 5 0 123 0\n`,
      ),
    ],
    ['status', file(() => statusOf(world, process))],
    ['net', fresh(at, () => netEntries(world, at))],
    ['fd', fresh(at, () => (isKernel ? new Map() : descriptors(process, at)), 0o500)],
    ['ns', fresh(at, () => namespaces(world, at), 0o511)],
    ['root', linkTo('/', at)],
    ['cwd', linkTo(process.cwd ?? '/', at)],
  ]);
  if (!isKernel) entries.set('exe', linkTo(executableOf(process), at));
  return entries;
}

/** Where systemd puts it. */
function cgroupOf(world: World, process: Process): string {
  if (world.container !== undefined) return '/';
  if (isKernelThread(process)) return '/';
  if (process.pid === 1) return '/init.scope';
  if (process.tty?.startsWith('pts')) return '/user.slice/user-0.slice/session-4.scope';
  const shim = containerOf(world, process);
  if (shim !== undefined) return `/system.slice/docker-${shim}.scope`;
  const service = nameOfProcess(process).replace(/^(containerd-shim.*|dockerd|docker-proxy)$/, 'docker');
  const names: Readonly<Record<string, string>> = { sshd: 'ssh', rsyslogd: 'rsyslog', chronyd: 'chrony' };
  return `/system.slice/${names[service] ?? service}.service`;
}

function containerOf(world: World, process: Process): string | undefined {
  for (let one: Process | undefined = process, depth = 0; one !== undefined && depth < 4; depth++) {
    const { ppid }: Process = one;
    one = world.processes.find(({ pid }) => pid === ppid);
    const at = one?.args.indexOf('-id') ?? -1;
    if (at > 0) return one?.args[at + 1];
  }
  return undefined;
}

function environmentOf({ env }: Process): readonly string[] {
  return env ?? ['LANG=C.UTF-8', 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin'];
}

function statOf(world: World, process: Process): string {
  const isKernel = isKernelThread(process);
  const booted = world.persona.bootedAt(process.startedAt + 1000);
  const ticks = Math.max(0, Math.round((process.startedAt - booted) / 10));
  const size = isKernel ? '0 0' : `${virtualKiB(process) * 1024} ${process.memory / 4}`;
  const user = Math.round(process.cpu * 70);
  const fields = [
    process.pid,
    `(${nameOfProcess(process)})`,
    isKernel ? 'I' : 'S',
    process.ppid,
    isKernel ? 0 : process.pid,
    isKernel ? 0 : process.pid,
    0,
    -1,
    isKernel ? 69_238_880 : 4_194_560,
    '1200 0 3 0',
    user,
    Math.round(process.cpu * 30),
    '0 0 20 0 1 0',
    ticks,
    size,
    '18446744073709551615',
    '0 0 0 0 0 0 0 0 0 0 0 0 17 1 0 0 0 0 0 0 0 0 0 0 0 0 0',
  ];
  return `${fields.join(' ')}\n`;
}

function statusOf(world: World, process: Process): string {
  const { pid, ppid, memory } = process;
  const { uid, gid } = accountsOf(new View(world.files)).byName(process.user) ?? { uid: 0, gid: 0 };
  const isKernel = isKernelThread(process);
  const size = (name: string, kib: number): string => `${name}:\t${`${kib}`.padStart(8)} kB\n`;
  const capabilities =
    uid !== 0
      ? '0000000000000000'
      : world.container?.privileged === false
        ? '00000000a80425fb'
        : '000001ffffffffff';
  const bound = world.container?.privileged === false ? '00000000a80425fb' : '000001ffffffffff';
  const all = ((1n << BigInt(world.persona.machine.cores)) - 1n).toString(16);
  return [
    `Name:\t${nameOfProcess(process)}\n`,
    isKernel ? '' : 'Umask:\t0022\n',
    `State:\t${isKernel ? 'I (idle)' : 'S (sleeping)'}\nTgid:\t${pid}\nNgid:\t0\nPid:\t${pid}\nPPid:\t${ppid}\nTracerPid:\t0\n`,
    `Uid:\t${uid}\t${uid}\t${uid}\t${uid}\nGid:\t${gid}\t${gid}\t${gid}\t${gid}\nFDSize:\t${isKernel ? 64 : 256}\nGroups:\t${uid === 0 ? ' ' : `${gid} `}\n`,
    `NStgid:\t${pid}\nNSpid:\t${pid}\nNSpgid:\t${pid}\nNSsid:\t${pid}\n`,
    isKernel
      ? ''
      : size('VmPeak', virtualKiB(process)) +
        size('VmSize', virtualKiB(process)) +
        size('VmLck', 0) +
        size('VmPin', 0) +
        size('VmHWM', memory) +
        size('VmRSS', memory) +
        size('RssAnon', Math.round(memory * 0.4)) +
        size('RssFile', memory - Math.round(memory * 0.4)) +
        size('RssShmem', 0) +
        size('VmData', Math.round(memory * 0.7)) +
        size('VmStk', 132) +
        size('VmExe', 84) +
        size('VmLib', 1_692) +
        size('VmPTE', 52) +
        size('VmSwap', 0) +
        'HugetlbPages:\t       0 kB\nCoreDumping:\t0\nTHP_enabled:\t1\n',
    'Threads:\t1\nSigQ:\t0/31080\nSigPnd:\t0000000000000000\nShdPnd:\t0000000000000000\n',
    'SigBlk:\t0000000000000000\nSigIgn:\t0000000000000000\nSigCgt:\t0000000000000000\n',
    `CapInh:\t0000000000000000\nCapPrm:\t${capabilities}\nCapEff:\t${capabilities}\nCapBnd:\t${bound}\nCapAmb:\t0000000000000000\n`,
    `NoNewPrivs:\t0\nSeccomp:\t${world.container?.privileged === false ? 2 : 0}\nSeccomp_filters:\t${world.container?.privileged === false ? 1 : 0}\n`,
    `Cpus_allowed:\t${all}\nCpus_allowed_list:\t0-${world.persona.machine.cores - 1}\nMems_allowed_list:\t0\n`,
    'voluntary_ctxt_switches:\t48\nnonvoluntary_ctxt_switches:\t3\n',
  ].join('');
}

function mapsOf(process: Process): string {
  const path = executableOf(process);
  return `55d0c1a00000-55d0c1a04000 r--p 00000000 103:01 131${process.pid % 1000} ${' '.repeat(20)}${path}
55d0c1a04000-55d0c1a18000 r-xp 00004000 103:01 131${process.pid % 1000} ${' '.repeat(20)}${path}
7f2a18c00000-7f2a18c26000 r--p 00000000 103:01 2618 ${' '.repeat(20)}/usr/lib/x86_64-linux-gnu/libc.so.6
7ffc6a1d3000-7ffc6a1f4000 rw-p 00000000 00:00 0 ${' '.repeat(24)}[stack]
`;
}

function mountLines(world: World): string {
  return mountsOf(world)
    .map(({ source, target, type, options }) => `${source} ${target} ${type} ${options} 0 0\n`)
    .join('');
}

function mountInfo(world: World): string {
  return mountsOf(world)
    .map(({ source, target, type, options }, index) => {
      const [access = 'rw', ...rest] = options.split(',');
      const isDisk = source.startsWith('/dev/');
      return `${22 + index} ${target === '/' ? 1 : 27} ${isDisk ? '259:1' : `0:${20 + index}`} / ${target} ${access},relatime ${world.container ? '' : `shared:${index + 1} `}- ${type} ${source} ${[access, ...rest].join(',')}\n`;
    })
    .join('');
}

function descriptors({ tty, pid }: Process, at: () => number): Entries {
  const target = tty === undefined ? '/dev/null' : `/dev/${tty}`;
  return new Map([
    ['0', linkTo(target, at)],
    ['1', linkTo(tty === undefined ? `socket:[${18_000 + pid}]` : target, at)],
    ['2', linkTo(tty === undefined ? `socket:[${18_000 + pid}]` : target, at)],
  ]);
}

function namespaces(world: World, at: () => number): Entries {
  const { container, persona } = world;
  const inside = container === undefined ? 0 : 400 + persona.random(`namespace/${container.id}`).int(0, 900);
  const names: readonly (readonly [string, number])[] = [
    ['cgroup', 4_026_531_835],
    ['ipc', 4_026_531_839],
    ['mnt', 4_026_531_841],
    ['net', 4_026_531_840],
    ['pid', 4_026_531_836],
    ['pid_for_children', 4_026_531_836],
    ['time', 4_026_531_834],
    ['time_for_children', 4_026_531_834],
    ['user', 4_026_531_837],
    ['uts', 4_026_531_838],
  ];
  return new Map(
    names.map(([name, id]) => {
      const isShared = /^(time|user)/.test(name);
      return [name, linkTo(`${name.replace('_for_children', '')}:[${isShared ? id : id + inside}]`, at)];
    }),
  );
}

const limits = `Limit                     Soft Limit           Hard Limit           Units     
Max cpu time              unlimited            unlimited            seconds   
Max file size             unlimited            unlimited            bytes     
Max data size             unlimited            unlimited            bytes     
Max stack size            8388608              unlimited            bytes     
Max core file size        0                    unlimited            bytes     
Max resident set          unlimited            unlimited            bytes     
Max processes             31080                31080                processes 
Max open files            1024                 1048576              files     
Max locked memory         1020563456           1020563456           bytes     
Max address space         unlimited            unlimited            bytes     
Max file locks            unlimited            unlimited            locks     
Max pending signals       31080                31080                signals   
Max msgqueue size         819200               819200               bytes     
Max nice priority         0                    0                    
Max realtime priority     0                    0                    
Max realtime timeout      unlimited            unlimited            us        
`;
