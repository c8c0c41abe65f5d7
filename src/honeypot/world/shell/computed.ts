/** Variables that a shell makes at each reading: what changes by itself, and what all shells have in common. */
import { randomInt } from 'node:crypto';
import { now } from '../world.ts';
import type { Shell } from './shell.ts';
import type { Elements } from './variables.ts';

export interface Computed {
  get(shell: Shell): string | Elements;
  /** What assigning does; without it, the variable is then an ordinary one. */
  set?(shell: Shell, value: string): void;
  readonly isReadonly?: boolean;
}

const seconds = (milliseconds: number): string => String(Math.floor(milliseconds / 1000));

const random: Computed = { get: () => String(randomInt(32_768)), set() {} };
const line: Computed = { get: (shell) => String(shell.line), set() {} };
const constant = (text: string): Computed => ({ get: () => text });
const fixed = (get: Computed['get']): Computed => ({ get, isReadonly: true });

const ofBash: ReadonlyMap<string, Computed> = new Map([
  ['RANDOM', random],
  ['LINENO', line],
  ['SRANDOM', { get: () => String(randomInt(2 ** 32)), set() {} }],
  [
    'SECONDS',
    {
      get: (shell) => seconds(now(shell.world) - shell.startedAt),
      set(shell, value) {
        shell.startedAt = now(shell.world) - 1000 * (Number.parseInt(value, 10) || 0);
      },
    },
  ],
  ['EPOCHSECONDS', { get: (shell) => seconds(now(shell.world)), set() {} }],
  ['EPOCHREALTIME', { get: (shell) => `${(now(shell.world) / 1000).toFixed(6)}`, set() {} }],
  ['BASHPID', { get: (shell) => String(shell.ownPid), set() {} }],
  ['BASH_SUBSHELL', { get: (shell) => String(shell.forks), set() {} }],
  ['PIPESTATUS', { get: (shell) => listOf(shell.pipeStatus.map(String)), set() {} }],
  ['FUNCNAME', { get: (shell) => listOf(callsOf(shell)), set() {} }],
  ['DIRSTACK', { get: (shell) => listOf([shell.cwd, ...shell.directories]), set() {} }],
  ['GROUPS', { get: (shell) => listOf([String(shell.user.gid)]), set() {} }],
  ['BASH', { get: ({ applet }) => `/bin/${applet === 'sh' ? 'sh' : 'bash'}` }],
  ['BASH_VERSION', constant('5.2.15(1)-release')],
  ['BASH_VERSINFO', fixed(() => listOf(['5', '2', '15', '1', 'release', 'x86_64-pc-linux-gnu']))],
  ['HOSTNAME', { get: (shell) => shell.world.hostname }],
  ['HOSTTYPE', constant('x86_64')],
  ['MACHTYPE', constant('x86_64-pc-linux-gnu')],
  ['OSTYPE', constant('linux-gnu')],
  ['UID', fixed((shell) => String(shell.user.uid))],
  ['EUID', fixed((shell) => String(shell.user.uid))],
  ['PPID', fixed((shell) => String(shell.ppid))],
  ['BASHOPTS', fixed((shell) => [...shell.shopts].sort().join(':'))],
  ['SHELLOPTS', fixed((shell) => [...shell.options].sort().join(':'))],
]);

const ofAsh: ReadonlyMap<string, Computed> = new Map([
  ['RANDOM', random],
  ['LINENO', line],
]);

export const computed: Readonly<Record<Shell['dialect']['name'], ReadonlyMap<string, Computed>>> = {
  bash: ofBash,
  ash: ofAsh,
  dash: new Map(),
};

/** Of a script, all of it is a function at the outside. */
function callsOf({ calls, source }: Shell): readonly string[] {
  return source === 'file' && calls.length > 0 ? [...calls, 'main'] : calls;
}

const nobody = Symbol('computed');

function listOf(texts: readonly string[]): Elements {
  return { owner: nobody, isKeyed: false, map: new Map(texts.entries()) };
}
