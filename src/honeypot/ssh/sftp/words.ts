/** Numbers and sentences of SFTP 3 (draft-ietf-secsh-filexfer-02) as OpenSSH 9.2's sftp-server uses them. */
import type { FileErrorCode } from '../../world/files/node.ts';

export const request = {
  init: 1,
  open: 3,
  close: 4,
  read: 5,
  write: 6,
  lstat: 7,
  fstat: 8,
  setstat: 9,
  fsetstat: 10,
  opendir: 11,
  readdir: 12,
  remove: 13,
  mkdir: 14,
  rmdir: 15,
  realpath: 16,
  stat: 17,
  rename: 18,
  readlink: 19,
  symlink: 20,
  extended: 200,
} as const;

export const answer = {
  version: 2,
  status: 101,
  handle: 102,
  data: 103,
  name: 104,
  attributes: 105,
  extendedReply: 201,
} as const;

export const status = {
  ok: 0,
  eof: 1,
  noSuchFile: 2,
  permissionDenied: 3,
  failure: 4,
  badMessage: 5,
  unsupported: 8,
} as const;

export type Status = (typeof status)[keyof typeof status];

export const sentences: Readonly<Record<Status, string>> = {
  [status.ok]: 'Success',
  [status.eof]: 'End of file',
  [status.noSuchFile]: 'No such file',
  [status.permissionDenied]: 'Permission denied',
  [status.failure]: 'Failure',
  [status.badMessage]: 'Bad message',
  [status.unsupported]: 'Operation unsupported',
};

/** `errno_to_portable` of sftp-server.c. */
export function statusOf(code: FileErrorCode): Status {
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
    case 'ELOOP':
      return status.noSuchFile;
    case 'EACCES':
    case 'EPERM':
      return status.permissionDenied;
    case 'ENAMETOOLONG':
    case 'EINVAL':
      return status.badMessage;
    default:
      return status.failure;
  }
}

/** Flags of `open`. */
export const openFlag = { read: 1, write: 2, append: 4, create: 8, truncate: 16, exclusive: 32 } as const;

/** Which fields of the attributes are there. */
export const field = { size: 1, owner: 2, mode: 4, time: 8 } as const;

/** In the order in which sftp-server tells them. */
export const extensions: readonly (readonly [name: string, version: string])[] = [
  ['posix-rename@openssh.com', '1'],
  ['statvfs@openssh.com', '2'],
  ['fstatvfs@openssh.com', '2'],
  ['hardlink@openssh.com', '1'],
  ['fsync@openssh.com', '1'],
  ['lsetstat@openssh.com', '1'],
  ['limits@openssh.com', '1'],
  ['expand-path@openssh.com', '1'],
  ['copy-data', '1'],
  ['home-directory', '1'],
  ['users-groups-by-id@openssh.com', '1'],
];
