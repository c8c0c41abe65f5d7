/** Lines of `ls -l`. */
import type { Device, Node } from '../../files/node.ts';
import type { Run } from '../../program.ts';
import { now } from '../../world.ts';
import { modeText } from '../mode.ts';
import type { Options } from '../options.ts';
import { type Owners, ownersOf } from '../owners.ts';
import { quoteIfNeeded } from '../quote.ts';
import { humanSize } from '../size.ts';
import { formatTime, nanosecondsOf } from '../time.ts';
import type { Flavour } from '../tool.ts';
import { blocksOf, inodeOf, linksOf, sizeOf } from './measure.ts';

export interface Listed {
  readonly name: string;
  readonly path: string;
  readonly node: Node;
}

/** Half a year, in milliseconds, as coreutils counts it: older files show their year. */
const recent = (31_556_952 / 2) * 1000;

export class LongLines {
  private readonly run: Run;
  private readonly flavour: Flavour;
  private readonly options: Options;
  private readonly owners: Owners;
  private majorWidth = 0;
  private minorWidth = 0;

  constructor(run: Run, flavour: Flavour, options: Options) {
    this.run = run;
    this.flavour = flavour;
    this.options = options;
    this.owners = ownersOf(run);
  }

  /** @param shown the names as they are to be printed @param mark what `-F` puts behind the target of a link */
  lines(entries: readonly Listed[], shown: readonly string[], mark: (node: Node) => string): string {
    const numbers = entries.flatMap(({ node }) => deviceOf(node) ?? []);
    this.majorWidth = Math.max(0, ...numbers.map(({ major }) => `${major}`.length));
    this.minorWidth = Math.max(0, ...numbers.map(({ minor }) => `${minor}`.length));
    const rows = entries.map((entry) => this.fields(entry));
    const width = (index: number): number => Math.max(...rows.map((row) => row[index]!.length));
    const widths = [0, 1, 2, 3, 4, 5, 6, 7].map(width);
    return rows
      .map((row, index) => {
        const [inode = '', blocks = '', mode = '', links = '', user = '', group = '', size = '', time = ''] =
          row;
        const fields: string[] = [];
        if (this.options.has('i')) fields.push(inode.padStart(widths[0]!));
        if (this.options.has('s')) fields.push(blocks.padStart(widths[1]!));
        fields.push(mode, links.padStart(widths[3]!));
        if (!this.options.has('g')) fields.push(this.owner(user, widths[4]!));
        if (!this.options.has('o', 'G')) fields.push(this.owner(group, widths[5]!));
        fields.push(size.padStart(widths[6]!), time);
        const line = this.flavour === 'gnu' ? fields.join(' ') : this.busyboxLine(row);
        return `${line} ${shown[index]}${this.endOf(entries[index]!, mark)}\n`;
      })
      .join('');
  }

  /** Names with their number or size before them, where these were asked for without `-l`. */
  withNumbers(entries: readonly Listed[], shown: readonly string[]): string[] {
    if (!this.options.has('i', 's')) return [...shown];
    const rows = entries.map((entry) => this.fields(entry));
    const widths = [0, 1].map((index) => Math.max(...rows.map((row) => row[index]!.length)));
    return rows.map(([inode = '', blocks = ''], index) => {
      const parts: string[] = [];
      if (this.options.has('i')) parts.push(inode.padStart(widths[0]!));
      if (this.options.has('s')) parts.push(blocks.padStart(this.flavour === 'gnu' ? widths[1]! : 6));
      return [...parts, shown[index]].join(' ');
    });
  }

  /** @param isBlocks blocks are counted in KiB where a size is in bytes */
  size(bytes: number, isBlocks = false): string {
    if (this.options.has('h')) return this.flavour === 'gnu' ? humanSize(bytes) : busyboxSize(bytes);
    if (this.options.has('si')) return humanSize(bytes, 1000);
    const unit = this.options.value('block-size');
    if (unit !== undefined && /^[KMG]$/i.test(unit))
      return `${Math.ceil(bytes / 1024 ** ' KMG'.indexOf(unit.toUpperCase()))}${isBlocks ? '' : unit}`;
    return `${isBlocks ? Math.ceil(bytes / 1024) : bytes}`;
  }

