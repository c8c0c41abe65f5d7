/** What busybox says to who calls it wrongly: its version, and the first line of an applet's usage (1.36.1). */
import type { Run } from '../program.ts';
import { busyboxOf } from '../systems/busybox.ts';

const usages: Readonly<Record<string, string>> = {
  base64: '[-d] [-w COL] [FILE]',
  cat: '[-nbvteA] [FILE]...',
  chattr: '[-R] [-v VERSION] [-p PROJID] [-+=aAcCdDijsStTu] FILE...',
  chmod: '[-Rcvf] MODE[,MODE]... FILE...',
  chown: '[-RhLHPcvf]... USER[:[GRP]] FILE...',
  cp: '[-arPLHpfinlsTu] SOURCE DEST\nor: cp [-arPLHpfinlsu] SOURCE... { -t DIRECTORY | DIRECTORY }',
  crontab: '[-c DIR] [-u USER] [-ler]|[FILE]',
  cut: '{-b|c LIST | -f LIST [-d SEP] [-s]} [FILE]...',
  date: '[OPTIONS] [+FMT] [[-s] TIME]',
  df: '[-PkmhTai] [-B SIZE] [-t TYPE] [FILESYSTEM]...',
  du: '[-aHLdclsxhmk] [FILE]...',
  find: '[-HL] [PATH]... [OPTIONS] [ACTIONS]',
  free: '[-bkmgh]',
  grep: '[-HhnlLoqvsrRiwFE] [-m N] [-A|B|C N] { PATTERN | -e PATTERN... | -f FILE... } [FILE]...',
  head: '[OPTIONS] [FILE]...',
  hostname: '[-sidf] [HOSTNAME | -F FILE]',
  id: '[-ugGnr] [USER]',
  kill: '[-l] [-SIG] PID...',
  killall: '[-lq] [-SIG] PROCESS_NAME...',
  ln: '[-sfnbtv] [-S SUF] TARGET... LINK|DIR',
  ls: '[-1AaCxdLHRFplinshrSXvctu] [-w WIDTH] [FILE]...',
  mkdir: '[-m MODE] [-p] DIRECTORY...',
  mount: '[OPTIONS] [-o OPT] DEVICE NODE',
  mv: '[-finT] SOURCE DEST\nor: mv [-fin] SOURCE... { -t DIRECTORY | DIRECTORY }',
  nc: '[OPTIONS] HOST PORT  - connect\nnc [OPTIONS] -l -p PORT [HOST] [PORT]  - listen',
  netstat: '[-ral] [-tuwx] [-en]',
  ping: '[OPTIONS] HOST',
  ps: '[-o COL1,COL2=HEADER] [-T]',
  rm: '[-irf] FILE...',
  rmdir: '[-p] DIRECTORY...',
  sed: '[-i[SFX]] [-nrE] [-f FILE]... [-e CMD]... [FILE]...\nor: sed [-i[SFX]] [-nrE] CMD [FILE]...',
  sort: '[-nrughMcszbdfiokt] [-o FILE] [-k START[.OFS][OPTS][,END[.OFS][OPTS]] [-t CHAR] [FILE]...',
  stat: '[-ltf] [-c FMT] FILE...',
  tail: '[OPTIONS] [FILE]...',
  tar: 'c|x|t [-ZzJjahmvokO] [-f TARFILE] [-C DIR] [-T FILE] [-X FILE] [LONGOPT]... [FILE]...',
  tee: '[-ai] [FILE]...',
  top: '[-bmH] [-n COUNT] [-d SECONDS]',
  touch: '[-cham] [-d DATE] [-t DATE] [-r FILE] FILE...',
  tr: '[-cds] STRING1 [STRING2]',
  uname: '[-amnrspvio]',
  uniq: '[-cduiz] [-f,s,w N] [FILE [OUTFILE]]',
  wc: '[-cmlwL] [FILE]...',
  wget: '[-cqS] [--spider] [-O FILE] [-o LOGFILE] [--header STR]\n\t[--post-data STR | --post-file FILE] [-Y on/off]\n\t[--no-check-certificate] [-P DIR] [-U AGENT] [-T SEC] URL...',
  xargs: '[OPTIONS] [PROG ARGS]',
};

export function busyboxUsage({ world }: Run, applet: string): string {
  return `${busyboxOf(world).banner}\n\nUsage: ${applet} ${usages[applet] ?? '[OPTIONS]'}\n`;
}
