/** Nodes whose content is made when they are read. */
import type { Directory, File, Link, Node } from '../../files/node.ts';

export type Entries = ReadonlyMap<string, Node>;
type Clock = () => number;

/** Its entries are made once, when somebody looks; what they hold is made at each reading. */
export function fresh(at: Clock, entries: () => Entries, mode = 0o555): Directory {
  let known: Entries | undefined;
  const once = (): Entries => {
    known ??= entries();
    return known;
  };
  return { kind: 'directory', mode, uid: 0, gid: 0, mtime: at(), entries: once };
}

/** Size 0, as the kernel says of files that it makes. */
export function made(at: Clock, text: () => string, mode = 0o444): File {
  return { kind: 'file', mode, uid: 0, gid: 0, mtime: at(), size: 0, content: () => Buffer.from(text()) };
}

/** May be told something, which changes nothing. */
export function control(at: Clock, text: string, mode = 0o644): File {
  return { ...made(at, () => text, mode), isControl: true };
}

export function linkTo(target: string, at: Clock): Link {
  return { kind: 'link', mode: 0o777, uid: 0, gid: 0, mtime: at(), target };
}
