/**
 * Programs that run their arguments: `sudo -u x nohup ./x -o p` runs `./x -o p`. Source: the manual pages and usage
 * texts of the programs, 2026-11.
 */
import { programName } from './program-name.ts';

/** Programs that run their arguments, with their options that take a value. */
const wrappers: Readonly<Record<string, readonly string[]>> = {
  bwrap: ['--bind', '--ro-bind', '--dev', '--proc', '--tmpfs', '--chdir', '--setenv'],
  chpst: ['-u', '-U', '-e', '-/', '-n', '-l', '-L', '-m', '-d', '-o', '-p', '-f', '-c'],
  chroot: ['--userspec'],
  chrt: [],
  cgexec: ['-g'],
  command: [],
  daemonize: ['-a', '-c', '-e', '-o', '-p', '-l', '-u', '-E'],
  doas: ['-u', '-C'],
  'dumb-init': ['-r', '--rewrite'],
  env: ['-u', '--unset', '-C', '--chdir'],
  eval: [],
  exec: ['-a'],
  fakeroot: [],
  firejail: [],
  flock: ['-w', '-E', '--timeout', '-o'],
  gosu: [],
  ionice: ['-c', '-n', '--class', '--classdata'],
  nice: ['-n', '--adjustment'],
  nohup: [],
  nsenter: ['-t', '--target', '-S', '-G', '-r', '-w'],
  parallel: ['-j', '--jobs', '-n', '-N', '-P', '--delay', '--timeout'],
  proot: ['-r', '-b', '-w'],
  proxychains: ['-f'],
  proxychains4: ['-f'],
  'run-one': [],
  runuser: ['-u', '-g', '-s', '-G', '-w'],
  's6-setuidgid': [],
  screen: ['-S', '-t', '-c', '-s', '-T', '-p', '-h', '-L'],
  script: ['-I', '-O', '-T', '-o', '-m'],
  setarch: [],
  setpriv: ['--reuid', '--regid', '--groups', '--ambient-caps', '--bounding-set', '--inh-caps'],
  setsid: [],
  setuidgid: [],
  'start-stop-daemon': [
    '-u',
    '-g',
    '-p',
    '--pidfile',
    '-c',
    '--chuid',
    '-n',
    '--name',
    '-d',
    '--chdir',
    '-N',
  ],
  sshpass: ['-p', '-f', '-d', '-P'],
  stdbuf: ['-i', '-o', '-e'],
  su: ['-s', '-g', '-G', '-w'],
  'su-exec': [],
  strace: ['-o', '-e', '-p', '-s'],
  sudo: ['-u', '-g', '-h', '-p', '-C', '-D', '-r', '-t', '--user', '--group'],
  'systemd-run': ['-p', '--property', '--unit', '-u', '-t'],
  taskset: [],
  time: ['-f', '-o'],
  timeout: ['-k', '-s', '--kill-after', '--signal'],
  tini: ['-p', '-e'],
  torsocks: [],
  unbuffer: [],
  unshare: [],
  watch: ['-n', '--interval'],
  xargs: ['-n', '-P', '-I', '-d', '-L', '-s', '-a', '-E'],
};

/** Wrappers whose first plain arguments are their own (user, duration, mask, root), with how many. */
const ownArguments: Readonly<Record<string, number>> = {
  chroot: 1,
  chrt: 1,
  flock: 1,
  gosu: 1,
  's6-setuidgid': 1,
  setuidgid: 1,
  'su-exec': 1,
  taskset: 1,
  timeout: 1,
};

/** Wrappers that take shell text: all their arguments joined, or the value of an option. */
const joining = new Set(['eval', 'parallel', 'watch']);
const textOptions: Readonly<Record<string, readonly string[]>> = {
  env: ['-S', '--split-string'],
  flock: ['-c', '--command'],
  runuser: ['-c', '--command'],
  script: ['-c', '--command'],
  su: ['-c', '--command'],
};

/** Wrappers that are of interest for themselves: they leave the container. */
export const keepsItself: ReadonlySet<string> = new Set(['nsenter']);

/**
 * The command behind all wrappers, with its program under its own name.
 * @param kept wrappers that are not taken off
 */
