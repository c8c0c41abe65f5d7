/** The keys of etcd's version 2: files and directories with the index of their changes (store of etcd 2, event.go). */
import type { Quota } from '../../world/files/quota.ts';

export interface Node {
  /** Undefined for a directory. */
  readonly value: string | undefined;
  readonly children: Map<string, Node>;
  readonly createdIndex: number;
  readonly modifiedIndex: number;
  /** Milliseconds since 1970. */
  readonly expiresAt: number | undefined;
}

export interface Shown {
  readonly key?: string;
  readonly value?: string;
  readonly dir?: true;
  readonly expiration?: string;
  readonly ttl?: number;
  readonly nodes?: readonly Shown[];
  readonly modifiedIndex?: number;
  readonly createdIndex?: number;
}

export interface Event {
  readonly action:
    | 'get'
    | 'set'
    | 'create'
    | 'update'
    | 'delete'
    | 'expire'
    | 'compareAndSwap'
    | 'compareAndDelete';
  readonly node: Shown;
  readonly prevNode?: Shown;
}

/** In the words of error.go. */
export class KeyError extends Error {
  readonly code: number;
  readonly cause: string;
  readonly index: number;

  constructor(code: number, cause: string, index: number) {
    super(messages[code] ?? '');
    this.code = code;
    this.cause = cause;
    this.index = index;
  }
}

const messages: Readonly<Record<number, string>> = {
  100: 'Key not found',
  101: 'Compare failed',
  102: 'Not a file',
  104: 'Not a directory',
  105: 'Key already exists',
  107: 'Root is read only',
  108: 'Directory not empty',
  202: 'The given TTL in POST form is not a number',
  203: 'The given index in POST form is not a number',
  209: 'Invalid field',
  211: 'Value provided on refresh',
  212: 'A TTL must be provided on refresh',
  300: 'Raft Internal Error',
  401: 'The event in requested index is outdated and cleared',
};

/** What a key costs beside its bytes; levels of directories; events that are remembered. */
const keyCost = 250;
const maxDepth = 30;
const maxEvents = 500;
/** Bytes that one visitor may write. */
const share = 2 << 20;

const counted = [
  'getsSuccess getsFail setsSuccess setsFail deleteSuccess deleteFail updateSuccess updateFail createSuccess createFail',
  'compareAndSwapSuccess compareAndSwapFail compareAndDeleteSuccess compareAndDeleteFail expireCount watchers',
]
  .join(' ')
  .split(' ');

export interface Change {
  readonly value: string;
  readonly isDirectory: boolean;
  /** Seconds; 0 or less for none. */
  readonly ttl: number | undefined;
}

export interface Condition {
  /** Empty and 0 for any. */
  readonly value: string;
  readonly index: number;
}

export class Tree {
  private readonly root: Node;
  private readonly quota: Quota;
  private used = 0;
  index: number;
  private readonly base: number;
  private readonly events: { readonly path: string; readonly event: Event }[] = [];
  private readonly listeners = new Set<(path: string, event: Event) => void>();
  readonly statistics: Record<string, number> = Object.fromEntries(counted.map((name) => [name, 0]));

  constructor(settings: readonly (readonly [path: string, value: string])[], quota: Quota) {
    this.quota = quota;
    this.index = 3;
    this.root = directory(0, undefined);
    for (const [path, value] of settings) {
      this.index += 1 + (value.length % 5);
      this.parentOf(path).set(nameOf(path), file(value, this.index, this.index, undefined));
    }
    this.base = this.index;
  }

  /** Since it was started. */
  get changes(): number {
    return this.index - this.base;
  }

  get(path: string, isRecursive: boolean, isSorted: boolean): Event {
    this.expire(this.root, '');
    const node = this.find(path, 'gets');
    this.statistics.getsSuccess! += 1;
    return { action: 'get', node: shown(node, path, isRecursive ? maxDepth : 1, isSorted, path === '/') };
  }

  set(path: string, change: Change): Event {
    return this.counted('sets', () => {
      this.requireBelowRoot(path);
      const before = this.peek(path);
      if (before !== undefined && before.value === undefined) throw this.error(102, path);
      return this.put('set', path, change, before);
    });
  }

  create(path: string, change: Change): Event {
    return this.counted('create', () => {
      this.requireBelowRoot(path);
      if (this.peek(path) !== undefined) throw this.error(105, path);
      return this.put('create', path, change, undefined);
    });
  }

  /** Under a name that counts on. */
  createInOrder(path: string, change: Change): Event {
    const name = String(this.index + 1).padStart(20, '0');
    return this.create(path === '/' ? `/${name}` : `${path}/${name}`, change);
  }

