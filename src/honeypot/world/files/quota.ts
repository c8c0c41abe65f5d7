/**
 * How much visitors may keep in memory: a bound for each world inside one for all worlds of a decoy. Whoever keeps worlds
 * forgets the longest unused when it gets tight, so that one visitor's heap is not another one's full disk.
 */
import { FileError } from './node.ts';

export class Quota {
  private used = 0;
  private readonly most: number;
  private readonly outer: Quota | undefined;

  /** @param most bytes */
  constructor(most: number, outer?: Quota) {
    this.most = most;
    this.outer = outer;
  }

  /**
   * @param wanted bytes; less than none gives back, at most what was taken
   * @throws FileError `ENOSPC` where nothing is left, and then takes nothing
   */
  take(wanted: number): void {
    const bytes = Math.max(wanted, -this.used);
    if (bytes > 0 && this.used + bytes > this.most) throw new FileError('ENOSPC');
    this.outer?.take(bytes);
    this.used += bytes;
  }

  /** Three quarters are used. */
  get isTight(): boolean {
    return this.used > this.most * 0.75;
  }

  /** Gives back all that was taken, when a world is forgotten. */
  release(): void {
    this.outer?.take(-this.used);
    this.used = 0;
  }
}
