/**
 * Files as one process sees them: its root (another after chroot), its working directory, its user. All operations
 * take paths as they were written, follow links and mounts, check permissions, and throw a `FileError` as the kernel
 * would answer.
 */
import {
  type Content,
  contentOf,
  type Directory,
  entriesOf,
  type File,
  FileError,
  type Node,
  type User,
} from './node.ts';
import { join, type Mount, namesOf, parentOf, type Tree } from './tree.ts';

/** As in Linux. */
const maxLinks = 40;
const maxPath = 4096;
/** Mounts on each other. */
const maxMounts = 8;
/** The largest file that a visitor may make, in bytes. */
export const maxFile = 8 << 20;

const rootUser: User = { uid: 0, gid: 0 };

/** Where a path leads: a tree, and a path in it without links. */
interface Place {
  readonly tree: Tree;
  readonly path: string;
  readonly readOnly: boolean;
  readonly isMount: boolean;
  /** As the process itself would name it, which `pwd` prints. */
  readonly shown: string;
}

export interface Entry {
  readonly name: string;
  readonly node: Node;
}

/** Where a file lies whatever it is called from: in a tree, mounts and links followed. */
export interface Origin {
  readonly tree: Tree;
  readonly path: string;
}

/** Is told of each file that was made or changed, by its path outside of any chroot. */
export type Watcher = (path: string, origin: Origin) => void;

interface Options {
  readonly root?: string;
  readonly cwd?: string;
  readonly user?: User;
  readonly outside?: string;
  readonly readOnly?: boolean;
  readonly watcher?: Watcher | undefined;
}

export class View {
  private readonly tree: Tree;
  /** Path of the root in the tree: `/`, or where chroot went. */
  private readonly root: string;
  /** Path of the root as it was before any chroot. */
  private readonly outside: string;
  private readonly readOnly: boolean;
  private readonly watcher: Watcher | undefined;
  readonly cwd: string;
  readonly user: User;

  constructor(
    tree: Tree,
    { root = '/', cwd = '/', user = rootUser, outside = '/', readOnly = false, watcher }: Options = {},
  ) {
    this.tree = tree;
    this.root = root;
    this.cwd = cwd;
    this.user = user;
    this.outside = outside;
    this.readOnly = readOnly;
    this.watcher = watcher;
  }

  /** The same, with somebody who is told of changes made through it. */
  watchedBy(watcher: Watcher): View {
    return new View(this.tree, { ...this.options, watcher });
  }

  /** @throws FileError `ENOENT`, `ENOTDIR` */
  in(cwd: string): View {
    const place = this.find(cwd);
    this.directoryAt(place);
    return new View(this.tree, { ...this.options, cwd: place.shown });
  }

  as(user: User): View {
    return new View(this.tree, { ...this.options, user });
  }

  /** @throws FileError `EPERM` for anybody but root, `ENOENT`, `ENOTDIR` */
  chroot(path: string): View {
    if (this.user.uid !== 0) throw new FileError('EPERM');
    const place = this.find(path);
    this.directoryAt(place);
    const outside = join(this.outside, place.shown.slice(1)).replace(/\/$/, '') || '/';
    const { tree, path: root, readOnly } = place;
    return new View(tree, { ...this.options, root, cwd: '/', outside, readOnly });
  }

  /** The node itself, or what a link leads to. */
  stat(path: string): Node {
    return this.nodeAt(this.find(path));
  }

  /** The node itself, be it a link. */
  lstat(path: string): Node {
    return this.nodeAt(this.find(path, false));
  }

  exists(path: string): boolean {
    try {
      this.stat(path);
      return true;
    } catch {
      return false;
    }
  }

  /** The path without links, dots and the root that the process cannot see. */
  realpath(path: string): string {
    const place = this.find(path);
    this.nodeAt(place);
    return place.shown;
  }

  /** The same, as it is outside of any chroot. */
  outsidePath(path: string): string {
    return this.beyond(this.realpath(path));
  }

  readlink(path: string): string {
    const node = this.lstat(path);
    if (node.kind !== 'link') throw new FileError('EINVAL');
    return node.target;
  }

  read(path: string): Uint8Array {
    const node = this.stat(path);
    if (node.kind === 'directory') throw new FileError('EISDIR');
    this.require(node, 4);
    return contentOf(node as File);
  }

