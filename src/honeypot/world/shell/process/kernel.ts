/** What all processes of one run share: a world, a budget, a clock, and who is told what they did. */
import type { Origin } from '../../files/view.ts';
import type { Program } from '../../program.ts';
import type { Note, Process, World } from '../../world.ts';
import type { Console } from '../interact.ts';
import { Budget, type Limits } from './budget.ts';
import { Life } from './life.ts';

/** Whether sleeping takes its time, or only moves the world's clock. */
export type Pace = 'real' | 'skip';

export interface Terminal {
  readonly rows: number;
  readonly columns: number;
}

/** The program in a file, undefined where there is none that the world knows. */
export type ProgramLookup = (world: World, path: string) => Program | undefined;

export interface Living {
  readonly world: World;
  readonly life: Life;
  /** Absent for what `ps` does not show: a shell that only forked itself. */
  readonly entry?: Process;
}

export interface KernelOptions {
  readonly pace: Pace;
  /** Ends everything. */
  readonly signal: AbortSignal;
  readonly programs: ProgramLookup;
  readonly limits?: Limits;
  readonly terminal?: Terminal;
  /** Is told what is wrong with a program itself; to the visitor it crashed. */
  readonly onFault?: (error: unknown) => void;
}

/** Of a run; what comes after is left out. */
const mostNotes = 2000;
/** Characters of all words that are noted. */
const mostNoted = 512 << 10;
/** Of one command that is noted, and the characters of each. */
const mostWords = 256;
const longestWord = 4096;
/** A day: nobody waits longer. */
const longestSleep = 86_400_000;
/** What one sleep costs where it takes no time, so that a loop of them ends. */
const sleepCost = 1000;
/** Milliseconds between two looks whether a sleeping process was killed. */
const nap = 1000;
/** 128 + the number of the signal. */
const hangup = 129;
const killed = 137;
const terminated = 143;

export class Kernel {
  readonly budget: Budget;
  readonly programs: ProgramLookup;
  readonly terminal: Terminal | undefined;
  readonly onFault: ((error: unknown) => void) | undefined;
  readonly life = new Life();
  /** What lives, by pid. */
  readonly processes = new Map<number, Living>();
  /** What goes on while nobody waits for it. */
  readonly background = new Set<Promise<unknown>>();
  /** Of interactive shells. */
  console: Console | undefined;
  /** How often anybody slept. */
  sleeps = 0;
  private pace: Pace;
  private notes = new Map<string, Note>();
  private written = new Map<string, Origin>();
  private noted = 0;
  private readonly sleepers = new Set<() => void>();
  private readonly signal: AbortSignal;
  private readonly abort = (): void => this.life.end(hangup);

  constructor({ pace, signal, programs, limits, terminal, onFault }: KernelOptions) {
    this.budget = new Budget(limits);
    this.programs = programs;
    this.terminal = terminal;
    this.onFault = onFault;
    this.pace = pace;
    this.signal = signal;
    if (signal.aborted) this.abort();
    else signal.addEventListener('abort', this.abort, { once: true });
  }

  /** Counts work, and lets others run. @throws Ended */
  work(units: number, life: Life): Promise<void> | undefined {
    life.check();
    return this.budget.spend(units)?.then(() => life.check());
  }

  /** A number for a new process of a world. */
  pid(world: World): number {
    const pid = world.nextPid;
    world.nextPid = pid >= 4_194_303 ? 300 : pid + 1;
    return pid;
  }

  /** One that has another's number is listed in its place, until it ends. @returns ends it: it is no longer listed */
  begin(pid: number, living: Living): () => void {
    const { processes } = living.world;
    const before = this.processes.get(pid);
    const taken = takeOut(processes, before?.entry);
    this.processes.set(pid, living);
    if (living.entry !== undefined) processes.push(living.entry);
    return () => {
      this.processes.delete(pid);
      const isThere = takeOut(processes, living.entry) !== undefined;
      if (before === undefined) return;
      this.processes.set(pid, before);
      // What was killed took its number with it.
      if (taken !== undefined && isThere) processes.push(taken);
    };
  }

  /** Ends what a program took off the list of processes, as `kill` does. */
  private reap(): void {
    for (const { world, life, entry } of this.processes.values())
      if (entry !== undefined && !world.processes.includes(entry)) life.end(terminated);
  }

  /** Waits in the world's time. @throws Ended */
  async sleep(milliseconds: number, world: World, life: Life): Promise<void> {
    this.sleeps += 1;
    let left = Math.min(Math.max(0, milliseconds) || 0, longestSleep);
    for (;;) {
      this.reap();
      if (this.pace === 'skip') {
        world.ahead += left;
        await this.work(sleepCost, life);
        return;
      }
      const begun = performance.now();
      await life.race(this.nap(Math.min(left, nap)));
      left -= performance.now() - begun;
      if (left <= 0) return;
    }
  }

  private nap(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        clearTimeout(timer);
        this.sleepers.delete(wake);
        resolve();
      };
      const timer = setTimeout(wake, milliseconds);
      this.sleepers.add(wake);
    });
  }

  get isSkipping(): boolean {
    return this.pace === 'skip';
  }

  note(note: Note): void {
    const short = shortened(note);
    const key = JSON.stringify(short);
    if (this.notes.has(key) || this.notes.size >= mostNotes) return;
    this.noted += key.length;
    if (this.noted <= mostNoted) this.notes.set(key, short);
  }

  /** A file that was written, to be noted if it is still there at the end. */
  wrote(path: string, origin: Origin): void {
    if (this.written.size < mostNotes) this.written.set(path, origin);
  }

  /** What was noted since this was last asked, and the files that are still there. */
  takeNotes(): Note[] {
    const notes = [...this.notes.values()];
    for (const [path, origin] of this.written)
      if (origin.tree.get(origin.path) !== undefined) notes.push({ kind: 'file', path, origin });
    this.notes = new Map();
    this.written = new Map();
    this.noted = 0;
    return notes;
  }

  /** Lets go on what nobody waits for, fast, and then ends it. @param milliseconds that it may really take */
  async finish(milliseconds: number): Promise<void> {
    this.pace = 'skip';
    for (const wake of [...this.sleepers]) wake();
    const timer = setTimeout(() => this.life.end(killed), milliseconds);
    while (this.background.size > 0) await Promise.all(this.background);
    clearTimeout(timer);
    this.life.end(hangup);
    this.signal.removeEventListener('abort', this.abort);
  }
}

/** Words that are data more than words are cut, so that there is room for what comes behind them. */
function shortened(note: Note): Note {
  if (note.kind !== 'command') return note;
  const words = note.words.slice(0, mostWords);
  return { kind: 'command', words: words.map((word) => word.slice(0, longestWord)) };
}

/** @returns it, where it was there */
function takeOut(processes: Process[], entry: Process | undefined): Process | undefined {
  const at = entry === undefined ? -1 : processes.lastIndexOf(entry);
  if (at < 0) return undefined;
  processes.splice(at, 1);
  return entry;
}
