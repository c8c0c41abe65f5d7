/** What somebody types to a process: queued until it is read, up to a bound. */

/** Bytes that wait to be read; what comes beyond is dropped, as nobody reads it. */
const mostWaiting = 1 << 20;

export class TypedInput {
  private chunks: Uint8Array[] = [];
  private waiting = 0;
  private isEnded = false;
  private wake: (() => void) | undefined;

  push(bytes: Uint8Array): void {
    if (this.isEnded || this.waiting + bytes.length > mostWaiting) return;
    this.chunks.push(bytes);
    this.waiting += bytes.length;
    this.wake?.();
  }

  end(): void {
    this.isEnded = true;
    this.wake?.();
  }

  /** The next bytes; `undefined` at the end. */
  async read(): Promise<Uint8Array | undefined> {
    while (this.chunks.length === 0 && !this.isEnded)
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    this.wake = undefined;
    const bytes = this.chunks.shift();
    if (bytes !== undefined) this.waiting -= bytes.length;
    return bytes;
  }
}
