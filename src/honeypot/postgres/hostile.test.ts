/** What is meant to exhaust or to end a decoy: it says no, stays as quick for others, and goes on. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { mutate, randomOf } from '../fixtures/mutation.ts';
import {
  bind,
  execute,
  fieldsOf,
  gssRequest,
  lineOf,
  parse,
  password,
  query,
  request,
  sslRequest,
  startup,
  sync,
} from './fixtures/client.ts';
import { logIn, place } from './fixtures/visit.ts';

const many = (text: string, count: number): string => text.repeat(count);

/** Queries and the code of the refusal; none where they are answered. */
const queries: readonly (readonly [text: string, code?: string])[] = [
  ['select count(*) from generate_series(1, 1000000000000)', '57014'],
  ["select repeat('x', 1000000000)", '53200'],
  ["select repeat('x', 2000000000)", '54000'],
  [
    'select count(*) from generate_series(1, 1000) a, generate_series(1, 1000) b, generate_series(1, 1000) c',
    '53200',
  ],
  [
    "select count(*) from generate_series(1, 1000) n where repeat('ab', 20000 + n) ~ '((a?){30}){30}[xy]'",
    '57014',
  ],
  ["select 'a' ~ '((((a{1,100}){1,100}){1,100}){1,100})'", '2201B'],
  [
    "select count(*) from generate_series(1, 5000) n where repeat('a', 5000 + n) like '%a%a%a%a%a%a%a%b'",
    '57014',
  ],
  ["select strpos(repeat('a', 500000), repeat('a', 10000) || 'b' || repeat('a', 10000))"],
  ["select translate(repeat('a', 500000), repeat('b', 500000) || 'a', 'x') is null"],
  ["select btrim(repeat('a', 500000), repeat('b', 500000) || 'a') is null"],
  [
    "select string_to_array(repeat('b,', 200000) || 'a', ',') @> string_to_array(repeat('a,', 100000) || 'a', ',')",
  ],
  [`select 1 in (${many('2,', 20_000)}1)`],
  [`select ${many('(', 100_000)}1`, '53200'],
  [`select ${many('(', 10_000)}1`, '54001'],
  [`select ${many('1+', 25_000)}1`, '54001'],
  [`select 1 group by ${many('1+', 2000)}1`],
  [`select ${many('1,', 1700)}1`, '54011'],
  ["do $$ declare x text := 'a'; begin loop x := x || x; end loop; end $$", '53200'],
  ['do $$ declare x numeric := 1e-999; begin for i in 1..60 loop x := x * x; end loop; end $$'],
  [
    'create function f(n int) returns int as $$ begin return f(n + 1); end $$ language plpgsql; select f(1)',
    '54001',
  ],
  ['create view v as select 1 as a; create or replace view v as select * from v; select * from v', '42P17'],
  ["select encode(decode(repeat('80', 1000000), 'hex'), 'escape')", '53200'],
  ["select string_agg(repeat('x', 100000), ',') from generate_series(1, 1000)", '57014'],
  [`select '${many('[', 500_000)}'::json`, '22P02'],
  [`select '{${many('1,', 200_000)}1}'::int[]`, '22P02'],
  ["select to_timestamp('nan'), to_timestamp('inf')", '22008'],
  ['select make_date(1000000, 13, 1)', '22008'],
  ['{bad', '42601'],
  [`select ${many("'a' || ", 1000)}'b'`],
];

