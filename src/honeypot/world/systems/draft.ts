/** A tree of files while it is put together; it must not change once visitors share it. */
import type { Content, Device, Directory, File, Node } from '../files/node.ts';
import { nameOf, namesOf, parentOf } from '../files/tree.ts';

export interface Attributes {
  readonly mode?: number;
  readonly uid?: number;
  readonly gid?: number;
  /** Milliseconds since 1970. */
  readonly mtime?: number;
}

export interface Draft {
  readonly root: Directory;
  /** Directories on the way to it are made where there are none. */
  file(path: string, content: string | Content, attributes?: Attributes): void;
  directory(path: string, attributes?: Attributes): void;
  link(path: string, target: string, mtime?: number): void;
  device(path: string, device: Device, attributes?: Attributes & Partial<Pick<File, 'content'>>): void;
  put(path: string, node: Node): void;
  /** Follows no links. */
  get(path: string): Node | undefined;
  remove(path: string): void;
}

/** @param time of everything for which no other is told, in milliseconds since 1970 */
export function draftOf(time: number): Draft {
  const directoryNode = ({ mode = 0o755, uid = 0, gid = 0, mtime = time }: Attributes): Directory => ({
    kind: 'directory',
    mode,
    uid,
    gid,
    mtime,
    entries: new Map(),
  });
  const root = directoryNode({});

  function entriesAt(path: string): Map<string, Node> {
    let directory = root;
    for (const name of namesOf(path)) {
      const entries = directory.entries as Map<string, Node>;
      let next = entries.get(name);
      if (next?.kind !== 'directory') {
        next = directoryNode({});
        entries.set(name, next);
      }
      directory = next;
    }
    return directory.entries as Map<string, Node>;
  }

  const put = (path: string, node: Node): void => {
    entriesAt(parentOf(path)).set(nameOf(path), node);
  };

  return {
    root,
    put,
    file(path, content, { mode = 0o644, uid = 0, gid = 0, mtime = time } = {}) {
      const bytes = typeof content === 'string' ? Buffer.from(content) : content;
      const made = bytes instanceof Uint8Array ? { size: bytes.length, content: bytes } : bytes;
      put(path, { kind: 'file', mode, uid, gid, mtime, ...made });
    },
    directory(path, attributes = {}) {
      const before = entriesAt(parentOf(path)).get(nameOf(path));
      const entries = before?.kind === 'directory' ? before.entries : new Map();
      put(path, { ...directoryNode(attributes), entries });
    },
    link(path, target, mtime = time) {
      put(path, { kind: 'link', mode: 0o777, uid: 0, gid: 0, mtime, target });
    },
    device(path, device, { mode = 0o660, uid = 0, gid = 0, mtime = time, content = nothing } = {}) {
      put(path, { kind: 'file', mode, uid, gid, mtime, size: 0, content, device });
    },
    get(path) {
      let node: Node | undefined = root;
      for (const name of namesOf(path))
        node = node?.kind === 'directory' ? (node.entries as Map<string, Node>).get(name) : undefined;
      return node;
    },
    remove(path) {
      entriesAt(parentOf(path)).delete(nameOf(path));
    },
  };
}

const nothing = new Uint8Array();
