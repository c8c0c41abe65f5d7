/** One connection to a server, as the server knows it. */
import type { Database } from './keyspace.ts';
import type { Protocol, Reply } from './reply.ts';
import type { Request } from './request.ts';
import type { Server } from './server.ts';

export interface Wire {
  /** `192.0.2.1:4711`. */
  readonly address: string;
  readonly localAddress: string;
  /** What is sent without being asked for: messages, what MONITOR sees. */
  send(reply: Reply): void;
  close(): void;
}

export class Client {
  readonly id: number;
  readonly fileDescriptor: number;
  readonly server: Server;
  readonly wire: Wire;
  readonly since = Date.now();
  lastAt = Date.now();
  lastCommand = '';
  /** Bytes of the last command, and how many arguments it had. */
  lastSize = { bytes: 0, args: 0 };
  name = '';
  database: Database;
  protocol: Protocol = 2;
  user = 'default';
  /** Has said the password, or needed none. */
  isKnown: boolean;
  /** Commands of the transaction under way. */
  queue: Request[] | undefined;
  /** One of them was refused when it was queued. */
  isQueueBroken = false;
  /** Runs the commands of a transaction. */
  isExecuting = false;
  /** Runs a script. */
  isScripting = false;
  /** A key that it watches was changed. */
  isStale = false;
  private readonly watches: (() => void)[] = [];
  readonly channels = new Set<string>();
  readonly patterns = new Set<string>();
  readonly shardChannels = new Set<string>();
  isMonitor = false;
  /** CLIENT REPLY. */
  replies: 'on' | 'off' | 'skip' | 'skip-next' = 'on';
  isTracking = false;
  /** Of one that replicates from here, and whether it reads snapshots of unknown length. */
  isReplica = false;
  takesStream = false;
  /** Ends its waiting for a key. */
  unblock: ((reply?: Reply) => void) | undefined;
  isClosing = false;
  /** A command of its own is under way. */
  isBusy = false;

  constructor(id: number, server: Server, wire: Wire) {
    this.id = id;
    this.fileDescriptor = server.freeDescriptor();
    this.server = server;
    this.wire = wire;
    this.database = server.keyspace.databases[0]!;
    this.isKnown = server.needsPassword === false;
  }

  get subscriptions(): number {
    return this.channels.size + this.patterns.size + this.shardChannels.size;
  }

  /** Most keys that one client watches. */
  watch(key: string): void {
    const { database } = this;
    if (this.watches.length >= 1000) return;
    this.watches.push(
      database.listen((changed) => {
        if (changed === undefined || changed === key) this.isStale = true;
      }),
    );
  }

  unwatch(): void {
    for (const stop of this.watches.splice(0)) stop();
    this.isStale = false;
  }

  endTransaction(): void {
    this.queue = undefined;
    this.isQueueBroken = false;
    this.unwatch();
  }

  /** It gets the reply of the command under way, and nothing more. */
  end(): void {
    this.isClosing = true;
    if (!this.isBusy) this.wire.close();
  }

  /** What CLIENT LIST tells of it; sizes as they are for a client that just sent its command (7.0). */
  get description(): string {
    const now = Date.now();
    const flags = this.isMonitor ? 'O' : this.isReplica ? 'S' : this.subscriptions > 0 ? 'P' : 'N';
    const mark = `${flags}${this.isTracking ? 't' : ''}${this.queue === undefined ? '' : 'x'}`.replace(
      /^N(?=[tx])/,
      '',
    );
    const { bytes, args } = this.lastSize;
    const fields = {
      id: this.id,
      addr: this.wire.address,
      laddr: this.wire.localAddress,
      fd: this.fileDescriptor,
      name: this.name,
      age: Math.floor((now - this.since) / 1000),
      idle: Math.floor((now - this.lastAt) / 1000),
      flags: mark,
      db: this.database.index,
      sub: this.channels.size,
      psub: this.patterns.size,
      ssub: this.shardChannels.size,
      multi: this.queue === undefined ? -1 : this.queue.length,
      qbuf: bytes,
      'qbuf-free': Math.max(0, 20_474 - bytes),
      'argv-mem': args,
      'multi-mem': 0,
      rbs: 16_384,
      rbp: 16_384,
      obl: 0,
      oll: 0,
      omem: 0,
      'tot-mem': 37_648 + args,
      events: 'r',
      cmd: this.lastCommand || 'NULL',
      user: this.user,
      redir: -1,
      resp: this.protocol,
    };
    return Object.entries(fields)
      .map(([name, value]) => `${name}=${value}`)
      .join(' ');
  }
}
