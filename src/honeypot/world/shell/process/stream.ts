/**
 * Bytes on their way from one process to another: a pipe, a file that is read, what somebody types. Whoever holds a
 * stream reads from where the last one stopped, as processes do that share an open file; so a shell may read its
 * script from a pipe, and a command of it may read on.
 */
import { Ended } from '../../program.ts';
import type { Life } from './life.ts';

/** Linux, pipe(7). */
const capacity = 65_536;
const sigpipe = 141;
const newline = 0x0a;

export class Stream {
  readonly isTerminal: boolean;
  private readonly pull: (() => Promise<Uint8Array | undefined>) | undefined;
  private readonly chunks: Uint8Array[] = [];
  private size = 0;
  private isEnded = false;
  /** ^D at a terminal: the end for whoever reads next, and for nobody else. */
  private isPaused = false;
  private isAbandoned = false;
  private pulling: Promise<void> | undefined;
  private waiting: (() => void)[] = [];

  /** @param pull where the bytes come from that nobody pushes; `undefined` is their end */
  constructor(pull?: () => Promise<Uint8Array | undefined>, isTerminal = false) {
    this.pull = pull;
    this.isTerminal = isTerminal;
  }

  /** Waits while more lies here than a pipe takes. @throws Ended where nobody reads any more */
  async write(bytes: Uint8Array, life: Life): Promise<void> {
    if (this.isAbandoned) throw new Ended(sigpipe);
    this.push(bytes);
    while (this.size > capacity) {
      await life.race(this.change());
      if (this.isAbandoned) throw new Ended(sigpipe);
    }
  }

  push(bytes: Uint8Array): void {
    if (bytes.length === 0 || this.isAbandoned) return;
    this.chunks.push(bytes);
    this.size += bytes.length;
    this.wake();
  }

  /** Nobody writes any more. */
  end(): void {
    this.isEnded = true;
    this.wake();
  }

  /** Nobody reads any more. */
  abandon(): void {
    this.isAbandoned = true;
    this.chunks.length = 0;
    this.size = 0;
    this.wake();
  }

  /** The next bytes, `undefined` at the end. */
  async read(life: Life, most = capacity): Promise<Uint8Array | undefined> {
    for (;;) {
      const bytes = this.take(most);
      if (bytes !== undefined) return bytes;
      if (this.isEnded) return undefined;
      if (this.isPaused) {
        this.isPaused = false;
        return undefined;
      }
      await life.race(this.pull === undefined ? this.change() : this.fill(this.pull));
    }
  }

  /** Up to a newline and with it, or to the end; `undefined` where that was reached before. */
  async readLine(life: Life, most = capacity): Promise<Uint8Array | undefined> {
    const parts: Uint8Array[] = [];
    let length = 0;
    while (length < most) {
      const bytes = await this.read(life, most - length);
      if (bytes === undefined) break;
      const end = bytes.indexOf(newline) + 1;
      parts.push(end > 0 ? bytes.subarray(0, end) : bytes);
      length += parts.at(-1)!.length;
      if (end === 0) continue;
      this.unread(bytes.subarray(end));
      break;
    }
    return parts.length === 0 ? undefined : Buffer.concat(parts);
  }

  /** Gives bytes back to whoever reads next. */
  unread(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.chunks.unshift(bytes);
    this.size += bytes.length;
    this.wake();
  }

  /** Whether something is here already. */
  get isReady(): boolean {
    return this.chunks.length > 0;
  }

  /** What is here already, if anything is. */
  take(most = capacity): Uint8Array | undefined {
    const first = this.chunks[0];
    if (first === undefined) return undefined;
    const bytes = first.length > most ? first.subarray(0, most) : first;
    if (bytes === first) this.chunks.shift();
    else this.chunks[0] = first.subarray(most);
    this.size -= bytes.length;
    this.wake();
    return bytes;
  }

  /** One pull at a time: who waited for it and was killed leaves what came to the next. */
  private fill(pull: () => Promise<Uint8Array | undefined>): Promise<void> {
    this.pulling ??= pull().then(
      (bytes) => {
        this.pulling = undefined;
        if (bytes !== undefined) this.push(bytes);
        else if (this.isTerminal) this.isPaused = true;
        else this.isEnded = true;
      },
      () => {
        this.pulling = undefined;
        this.isEnded = true;
      },
    );
    return this.pulling;
  }

  private change(): Promise<void> {
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  private wake(): void {
    if (this.waiting.length === 0) return;
    const waiting = this.waiting;
    this.waiting = [];
    for (const resume of waiting) resume();
  }
}

/** A stream of what is in memory already. */
export function streamOf(bytes: Uint8Array): Stream {
  const stream = new Stream();
  stream.push(bytes);
  stream.end();
  return stream;
}
