/** Programs for texts. */
import { awk } from '../awk/awk.ts';
import type { Tool } from '../tool.ts';
import { cut, expand, fold, nl, paste } from './cut.ts';
import { cmp, diff } from './diff.ts';
import { cksum, md5sum, sha1sum, sha224sum, sha256sum, sha384sum, sha512sum, sum } from './digest.ts';
import { hexdump, strings, xxd } from './dump.ts';
import { echo, printf, test } from './echo.ts';
import { base32, base64 } from './encode.ts';
import { head, tail } from './ends.ts';
import { expr } from './expr.ts';
import { grep } from './grep.ts';
import { isFalse, isTrue, seq, shuf, yes } from './make.ts';
import { od } from './od.ts';
import { sed } from './sed.ts';
import { sort } from './sort.ts';
import { split, tee } from './tee.ts';
import { tr } from './tr.ts';
import { comm, uniq } from './uniq.ts';
import { wc } from './wc.ts';
import { xargs } from './xargs.ts';

export const text: Readonly<Record<string, Tool>> = {
  '[': test,
  '[[': test,
  awk,
  base32,
  base64,
  cksum,
  cmp,
  comm,
  cut,
  diff,
  echo,
  egrep: grep,
  expand,
  expr,
  false: isFalse,
  fgrep: grep,
  fold,
  gawk: awk,
  grep,
  hd: hexdump,
  head,
  hexdump,
  mawk: awk,
  md5sum,
  nl,
  od,
  paste,
  printf,
  sed,
  seq,
  sha1sum,
  sha224sum,
  sha256sum,
  sha384sum,
  sha512sum,
  shuf,
  sort,
  split,
  strings,
  sum,
  tail,
  tee,
  test,
  tr,
  true: isTrue,
  uniq,
  wc,
  xargs,
  xxd,
  yes,
  zgrep: grep,
};
