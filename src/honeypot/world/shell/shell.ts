/** The state of one shell: what a fork copies, and what it says. What it does stands in `execute.ts` and beyond. */
import type { View } from '../files/view.ts';
import type { Run } from '../program.ts';
import type { World } from '../world.ts';
import { bytesOf } from './bytes.ts';
import type { Dialect } from './dialect.ts';
import { Failure } from './failure.ts';
import { History } from './history.ts';
import type { Descriptors } from './process/descriptors.ts';
import type { Kernel } from './process/kernel.ts';
import { Life } from './process/life.ts';
import type { FunctionDefinition } from './syntax/syntax.ts';
import { Variables } from './variables.ts';
import { type Wording, wordings } from './wording.ts';

/** What leaves the commands that are running. */
export type Jump =
  | { readonly kind: 'break' | 'continue'; readonly levels: number }
  | { readonly kind: 'return' | 'exit' };

export interface Job {
  readonly number: number;
  readonly pid: number;
  readonly source: string;
  readonly life: Life;
  readonly ended: Promise<number>;
  /** Absent while it runs. */
  exitCode?: number;
  /** Disowned, or waited for: it is no longer listed, but `wait` knows it by its pid. */
  isForgotten?: boolean;
}

/** Where its commands come from. */
export type Source = 'command' | 'file' | 'input' | 'terminal';

export class Shell {
  readonly kernel: Kernel;
  readonly dialect: Dialect;
  readonly say: Wording;
  readonly world: World;
  readonly user: Run['user'];
  readonly source: Source;
  /** The name it was started by, without folders. */
  readonly applet: string;
  /** `$$`, also in those that are forked from it. */
  readonly pid: number;
  readonly ownPid: number;
  readonly ppid: number;
  /** Of the process that it is, also where it was forked: `$PPID` stays what it was. */
  readonly parentPid: number;
  /** How often it was forked. */
  readonly forks: number;
  /** Scripts that started scripts. */
  readonly depth: number;
  readonly variables: Variables;
  readonly functions: Map<string, FunctionDefinition>;
  readonly aliases: Map<string, string>;
  /** `set -o`, by name. */
  readonly options: Set<string>;
  /** bash's `shopt`. */
  readonly shopts: Set<string>;
  /** Actions by the name of the signal; `EXIT`, `ERR`. */
  readonly traps: Map<string, string>;
  readonly jobs: Job[] = [];
  readonly hashed = new Map<string, { path: string; hits: number }>();
  /** `ulimit`, by letter, where it was changed. */
  readonly limits: Map<string, string>;
  /** `pushd`. */
  directories: string[];
  /** Names of the functions that run, the innermost first. */
  calls: string[];
  life: Life;
  files: View;
  descriptors: Descriptors;
  /** `$0`. */
  name: string;
  /** Of what is read by `.`, for messages of bash. */
  sourced: string | undefined;
  /** Of the builtin that runs, or the script: dash and ash say it. */
  command: string | undefined;
  parameters: string[];
  line = 1;
  /** On which the command ends that was read last; bash counts on from there in `eval`. */
  lastLine = 1;
  status = 0;
  pipeStatus: readonly number[] = [0];
  jump: Jump | undefined;
  loops = 0;
  /** Commands whose failure is looked at, so that `set -e` lets it pass. */
  tested = 0;
  /** `.` files that are being read. */
  sourcing = 0;
  mask = 0o022;
  startedAt: number;
  lastJob: number | undefined;
  readonly history: History;
  /** Signals that came, and have a trap. */
  readonly signals: string[] = [];
  isInteractive: boolean;
  /** What is to be put away when the command has ended that runs. */
  leavings: (() => void)[] = [];
  /** Its one command may take its process over. */
  isReplaceable = false;
  /** Substitutions and `eval` around what runs, for `set -x`. */
  traceLevel = 0;
  /** Exit code of the last substitution, which is that of a command that only assigns. */
  substituted: number | undefined;
  /** Of `getopts`: the argument and the letter in it that come next. */
  optionPlace = { index: 1, place: 1 };

  constructor(made: Made) {
    const { from } = made;
    this.kernel = made.kernel;
    this.dialect = made.dialect;
    this.say = wordings[made.dialect.name];
    this.world = made.world;
    this.user = made.user;
    this.source = made.source;
    this.applet = made.applet;
    this.pid = made.pid;
    this.ownPid = made.ownPid;
    this.ppid = made.ppid;
    this.parentPid = made.parentPid ?? made.ppid;
    this.depth = made.depth;
    this.files = made.files;
    this.descriptors = made.descriptors;
    this.life = made.life;
    this.name = made.name;
    this.parameters = made.parameters;
    this.isInteractive = made.isInteractive;
    this.startedAt = made.startedAt;
    this.forks = from === undefined ? 0 : from.forks + 1;
    this.variables = new Variables(this, from?.variables);
    this.functions = new Map(from?.functions);
    this.aliases = new Map(from?.aliases);
    this.options = new Set(from?.options);
    this.shopts = new Set(from?.shopts);
    this.traps = new Map();
    this.limits = new Map(from?.limits);
    this.directories = from?.directories ?? [];
    this.calls = from?.calls ?? [];
    this.history = from?.history ?? new History();
    this.sourced = from?.sourced;
    this.command = from?.command;
    this.line = from?.line ?? 1;
    this.lastLine = from?.lastLine ?? 1;
    this.status = from?.status ?? 0;
    this.loops = from?.loops ?? 0;
    this.tested = from?.tested ?? 0;
    this.sourcing = from?.sourcing ?? 0;
    this.mask = from?.mask ?? 0o022;
    this.lastJob = from?.lastJob;
    this.traceLevel = from?.traceLevel ?? 0;
  }

