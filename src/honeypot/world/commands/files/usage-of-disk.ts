/** du and df. */
import { FileError, type Node } from '../../files/node.ts';
import type { Run } from '../../program.ts';
import { diskOf } from '../../systems/machine.ts';
import { type MountLine, mountsOf } from '../../systems/mounts.ts';
import { misuse, type Options, optionsOf } from '../options.ts';
import { quoteAlways } from '../quote.ts';
import { humanSize } from '../size.ts';
import { complain, type Flavour, reasonOf, type Tool } from '../tool.ts';
import { busyboxSize } from './ls-long.ts';
import { blocksOf, sizeOf } from './measure.ts';

/** Deepest directory that is gone into. */
const deepest = 100;

export const du: Tool = async (run, flavour) => {
  const options = optionsOf(run, flavour, {
    short: 'aB:bcd:hHkLlmPsSxX:t:0',
    long: {
      all: 'a',
      'apparent-size': 'apparent',
      'block-size=': 'B',
      bytes: 'b',
      total: 'c',
      'max-depth=': 'd',
      'human-readable': 'h',
      summarize: 's',
      'separate-dirs': 'S',
      'one-file-system': 'x',
      'exclude=': 'X',
      si: 'si',
      'threshold=': 't',
      null: '0',
    },
  });
  const depth = options.value('d');
  if (depth !== undefined && !/^\d{1,15}$/.test(depth))
    throw misuse(run, flavour, {}, `invalid maximum depth ${quoteAlways(depth)}`);
  const most = options.has('s') ? 0 : Number(depth ?? Number.POSITIVE_INFINITY);
  const isBytes = options.has('b', 'apparent');
  let exitCode = 0;
  let total = 0;
  const show = (size: number): string => {
    const bytes = isBytes ? size : size * 1024;
    if (options.has('h')) return flavour === 'gnu' ? humanSize(bytes) : busyboxSize(bytes);
    if (options.has('si')) return humanSize(bytes, 1000);
    if (options.has('b')) return `${bytes}`;
    return `${Math.ceil(bytes / (options.has('m') ? 1 << 20 : 1024))}`;
  };
  const lines: string[] = [];
  const visit = async (path: string, node: Node, depth: number): Promise<number> => {
    await run.work(2);
    let size = isBytes ? sizeOf(node) : blocksOf(node);
    if (node.kind === 'directory' && depth < deepest) {
      try {
        for (const { name, node: inside } of run.files.list(path)) {
          if (path === '/' && /^(proc|sys)$/.test(name) && options.has('x')) continue;
          const below = await visit(path.endsWith('/') ? path + name : `${path}/${name}`, inside, depth + 1);
          if (!options.has('S')) size += below;
        }
      } catch (error) {
        exitCode = 1;
        await complain(run, `cannot read directory ${quoteAlways(path)}: ${reasonOf(error)}`);
      }
    }
    if ((node.kind === 'directory' || options.has('a') || depth === 0) && depth <= most)
      lines.push(`${show(size)}\t${path}\n`);
    if (lines.length > 500) await run.stdout.write(lines.splice(0).join(''));
    return size;
  };
  for (const path of options.operands.length === 0 ? ['.'] : options.operands) {
    try {
      total += await visit(path, run.files.lstat(path), 0);
    } catch (error) {
      exitCode = 1;
      await complain(
        run,
        `${flavour === 'gnu' ? `cannot access ${quoteAlways(path)}` : path}: ${reasonOf(error)}`,
      );
    }
  }
  if (options.has('c')) lines.push(`${show(total)}\ttotal\n`);
  await run.stdout.write(lines.join(''));
  return exitCode;
};

interface Space extends MountLine {
  readonly size: number;
  readonly used: number;
  readonly available: number;
}

export const df: Tool = async (run, flavour) => {
  const options = optionsOf(run, flavour, {
    short: 'aB:hHiklmPt:Tx:',
    long: {
      all: 'a',
      'block-size=': 'B',
      'human-readable': 'h',
      si: 'H',
      inodes: 'i',
      local: 'l',
      portability: 'P',
      'print-type': 'T',
      'type=': 't',
      'exclude-type=': 'x',
      total: 'total',
      'output=?': 'output',
    },
  });
  let spaces = mountsOf(run.world).map((mount) => spaceOf(run, mount));
  let exitCode = 0;
  if (options.operands.length > 0) {
    const chosen: Space[] = [];
    for (const path of options.operands) {
      if (!run.files.exists(path)) {
        exitCode = 1;
        await complain(
          run,
          flavour === 'gnu'
            ? `${path}: ${new FileError('ENOENT').message}`
            : `${path}: can't find mount point`,
        );
        continue;
      }
      const whole = run.files.realpath(path);
      const under = spaces.filter(
        ({ target }) => target === '/' || whole === target || whole.startsWith(`${target}/`),
      );
      chosen.push(under.at(-1) ?? spaces[0]!);
    }
    spaces = chosen;
    if (chosen.length === 0) return exitCode;
  } else {
    const [type, without] = [options.value('t'), options.value('x')];
    // What is mounted once more, as a bind is, is not counted twice.
    const seen = new Set<string>();
    spaces = spaces
      .filter(({ source, size, target }) => {
        const isAgain = source.startsWith('/dev/') && seen.has(source) && flavour === 'gnu' && target !== '/';
        seen.add(source);
        return options.has('a') || (size > 0 && !isAgain);
      })
      .filter((space) => (type === undefined || space.type === type) && space.type !== without);
  }
  await run.stdout.write(table(options, flavour, spaces));
  return exitCode;
};

