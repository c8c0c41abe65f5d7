/** One Redis, as one source sees it: what it holds and who is connected, until the source is forgotten. */
import type { Persona } from '../persona/persona.ts';
import { type Ran, runLine } from '../run-line.ts';
import { Quota } from '../world/files/quota.ts';
import { View } from '../world/files/view.ts';
import { now, type Process, type World } from '../world/world.ts';
import { Client, type Wire } from './client.ts';
import { Configuration, parameterNames } from './configuration.ts';
import { Functions } from './functions.ts';
import { fillDatabase, type Identity, identityOf } from './identity.ts';
import { Keyspace } from './keyspace.ts';
import { Replication } from './replication.ts';
import { status } from './reply.ts';
import { Scripts } from './scripts.ts';
import { Statistics } from './statistics.ts';
import { Users } from './users.ts';

/** Commands of the modules that attackers load. */
const moduleCommands: ReadonlySet<string> = new Set(['system.exec', 'system.rev', 'shell.exec']);

export class Server {
  readonly persona: Persona;
  readonly identity: Identity;
  readonly world: World;
  readonly process: Process;
  readonly keyspace: Keyspace;
  readonly config = new Configuration();
  readonly users: Users;
  readonly statistics = new Statistics();
  readonly replication: Replication;
  readonly clients = new Map<number, Client>();
  /** By SHA-1. */
  readonly scripts = new Scripts();
  readonly functions: Functions;
  /** Paths by name. */
  readonly modules = new Map<string, string>();
  /** Seconds since 1970. */
  savedAt: number;
  private readonly quota: Quota;
  private nextClient: number;

  /** @param quota memory for the servers of all sources */
  constructor(persona: Persona, world: World, quota: Quota) {
    this.persona = persona;
    this.world = world;
    this.identity = identityOf(persona);
    this.users = new Users();
    this.process = processIn(world);
    readConfiguration(this.config, world);
    this.quota = new Quota(8 << 20, quota);
    this.keyspace = new Keyspace(this.quota);
    this.functions = new Functions(this.quota);
    this.replication = new Replication(this.identity.replicationId);
    this.nextClient = this.identity.connections;
    this.savedAt = Math.floor(Date.now() / 1000) - persona.random('redis/saved').int(200, 3400);
    fillDatabase(this.keyspace.databases[0]!, persona);
    this.keyspace.databases[0]!.changes = 0;
  }

  connect(wire: Wire): Client {
    this.nextClient += 1;
    const client = new Client(this.nextClient, this, wire);
    this.clients.set(client.id, client);
    this.statistics.connections += 1;
    return client;
  }

  disconnect(client: Client): void {
    this.clients.delete(client.id);
    client.unwatch();
    client.unblock?.();
  }

  /** Gives its memory back. */
  close(): void {
    this.quota.release();
  }

  get isInUse(): boolean {
    return this.clients.size > 0;
  }

  get size(): number {
    return this.keyspace.size + this.scripts.size + this.functions.size;
  }

  /** Seconds. */
  get uptime(): number {
    return Math.floor((now(this.world) - this.process.startedAt) / 1000);
  }

  get needsPassword(): boolean {
    return !this.users.default.needsNoPassword;
  }

  /** As the kernel gives them: the lowest that is free. */
  freeDescriptor(): number {
    const taken = new Set([...this.clients.values()].map(({ fileDescriptor }) => fileDescriptor));
    let lowest = 8;
    while (taken.has(lowest)) lowest += 1;
    return lowest;
  }

  hasModule(name: string): boolean {
    return this.modules.size > 0 && moduleCommands.has(name);
  }

  /** Files as the server sees them, from its working directory. */
  get files(): View {
    return new View(this.world.files).in(this.config.get('dir'));
  }

  read(path: string): Buffer {
    return Buffer.from(this.files.read(path));
  }

  runs(line: string): Promise<Ran> {
    return runLine(this.world, line);
  }

  /** The order in which a hash table of this server has them. */
  scrambled(list: readonly string[]): string[] {
    const { hashSeed } = this.identity;
    const keyed = list.map((text) => [orderOf(hashSeed, text), text] as const);
    return keyed.sort(([a], [b]) => a - b).map(([, text]) => text);
  }

  showMonitors(from: Client, args: readonly string[]): void {
    let line: string | undefined;
    for (const client of this.clients.values()) {
      if (!client.isMonitor || client === from) continue;
      line ??= monitorLine(from, args);
      client.wire.send(status(line));
    }
  }
}

/** The process of the host that it is; whoever runs it so openly does so as root. */
function processIn({ processes }: World): Process {
  const at = processes.findIndex(({ args }) => args[0]?.startsWith('/usr/bin/redis-server'));
  const process = { ...processes[at]!, user: 'root' };
  processes[at] = process;
  return process;
}

/** As the host's file has it. */
function readConfiguration(config: Configuration, world: World): void {
  const text = Buffer.from(new View(world.files).read('/etc/redis/redis.conf')).toString();
  for (const line of text.split('\n')) {
    const space = line.indexOf(' ');
    const name = line.slice(0, space);
    if (parameterNames.includes(name)) config.begin(name, line.slice(space + 1));
  }
}

/** FNV-1a over the seed and the text, of which the end tells keys apart. */
function orderOf(seed: string, text: string): number {
  let hash = 0x811c9dc5;
  for (const part of [seed, text.slice(-64)])
    for (let at = 0; at < part.length; at += 1) hash = Math.imul(hash ^ part.charCodeAt(at), 0x01000193);
  return hash >>> 0;
}

function monitorLine(from: Client, args: readonly string[]): string {
  const time = (performance.timeOrigin + performance.now()) / 1000;
  const words = args.map((arg) => quoted(arg)).join(' ');
  return `${time.toFixed(6)} [${from.database.index} ${from.wire.address}] ${words}`;
}

const names: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '"': '\\"',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\x07': '\\a',
  '\b': '\\b',
};

/** As `sdscatrepr` writes it. */
export function quoted(bytes: string): string {
  const text = bytes.replace(
    /[\\"]|[^ -~]/g,
    (char) => names[char] ?? `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`,
  );
  return `"${text}"`;
}
