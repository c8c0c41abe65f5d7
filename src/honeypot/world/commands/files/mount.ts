/** mount, umount, findmnt and sync. What is bound or mounted of the disk really shows its files. */
import type { Run } from '../../program.ts';
import { mountsOf, rootDevice } from '../../systems/mounts.ts';
import type { World } from '../../world.ts';
import { optionsOf } from '../options.ts';
import { complain, type Flavour, fault, type Tool } from '../tool.ts';

export const mount: Tool = async (run, flavour) => {
  const options = optionsOf(run, flavour, {
    short: 'aBfFhilL:Mno:O:rRsT:t:U:vVw',
    long: {
      all: 'a',
      bind: 'B',
      rbind: 'R',
      move: 'M',
      'options=': 'o',
      'types=': 't',
      'read-only': 'r',
      'make-private': 'make',
      'make-rprivate': 'make',
      'make-shared': 'make',
      'make-rshared': 'make',
      'make-slave': 'make',
      'make-rslave': 'make',
      verbose: 'v',
    },
  });
  const { operands } = options;
  const type = options.value('t');
  const flags = (options.value('o') ?? '').split(',');
  if (operands.length === 0) {
    if (options.has('a')) return 0;
    const lines = mountsOf(run.world).filter((line) => type === undefined || line.type === type);
    await run.stdout.write(
      lines.map((line) => `${line.source} on ${line.target} type ${line.type} (${line.options})\n`).join(''),
    );
    return 0;
  }
  if (options.has('make')) return 0;
  const [source = '', target] = operands.length === 1 ? ['', operands[0]] : operands;
  if (run.user.uid !== 0)
    throw fault(
      run,
      flavour === 'gnu' ? `${target}: must be superuser to use mount.` : `permission denied (are you root?)`,
    );
  if (operands.length === 1) {
    // A remount changes options that nobody enforces.
    if (flags.includes('remount')) return 0;
    throw fault(
      run,
      flavour === 'gnu' ? `${target}: can't find in /etc/fstab.` : `can't find ${target} in /etc/fstab`,
    );
  }
  if (flags.includes('remount')) return 0;
  return attach(run, flavour, source, target!, {
    isBind: options.has('B', 'R') || flags.includes('bind') || flags.includes('rbind'),
    type,
    readOnly: options.has('r') || flags.includes('ro'),
  });
};

interface How {
  readonly isBind: boolean;
  readonly type: string | undefined;
  readonly readOnly: boolean;
}

async function attach(
  run: Run,
  flavour: Flavour,
  source: string,
  target: string,
  { isBind, type, readOnly }: How,
): Promise<number> {
  const { files, world } = run;
  if (world.container?.privileged === false) {
    const reason =
      flavour === 'gnu'
        ? `${target}: permission denied.`
        : `mounting ${source} on ${target} failed: Operation not permitted`;
    await complain(run, reason);
    return flavour === 'gnu' ? 32 : 1;
  }
  const refuse = async (gnu: string, busybox: string): Promise<number> => {
    const hint = '\n       dmesg(1) may have more information after failed mount system call.';
    await complain(
      run,
      flavour === 'gnu' ? `${target}: ${gnu}${hint}` : `mounting ${source} on ${target} failed: ${busybox}`,
    );
    return flavour === 'gnu' ? 32 : 1;
  };
  if (!files.exists(target)) {
    await complain(
      run,
      flavour === 'gnu'
        ? `${target}: mount point does not exist.`
        : `mounting ${source} on ${target} failed: No such file or directory`,
    );
    return flavour === 'gnu' ? 32 : 1;
  }
  const place = files.realpath(target);
  if (isBind) {
    if (!files.exists(source))
      return refuse(`special device ${source} does not exist.`, 'No such file or directory');
    return put(world, place, world, files.realpath(source), readOnly);
  }
  if (type !== undefined && /^(tmpfs|proc|sysfs|devpts|devtmpfs|cgroup2?|overlay|nfs4?|cifs)$/.test(type)) {
    if (/^(nfs4?|cifs)$/.test(type)) {
      const [host = ''] = source.replace(/^\/\//, '').split(/[:/]/);
      run.note({ kind: 'connect', tool: `mount.${type}`, host });
      await complain(run, `Connection timed out for ${source} on ${target}`);
      return 32;
    }
    if (type === 'proc' && place !== '/proc') return put(world, place, world, '/proc', readOnly);
    return 0;
  }
  if (!files.exists(source))
    return refuse(`special device ${source} does not exist.`, 'No such file or directory');
  const disk = files.realpath(source);
  if (!disk.startsWith('/dev/')) return refuse(`${source} is not a block device.`, 'Block device required');
  // The disk of the server, from wherever it is mounted, is what the server has at its root.
  if (disk === rootDevice) return put(world, place, world.host ?? world, '/', readOnly);
  if (disk === '/dev/nvme0n1p15') return put(world, place, world.host ?? world, '/boot', readOnly);
  return refuse(
    `wrong fs type, bad option, bad superblock on ${source}, missing codepage or helper program, or other error.`,
    'Invalid argument',
  );
}

/** Mounts of one world. */
const mostMounts = 100;

function put(world: World, place: string, from: World, path: string, readOnly: boolean): number {
  if (world.files.mounts.size >= mostMounts) return 32;
  world.files.mounts.set(place, { tree: from.files, path, readOnly });
  return 0;
}

export const umount: Tool = async (run, flavour) => {
  const options = optionsOf(run, flavour, {
    short: 'adfhlnO:rRt:v',
    long: { all: 'a', force: 'f', lazy: 'l', recursive: 'R' },
  });
  let exitCode = 0;
  for (const path of options.operands) {
    const place = run.files.exists(path) ? run.files.realpath(path) : undefined;
    const isMounted = place !== undefined && run.world.files.mounts.has(place);
    if (place === '/proc' || place === '/sys' || place === '/') {
      exitCode = flavour === 'gnu' ? 32 : 1;
      await complain(
        run,
        flavour === 'gnu' ? `${path}: target is busy.` : `can't unmount ${path}: Resource busy`,
      );
    } else if (isMounted) run.world.files.mounts.delete(place);
    else {
      exitCode = flavour === 'gnu' ? 32 : 1;
      const said = place === undefined ? 'no mount point specified.' : 'not mounted.';
      const reason = place === undefined ? 'No such file or directory' : 'Invalid argument';
      await complain(run, flavour === 'gnu' ? `${path}: ${said}` : `can't unmount ${path}: ${reason}`);
    }
  }
  return exitCode;
};

export const findmnt: Tool = async (run) => {
  const lines = mountsOf(run.world);
  const width = Math.max(...lines.map(({ target }) => target.length));
  const rows = lines.map(
    ({ target, source, type, options }) =>
      `${target.padEnd(width)} ${source.padEnd(16)} ${type.padEnd(10)} ${options}\n`,
  );
  await run.stdout.write(
    `${'TARGET'.padEnd(width)} ${'SOURCE'.padEnd(16)} ${'FSTYPE'.padEnd(10)} OPTIONS\n${rows.join('')}`,
  );
  return 0;
};

export const sync: Tool = () => 0;