  /** In the order of the bytes of their names. */
  list(path: string): Entry[] {
    const place = this.find(path);
    const directory = this.directoryAt(place);
    this.require(directory, 4);
    const entries: Entry[] = [];
    for (const [name, node] of entriesOf(directory)) {
      const path = join(place.path, name);
      const mount = place.tree.mounts.has(path) ? this.mounted({ ...place, path }) : undefined;
      entries.push({ name, node: mount?.tree.get(mount.path) ?? node });
    }
    return entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** Makes the file, or changes what is in it. A device swallows it. */
  write(path: string, content: Content, { append = false, mode = 0o644, now = Date.now() } = {}): void {
    const place = this.find(path);
    const before = place.tree.get(place.path);
    if (before?.kind === 'directory') throw new FileError('EISDIR');
    if (before !== undefined) this.require(before, 2);
    if (before?.kind === 'file' && (before.device !== undefined || before.isControl)) return;
    if (before === undefined) this.requireParent(place);
    else requireUnprotected(before, append ? 'i' : 'ia');
    this.requireWritable(place);
    const kept = before?.kind === 'file' ? before : ({ kind: 'file', ...this.user, mode } as const);
    const added = content instanceof Uint8Array ? { size: content.length, content } : content;
    const all = append && before?.kind === 'file' ? joined(before, added) : added;
    if (typeof all.content !== 'function' && all.size > maxFile) throw new FileError('ENOSPC');
    place.tree.put(place.path, { ...kept, ...all, mtime: now }, now);
    this.tell(place);
  }

  mkdir(path: string, { mode = 0o755, now = Date.now() } = {}): void {
    const place = this.placeOfNew(path);
    place.tree.put(
      place.path,
      { kind: 'directory', ...this.user, mode, mtime: now, entries: new Map() },
      now,
    );
  }

  symlink(target: string, path: string, now = Date.now()): void {
    const place = this.placeOfNew(path);
    place.tree.put(place.path, { kind: 'link', ...this.user, mode: 0o777, mtime: now, target }, now);
    this.tell(place);
  }

  /** Another name for a file: a copy, which later differs where a real one would not. */
  link(target: string, path: string): void {
    const node = this.lstat(target);
    if (node.kind === 'directory') throw new FileError('EPERM');
    requireUnprotected(node, 'ia');
    const place = this.placeOfNew(path);
    place.tree.put(place.path, node, Date.now());
    this.tell(place);
  }

  /** Of a file or link. */
  unlink(path: string, now = Date.now()): void {
    const place = this.find(path, false);
    const node = this.nodeAt(place);
    if (node.kind === 'directory') throw new FileError('EISDIR');
    this.removeAt(place, node, now);
  }

  rmdir(path: string, now = Date.now()): void {
    const place = this.find(path, false);
    const node = this.nodeAt(place);
    if (node.kind !== 'directory') throw new FileError('ENOTDIR');
    if (place.tree.mounts.has(place.path) || place.path === this.root) throw new FileError('EBUSY');
    if (entriesOf(node).size > 0) throw new FileError('ENOTEMPTY');
    this.removeAt(place, node, now);
  }

  rename(from: string, to: string, now = Date.now()): void {
    const source = this.find(from, false);
    const node = this.nodeAt(source);
    const target = this.find(to, false);
    const there = target.tree.get(target.path);
    if ([source, target].some(({ isMount }) => isMount)) throw new FileError('EBUSY');
    if (source.tree !== target.tree) throw new FileError('EXDEV');
    if (target.path === source.path) return;
    if (target.path.startsWith(`${source.path}/`)) throw new FileError('EINVAL');
    if (there?.kind === 'directory' && node.kind !== 'directory') throw new FileError('EISDIR');
    if (there !== undefined && there.kind !== 'directory' && node.kind === 'directory')
      throw new FileError('ENOTDIR');
    if (there?.kind === 'directory' && entriesOf(there).size > 0) throw new FileError('ENOTEMPTY');
    this.requireParent(target);
    this.requireParent(source);
    for (const one of [node, there]) requireUnprotected(one, 'ia');
    target.tree.put(target.path, node, now);
    source.tree.remove(source.path, now);
    this.tell(target);
  }

  /** Mode, owner, time or flags, of what a path leads to. */
  change(path: string, change: Partial<Pick<Node, 'mode' | 'uid' | 'gid' | 'mtime' | 'flags'>>): void {
    const place = this.find(path);
    const node = this.nodeAt(place);
    const isOwner = this.user.uid === 0 || this.user.uid === node.uid;
    const isForRoot = change.uid !== undefined || change.flags !== undefined;
    if (!isOwner || (isForRoot && this.user.uid !== 0)) throw new FileError('EPERM');
    if (change.flags === undefined) requireUnprotected(node, 'ia');
    this.requireWritable(place);
    place.tree.put(place.path, { ...node, ...change });
  }

  /** @param need 4 to read, 2 to write, 1 to run or to search */
  allows(node: Node, need: number): boolean {
    const { uid, gid } = this.user;
    if (uid === 0) return need !== 1 || node.kind === 'directory' || (node.mode & 0o111) !== 0;
    const bits = node.uid === uid ? node.mode >> 6 : node.gid === gid ? node.mode >> 3 : node.mode;
    return (bits & need) === need;
  }

  private get options(): Options {
    const { root, cwd, user, outside, readOnly, watcher } = this;
    return { root, cwd, user, outside, readOnly, watcher };
  }

  private tell({ shown, tree, path }: Place): void {
    this.watcher?.(this.beyond(shown), { tree, path });
  }

  private beyond(shown: string): string {
    return this.outside === '/' ? shown : this.outside + shown;
  }

  private require(node: Node, need: number): void {
    if (!this.allows(node, need)) throw new FileError('EACCES');
  }

  private requireWritable({ tree, path, readOnly }: Place): void {
    if (readOnly) throw new FileError('EROFS');
    const parent = tree.get(parentOf(path));
    if (parent?.kind === 'directory' && typeof parent.entries === 'function') throw new FileError('EACCES');
  }

  /** What it takes to add or remove an entry. */
  private requireParent(place: Place): void {
    const parent = place.tree.get(parentOf(place.path));
    if (parent === undefined) throw new FileError('ENOENT');
    if (parent.kind !== 'directory') throw new FileError('ENOTDIR');
    this.require(parent, 2);
    requireUnprotected(parent, 'i');
    this.requireWritable(place);
  }

  private removeAt(place: Place, node: Node, now: number): void {
    this.requireParent(place);
    const parent = place.tree.get(parentOf(place.path))!;
    const isSticky = (parent.mode & 0o1000) !== 0 && this.user.uid !== 0;
    if (isSticky && node.uid !== this.user.uid && parent.uid !== this.user.uid) throw new FileError('EPERM');
    for (const one of [node, parent]) requireUnprotected(one, 'ia');
    place.tree.remove(place.path, now);
  }

  private placeOfNew(path: string): Place {
    const place = this.find(path, false);
    if (place.tree.get(place.path) !== undefined) throw new FileError('EEXIST');
    this.requireParent(place);
    return place;
  }

  private nodeAt({ tree, path }: Place): Node {
    const node = tree.get(path);
    if (node === undefined) throw new FileError('ENOENT');
    return node;
  }

  private directoryAt(place: Place): Directory {
    const node = this.nodeAt(place);
    if (node.kind !== 'directory') throw new FileError('ENOTDIR');
    return node;
  }

  /** Follows links and mounts. The last name need not exist. */
  private find(path: string, followsLast = true): Place {
    if (path === '') throw new FileError('ENOENT');
    if (path.length > maxPath) throw new FileError('ENAMETOOLONG');
    const rest = path.startsWith('/') ? partsOf(path) : [...namesOf(this.cwd), ...partsOf(path)];
    const above: Place[] = [];
    const top: Place = this.mounted({
      tree: this.tree,
      path: this.root,
      readOnly: this.readOnly,
      isMount: false,
      shown: '/',
    });
    let here = top;
    let node = top.tree.get(top.path);
    let links = 0;
    while (rest.length > 0) {
      const name = rest.shift()!;
      if (name === '.') continue;
      if (name === '..') {
        here = above.pop() ?? top;
        node = here.tree.get(here.path);
        continue;
      }
      if (node === undefined) throw new FileError('ENOENT');
      if (node.kind !== 'directory') throw new FileError('ENOTDIR');
      if (!this.allows(node, 1)) throw new FileError('EACCES');
      const path = join(here.path, name);
      const next = this.mounted({ ...here, path, isMount: false, shown: join(here.shown, name) });
      const found = next.isMount ? next.tree.get(next.path) : entriesOf(node).get(name);
      if (found?.kind === 'link' && (followsLast || rest.length > 0)) {
        links += 1;
        if (links > maxLinks) throw new FileError('ELOOP');
        rest.unshift(...partsOf(found.target));
        if (!found.target.startsWith('/')) continue;
        above.length = 0;
        here = top;
        node = top.tree.get(top.path);
        continue;
      }
      above.push(here);
      here = next;
      node = found;
    }
    if (path.endsWith('/') && node?.kind === 'file') throw new FileError('ENOTDIR');
    return here;
  }

  /** What is mounted there, or on what is mounted there. */
  private mounted(place: Place): Place {
    let here = place;
    for (let depth = 0; depth < maxMounts; depth++) {
      const mount: Mount | undefined = here.tree.mounts.get(here.path);
      if (mount === undefined) break;
      here = {
        tree: mount.tree,
        path: mount.path,
        readOnly: mount.readOnly || here.readOnly,
        isMount: true,
        shown: here.shown,
      };
    }
    return here;
  }
}

/** As chattr set it; holds for root as well. */
function requireUnprotected(node: Node | undefined, flags: string): void {
  for (const flag of flags) if (node?.flags?.includes(flag)) throw new FileError('EPERM');
}

function joined(file: File, added: Pick<File, 'size' | 'content'>): Pick<File, 'size' | 'content'> {
  const end = typeof added.content === 'function' ? added.content() : added.content;
  const content = Buffer.concat([contentOf(file), end]);
  return { size: content.length, content };
}

function partsOf(path: string): string[] {
  return path.split('/').filter((part) => part !== '');
}
