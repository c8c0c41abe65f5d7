/** What a container wrote: kept to a bound, told to whoever follows. */
import { FileError } from '../../world/files/node.ts';
import type { Quota } from '../../world/files/quota.ts';
import { type Moment, momentOf } from '../json/encode.ts';

/** 1 for standard output, 2 for standard error, as in the frames of the API. */
export type Channel = 1 | 2;

export interface LogLine {
  readonly channel: Channel;
  readonly moment: Moment;
  readonly bytes: Uint8Array;
}

/** Bytes of one container that are kept; the oldest go first. */
const mostKept = 128 << 10;
/** A line that is longer is cut, as the json-file driver does. */
const longestLine = 16 << 10;

export class Logs {
  private readonly quota: Quota;
  private lines: LogLine[] = [];
  private kept = 0;
  /** The beginning of a line of each channel. */
  private readonly begun: Record<Channel, Buffer> = { 1: Buffer.alloc(0), 2: Buffer.alloc(0) };
  private readonly followers = new Set<(line: LogLine) => void>();

  /** @param quota of the source */
  constructor(quota: Quota) {
    this.quota = quota;
  }

  get all(): readonly LogLine[] {
    return this.lines;
  }

  add(channel: Channel, bytes: Uint8Array): void {
    let rest = Buffer.concat([this.begun[channel], bytes]);
    for (;;) {
      const feed = rest.indexOf(10);
      const end = feed >= 0 ? feed + 1 : rest.length > longestLine ? longestLine : 0;
      if (end === 0) break;
      this.keep({ channel, moment: momentOf(Date.now()), bytes: Buffer.from(rest.subarray(0, end)) });
      rest = rest.subarray(end);
    }
    this.begun[channel] = rest;
  }

  /** What has no line feed at its end is a line when nothing follows. */
  flush(): void {
    for (const channel of [1, 2] as const) {
      const rest = this.begun[channel];
      this.begun[channel] = Buffer.alloc(0);
      if (rest.length > 0) this.keep({ channel, moment: momentOf(Date.now()), bytes: rest });
    }
  }

  /** @returns ends following */
  follow(follower: (line: LogLine) => void): () => void {
    this.followers.add(follower);
    return () => this.followers.delete(follower);
  }

  /** Gives its memory back. */
  close(): void {
    this.quota.take(-this.kept);
    this.kept = 0;
    this.lines = [];
  }

  private keep(line: LogLine): void {
    while (this.kept + costOf(line) > mostKept && this.lines.length > 0) this.drop();
    let isTaken = this.take(line);
    while (!isTaken && this.lines.length > 0) {
      this.drop();
      isTaken = this.take(line);
    }
    if (isTaken) {
      this.kept += costOf(line);
      this.lines.push(line);
    }
    for (const follower of this.followers) follower(line);
  }

  private drop(): void {
    const cost = costOf(this.lines.shift()!);
    this.kept -= cost;
    this.quota.take(-cost);
  }

  private take(line: LogLine): boolean {
    try {
      this.quota.take(costOf(line));
      return true;
    } catch (error) {
      if (error instanceof FileError) return false;
      throw error;
    }
  }
}

/** What a line costs beside its bytes. */
const lineCost = 128;

function costOf({ bytes }: LogLine): number {
  return lineCost + bytes.length;
}