/** In KiB. */
function spaceOf(run: Run, mount: MountLine): Space {
  const { persona, container } = run.world;
  const disk = diskOf(persona);
  const fixed = (size: number, used: number): Space => ({ ...mount, size, used, available: size - used });
  if (mount.type === 'ext4' || mount.type === 'overlay')
    return { ...mount, ...disk, available: Math.max(0, Math.round((disk.size - disk.used) * 0.948)) };
  const { memoryKiB } = persona.machine;
  if (mount.target === '/dev')
    return container ? fixed(65_536, 0) : fixed(Math.round(memoryKiB / 2) - 18_000, 0);
  if (mount.target === '/run') return fixed(Math.round(memoryKiB / 10), 612);
  if (mount.target === '/run/lock') return fixed(5_120, 0);
  if (mount.target === '/dev/shm') return container ? fixed(65_536, 0) : fixed(Math.round(memoryKiB / 2), 0);
  if (mount.type === 'vfat') return fixed(126_678, 11_840);
  return fixed(0, 0);
}

function table(options: Options, flavour: Flavour, spaces: readonly Space[]): string {
  const isHuman = options.has('h', 'H');
  const unit =
    options.has('m') || options.value('B') === 'M' ? 1024 : options.value('B') === 'G' ? 1024 ** 2 : 1;
  const show = (kib: number): string => {
    if (isHuman && flavour === 'busybox') return busyboxSize(kib * 1024);
    if (isHuman) return humanSize(kib * 1024, options.has('H') ? 1000 : 1024);
    return `${Math.ceil(kib / unit)}`;
  };
  const isInodes = options.has('i');
  const unitName = unit === 1 ? '1K-blocks' : unit === 1024 ? '1M-blocks' : '1G-blocks';
  const heads = isInodes
    ? ['Inodes', 'IUsed', 'IFree', 'IUse%']
    : isHuman
      ? ['Size', 'Used', flavour === 'gnu' ? 'Avail' : 'Available', 'Use%']
      : [
          options.has('P') ? '1024-blocks' : unitName,
          'Used',
          'Available',
          options.has('P') ? 'Capacity' : 'Use%',
        ];
  const rows = spaces.map((space) => {
    const { size, used, available } = isInodes ? inodes(space) : space;
    const share = used + available === 0 ? '-' : `${Math.ceil((used / (used + available)) * 100)}%`;
    const numbers =
      isInodes && !isHuman ? [size, used, available].map(String) : [size, used, available].map(show);
    return [space.source, ...(options.has('T') ? [space.type] : []), ...numbers, share, space.target];
  });
  const titles = ['Filesystem', ...(options.has('T') ? ['Type'] : []), ...heads, 'Mounted on'];
  if (flavour === 'busybox') return busyboxTable(titles, rows);
  const all = [titles, ...rows];
  const widths = titles.map((_, index) =>
    Math.max(...all.map((row) => row[index]!.length), leastWidth(index, options.has('T'))),
  );
  const textColumns = options.has('T') ? 2 : 1;
  return all
    .map((row) => {
      const cells = row.map((cell, index) =>
        index < textColumns
          ? cell.padEnd(widths[index]!)
          : index === row.length - 1
            ? cell
            : cell.padStart(widths[index]!),
      );
      return `${cells.join(' ')}\n`;
    })
    .join('');
}

/** Narrowest columns of coreutils: names 14, sizes 5, shares 4. */
function leastWidth(index: number, hasType: boolean): number {
  const column = hasType ? index - 1 : index;
  if (index === 0) return 14;
  if (hasType && index === 1) return 4;
  return column >= 1 && column <= 3 ? 5 : 4;
}

function busyboxTable(titles: readonly string[], rows: readonly (readonly string[])[]): string {
  const width = Math.max(20, ...rows.map(([name = '']) => (name.length > 20 ? 0 : name.length)));
  const line = ([name = '', ...cells]: readonly string[]): string => {
    const target = cells.at(-1)!;
    const numbers = cells.slice(0, -2).map((cell) => cell.padStart(9));
    const first = name.length > 20 ? `${name}\n${' '.repeat(20)}` : name.padEnd(width);
    return `${first} ${numbers.join(' ')} ${cells.at(-2)!.padStart(4)} ${target}\n`;
  };
  return line(titles) + rows.map(line).join('');
}

function inodes({ type, size, used }: Space): {
  readonly size: number;
  readonly used: number;
  readonly available: number;
} {
  const all = type === 'vfat' ? 0 : Math.round(size / 16);
  const taken = Math.min(all, Math.round(used / 40) + 3);
  return { size: all, used: taken, available: all - taken };
}
