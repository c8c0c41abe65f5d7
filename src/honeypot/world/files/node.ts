/**
 * What a file system consists of. Nodes never change once they are part of a tree that others share; a tree that is
 * written to copies what it changes (see `tree.ts`).
 */

/** Of whoever does something; 0 is root, whom no mode stops. */
export interface User {
  readonly uid: number;
  readonly gid: number;
}

interface Attributes extends User {
  /** Permission bits, also set-uid and sticky: 0o4755. */
  readonly mode: number;
  /** Milliseconds since 1970. */
  readonly mtime: number;
  /** As `lsattr` prints them: `i` for what nobody changes, renames or removes, `a` for what only grows. */
  readonly flags?: string;
  /** The tree that put it there, and may change a directory's entries in place; absent for what all share. */
  readonly owner?: symbol;
}

export interface File extends Attributes {
  readonly kind: 'file';
  readonly size: number;
  /** What is in it; made when it is read, for what has to be large, or is of the moment as /proc is. */
  readonly content: Uint8Array | (() => Uint8Array);
  /** Whether writes go nowhere and reads follow the device: /dev/null, /dev/zero, /dev/urandom, a terminal. */
  readonly device?: Device;
  /** A file of /proc or /sys that is told something, and keeps nothing of it. */
  readonly isControl?: boolean;
}

/** What is written: bytes, or what is made when somebody reads it. */
export type Content = Uint8Array | Pick<File, 'size' | 'content'>;

export interface Device {
  readonly major: number;
  readonly minor: number;
  readonly block?: boolean;
  /** A socket of the file system, which numbers say nothing of. */
  readonly socket?: boolean;
}

export interface Link extends Attributes {
  readonly kind: 'link';
  readonly target: string;
}

export interface Directory extends Attributes {
  readonly kind: 'directory';
  /** Made at each reading, for what is of the moment as /proc is. */
  readonly entries: ReadonlyMap<string, Node> | (() => ReadonlyMap<string, Node>);
}

export type Node = File | Link | Directory;

export function entriesOf(directory: Directory): ReadonlyMap<string, Node> {
  return typeof directory.entries === 'function' ? directory.entries() : directory.entries;
}

export function contentOf({ content }: Pick<File, 'content'>): Uint8Array {
  return typeof content === 'function' ? content() : content;
}

/** As the kernel names what went wrong; `strerror` says it in words. */
export type FileErrorCode =
  | 'ENOENT'
  | 'EACCES'
  | 'EPERM'
  | 'EEXIST'
  | 'ENOTDIR'
  | 'EISDIR'
  | 'ENOTEMPTY'
  | 'ELOOP'
  | 'ENOSPC'
  | 'EROFS'
  | 'ENAMETOOLONG'
  | 'EINVAL'
  | 'EBUSY'
  | 'EXDEV';

/** glibc's sentences. */
export const strerror: Readonly<Record<FileErrorCode, string>> = {
  ENOENT: 'No such file or directory',
  EACCES: 'Permission denied',
  EPERM: 'Operation not permitted',
  EEXIST: 'File exists',
  ENOTDIR: 'Not a directory',
  EISDIR: 'Is a directory',
  ENOTEMPTY: 'Directory not empty',
  ELOOP: 'Too many levels of symbolic links',
  ENOSPC: 'No space left on device',
  EROFS: 'Read-only file system',
  ENAMETOOLONG: 'File name too long',
  EINVAL: 'Invalid argument',
  EBUSY: 'Device or resource busy',
  EXDEV: 'Invalid cross-device link',
};

/** Thrown by operations on files; `message` is what `strerror` says. */
export class FileError extends Error {
  readonly code: FileErrorCode;

  constructor(code: FileErrorCode) {
    super(strerror[code]);
    this.code = code;
  }
}
