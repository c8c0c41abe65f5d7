/**
 * Programs that start others: tables for `command.ts`. Source: the manual pages and usage texts of the
 * programs, 2026-11.
 */

export interface Wrapper {
  /** Options that take the next word. */
  readonly valued: readonly string[];
  /** Words of its own before the command: a user, a duration. */
  readonly operands: number;
  /** `NAME=value` words before the command. */
  readonly assignments?: boolean;
  /** The command follows this word when it is there. */
  readonly after?: string;
}

const plain: Wrapper = { valued: [], operands: 0 };
const oneOperand: Wrapper = { valued: [], operands: 1 };

const wrapperTable: Readonly<Record<string, Wrapper>> = {
  exec: { valued: ['-a'], operands: 0 },
  command: plain,
  builtin: plain,
  nohup: plain,
  setsid: plain,
  time: { valued: ['-f', '-o'], operands: 0 },
  tini: { valued: ['-p', '-e'], operands: 0 },
  'tini-static': { valued: ['-p', '-e'], operands: 0 },
  'docker-init': plain,
  catatonit: plain,
  'dumb-init': { valued: ['--rewrite', '-r'], operands: 0 },
  'with-contenv': plain,
  'su-exec': oneOperand,
  gosu: oneOperand,
  's6-setuidgid': oneOperand,
  setuidgid: oneOperand,
  chpst: {
    valued: ['-u', '-U', '-e', '-/', '-n', '-l', '-L', '-m', '-d', '-o', '-p', '-f', '-c'],
    operands: 0,
  },
  setpriv: { valued: ['--reuid', '--regid', '--groups', '--ambient-caps', '--bounding-set'], operands: 0 },
  capsh: { valued: [], operands: 0, after: '--' },
  env: { valued: ['-u', '-C', '--chdir'], operands: 0, assignments: true },
  sudo: { valued: ['-u', '-g', '-h', '-p', '-C', '-D', '-R', '-T'], operands: 0, assignments: true },
  doas: { valued: ['-u', '-C'], operands: 0 },
  timeout: { valued: ['-s', '-k', '--signal', '--kill-after'], operands: 1 },
  nice: { valued: ['-n', '--adjustment'], operands: 0 },
  ionice: { valued: ['-c', '-n', '--class', '--classdata'], operands: 0 },
  chrt: { valued: [], operands: 1 },
  taskset: oneOperand,
  numactl: plain,
  stdbuf: { valued: ['-i', '-o', '-e'], operands: 0 },
  unbuffer: plain,
  chroot: oneOperand,
  unshare: plain,
  flock: { valued: ['-w', '-E', '--timeout'], operands: 1 },
  xargs: { valued: ['-n', '-I', '-P', '-L', '-d', '-a', '-s', '-E'], operands: 0 },
  parallel: { valued: ['-j'], operands: 0 },
  watch: { valued: ['-n', '--interval'], operands: 0 },
  busybox: plain,
  toybox: plain,
  strace: { valued: ['-o', '-e', '-p', '-s'], operands: 0 },
  proxychains: { valued: ['-f'], operands: 0 },
  proxychains4: { valued: ['-f'], operands: 0 },
  torsocks: plain,
  pidproxy: oneOperand,
  'run-one': plain,
  'run-this-one': plain,
  'systemd-run': { valued: ['-p', '--unit', '-u', '-t'], operands: 0 },
  'start-stop-daemon': { valued: ['-u', '-g', '-p', '--pidfile', '--chuid'], operands: 0, after: '--exec' },
  screen: { valued: ['-S', '-dmS', '-c', '-t', '-T', '-p'], operands: 0 },
  dockerize: { valued: ['-template', '-wait', '-timeout', '-stdout', '-stderr'], operands: 0 },
};

export interface Interpreter {
  /** Options whose value is source text. */
  readonly code: readonly string[];
  /** Option whose value is a module name; the empty string where there is none. */
  readonly module: string;
  /** Option whose value is the program itself; the empty string where there is none. */
  readonly program: string;
  /** Options whose value is a file that is loaded first. */
  readonly reads: readonly string[];
  /** Other options that take the next word. */
  readonly valued: readonly string[];
  /** Words before the script: `run` of deno. */
  readonly verbs: readonly string[];
}

const script: Interpreter = { code: ['-e'], module: '', program: '', reads: [], valued: [], verbs: [] };
/** `/lib64/ld-linux-x86-64.so.2 PROGRAM` runs the program, also where it is not executable. */
const dynamicLoader: Interpreter = {
  ...script,
  code: [],
  reads: ['--preload'],
  valued: ['--library-path', '--argv0', '--argv'],
};

const interpreterTable: Readonly<Record<string, Interpreter>> = {
  python: { ...script, code: ['-c'], module: '-m', valued: ['-W', '-X'] },
  pypy: { ...script, code: ['-c'], module: '-m', valued: ['-W', '-X'] },
  node: {
    ...script,
    code: ['-e', '--eval', '-p', '-pe', '--print'],
    reads: ['-r', '--require', '--import', '--loader'],
  },
  nodejs: { ...script, code: ['-e', '--eval', '-p'], reads: ['-r', '--require'] },
  nodemon: { ...script, code: [], valued: ['-e', '-w', '--watch', '--ext'] },
  'ts-node': script,
  tsx: script,
  pm2: { ...script, code: [], verbs: ['start', 'restart'], valued: ['--name', '-i'] },
  'pm2-runtime': { ...script, code: [], verbs: ['start'], valued: ['--name', '-i'] },
  'pm2-docker': { ...script, code: [], verbs: ['start'] },
  bun: { ...script, verbs: ['run'] },
  deno: { ...script, code: ['eval'], verbs: ['run'] },
  perl: { ...script, code: ['-e', '-E'] },
  ruby: { ...script, reads: ['-r', '-I'] },
  lua: { ...script, reads: ['-l'] },
  luajit: script,
  php: { ...script, code: ['-r'], program: '-f', reads: ['-c', '-d'] },
  java: {
    ...script,
    code: [],
    program: '-jar',
    reads: ['-cp', '-classpath', '--class-path', '--module-path'],
  },
  tclsh: script,
  expect: { ...script, code: ['-c'], program: '-f' },
  Rscript: script,
  awk: { ...script, code: [], program: '-f' },
  gawk: { ...script, code: [], program: '-f' },
  'ld-linux-x86-64.so': dynamicLoader,
  'ld-linux-aarch64.so': dynamicLoader,
  'ld-linux.so': dynamicLoader,
  'ld-linux-armhf.so': dynamicLoader,
  'ld-musl-x86_64.so': dynamicLoader,
  'ld-musl-aarch64.so': dynamicLoader,
};

/** Maps, because the names that are looked up come from hostile text (`constructor`). */
export const wrappers: ReadonlyMap<string, Wrapper> = new Map(Object.entries(wrapperTable));

/** By name without version: `python3.11` is `python`. */
export const interpreters: ReadonlyMap<string, Interpreter> = new Map(Object.entries(interpreterTable));
