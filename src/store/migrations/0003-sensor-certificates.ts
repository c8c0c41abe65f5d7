/** What sensors that come by mutual TLS are known by. */
import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  // Who signs the certificates of sensors. The newest does; older ones are believed until they end.
  `create table sensor_authorities (
    id int generated always as identity primary key,
    -- Both in PEM.
    certificate text not null,
    key text not null,
    added_at timestamptz not null default now(),
    expires_at timestamptz not null
  )`,
  // Those that are worth something, as tokens are: what is not here is refused, whoever signed it.
  `create table sensor_certificates (
    -- SHA-256 of all of it.
    fingerprint bytea primary key,
    sensor_id int not null references sensors on delete cascade,
    expires_at timestamptz not null
  )`,
  'create index sensor_certificates_by_sensor on sensor_certificates (sensor_id)',
];
