/** ls, dir and vdir of coreutils 9.1, and ls of busybox. */
import type { Node } from '../../files/node.ts';
import { join } from '../../files/tree.ts';
import type { Run } from '../../program.ts';
import { compile, matches } from '../../shell/expansion/pattern.ts';
import { columnsOf, evenColumnsOf } from '../columns.ts';
import { type Options, optionsOf } from '../options.ts';
import { quoteAlways, quoteIfNeeded } from '../quote.ts';
import { type Flavour, nameOf, reasonOf, type Tool } from '../tool.ts';
import { type Listed, LongLines } from './ls-long.ts';
import { blocksOf, sizeOf } from './measure.ts';

const spec = {
  short: 'aAbBcCdDfFgGhHiklLmnNopqQrRsStT:uUvw:xXZ1I:',
  long: {
    all: 'a',
    'almost-all': 'A',
    author: 'author',
    'block-size=': 'block-size',
    color: 'color',
    'color=?': 'color',
    directory: 'd',
    classify: 'F',
    'full-time': 'full-time',
    'group-directories-first': 'directories-first',
    'no-group': 'G',
    'human-readable': 'h',
    si: 'si',
    'hide=': 'hide',
    'ignore=': 'I',
    'ignore-backups': 'B',
    inode: 'i',
    literal: 'N',
    'numeric-uid-gid': 'n',
    'quote-name': 'Q',
    reverse: 'r',
    recursive: 'R',
    size: 's',
    'sort=': 'sort',
    'time=': 'time',
    'time-style=': 'time-style',
    'width=': 'w',
    context: 'Z',
    zero: 'zero',
  },
  misuse: 2,
};

/** Deepest directory of `-R`, and most entries of one call. */
const deepest = 64;

export const ls: Tool = async (run, flavour) => {
  const options = optionsOf(run, flavour, spec);
  const shown = new Listing(run, flavour, options);
  return shown.show(options.operands.length === 0 ? ['.'] : options.operands);
};

class Listing {
  private readonly run: Run;
  private readonly flavour: Flavour;
  private readonly options: Options;
  private readonly isLong: boolean;
  private readonly long: LongLines;
  private exitCode = 0;

  constructor(run: Run, flavour: Flavour, options: Options) {
    this.run = run;
    this.flavour = flavour;
    this.options = options;
    const format = options.given.findLast(([name]) => 'l1Cxmgno'.includes(name) && name.length === 1)?.[0];
    this.isLong =
      options.has('full-time') ||
      (format !== undefined && 'lgno'.includes(format)) ||
      (format === '1' && options.has('l', 'g', 'n', 'o'));
    this.long = new LongLines(run, flavour, options);
  }

  async show(paths: readonly string[]): Promise<number> {
    const files: Listed[] = [];
    const folders: Listed[] = [];
    for (const path of paths) {
      const node = await this.lookAt(path);
      if (node === undefined) continue;
      const isFolder = node.kind === 'directory' && !this.options.has('d');
      (isFolder ? folders : files).push({ name: path, path, node });
    }
    await this.print(this.sorted(files));
    const isNamed = paths.length > 1 || this.options.has('R');
    let isFirst = files.length === 0;
    for (const folder of this.sorted(folders)) {
      await this.showFolder(folder.path, isNamed, isFirst, 0);
      isFirst = false;
    }
    return this.exitCode;
  }

  /** A link to a directory is followed where it is named, except in a long listing. */
  private async lookAt(path: string): Promise<Node | undefined> {
    const { files } = this.run;
    try {
      const follows = this.options.has('L', 'H') || !(this.isLong || this.options.has('d', 'F'));
      if (!follows) return files.lstat(path);
      if (this.options.has('L')) return files.stat(path);
      const node = files.exists(path) ? files.stat(path) : files.lstat(path);
      return node.kind === 'directory' || this.options.has('L', 'H') ? node : files.lstat(path);
    } catch (error) {
      this.exitCode = this.flavour === 'gnu' ? 2 : 1;
      const reason = reasonOf(error);
      const said = this.flavour === 'gnu' ? `cannot access ${quoteAlways(path)}` : path;
      await this.run.stderr.write(`${nameOf(this.run)}: ${said}: ${reason}\n`);
      return undefined;
    }
  }

