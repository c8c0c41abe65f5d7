/** What a server counts, for INFO. */

/** Names that are counted apart. */
const maxNames = 500;

export class Statistics {
  connections = 0;
  commands = 0;
  bytesIn = 0;
  bytesOut = 0;
  reads = 0;
  writes = 0;
  rejectedCalls = 0;
  fullSyncs = 0;
  saves = 0;
  /** By command, and by the first word of errors. */
  readonly calls = new Map<string, number>();
  readonly errors = new Map<string, number>();

  countCall(name: string): void {
    this.commands += 1;
    count(this.calls, name);
  }

  countError(message: string): void {
    count(this.errors, message.split(' ', 1)[0]!);
  }

  reset(): void {
    this.connections = 0;
    this.commands = 0;
    this.bytesIn = 0;
    this.bytesOut = 0;
    this.reads = 0;
    this.writes = 0;
    this.fullSyncs = 0;
    this.calls.clear();
    this.errors.clear();
  }
}

function count(counts: Map<string, number>, name: string): void {
  if (counts.has(name) || counts.size < maxNames) counts.set(name, (counts.get(name) ?? 0) + 1);
}
