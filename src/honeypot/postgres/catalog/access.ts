/** Databases, roles and sessions as the catalogs have them. */
import type { Database, Role } from '../database.ts';
import type { Context } from '../engine/context.ts';
import { momentText } from '../moments.ts';
import type { Server } from '../server.ts';
import { types } from '../types.ts';
import { type Entry, ownerOid } from './relations.ts';

export function databases({ server }: Context): Entry[] {
  const own = ['=c/postgres', 'postgres=CTc/postgres'];
  return [...server.databases.values()].map(
    (database): Entry => ({
      oid: database.oid,
      datname: database.name,
      datdba: ownerOid(server, database.owner),
      encoding: 6,
      datlocprovider: 'c',
      datistemplate: isTemplate(database),
      datallowconn: database.name !== 'template0',
      datconnlimit: -1,
      datfrozenxid: 717,
      datminmxid: 1,
      dattablespace: 1663,
      datcollate: 'C.UTF-8',
      datctype: 'C.UTF-8',
      datacl: isTemplate(database) ? own : null,
    }),
  );
}

function isTemplate({ name }: Database): boolean {
  return name.startsWith('template');
}

function roles({ server }: Context, own: (role: Role, flag: (name: string) => boolean) => Entry): Entry[] {
  return [...server.roles.values()].map((role) => own(role, (name) => role.flags[name] === true));
}

/** As SCRAM keeps a password: out of the persona, since nobody is let in by it. */
function verifier(server: Server, { name, password }: Role): string | null {
  if (password === undefined && name !== 'postgres') return null;
  const random = server.persona.random(`postgres/verifier/${name}/${password ?? ''}`);
  const text = (length: number): string => random.bytes(length).toString('base64');
  return `SCRAM-SHA-256$4096:${text(16)}$${text(32)}:${text(32)}`;
}

export const authid = (context: Context): Entry[] =>
  roles(context, (role, flag) => ({
    oid: role.oid,
    rolname: role.name,
    rolsuper: flag('superuser'),
    rolinherit: flag('inherit'),
    rolcreaterole: flag('createrole'),
    rolcreatedb: flag('createdb'),
    rolcanlogin: flag('login'),
    rolreplication: flag('replication'),
    rolbypassrls: flag('bypassrls'),
    rolconnlimit: -1,
    rolpassword: verifier(context.server, role),
  }));

export const shadow = (context: Context, shows: boolean): Entry[] =>
  roles(context, (role, flag) => ({
    usename: role.name,
    usesysid: role.oid,
    usecreatedb: flag('createdb'),
    usesuper: flag('superuser'),
    userepl: flag('replication'),
    usebypassrls: flag('bypassrls'),
    passwd: shows ? verifier(context.server, role) : '********',
  })).filter((_, index) => [...context.server.roles.values()][index]!.flags.login === true);

export function activity({ server, session: own }: Context): Entry[] {
  const clients = [...server.sessions].map(
    (session): Entry => ({
      datid: session.database.oid,
      datname: session.database.name,
      pid: session.processId,
      usesysid: server.roles.get(session.user)?.oid ?? 10,
      usename: session.user,
      application_name: session.settings.get('application_name'),
      client_addr: session.connection.src.ip,
      client_port: session.connection.src.port,
      backend_start: momentText(session.since, types.timestamptz),
      ...(session === own && { xact_start: momentText(session.now, types.timestamptz) }),
      query_start: momentText(session.now, types.timestamptz),
      state_change: momentText(session.now, types.timestamptz),
      state: session === own ? 'active' : 'idle',
      ...(session !== own && { wait_event_type: 'Client', wait_event: 'ClientRead' }),
      query: session.query.slice(0, 1024),
      backend_type: 'client backend',
    }),
  );
  return [...clients, ...background(server)];
}

/** What the machine's list of processes shows as well. */
function background({ world, startedAt }: Server): Entry[] {
  return world.processes.flatMap(({ pid, args }) => {
    const title = /^postgres: 15\/main: (.*?) *$/.exec(args[0] ?? '')?.[1];
    const waits = title === undefined ? undefined : waitsOf[title];
    if (title === undefined || waits === undefined) return [];
    return [
      {
        pid,
        ...(title === 'logical replication launcher' && { usesysid: 10, usename: 'postgres' }),
        application_name: '',
        backend_start: momentText(startedAt, types.timestamptz),
        wait_event_type: 'Activity',
        wait_event: waits,
        query: '',
        backend_type: title,
      },
    ];
  });
}

/** What background processes wait for, most of the time (wait_event.h, 15). */
const waitsOf: Readonly<Record<string, string>> = {
  checkpointer: 'CheckpointerMain',
  'background writer': 'BgWriterHibernate',
  walwriter: 'WalWriterMain',
  'autovacuum launcher': 'AutoVacuumMain',
  'logical replication launcher': 'LogicalLauncherMain',
};
