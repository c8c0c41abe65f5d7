/** What of a connection becomes events: all that matters, and of floods the beginning. */
import type { Connection, Recorded } from '../decoy.ts';
import { utf8 } from './bytes.ts';
import type { Outcome } from './execute.ts';
import type { Request } from './request.ts';

/** Ask what the server is and leave nothing. */
const probes: ReadonlySet<string> = new Set([
  'acl',
  'client',
  'cluster',
  'command',
  'config',
  'dbsize',
  'echo',
  'hello',
  'info',
  'lastsave',
  'latency',
  'lolwut',
  'memory',
  'module',
  'monitor',
  'ping',
  'pubsub',
  'quit',
  'reset',
  'role',
  'select',
  'slowlog',
  'time',
]);
/** Data is gone afterwards. */
const destroyers: ReadonlySet<string> = new Set(['flushall', 'flushdb']);

/** Commands of one piece of what came that have an event of their own; the others are counted. */
const maxEvents = 50;
/** Of an event: arguments, characters of one, and of one that is decoded. */
const most = { args: 50, shown: 2000, decoded: 65_536, texts: 20 };

/** A line of a crontab, or of a list of keys, which is written so that it stands alone in the file that SAVE makes. */
function plantedIn(text: string): string[] {
  return [
    ...(/(?:^|\n)[ \t]*(?:@reboot|(?:[\d*][\d*,/-]*[ \t]+){5})\S/.test(text) ? ['T1053.003'] : []),
    ...(/(?:^|\n)[ \t]*(?:ssh-(?:rsa|dss|ed25519)|ecdsa-sha2-\S{8,20}) AAAA/.test(text) ? ['T1098.004'] : []),
  ];
}

export class Journal {
  private readonly connection: Connection;
  /** Resolves when all so far is on disk. */
  private written: Promise<void> = Promise.resolve();
  private events = 0;
  private skipped = 0;
  private last: Request | undefined;

  constructor(connection: Connection) {
    this.connection = connection;
  }

  add(request: Request, { told }: Outcome): void {
    for (const [type, what] of told) this.write(type, { raw: request.raw, ...what });
    if (told.length > 0) return;
    this.last = request;
    if (this.events >= maxEvents) this.skipped += 1;
    else this.writeCommand(request);
  }

  /** Of what is no command at all. */
  addBroken(raw: Buffer, problem: string): void {
    this.write('command', {
      raw,
      texts: [raw.subarray(0, most.decoded).toString('utf8')],
      data: { problem },
    });
  }

  /** Waits until all is on disk. */
  async settle(): Promise<void> {
    if (this.skipped > 0) this.writeCommand(this.last!, { more: this.skipped - 1 });
    this.events = 0;
    this.skipped = 0;
    await this.written;
  }

  private writeCommand({ args, raw, isCut }: Request, more: Readonly<Record<string, unknown>> = {}): void {
    const [name = '', ...rest] = args;
    const isProbe = probes.has(name.toLowerCase());
    const isDestroyer = destroyers.has(name.toLowerCase());
    const texts = isProbe ? [] : rest.slice(0, most.texts).map((arg) => utf8(arg.slice(0, most.decoded)));
    const attack = [...(isDestroyer ? ['T1485'] : []), ...texts.flatMap(plantedIn)];
    this.events += 1;
    this.write(isProbe ? 'probe' : 'command', {
      raw,
      texts,
      ...(attack.length > 0 && { attack, severity: 'high' as const }),
      data: {
        command: utf8(name.slice(0, 200)),
        args: rest.slice(0, most.args).map((arg) => utf8(arg.slice(0, most.shown))),
        ...(isCut && { isCut }),
        ...more,
      },
    });
  }

  private write(type: string, what: Recorded): void {
    this.written = this.connection.record(type, what);
  }
}