  /**
   * Another process that goes on from here.
   * @throws Failure where there are too many
   */
  fork(life: Life = new Life(this.life)): Shell {
    const { kernel } = this;
    if (!kernel.budget.mayFork(kernel.processes.size))
      throw new Failure(kernel.budget.isQuiet ? '' : this.say.noFork, this.dialect.isBash ? 254 : 2, true);
    const ownPid = kernel.pid(this.world);
    kernel.begin(ownPid, { world: this.world, life });
    const descriptors = this.descriptors.fork();
    const parameters = [...this.parameters];
    const parentPid = this.ownPid;
    const changed = { ownPid, parentPid, life, descriptors, parameters, isInteractive: false };
    return new Shell({ ...this, from: this, ...changed });
  }

  /** Of a forked shell: gives back what it held. */
  close(): void {
    this.descriptors.closeAll();
    this.variables.close();
    this.life.close();
    this.kernel.processes.delete(this.ownPid);
  }

  get isSubshell(): boolean {
    return this.forks > 0;
  }

  get cwd(): string {
    return this.variables.get('PWD') ?? this.files.cwd;
  }

  has(option: string): boolean {
    return this.options.has(option);
  }

  /** Exit code where an expansion is the end of the shell. */
  get fatal(): number {
    if (!this.dialect.isBash) return 2;
    return this.source === 'command' && !this.isSubshell ? 127 : 1;
  }

  /** Counts work. @throws Ended */
  work(units: number): Promise<void> | undefined {
    return this.kernel.work(units, this.life);
  }

  /** To a descriptor; where it is closed, to nowhere. @throws Ended, FileError */
  async write(number: number, data: string | Uint8Array): Promise<void> {
    if (data.length === 0) return;
    const bytes = typeof data === 'string' ? bytesOf(data) : data;
    const sink = this.descriptors.get(number)?.output;
    await this.work(1 + (sink?.cost ?? 0) + (bytes.length >> 10));
    await sink?.write(bytes, this.life);
  }

  /**
   * Says what is wrong, as this dialect begins such a line.
   * @param builtin that says it
   * @param isOrigin whether that is where bash says its text came from, which stands before the line
   */
  async complain(text: string, builtin?: string, isOrigin = false): Promise<void> {
    const isOriginOfBash = isOrigin && this.dialect.isBash && builtin !== undefined;
    const prefix = isOriginOfBash ? `${this.name}: ${builtin}: line ${this.line}: ` : this.prefix(builtin);
    await this.write(2, `${prefix}${text}\n`);
  }

  /** busybox's commands that are also programs of their own name only themselves. */
  async complainAsProgram(text: string, builtin: string): Promise<void> {
    if (this.dialect.name !== 'ash') return this.complain(text, builtin);
    await this.write(2, `${this.applet}: ${text}\n`);
  }

  /** A function that was not read from a file is said to come from elsewhere. */
  private get origin(): string {
    if (this.calls.length === 0) return this.name;
    return { command: 'environment', input: 'main', file: this.name, terminal: this.name }[this.source];
  }

  private prefix(builtin: string | undefined): string {
    const isTerminal = this.source === 'terminal';
    switch (this.dialect.name) {
      case 'bash': {
        const place = isTerminal && this.sourced === undefined ? '' : `line ${this.line}: `;
        return `${this.sourced ?? this.origin}: ${place}${builtin === undefined ? '' : `${builtin}: `}`;
      }
      case 'dash': {
        const command = builtin ?? this.command;
        return `${this.name}: ${this.line}: ${command === undefined ? '' : `${command}: `}`;
      }
      case 'ash': {
        const command = builtin ?? (this.source === 'file' ? (this.command ?? this.name) : this.command);
        if (command === undefined) return `${this.name}: `;
        const place = isTerminal ? '' : `line ${this.line}: `;
        return `${this.name}: ${command === this.name ? '' : `${command}: `}${place}`;
      }
    }
  }
}

export interface Made {
  readonly kernel: Kernel;
  readonly dialect: Dialect;
  readonly world: World;
  readonly user: Run['user'];
  readonly source: Source;
  readonly applet: string;
  readonly pid: number;
  readonly ownPid: number;
  readonly ppid: number;
  readonly parentPid?: number;
  readonly depth: number;
  readonly files: View;
  readonly descriptors: Descriptors;
  readonly life: Life;
  readonly name: string;
  readonly parameters: string[];
  readonly isInteractive: boolean;
  readonly startedAt: number;
  readonly from?: Shell;
}