describe('PostgreSQL under attack', () => {
  it('refuses in its own words what there is no end to', { timeout: 120_000 }, async () => {
    const here = place();
    // Of the processor's time, whatever else the machine does.
    let longest = 0;
    let last = process.cpuUsage();
    const watch = setInterval(() => {
      const { user, system } = process.cpuUsage(last);
      longest = Math.max(longest, (user + system) / 1000);
      last = process.cpuUsage();
    }, 2);
    try {
      for (const [text, code] of queries) {
        // Each as if it were the first: what one leaves is not the next one's.
        const client = await logIn(here);
        const answers = await client.send(query(text), 30_000);
        const failure = answers.find(({ kind }) => kind === 'E');
        assert.equal(
          failure && fieldsOf(failure).get('C'),
          code,
          `${text.slice(0, 100)} ${failure && lineOf(failure)}`,
        );
        assert.equal(answers.at(-1)?.kind, 'Z', text.slice(0, 100));
      }
    } finally {
      clearInterval(watch);
    }
    // A quarter of a second is what nobody notices; what compiles and collects garbage beside it counts as well here.
    assert.ok(longest < 600, `others waited ${longest} ms`);
  });

  it('keeps no more for a source than its share, whatever it is', async () => {
    const here = place();
    const client = await logIn(here);
    const ask = async (text: string): Promise<string> => (await client.ask(text)).at(-1)!;
    const refused = /C=53200/;
    const filling: readonly ((index: number) => string)[] = [
      (index) => `prepare p${index} as select '${many('x', 100_000)}'`,
      (index) => `create view v${index} as select '${many('x', 50_000)}' as a`,
      (index) => `create table t${index}(a text default '${many('x', 50_000)}')`,
      (index) => `select lo_from_bytea(${500_000 + index}, repeat('x', 1000000)::bytea)`,
      (index) => `begin; declare c${index} cursor for select repeat('x', 1000) from generate_series(1, 2000)`,
    ];
    for (const fill of filling) {
      const fresh = place();
      const one = await logIn(fresh);
      let answer = '';
      for (let index = 0; index < 60 && !refused.test(answer); index += 1)
        answer = (await one.ask(fill(index))).at(-1)!;
      assert.match(answer, refused, fill(0).slice(0, 60));
      assert.ok(!one.visitor.isOver);
    }
    await ask('create table t(a text)');
    for (let index = 0; index < 12; index += 1)
      await ask(`insert into t select repeat('x', 100000) from generate_series(1, 10)`);
    assert.match(await ask(`insert into t select repeat('x', 100000) from generate_series(1, 10)`), refused);
    await ask('truncate t');
    await new Promise((resolve) => setTimeout(resolve, 250));
    assert.equal(
      await ask(`insert into t select repeat('x', 100000) from generate_series(1, 10)`),
      'C INSERT 0 10',
    );
  });

  it('copies no more than there is room for', async () => {
    const client = await logIn(place());
    await client.ask('create table t(a text)');
    await client.send(query('copy t from stdin'));
    const chunk = request('d', Buffer.alloc(1_000_000, 'x'));
    let answers = await client.send(Buffer.alloc(0), 10);
    for (let index = 0; index < 12 && answers.length === 0; index += 1)
      answers = await client.send(chunk, 100);
    assert.equal(fieldsOf(answers[0]!).get('C'), '53200');
    assert.deepEqual(await client.ask('select 1'), ['T ?column?:0.0:23:4:-1:0', 'D 1', 'C SELECT 1']);
  });

  it('ends connections whose messages are none, without a word where PostgreSQL has none', async () => {
    const here = place();
    for (const bytes of ['Q\x3b\x9a\xca\0', 'Q\xff\xff\xff\xff', 'Q\0\0\0\0', 'S\0\0\0\x03']) {
      const client = await logIn(here);
      assert.equal((await client.visitor.ask(Buffer.from(bytes, 'latin1'), 500)).length, 0);
      assert.ok(client.visitor.isOver, JSON.stringify(bytes));
    }
    const client = await logIn(here);
    const answer = (await client.visitor.ask(Buffer.from('\x01\0\0\0\x04', 'latin1'))).toString('latin1');
    assert.match(answer, /C08P01\0Minvalid frontend message type 1\0/);
    assert.ok(client.visitor.isOver);
  });

  it('says nothing to those who do not begin as clients do', async () => {
    const here = place();
    for (const text of [
      'GET / HTTP/1.1\r\n\r\n',
      '\x3b\x9a\xca\0\0\x03\0\0',
      '\xff\xff\xff\xff',
      '\0\0\0\x04',
      '\x16\x03\x01\x02\0\x01',
    ]) {
      const visitor = here.connect();
      assert.equal((await visitor.ask(Buffer.from(text, 'latin1'), 500)).length, 0, JSON.stringify(text));
      assert.ok(visitor.isOver, JSON.stringify(text));
    }
    const old = here.connect();
    assert.match(
      (await old.ask(startup({ user: 'a' }, 2 << 16))).toString(),
      /^EFATAL: {2}unsupported frontend protocol 2\.0/,
    );
    const gss = here.connect();
    assert.equal((await gss.ask(gssRequest)).toString(), 'G');
    const large = here.connect();
    await large.ask(startup());
    assert.equal((await large.ask(Buffer.from('p\x3b\x9a\xca\0', 'latin1'), 500)).length, 0);
    assert.ok(large.isOver);
  });

  it('does not take for encrypted what came before the handshake', async () => {
    const visitor = place().connect();
    const answer = await visitor.ask(Buffer.concat([sslRequest, startup()]), 500);
    assert.equal(answer.toString(), 'S');
  });

  it('lets others work while one floods it with messages', { timeout: 60_000 }, async () => {
    const here = place();
    const client = await logIn(here);
    const flood = Buffer.concat([
      parse('s', 'select count(*) from generate_series(1, 1500)'),
      ...Array.from({ length: 400 }, () => Buffer.concat([bind('', 's'), execute('')])),
      sync,
    ]);
    let turns = 0;
    const watch = setInterval(() => {
      turns += 1;
    }, 2);
    const answers = await client.send(flood, 50_000);
    clearInterval(watch);
    assert.equal(answers.filter(({ kind }) => kind === 'C').length, 400);
    assert.ok(turns > 10, String(turns));
  });

  it('survives what is no conversation', { timeout: 60_000 }, async () => {
    const random = randomOf(15_432);
    const hello = Buffer.concat([startup(), password('postgres')]);
    const seeds = [
      query("select 1, 'a', $$b$$, 1.5::numeric(5,2), now() from pg_class where relname ~ '^pg' limit 3"),
      query("create table if not exists t(a int, b text); insert into t values (1, 'x'); select * from t"),
      query("copy (select 1) to program 'cat'; copy t from stdin"),
      query(
        "do $$ declare x int := 1; begin for i in 1..3 loop x := x + i; end loop; raise notice '%', x; end $$",
      ),
      Buffer.concat([parse('', 'select $1::int, $2'), bind('', '', ['1', null]), execute('', 1), sync]),
      query(
        'with a as (select 1 as x) select a.x, array[1,2], (select 2) from a left join pg_type t on t.oid = a.x',
      ),
    ];
    const here = place();
    for (let round = 0; round < 300; round += 1) {
      const visitor = here.connect();
      const seed = seeds[round % seeds.length]!;
      visitor.stream.write(round % 5 === 0 ? mutate(Buffer.concat([hello, seed]), random) : hello);
      if (round % 5 !== 0) visitor.stream.write(mutate(seed, random));
      if (round % 20 === 0) await visitor.ask('', 20);
      visitor.stream.end();
    }
    const visitor = here.connect();
    assert.equal((await visitor.ask(startup())).toString('hex').slice(0, 2), '52');
  });
});