export function unwrapArguments(words: readonly string[], kept = keepsItself): readonly string[] {
  let rest = withKnownProgram(words);
  for (let round = 0; round < 8; round++) {
    const name = programName(rest[0]);
    if (kept.has(name) || rest.length < 2 || !isWrapper(rest)) return rest;
    const next = behindOptions(rest);
    if (next.length === 0) return rest;
    rest = withKnownProgram(next);
  }
  return rest;
}

function isWrapper(words: readonly string[]): boolean {
  const name = programName(words[0]);
  // `command -v curl` only asks.
  return Object.hasOwn(wrappers, name) && !(name === 'command' && /^-[vV]$/.test(words[1] ?? ''));
}

/** What one wrapper runs; empty where it runs nothing. */
export function behindOptions(words: readonly string[]): readonly string[] {
  const name = programName(words[0]);
  const valued = Object.hasOwn(wrappers, name) ? (wrappers[name] ?? []) : [];
  const texts = Object.hasOwn(textOptions, name) ? (textOptions[name] ?? []) : [];
  let own = ownArguments[name] ?? 0;
  let at = 1;
  for (; at < words.length; at++) {
    const word = words[at]!;
    if (word === '--') continue;
    if (word === '--exec' || word === '--startas') return started(words, at + 1);
    if (word.startsWith('-') && word.length > 1) {
      // `su user -c 'command'`, `env -S 'sh -c x'`: the value is shell text.
      if (texts.includes(word) || (texts.includes('-c') && /^-[a-z]{1,4}c$/.test(word)))
        return ['sh', '-c', ...words.slice(at + 1, at + 2)];
      if (valued.includes(word)) at++;
    } else if ((name === 'env' || name === 'sudo') && /^[A-Za-z_][A-Za-z0-9_]{0,255}=/.test(word)) {
      // a variable
    } else if (name === 'su' || name === 'script' || (name === 'runuser' && !words.includes('-u'))) {
      // the user or file; the command stands behind `-c`
    } else if (own > 0) {
      own--;
    } else if (joining.has(name)) {
      return ['sh', '-c', words.slice(at).join(' ')];
    } else {
      return words.slice(at);
    }
  }
  return [];
}

/** `start-stop-daemon --exec PROGRAM -- ARGUMENTS`. */
function started(words: readonly string[], at: number): readonly string[] {
  const dashes = words.indexOf('--', at);
  return [...words.slice(at, at + 1), ...(dashes < 0 ? [] : words.slice(dashes + 1))];
}

/** What commands of loaders are called; the first that fits a pattern is taken. */
const commonPrograms = (
  'curl wget bash sh dash zsh python3 python perl php ruby node base64 base32 openssl xxd nc ncat busybox chmod ' +
  'crontab sudo nohup env cat echo printf tee tar gunzip'
).split(' ');

/** `/u?r/b?n/cu?l` and `/bin/[c]url` are curl, and so is `cu${x}rl`, where nothing set `x`. */
function withKnownProgram(words: readonly string[]): readonly string[] {
  const [program = ''] = words;
  if (program.length > 255) return words;
  if (/\w\$\{\w/.test(program)) {
    const name = programName(program.replace(/\$\{\w{1,64}\}/g, ''));
    return commonPrograms.includes(name) ? [name, ...words.slice(1)] : words;
  }
  if (!/^\/.{0,200}[?*[]/.test(program)) return words;
  const pattern = programName(program);
  if (!/[a-z]/.test(pattern)) return words;
  const name = commonPrograms.find((one) => fits(one, pattern));
  return name === undefined ? words : [name, ...words.slice(1)];
}

/** Matches `?`, `[…]` and one `*`; linear. */
function fits(name: string, pattern: string): boolean {
  const parts: readonly string[] = pattern.match(/\[[^\]]{1,20}\]|[\s\S]/g) ?? [];
  const star = parts.indexOf('*');
  const matches = (part: string, letter: string | undefined): boolean =>
    letter !== undefined && (part === '?' || part === letter || (part.length > 2 && part.includes(letter)));
  if (star < 0) return parts.length === name.length && parts.every((part, at) => matches(part, name[at]));
  const tail = parts.slice(star + 1);
  return (
    parts.length - 1 <= name.length &&
    parts.slice(0, star).every((part, at) => matches(part, name[at])) &&
    tail.every((part, at) => matches(part, name[name.length - tail.length + at]))
  );
}
