/** stat, of coreutils and of busybox. */
import { FileError, type Node } from '../../files/node.ts';
import type { Run } from '../../program.ts';
import { kindLetter, modeText } from '../mode.ts';
import { misuse, type Options, optionsOf } from '../options.ts';
import { ownersOf } from '../owners.ts';
import { quoteAlways } from '../quote.ts';
import { formatTime, nanosecondsOf } from '../time.ts';
import { complain, type Flavour, reasonOf, type Tool } from '../tool.ts';
import { blocksOf, inodeOf, linksOf, sizeOf } from './measure.ts';

const spec = {
  short: 'c:fLt',
  long: { 'format=': 'c', 'printf=': 'printf', 'file-system': 'f', dereference: 'L', terse: 't' },
};

export const stat: Tool = async (run, flavour) => {
  const options = optionsOf(run, flavour, spec);
  if (options.operands.length === 0)
    throw misuse(run, flavour, {}, flavour === 'gnu' ? 'missing operand' : '');
  let exitCode = 0;
  for (const path of options.operands) {
    try {
      const node = options.has('L') ? run.files.stat(path) : run.files.lstat(path);
      await run.stdout.write(textFor(run, flavour, options, path, node));
    } catch (error) {
      const reason = reasonOf(error);
      exitCode = 1;
      const verb =
        flavour === 'busybox'
          ? "can't stat"
          : options.has('f')
            ? 'cannot read file system information for'
            : 'cannot statx';
      await complain(run, `${verb} ${flavour === 'gnu' ? quoteAlways(path) : `'${path}'`}: ${reason}`);
    }
  }
  return exitCode;
};

function textFor(run: Run, flavour: Flavour, options: Options, path: string, node: Node): string {
  const format = options.value('c');
  const printed = options.value('printf');
  if (options.has('f')) return fileSystem(run, path);
  if (printed !== undefined) return filled(run, unescaped(printed), path, node);
  if (format !== undefined) return `${filled(run, format, path, node)}\n`;
  if (options.has('t'))
    return `${filled(run, '%n %s %b %f %u %g %D %i %h %t %T %X %Y %Z %W %o', path, node)}\n`;
  const isDevice = node.kind === 'file' && node.device !== undefined;
  const end = isDevice ? '    Device type: %t,%T\n' : '\n';
  const birth = flavour === 'gnu' ? ' Birth: %w\n' : '';
  const name = node.kind !== 'link' ? '%n' : flavour === 'gnu' ? '%n -> %l' : "'%n' -> '%l'";
  return filled(
    run,
    `  File: ${name}\n  Size: %-10s\tBlocks: %-10b IO Block: %-6o %F\n` +
      `Device: ${flavour === 'gnu' ? '%Hd,%Ld' : '%Dh/%dd'}\tInode: %-11i Links: ${isDevice ? '%-5h' : '%h'} ${end}`.replace(
        / \n$/,
        '\n',
      ) +
      `Access: (%04a/%10.10A)  Uid: (%5u/%8U)   Gid: (%5g/%8G)\n` +
      `Access: %x\nModify: %y\nChange: %z\n${birth}`,
    path,
    node,
  );
}

const device = 0x10301;

function filled(run: Run, format: string, path: string, node: Node): string {
  return format.replace(
    /%([-0#+ ]*)(\d*)(?:\.(\d+))?([HL]?[a-zA-Z%])/g,
    (whole, flags: string, width: string, precision: string | undefined, letter: string) => {
      const value = fieldOf(run, letter, path, node);
      if (value === undefined) return whole;
      const cut = precision === undefined || precision === '' ? value : value.slice(0, Number(precision));
      const size = Math.min(Number(width || 0), 1000);
      if (flags.includes('-')) return cut.padEnd(size);
      return cut.padStart(size, flags.includes('0') ? '0' : ' ');
    },
  );
}

function fieldOf(run: Run, letter: string, path: string, node: Node): string | undefined {
  const owners = ownersOf(run);
  const numbers = node.kind === 'file' ? node.device : undefined;
  const time = (): string => formatTime('%Y-%m-%d %H:%M:%S.%N +0000', node.mtime, nanosecondsOf(node.mtime));
  const seconds = `${Math.floor(node.mtime / 1000)}`;
  switch (letter) {
    case '%':
      return '%';
    case 'a':
      return node.mode.toString(8);
    case 'A':
      return modeText(node);
    case 'b':
      return `${blocksOf(node) * 2}`;
    case 'B':
      return '512';
    case 'd':
      return `${device}`;
    case 'D':
      return device.toString(16);
    case 'Hd':
      return '259';
    case 'Ld':
      return '1';
    case 'f':
      return (kindBits(node) | node.mode).toString(16);
    case 'F':
      return kindName(node);
    case 'g':
      return `${node.gid}`;
    case 'G':
      return owners.group(node.gid);
    case 'h':
      return `${linksOf(node)}`;
    case 'i':
      return `${inodeOf(run.world, run.files, path)}`;
    case 'm':
      return '/';
    case 'n':
      return path;
    case 'l':
      return node.kind === 'link' ? node.target : '';
    case 'N':
      return node.kind === 'link' ? `${quoteAlways(path)} -> ${quoteAlways(node.target)}` : quoteAlways(path);
    case 'o':
      return '4096';
    case 's':
      return `${sizeOf(node)}`;
    case 't':
      return (numbers?.major ?? 0).toString(16);
    case 'T':
      return (numbers?.minor ?? 0).toString(16);
    case 'u':
      return `${node.uid}`;
    case 'U':
      return owners.user(node.uid);
    case 'w':
    case 'x':
    case 'y':
    case 'z':
      return time();
    case 'W':
    case 'X':
    case 'Y':
    case 'Z':
      return seconds;
    default:
      return undefined;
  }
}

export function kindName(node: Node): string {
  if (node.kind === 'directory') return 'directory';
  if (node.kind === 'link') return 'symbolic link';
  const letter = kindLetter(node);
  if (letter === 'c') return 'character special file';
  if (letter === 'b') return 'block special file';
  if (letter === 's') return 'socket';
  return node.size === 0 ? 'regular empty file' : 'regular file';
}

function kindBits(node: Node): number {
  const bits: Readonly<Record<string, number>> = {
    d: 0o40000,
    l: 0o120000,
    c: 0o20000,
    b: 0o60000,
    s: 0o140000,
    '-': 0o100000,
  };
  return bits[kindLetter(node)]!;
}

function fileSystem(run: Run, path: string): string {
  if (!run.files.exists(path)) throw new FileError('ENOENT');
  const total = Math.round((run.world.persona.machine.diskGiB * 1_048_576 * 0.98) / 4);
  const free = Math.round(total * 0.7);
  return `  File: "${path}"\n    ID: ${run.world.persona.random('fsid').hex(16)} Namelen: 255     Type: ext2/ext3\nBlock size: 4096       Fundamental block size: 4096\nBlocks: Total: ${`${total}`.padEnd(10)} Free: ${`${free}`.padEnd(10)} Available: ${Math.round(total * 0.65)}\nInodes: Total: ${`${total / 4}`.padEnd(10)} Free: ${Math.round(total / 4.2)}\n`;
}

export function unescaped(text: string): string {
  const known: Readonly<Record<string, string>> = {
    n: '\n',
    t: '\t',
    '\\': '\\',
    r: '\r',
    a: '\x07',
    0: '\0',
    '"': '"',
  };
  return text.replace(/\\(.)/g, (whole, letter: string) => known[letter] ?? whole);
}
