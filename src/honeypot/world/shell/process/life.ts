/** How long a process lives: until it is killed, or what it belongs to is. Whatever waits, waits through its life. */
import { Ended } from '../../program.ts';

export class Life {
  /** Why it is over. */
  ended: Ended | undefined;
  private readonly listeners = new Set<(ended: Ended) => void>();
  private readonly leave: (() => void) | undefined;

  /** @param within ends this one with itself */
  constructor(within?: Life) {
    this.ended = within?.ended;
    if (this.ended === undefined) this.leave = within?.onEnd((ended) => this.end(ended));
  }

  /** @param why an exit code, 128 + the number of a signal */
  end(why: Ended | number): void {
    if (this.ended !== undefined) return;
    const ended = typeof why === 'number' ? new Ended(why) : why;
    this.ended = ended;
    this.close();
    for (const listener of [...this.listeners]) listener(ended);
    this.listeners.clear();
  }

  /** It came to its own end. */
  close(): void {
    this.leave?.();
  }

  /** @returns takes the listener off again */
  onEnd(listener: (ended: Ended) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** @throws Ended where it is over */
  check(): void {
    if (this.ended !== undefined) throw this.ended;
  }

  /** What is waited for, or `Ended` if that comes first. */
  race<T>(promise: Promise<T>): Promise<T> {
    // Nobody waits for it any more when this is over, and what it fails with is nobody's.
    promise.catch(() => {});
    this.check();
    return new Promise((resolve, reject) => {
      const off = this.onEnd(reject);
      promise.then(
        (value) => {
          off();
          resolve(value);
        },
        (error: unknown) => {
          off();
          reject(error);
        },
      );
    });
  }
}