  private async showFolder(path: string, isNamed: boolean, isFirst: boolean, depth: number): Promise<void> {
    let entries: Listed[];
    try {
      entries = this.run.files.list(path).map(({ name, node }) => ({ name, path: join(path, name), node }));
    } catch (error) {
      this.exitCode = this.flavour === 'gnu' ? 2 : 1;
      const said =
        this.flavour === 'gnu' ? `cannot open directory ${quoteAlways(path)}` : `can't open '${path}'`;
      await this.run.stderr.write(`${nameOf(this.run)}: ${said}: ${reasonOf(error)}\n`);
      return;
    }
    await this.run.work(5 + entries.length * 2);
    if (isNamed) await this.run.stdout.write(`${isFirst ? '' : '\n'}${this.shownName(path)}:\n`);
    const visible = this.sorted(this.visible(path, entries));
    if (this.isLong || this.options.has('s')) {
      const total = visible.reduce((sum, { node }) => sum + blocksOf(node), 0);
      await this.run.stdout.write(`total ${this.long.size(total * 1024, true)}\n`);
    }
    await this.print(visible);
    if (!this.options.has('R') || depth >= deepest) return;
    for (const entry of visible) {
      if (entry.node.kind !== 'directory' || entry.name === '.' || entry.name === '..') continue;
      await this.showFolder(join(path, entry.name), true, false, depth + 1);
    }
  }

  private visible(path: string, entries: readonly Listed[]): Listed[] {
    const ignored = [...this.options.values('I'), ...this.options.values('hide')].map((glob) =>
      compile(glob),
    );
    const isAll = this.options.has('a', 'f');
    const shown = entries.filter(({ name }) => {
      if (this.options.has('B') && name.endsWith('~')) return false;
      if (ignored.some((pattern) => matches(pattern, name))) return false;
      return isAll || this.options.has('A') || !name.startsWith('.');
    });
    if (!isAll) return shown;
    const { files } = this.run;
    const dots = ['.', '..'].map((name) => ({
      name,
      path: join(path, name),
      node: files.stat(join(path, name)),
    }));
    return [...dots, ...shown];
  }

