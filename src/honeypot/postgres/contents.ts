/** What is in the persona's databases: roles, and the tables of some application, with rows that open nothing. */
import { placeNames } from '../persona/choices.ts';
import type { Persona } from '../persona/persona.ts';
import type { Random } from '../persona/random.ts';
import type { Column, Database } from './database.ts';
import { momentText } from './moments.ts';
import type { Server } from './server.ts';
import { type Type, types, type Value } from './types.ts';

const everything = {
  superuser: true,
  createrole: true,
  createdb: true,
  login: true,
  replication: true,
  bypassrls: true,
};
const letters = 'abcdefghijklmnopqrstuvwxyz';
const day = 86_400_000;

export function fillDatabases(server: Server, persona: Persona): void {
  const random = persona.random('postgres/contents');
  server.addRole('postgres', everything, undefined, 10);
  for (const [name, oid] of predefined) server.addRole(name, {}, undefined, oid);
  server.addDatabase('postgres', 'postgres', 5);
  server.addDatabase('template1', 'postgres', 1);
  server.addDatabase('template0', 'postgres', 4);
  const project = random.pick(['orders', 'shop', 'billing', 'crm', 'tracker', 'portal', ...placeNames]);
  server.addRole(project, { login: true }, random.text(`${letters}0123456789`, 20));
  const database = server.addDatabase(
    `${project}_${random.pick(['production', 'prod', 'app', 'live'])}`,
    project,
  );
  fillApplication(server, database, project, random);
}

/** Roles that every cluster has (pg_authid.dat, 15). */
const predefined: readonly (readonly [string, number])[] = [
  ['pg_database_owner', 6171],
  ['pg_read_all_data', 6181],
  ['pg_write_all_data', 6182],
  ['pg_monitor', 3373],
  ['pg_read_all_settings', 3374],
  ['pg_read_all_stats', 3375],
  ['pg_stat_scan_tables', 3377],
  ['pg_read_server_files', 4569],
  ['pg_write_server_files', 4570],
  ['pg_execute_server_program', 4571],
  ['pg_signal_backend', 4200],
  ['pg_checkpoint', 4544],
];

function fillApplication(server: Server, database: Database, owner: string, random: Random): void {
  const now = Date.now();
  const time = (least: number, most: number): string =>
    momentText(now - random.int(least, most) * 60_000 - random.int(0, 59_999), types.timestamptz);
  const people = Array.from({ length: random.int(14, 40) }, () => {
    const name = `${random.text(letters, random.int(4, 8))}.${random.text(letters, random.int(5, 9))}`;
    return `${name}@${random.pick(['example.com', 'example.org', 'example.net'])}`;
  });
  // A hash in the form of bcrypt of no password at all.
  const hash = (): string => `$2a$12$${random.text(`${letters}ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789./`, 53)}`;
  addTable(
    server,
    database,
    owner,
    'users',
    [
      ['id', types.int4, true],
      ['email', types.text, true],
      ['password_digest', types.text, true],
      ['admin', types.bool, true],
      ['created_at', types.timestamptz, true],
    ],
    people.map((email, index) => [index + 1, email, hash(), index === 0, time(3000, 900_000)]),
  );
  addTable(
    server,
    database,
    owner,
    'orders',
    [
      ['id', types.int4, true],
      ['user_id', types.int4, true],
      ['total_cents', types.int4, true],
      ['status', types.text, true],
      ['created_at', types.timestamptz, true],
    ],
    Array.from({ length: random.int(40, 120) }, (_, index) => [
      index + 1,
      random.int(1, people.length),
      random.int(499, 48_000),
      random.pick(['paid', 'paid', 'shipped', 'pending', 'refunded']),
      time(10, 300_000),
    ]),
  );
  addTable(
    server,
    database,
    owner,
    'api_keys',
    [
      ['id', types.int4, true],
      ['name', types.text, true],
      ['key', types.text, true],
      ['revoked_at', types.timestamptz, false],
    ],
    [
      [1, 'payments', `sk_live_${random.text(`${letters}0123456789`, 24)}`, null],
      [2, 'mailer', random.hex(40), time(9000, 90_000)],
    ],
  );
  addTable(
    server,
    database,
    owner,
    'schema_migrations',
    [['version', types.text, true]],
    Array.from({ length: random.int(6, 20) }, () => [
      momentText(now - random.int(20, 900) * day, types.timestamp)
        .replace(/\D/g, '')
        .slice(0, 14),
    ]),
  );
}

function addTable(
  server: Server,
  database: Database,
  owner: string,
  name: string,
  columns: readonly (readonly [name: string, type: Type, notNull: boolean])[],
  rows: Value[][],
): void {
  const made = columns.map(
    ([column, type, notNull]): Column => ({ name: column, type, notNull, modifiers: [], isSerial: false }),
  );
  database.addTable({
    oid: server.oid(),
    schema: 'public',
    name,
    owner,
    columns: made,
    keys: [
      { name: `${name}_pkey`, columns: [0], isPrimary: true, oid: server.oid(), constraint: server.oid() },
    ],
    rows,
    size: 200 + 100 * made.length,
  });
}
