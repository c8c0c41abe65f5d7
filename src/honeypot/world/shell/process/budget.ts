/** What one run may use up, all its processes together; whoever goes beyond is killed, as by the kernel. */
import { Ended } from '../../program.ts';
import { isSliceOver, turn } from './turn.ts';

export interface Limits {
  /** Units of about a microsecond. */
  readonly work: number;
  /** Simple commands. */
  readonly commands: number;
  /** Bytes to standard output and standard error. */
  readonly output: number;
  /** Bytes in variables and captured output. */
  readonly memory: number;
  /** Living at the same time. */
  readonly processes: number;
  /** Functions that call functions. */
  readonly functions: number;
  /** Scripts that start scripts. */
  readonly scripts: number;
}

export const defaultLimits: Limits = {
  work: 2_000_000,
  commands: 20_000,
  output: 4 << 20,
  memory: 4 << 20,
  processes: 64,
  functions: 50,
  scripts: 8,
};

/** 128 + SIGKILL. */
const killed = 137;
/** Messages of failed forks. */
const mostRefusals = 5;
/** Units between two looks at the clock. */
const glance = 200;

export class Budget {
  readonly limits: Limits;
  private work: number;
  private commands: number;
  private output: number;
  private memory: number;
  private untilGlance = glance;
  /** Forks that failed. The first lets all fail for the rest of the run: a fork bomb is over at once. */
  private refusals = 0;

  constructor(limits: Limits = defaultLimits) {
    this.limits = limits;
    this.work = limits.work;
    this.commands = limits.commands;
    this.output = limits.output;
    this.memory = limits.memory;
  }

  /** All of it again, but for memory that is still held: an interactive shell's next line. */
  renew(): void {
    this.work = this.limits.work;
    this.commands = this.limits.commands;
    this.output = this.limits.output;
    this.refusals = 0;
  }

  /** @returns what to wait for before going on, where others wait for their turn. @throws Ended */
  spend(units: number): Promise<void> | undefined {
    this.work -= units;
    if (this.work < 0) throw new Ended(killed);
    this.untilGlance -= units;
    if (this.untilGlance > 0) return undefined;
    this.untilGlance = glance;
    return isSliceOver() ? turn() : undefined;
  }

  /** @throws Ended */
  countCommand(): void {
    this.commands -= 1;
    if (this.commands < 0) throw new Ended(killed);
  }

  /** @throws Ended */
  countOutput(bytes: number): void {
    this.output -= bytes;
    if (this.output < 0) throw new Ended(killed);
  }

  /** @param bytes negative where memory is given back. @throws Ended */
  hold(bytes: number): void {
    if (bytes > 0 && bytes > this.memory) throw new Ended(killed);
    this.memory -= bytes;
  }

  /** Whether one more process may live beside so many. */
  mayFork(living: number): boolean {
    if (living >= this.limits.processes) this.refusals = Math.max(1, this.refusals);
    if (this.refusals > 0) this.refusals += 1;
    return this.refusals === 0;
  }

  /** Whether so many were refused that no more is to be said of it. */
  get isQuiet(): boolean {
    return this.refusals > mostRefusals;
  }
}