  /** @param keepsValue where only its time is renewed */
  update(path: string, change: Change, keepsValue: boolean): Event {
    return this.counted('update', () => {
      this.requireBelowRoot(path);
      const before = this.find(path);
      if (before.value === undefined && change.value !== '') throw this.error(102, path);
      const value = keepsValue ? before.value : before.value === undefined ? undefined : change.value;
      return this.replace('update', path, before, value, change.ttl);
    });
  }

  compareAndSwap(path: string, condition: Condition, change: Change): Event {
    return this.counted('compareAndSwap', () => {
      this.requireBelowRoot(path);
      const before = this.find(path);
      if (before.value === undefined) throw this.error(102, path);
      this.requireAs(before, condition);
      return this.replace('compareAndSwap', path, before, change.value, change.ttl);
    });
  }

  delete(path: string, isDirectory: boolean, isRecursive: boolean): Event {
    return this.counted('delete', () => {
      this.requireBelowRoot(path);
      const before = this.find(path);
      if (before.value === undefined) {
        if (!isDirectory && !isRecursive) throw this.error(102, path);
        if (before.children.size > 0 && !isRecursive) throw this.error(108, path);
      }
      return this.remove('delete', path, before);
    });
  }

  compareAndDelete(path: string, condition: Condition): Event {
    return this.counted('compareAndDelete', () => {
      const before = this.find(path);
      if (before.value === undefined) throw this.error(102, path);
      this.requireAs(before, condition);
      return this.remove('compareAndDelete', path, before);
    });
  }

  /** @returns the first change of a key, or below it, from an index on. @throws KeyError where it is forgotten */
  changeFrom(path: string, isRecursive: boolean, index: number): Event | undefined {
    const oldest = this.events[0]?.event.node.modifiedIndex ?? this.index + 1;
    if (index < oldest && index <= this.index)
      throw this.error(401, `the requested history has been cleared [${oldest}/${index}]`);
    return this.events.find(
      ({ path: one, event }) => event.node.modifiedIndex! >= index && isBelow(one, path, isRecursive),
    )?.event;
  }

  /** @returns takes the listener off again */
  listen(path: string, isRecursive: boolean, listener: (event: Event) => void): () => void {
    const own = (changed: string, event: Event): void => {
      if (isBelow(changed, path, isRecursive)) listener(event);
    };
    this.listeners.add(own);
    this.statistics.watchers! += 1;
    return () => {
      this.listeners.delete(own);
      this.statistics.watchers! -= 1;
    };
  }

  error(code: number, cause: string): KeyError {
    return new KeyError(code, cause, this.index);
  }

  private counted(what: string, change: () => Event): Event {
    this.expire(this.root, '');
    try {
      const event = change();
      this.statistics[`${what}Success`]! += 1;
      return event;
    } catch (error) {
      this.statistics[`${what}Fail`]! += 1;
      throw error;
    }
  }

  private put(action: 'set' | 'create', path: string, change: Change, before: Node | undefined): Event {
    this.take(keyCost + path.length + change.value.length);
    const parent = this.parentOf(path);
    this.index += 1;
    const expiresAt = endOf(change.ttl);
    const node = change.isDirectory
      ? directory(this.index, expiresAt)
      : file(change.value, this.index, this.index, expiresAt);
    parent.set(nameOf(path), node);
    return this.finish(action, path, node, before);
  }

  private replace(
    action: 'update' | 'compareAndSwap',
    path: string,
    before: Node,
    value: string | undefined,
    ttl: number | undefined,
  ): Event {
    this.take(keyCost + path.length + (value?.length ?? 0));
    this.index += 1;
    const node = { ...before, value, modifiedIndex: this.index, expiresAt: endOf(ttl) };
    this.parentOf(path).set(nameOf(path), node);
    return this.finish(action, path, node, before);
  }

  private remove(action: 'delete' | 'expire' | 'compareAndDelete', path: string, before: Node): Event {
    this.parentOf(path).delete(nameOf(path));
    this.index += 1;
    const { key, dir } = shown(before, path, 0, false, false);
    const node = {
      ...(key !== undefined && { key }),
      ...(dir && { dir }),
      modifiedIndex: this.index,
      createdIndex: before.createdIndex,
    };
    const event: Event = { action, node, prevNode: shown(before, path, 0, false, false) };
    this.remember(path, event);
    return event;
  }

