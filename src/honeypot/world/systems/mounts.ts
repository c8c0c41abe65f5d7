/** What is mounted where, as /proc/mounts, `mount` and `df` tell. */
import type { World } from '../world.ts';

export interface MountLine {
  readonly source: string;
  readonly target: string;
  readonly type: string;
  readonly options: string;
}

const pseudo: readonly MountLine[] = [
  line('sysfs', '/sys', 'sysfs', 'rw,nosuid,nodev,noexec,relatime'),
  line('proc', '/proc', 'proc', 'rw,nosuid,nodev,noexec,relatime'),
  line('udev', '/dev', 'devtmpfs', 'rw,nosuid,relatime,size={half}k,nr_inodes={inodes},mode=755'),
  line('devpts', '/dev/pts', 'devpts', 'rw,nosuid,noexec,relatime,gid=5,mode=620,ptmxmode=000'),
  line('tmpfs', '/run', 'tmpfs', 'rw,nosuid,nodev,noexec,relatime,size={tenth}k,mode=755'),
];
const later: readonly MountLine[] = [
  line('securityfs', '/sys/kernel/security', 'securityfs', 'rw,nosuid,nodev,noexec,relatime'),
  line('tmpfs', '/dev/shm', 'tmpfs', 'rw,nosuid,nodev'),
  line('tmpfs', '/run/lock', 'tmpfs', 'rw,nosuid,nodev,noexec,relatime,size=5120k'),
  line(
    'cgroup2',
    '/sys/fs/cgroup',
    'cgroup2',
    'rw,nosuid,nodev,noexec,relatime,nsdelegate,memory_recursiveprot',
  ),
  line('pstore', '/sys/fs/pstore', 'pstore', 'rw,nosuid,nodev,noexec,relatime'),
  line('bpf', '/sys/fs/bpf', 'bpf', 'rw,nosuid,nodev,noexec,relatime,mode=700'),
  line('mqueue', '/dev/mqueue', 'mqueue', 'rw,nosuid,nodev,noexec,relatime'),
  line('hugetlbfs', '/dev/hugepages', 'hugetlbfs', 'rw,relatime,pagesize=2M'),
  line('tracefs', '/sys/kernel/tracing', 'tracefs', 'rw,nosuid,nodev,noexec,relatime'),
  line(
    '/dev/nvme0n1p15',
    '/boot/efi',
    'vfat',
    'rw,relatime,fmask=0022,dmask=0022,codepage=437,iocharset=ascii,shortname=mixed,utf8,errors=remount-ro',
  ),
];

function line(source: string, target: string, type: string, options: string): MountLine {
  return { source, target, type, options };
}

export const rootDevice = '/dev/nvme0n1p1';
const rootOptions = 'rw,relatime,discard,errors=remount-ro';

export function mountsOf(world: World): readonly MountLine[] {
  const lines = world.container === undefined ? serverMounts(world) : containerMounts(world);
  // What a visitor mounted, or bound into the container.
  const bound = [...world.files.mounts].filter(([path]) => !/^\/(proc|sys)(\/|$)/.test(path));
  return [
    ...lines,
    ...bound.map(([target, { readOnly }]) =>
      line(rootDevice, target, 'ext4', readOnly ? rootOptions.replace('rw', 'ro') : rootOptions),
    ),
  ];
}

function serverMounts(world: World): readonly MountLine[] {
  const { memoryKiB } = world.persona.machine;
  const half = Math.round(memoryKiB / 2) - 18_000;
  const fill = (mount: MountLine): MountLine => ({
    ...mount,
    options: mount.options
      .replace('{half}', `${half}`)
      .replace('{inodes}', `${Math.round(half / 4)}`)
      .replace('{tenth}', `${Math.round(memoryKiB / 10)}`),
  });
  return [...pseudo.map(fill), line(rootDevice, '/', 'ext4', rootOptions), ...later];
}

function containerMounts(world: World): readonly MountLine[] {
  const access = world.container?.privileged === true ? 'rw' : 'ro';
  return [
    line(
      'overlay',
      '/',
      'overlay',
      `rw,relatime,${world.container?.runtime === 'containerd' ? snapshot(world) : layers(world)}`,
    ),
    line('proc', '/proc', 'proc', 'rw,nosuid,nodev,noexec,relatime'),
    line('tmpfs', '/dev', 'tmpfs', 'rw,nosuid,size=65536k,mode=755,inode64'),
    line('devpts', '/dev/pts', 'devpts', 'rw,nosuid,noexec,relatime,gid=5,mode=620,ptmxmode=666'),
    line('sysfs', '/sys', 'sysfs', `${access},nosuid,nodev,noexec,relatime`),
    line(
      'cgroup',
      '/sys/fs/cgroup',
      'cgroup2',
      `${access},nosuid,nodev,noexec,relatime,nsdelegate,memory_recursiveprot`,
    ),
    line('mqueue', '/dev/mqueue', 'mqueue', 'rw,nosuid,nodev,noexec,relatime'),
    line('shm', '/dev/shm', 'tmpfs', 'rw,nosuid,nodev,noexec,relatime,size=65536k,inode64'),
    ...['resolv.conf', 'hostname', 'hosts'].map((name) =>
      line(rootDevice, `/etc/${name}`, 'ext4', rootOptions),
    ),
  ];
}

/** Docker's: names of its layers, short ones where they are read. */
function layers({ persona, container }: World): string {
  const image = persona.random(`overlay/${container?.image}`);
  const layer = (): string =>
    `/var/lib/docker/overlay2/l/${image.text('ABCDEFGHIJKLMNOPQRSTUVWXYZ234567', 26)}`;
  const folder = `/var/lib/docker/overlay2/${persona.random(`overlay/${container?.id}`).hex(64)}`;
  return `lowerdir=${layer()}:${layer()},upperdir=${folder}/diff,workdir=${folder}/work`;
}

/** containerd's: snapshots by number, those of an image before those of its containers. */
function snapshot({ persona, container }: World): string {
  const place = '/var/lib/containerd/io.containerd.snapshotter.v1.overlayfs/snapshots';
  const image = persona.random(`snapshot/${container?.image}`).int(20, 300);
  const own = persona.random(`snapshot/${container?.id}`).int(301, 4000);
  return `lowerdir=${place}/${image + 1}/fs:${place}/${image}/fs,upperdir=${place}/${own}/fs,workdir=${place}/${own}/work`;
}