  private owner(name: string, width: number): string {
    return /^\d+$/.test(name) && this.options.has('n') ? name.padStart(width) : name.padEnd(width);
  }

  private fields({ node, path }: Listed): string[] {
    const { run, options } = this;
    const isNumeric = options.has('n');
    const device = deviceOf(node);
    return [
      options.has('i') ? `${inodeOf(run.world, run.files, path)}` : '',
      options.has('s') ? this.size(blocksOf(node) * 1024, true) : '',
      modeText(node),
      `${linksOf(node)}`,
      isNumeric ? `${node.uid}` : this.owners.user(node.uid),
      isNumeric ? `${node.gid}` : this.owners.group(node.gid),
      device === undefined ? this.size(sizeOf(node)) : this.deviceNumbers(device.major, device.minor),
      this.time(node.mtime),
    ];
  }

  private deviceNumbers(major: number, minor: number): string {
    if (this.flavour === 'busybox') return `${`${major}`.padStart(4)}, ${`${minor}`.padStart(3)}`;
    return `${`${major}`.padStart(this.majorWidth)}, ${`${minor}`.padStart(this.minorWidth)}`;
  }

  private busyboxLine([
    inode = '',
    blocks = '',
    mode = '',
    links = '',
    user = '',
    group = '',
    size = '',
    time = '',
  ]: string[]): string {
    const parts: string[] = [];
    if (this.options.has('i')) parts.push(inode.padStart(7));
    if (this.options.has('s')) parts.push(blocks.padStart(6));
    parts.push(
      mode,
      links.padStart(4),
      user.padEnd(8).slice(0, 8),
      group.padEnd(8).slice(0, 8),
      size.padStart(9),
      time,
    );
    return parts.join(' ');
  }

  private time(mtime: number): string {
    const style = this.options.has('full-time') ? 'full-iso' : this.options.value('time-style');
    if (this.flavour === 'busybox')
      return style === undefined
        ? formatTime(this.isRecent(mtime) ? '%b %e %H:%M' : '%b %e  %Y', mtime)
        : formatTime('%Y-%m-%d %H:%M:%S +0000', mtime);
    switch (style) {
      case 'full-iso':
        return formatTime('%Y-%m-%d %H:%M:%S.%N +0000', mtime, nanosecondsOf(mtime));
      case 'long-iso':
        return formatTime('%Y-%m-%d %H:%M', mtime);
      case 'iso':
        return formatTime(this.isRecent(mtime) ? '%m-%d %H:%M' : '%Y-%m-%d ', mtime);
      default:
        if (style?.startsWith('+')) return formatTime(style.slice(1), mtime);
        return formatTime(this.isRecent(mtime) ? '%b %e %H:%M' : '%b %e  %Y', mtime);
    }
  }

  private isRecent(mtime: number): boolean {
    const time = now(this.run.world);
    return mtime > time - recent && mtime <= time;
  }

  /** Where a link leads, or the mark of what it is. */
  private endOf({ node, path }: Listed, mark: (node: Node) => string): string {
    if (node.kind !== 'link') return mark(node);
    const { files, stdout } = this.run;
    const target = stdout.isTerminal && this.flavour === 'gnu' ? quoteIfNeeded(node.target) : node.target;
    return ` -> ${target}${files.exists(path) ? mark(files.stat(path)) : ''}`;
  }
}

function deviceOf(node: Node): Device | undefined {
  return node.kind === 'file' && !node.device?.socket ? node.device : undefined;
}

/** One place behind the point, always. */
export function busyboxSize(bytes: number): string {
  let value = bytes;
  let power = 0;
  while (value >= 1024 && power < 4) {
    value /= 1024;
    power += 1;
  }
  return power === 0 ? `${bytes}` : `${(Math.round(value * 10) / 10).toFixed(1)}${' KMGT'[power]}`;
}
