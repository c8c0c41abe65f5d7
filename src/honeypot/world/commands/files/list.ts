/** Programs for files and directories. */
import type { Tool } from '../tool.ts';
import { cat, rev, tac } from './cat.ts';
import { cp } from './copy.ts';
import { dd } from './dd.ts';
import { file } from './file.ts';
import { find } from './find.ts';
import { ln } from './link.ts';
import { ls } from './ls.ts';
import { install, mkdir, mknod, mktemp, touch, truncate } from './make.ts';
import { findmnt, mount, sync, umount } from './mount.ts';
import { mv } from './move.ts';
import { basename, dirname, pwd, readlink, realpath } from './paths.ts';
import { chattr, chgrp, chmod, chown, lsattr } from './permissions.ts';
import { rm, rmdir, shred, unlink } from './remove.ts';
import { stat } from './stat.ts';
import { df, du } from './usage-of-disk.ts';

export const files: Readonly<Record<string, Tool>> = {
  basename,
  cat,
  chattr,
  chgrp,
  chmod,
  chown,
  cp,
  dd,
  df,
  dir: ls,
  dirname,
  du,
  file,
  find,
  findmnt,
  install,
  ln,
  ls,
  lsattr,
  mkdir,
  mkfifo: mknod,
  mknod,
  mktemp,
  mount,
  mv,
  pwd,
  readlink,
  realpath,
  rev,
  rm,
  rmdir,
  shred,
  stat,
  sync,
  tac,
  touch,
  truncate,
  umount,
  unlink,
  vdir: ls,
};
