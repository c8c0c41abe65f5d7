/** A cluster of databases as one source sees it, until the source is forgotten. */
import type { Persona } from '../persona/persona.ts';
import { type Ran, runLine } from '../run-line.ts';
import { Quota } from '../world/files/quota.ts';
import { View } from '../world/files/view.ts';
import type { Run } from '../world/program.ts';
import type { Process, World } from '../world/world.ts';
import { fillDatabases } from './contents.ts';
import { Database, type Role, Room, sizeOfRows, type Table } from './database.ts';
import type { Session } from './session.ts';

/** PostgreSQL 15.18 of Debian 12. */
export const version = '15.18 (Debian 15.18-0+deb12u1)';
export const versionText = `PostgreSQL ${version} on x86_64-pc-linux-gnu, compiled by gcc (Debian 12.2.0-14+deb12u1) 12.2.0, 64-bit`;

/** As whom the server runs what it is told to run. */
const serverUser = 'postgres';
/** Bytes of tables and large objects that one source may fill. */
const share = 8 << 20;

export class Server {
  readonly persona: Persona;
  readonly world: World;
  readonly databases = new Map<string, Database>();
  readonly roles = new Map<string, Role>();
  readonly largeObjects = new Map<number, Buffer>();
  readonly sessions = new Set<Session>();
  readonly room: Room;
  /** When it was started, in milliseconds since 1970. */
  readonly startedAt: number;
  /** What queries hold while they run. */
  readonly working: Quota;
  private readonly quota: Quota;
  private written: number;
  private nextOid: number;
  private nextProcess: number;
  /** The last that was given out. */
  lastTransaction: number;
  /** What was there before anybody came has lower numbers. */
  readonly firstVisitorOid: number;
  /** Passwords that were not right, by role. */
  readonly attempts = new Map<string, number>();

  /** @param quota of what is kept, and @param working of what queries hold, of all sources */
  constructor(persona: Persona, world: World, quota: Quota, working: Quota) {
    const random = persona.random('postgres/server');
    this.persona = persona;
    this.world = world;
    this.quota = new Quota(2 * share, quota);
    this.working = working;
    this.room = new Room(this.quota, share, () => this.count());
    const process = processIn(world);
    this.startedAt = process.startedAt;
    this.nextOid = 16_384 + random.int(0, 40) * 3;
    this.nextProcess = world.nextPid + random.int(10, 400);
    this.lastTransaction = random.int(900, 90_000);
    this.written = random.int(0x190_0000, 0x7f00_0000) & ~7;
    fillDatabases(this, persona);
    this.firstVisitorOid = this.nextOid;
  }

  get isInUse(): boolean {
    return this.sessions.size > 0;
  }

  get size(): number {
    return this.room.size;
  }

  close(): void {
    this.quota.release();
  }

  oid(): number {
    this.nextOid += 1;
    return this.nextOid - 1;
  }

  transaction(): number {
    this.lastTransaction += 1;
    return this.lastTransaction;
  }

  /** How far the log of changes is written, as `pg_lsn`. */
  position(): string {
    this.written += 56 + (this.transaction() % 9) * 8;
    return `0/${this.written.toString(16).toUpperCase()}`;
  }

  /** Of a new connection. */
  processId(): number {
    this.nextProcess += 1 + (this.nextProcess % 3);
    return this.nextProcess;
  }

  addDatabase(name: string, owner: string, oid = this.oid()): Database {
    const database = new Database(oid, name, owner);
    database.extensions.set('plpgsql', {
      oid: 13_756,
      name: 'plpgsql',
      version: '1.0',
      schema: 'pg_catalog',
      comment: 'PL/pgSQL procedural language',
    });
    this.databases.set(name, database);
    return database;
  }

  addRole(name: string, flags: Readonly<Record<string, boolean>>, password?: string, oid = this.oid()): Role {
    const role: Role = { oid, name, password, flags: { inherit: true, ...flags } };
    this.roles.set(name, role);
    return role;
  }

  roleName(oid: number): string {
    for (const role of this.roles.values()) if (role.oid === oid) return role.name;
    return `unknown (OID=${oid})`;
  }

  /** Files as the server sees them, from its data directory. */
  get files(): View {
    const { uid, gid } = userOf(this.world);
    return new View(this.world.files).as({ uid, gid }).in('/var/lib/postgresql/15/main');
  }

  runs(line: string, input?: Uint8Array): Promise<Ran> {
    return runLine(this.world, line, { user: userOf(this.world), ...(input && { input }) });
  }

  /** What there is, to come back to it. @returns brings it back */
  capture(): () => void {
    const databases = new Map(this.databases);
    const roles = new Map(
      [...this.roles].map(([name, role]) => [name, { ...role, flags: { ...role.flags } }]),
    );
    const objects = new Map(this.largeObjects);
    const inside = [...databases.values()].map((database) => {
      const { routines } = database;
      const [tables, views, sequences, schemas, extensions] = [
        new Map(database.tables),
        new Map(database.views),
        new Map(database.sequences),
        new Map(database.schemas),
        new Map(database.extensions),
      ];
      const rows = [...tables.values()].map(
        (table: Table) => [table, table.rows, table.rows.length] as const,
      );
      return () => {
        Object.assign(database, { tables, views, sequences, schemas, extensions, routines });
        for (const [table, before, length] of rows) table.rows = before.slice(0, length);
      };
    });
    return () => {
      replace(this.databases, databases);
      replace(this.roles, roles);
      replace(this.largeObjects, objects);
      for (const restore of inside) restore();
    };
  }

  private count(): number {
    let sum = 0;
    for (const { tables, views, routines } of this.databases.values()) {
      for (const { rows, size } of tables.values()) sum += size + sizeOfRows(rows);
      for (const { size } of [...views.values(), ...routines]) sum += size;
    }
    for (const object of this.largeObjects.values()) sum += object.length;
    for (const session of this.sessions) sum += session.held;
    return sum;
  }
}

function replace<K, V>(map: Map<K, V>, by: ReadonlyMap<K, V>): void {
  map.clear();
  for (const [key, value] of by) map.set(key, value);
}

function processIn({ processes }: World): Process {
  return processes.find(({ args }) => args[0]?.endsWith('/bin/postgres'))!;
}

/** As the world's /etc/passwd has it. */
function userOf(world: World): Run['user'] {
  const lines = Buffer.from(new View(world.files).read('/etc/passwd')).toString().split('\n');
  const [name = serverUser, , uid, gid, , home = '/var/lib/postgresql'] = lines
    .find((line) => line.startsWith(`${serverUser}:`))!
    .split(':');
  return { name, uid: Number(uid), gid: Number(gid), home };
}