  private sorted(entries: readonly Listed[]): Listed[] {
    if (this.options.has('U', 'f')) return [...entries];
    const key = this.options.given.findLast(([name]) => /^(t|S|X|v|sort)$/.test(name));
    const sort = key?.[0] === 'sort' ? key[1] : key?.[0];
    const byName = (a: Listed, b: Listed): number => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);
    const order = (a: Listed, b: Listed): number => {
      switch (sort) {
        case 't':
        case 'time':
          return b.node.mtime - a.node.mtime || byName(a, b);
        case 'S':
        case 'size':
          return sizeOf(b.node) - sizeOf(a.node) || byName(a, b);
        case 'X':
        case 'extension':
          return compare(extensionOf(a.name), extensionOf(b.name)) || byName(a, b);
        default:
          return byName(a, b);
      }
    };
    const list = [...entries].sort(order);
    if (this.options.has('r')) list.reverse();
    if (!this.options.has('directories-first')) return list;
    return [...list.filter(isFolder), ...list.filter((one) => !isFolder(one))];
  }

  private shownName(name: string): string {
    const isTerminal = this.run.stdout.isTerminal && this.flavour === 'gnu';
    if (this.options.has('Q')) return `"${name.replace(/["\\]/g, '\\$&')}"`;
    if (this.flavour === 'busybox' && this.run.stdout.isTerminal)
      return name.replace(/[\x00-\x1f\x7f]/g, '?');
    return isTerminal && !this.options.has('N') ? quoteIfNeeded(name) : name;
  }

  private async print(entries: readonly Listed[]): Promise<void> {
    if (entries.length === 0) return;
    await this.run.work(entries.length * 3);
    const plain = this.namesOf(entries);
    const colours = entries.map(({ node }) => this.colourOf(node));
    const shown = plain.map((name, index) => colours[index] + name + (colours[index] === '' ? '' : '\x1b[m'));
    if (this.isLong) {
      await this.run.stdout.write(this.long.lines(entries, shown, (node) => this.markOf(node)));
      return;
    }
    const names = this.long.withNumbers(entries, shown);
    const end = this.options.has('zero') ? '\0' : '\n';
    if (this.options.has('m')) {
      await this.run.stdout.write(`${names.join(', ')}\n`);
    } else if (this.isInColumns()) {
      const width = Number(this.options.value('w') ?? this.run.terminal?.columns ?? 80);
      const widths = this.long.withNumbers(entries, plain).map((name) => [...name].length);
      const layOut = this.flavour === 'gnu' ? columnsOf : evenColumnsOf;
      await this.run.stdout.write(layOut(names, widths, width));
    } else await this.run.stdout.write(names.map((name) => name + end).join(''));
  }

  private namesOf(entries: readonly Listed[]): string[] {
    const names = entries.map(({ name }) => this.shownName(name));
    // On a terminal names line up behind the quotes of those that have them.
    const isPadded =
      this.run.stdout.isTerminal &&
      this.flavour === 'gnu' &&
      names.some((name, index) => name !== entries[index]!.name);
    return names.map((name, index) => {
      const { node } = entries[index]!;
      const pad = isPadded && name === entries[index]!.name ? ' ' : '';
      return pad + name + (this.isLong ? '' : this.markOf(node));
    });
  }

  /** Alpine's busybox colours names on a terminal without being asked; Debian's root has no alias that would ask. */
  private colourOf(node: Node): string {
    const when = this.options.value('color') ?? (this.flavour === 'busybox' ? 'auto' : 'never');
    if (when === 'never' || when === 'no' || (when === 'auto' && !this.run.stdout.isTerminal)) return '';
    const isRun = (node.mode & 0o111) !== 0;
    if (this.flavour === 'gnu') {
      if (node.kind === 'directory')
        return (node.mode & 0o1002) === 0o1002 ? '\x1b[0m\x1b[30;42m' : '\x1b[0m\x1b[01;34m';
      if (node.kind === 'link') return '\x1b[0m\x1b[01;36m';
      return node.device !== undefined ? '\x1b[0m\x1b[40;33;01m' : isRun ? '\x1b[0m\x1b[01;32m' : '';
    }
    const code =
      node.kind === 'directory'
        ? '1;34'
        : node.kind === 'link'
          ? '1;36'
          : node.device
            ? '1;35'
            : isRun
              ? '1;32'
              : '0;0';
    return `\x1b[${code}m`;
  }

  private isInColumns(): boolean {
    const format = this.options.given.findLast(([name]) => /^[1Cx]$/.test(name))?.[0];
    if (format !== undefined) return format !== '1';
    return this.run.stdout.isTerminal || this.run.args[0]?.endsWith('dir') === true;
  }

  private markOf(node: Node): string {
    if (!this.options.has('F', 'p')) return '';
    if (node.kind === 'directory') return '/';
    if (this.options.has('p') && !this.options.has('F')) return '';
    if (node.kind === 'link') return '@';
    if (node.device?.socket) return '=';
    return node.kind === 'file' && node.device === undefined && (node.mode & 0o111) !== 0 ? '*' : '';
  }
}

function isFolder({ node }: Listed): boolean {
  return node.kind === 'directory';
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function extensionOf(name: string): string {
  const dot = name.lastIndexOf('.');
  return dot <= 0 ? '' : name.slice(dot);
}
