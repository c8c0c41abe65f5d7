/** The lines of sed, read one ahead, because `$` is the last. */
import type { Lines } from '../streams.ts';

export class SedInput {
  /** Of the last line that was taken. */
  number = 0;
  private readonly lines: AsyncGenerator<Lines>;
  private queue: string[] = [];
  private isOpen = false;
  private isDone = false;

  constructor(lines: AsyncGenerator<Lines>) {
    this.lines = lines;
  }

  async next(): Promise<string | undefined> {
    await this.fill();
    const line = this.queue.shift();
    if (line !== undefined) this.number += 1;
    return line;
  }

  async isLast(): Promise<boolean> {
    await this.fill();
    return this.queue.length === 0;
  }

  /** Whether the last line was taken, and had no newline. */
  get isCut(): boolean {
    return this.isOpen && this.isDone && this.queue.length === 0;
  }

  private async fill(): Promise<void> {
    while (this.queue.length < 2 && !this.isDone) {
      const result = await this.lines.next();
      if (result.done) this.isDone = true;
      else {
        this.queue = this.queue.concat(result.value.lines);
        this.isOpen = result.value.isOpen;
      }
    }
  }
}
