/** /proc/sys: the settings that `sysctl` shows and changes; what a visitor sets there stays in their world. */
import type { Directory } from '../../files/node.ts';
import { now, type World } from '../../world.ts';
import { draftOf } from '../draft.ts';

export function sysDirectory(world: World): Directory {
  const { persona, hostname } = world;
  const { kernel, machine } = persona;
  const random = persona.random('sysctl');
  const draft = draftOf(persona.bootedAt(now(world)));
  const values: Readonly<Record<string, string | number>> = {
    'fs/file-max': '9223372036854775807',
    'fs/file-nr': '1184\t0\t9223372036854775807',
    'fs/inotify/max_user_watches': 62_354,
    'fs/nr_open': 1_048_576,
    'fs/suid_dumpable': 2,
    'kernel/core_pattern': 'core',
    'kernel/dmesg_restrict': 1,
    'kernel/domainname': '(none)',
    'kernel/hostname': hostname,
    'kernel/kptr_restrict': 0,
    'kernel/modules_disabled': 0,
    'kernel/nmi_watchdog': 0,
    'kernel/osrelease': kernel.release,
    'kernel/ostype': 'Linux',
    'kernel/panic': 0,
    'kernel/perf_event_paranoid': 3,
    'kernel/pid_max': 4_194_304,
    'kernel/printk': '4\t4\t1\t7',
    'kernel/random/boot_id': random.uuid(),
    'kernel/random/entropy_avail': 256,
    'kernel/random/poolsize': 256,
    'kernel/randomize_va_space': 2,
    'kernel/shmmax': '18446744073692774399',
    'kernel/sysrq': 438,
    'kernel/threads-max': Math.round(machine.memoryKiB / 128),
    'kernel/version': kernel.version,
    'kernel/yama/ptrace_scope': 0,
    'net/core/rmem_max': 212_992,
    'net/core/somaxconn': 4_096,
    'net/core/wmem_max': 212_992,
    'net/ipv4/conf/all/forwarding': 1,
    'net/ipv4/icmp_echo_ignore_all': 0,
    'net/ipv4/ip_forward': 1,
    'net/ipv4/ip_local_port_range': '32768\t60999',
    'net/ipv4/tcp_congestion_control': 'cubic',
    'net/ipv4/tcp_fin_timeout': 60,
    'net/ipv4/tcp_syncookies': 1,
    'net/ipv4/tcp_tw_reuse': 2,
    'net/ipv6/conf/all/disable_ipv6': 0,
    'vm/drop_caches': 0,
    'vm/max_map_count': 65_530,
    'vm/nr_hugepages': 0,
    'vm/overcommit_memory': 0,
    'vm/swappiness': 60,
  };
  for (const [path, value] of Object.entries(values)) draft.file(`/${path}`, `${value}\n`);
  draft.file('/kernel/random/uuid', {
    size: 37,
    content: () => Buffer.from(`${crypto.randomUUID()}\n`),
  });
  return draft.root;
}