  private finish(action: Event['action'], path: string, node: Node, before: Node | undefined): Event {
    const event: Event = {
      action,
      node: shown(node, path, 0, false, false),
      ...(before !== undefined && { prevNode: shown(before, path, 0, false, false) }),
    };
    this.remember(path, event);
    return event;
  }

  private remember(path: string, event: Event): void {
    this.events.push({ path, event });
    if (this.events.length > maxEvents) this.events.shift();
    for (const listener of [...this.listeners]) listener(path, event);
  }

  private take(bytes: number): void {
    const isOver = this.used + bytes > share;
    try {
      if (!isOver) this.quota.take(bytes);
    } catch {
      throw this.error(300, 'etcdserver: no space');
    }
    if (isOver) throw this.error(300, 'etcdserver: no space');
    this.used += bytes;
  }

  private requireBelowRoot(path: string): void {
    if (path === '/') throw this.error(107, '/');
    if (path.split('/').length > maxDepth) throw this.error(104, '/');
  }

  private requireAs({ value, modifiedIndex }: Node, wanted: Condition): void {
    const isValue = wanted.value === '' || wanted.value === value;
    const isIndex = wanted.index === 0 || wanted.index === modifiedIndex;
    if (isValue && isIndex) return;
    const causes = [
      ...(isValue ? [] : [`[${wanted.value} != ${value}]`]),
      ...(isIndex ? [] : [`[${wanted.index} != ${modifiedIndex}]`]),
    ];
    throw this.error(101, causes.join(' '));
  }

  private find(path: string, counting?: string): Node {
    const node = this.peek(path);
    if (node !== undefined) return node;
    if (counting !== undefined) this.statistics[`${counting}Fail`]! += 1;
    throw this.error(100, path);
  }

  private peek(path: string): Node | undefined {
    let node: Node | undefined = this.root;
    let passed = '';
    for (const name of namesOf(path)) {
      if (node.value !== undefined) throw this.error(104, passed);
      node = node.children.get(name);
      passed += `/${name}`;
      if (node === undefined) return undefined;
    }
    return node;
  }

  /** Directories on the way are made. */
  private parentOf(path: string): Map<string, Node> {
    let { children } = this.root;
    for (const name of namesOf(path).slice(0, -1)) {
      let next = children.get(name);
      if (next === undefined) {
        next = directory(this.index + 1, undefined);
        children.set(name, next);
      }
      children = next.children;
    }
    return children;
  }

  private expire(node: Node, path: string): void {
    for (const [name, child] of node.children) {
      if (child.expiresAt !== undefined && child.expiresAt <= Date.now()) {
        this.statistics.expireCount! += 1;
        this.remove('expire', `${path}/${name}`, child);
      } else if (child.value === undefined) this.expire(child, `${path}/${name}`);
    }
  }
}

function directory(index: number, expiresAt: number | undefined): Node {
  return { value: undefined, children: new Map(), createdIndex: index, modifiedIndex: index, expiresAt };
}

function file(
  value: string,
  createdIndex: number,
  modifiedIndex: number,
  expiresAt: number | undefined,
): Node {
  return { value, children: new Map(), createdIndex, modifiedIndex, expiresAt };
}

function endOf(ttl: number | undefined): number | undefined {
  return ttl === undefined || ttl <= 0 ? undefined : Date.now() + 1000 * ttl;
}

/** @param levels of directories whose content is shown */
function shown(node: Node, path: string, levels: number, isSorted: boolean, isRoot: boolean): Shown {
  const { value, children, createdIndex, modifiedIndex, expiresAt } = node;
  const names = [...children].filter(([name]) => !name.startsWith('_'));
  if (isSorted) names.sort(([a], [b]) => (a < b ? -1 : 1));
  const below = levels > 0 && value === undefined ? names : [];
  const nodes = below.map(([name, child]) =>
    shown(child, `${path === '/' ? '' : path}/${name}`, levels - 1, isSorted, false),
  );
  return {
    ...(!isRoot && { key: path }),
    ...(value === undefined ? { dir: true as const } : { value }),
    ...(expiresAt !== undefined && {
      expiration: new Date(expiresAt).toISOString(),
      ttl: Math.max(1, Math.ceil((expiresAt - Date.now()) / 1000)),
    }),
    ...(nodes.length > 0 && { nodes }),
    ...(!isRoot && { modifiedIndex, createdIndex }),
  };
}

function isBelow(path: string, watched: string, isRecursive: boolean): boolean {
  return path === watched || (isRecursive && path.startsWith(watched === '/' ? '/' : `${watched}/`));
}

function namesOf(path: string): string[] {
  return path.split('/').filter((name) => name !== '');
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
