/** What follows from a process's entry: what ps, top and /proc agree on. */
import type { Process } from '../world.ts';

export function isKernelThread(process: Process): boolean {
  return process.args[0]?.startsWith('[') === true;
}

/** At most 15 characters, as the kernel keeps it. */
export function nameOfProcess({ args, exe }: Process): string {
  const [first = ''] = args;
  if (first.startsWith('[')) return first.slice(1, -1).slice(0, 15);
  const title = /^([\w-]+): /.exec(first)?.[1];
  const program = title ?? (first.split(' ')[0] || exe || '');
  if (program === '/sbin/init') return 'systemd';
  return program
    .slice(program.lastIndexOf('/') + 1)
    .replace(/^-/, '')
    .slice(0, 15);
}

/** Path of its file. */
export function executableOf(process: Process): string {
  if (process.exe !== undefined) return process.exe;
  const [program = ''] = (process.args[0] ?? '').split(' ');
  if (program === '/sbin/init') return '/usr/lib/systemd/systemd';
  if (program === 'sshd:') return '/usr/sbin/sshd';
  if (program === '/usr/bin/redis-server') return '/usr/bin/redis-check-rdb';
  if (program.startsWith('/')) return program.replace(/^\/(s?bin|lib)\//, '/usr/$1/');
  return `/usr/bin/${program.replace(/:$|^-/g, '')}`;
}

/** All that it mapped, in KiB. */
export function virtualKiB({ memory }: Process): number {
  return memory === 0 ? 0 : Math.ceil((memory * 3 + 2_400) / 4) * 4;
}

/** As ps shows it: `Ss`, `I<`, `Ssl`. */
export function stateOf(process: Process, isReader = false): string {
  const { args, ppid, tty } = process;
  const [first = ''] = args;
  if (isKernelThread(process))
    return /^\[(kworker|rcu_.*gp|netns|mm_percpu|slub|writeback|kblockd|nvme-|jbd2|ext4)/.test(first) &&
      !first.includes('jbd2')
      ? 'I<'
      : 'S';
  if (isReader) return tty === undefined ? 'R' : 'R+';
  const isThreaded = /containerd|dockerd|redis-server|docker-proxy|rsyslogd|^node|celery/.test(
    args.join(' '),
  );
  const isLeader = ppid <= 1 || first.startsWith('-') || /^sshd: /.test(first);
  return `S${isLeader ? 's' : ''}${isThreaded ? 'l' : ''}${tty?.startsWith('tty') ? '+' : ''}`;
}
