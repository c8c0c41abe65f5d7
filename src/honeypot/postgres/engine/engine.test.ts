import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { type Client, logIn, place } from '../fixtures/visit.ts';
import { conjuncts } from './joins.ts';
import { isLike, replaceRegex, searchRegex } from './text-match.ts';
import { placeIn, splitBy } from './text-search.ts';

describe('a search for long texts', () => {
  it('finds what JavaScript finds, wherever it is', () => {
    const part = `${'ab'.repeat(80)}c`;
    for (const text of [
      part,
      `x${part}`,
      `${'ab'.repeat(500)}${part}${part}y`,
      'ab'.repeat(300),
      '',
      part.slice(1),
    ]) {
      assert.equal(placeIn(text, part), text.indexOf(part));
      assert.equal(placeIn(text, part, 3), text.indexOf(part, 3));
      assert.deepEqual(splitBy(text, part), text.split(part));
    }
  });

  it('takes no longer for texts that are nearly everywhere', () => {
    const half = 'a'.repeat(20_000);
    const began = performance.now();
    assert.equal(placeIn('a'.repeat(2_000_000), `${half}b${half}`), -1);
    // The product of their lengths would take half a minute.
    assert.ok(performance.now() - began < 5000);
  });
});

describe('patterns', () => {
  it('of LIKE mean what they mean', () => {
    for (const [text, pattern, is] of [
      ['hello', 'h%o', true],
      ['hello', 'h_llo', true],
      ['hello', '%', true],
      ['', '%', true],
      ['hello', 'h', false],
      ['50%', '50\\%', true],
      ['500', '50\\%', false],
      ['abab', '%ab', true],
    ] as const)
      assert.equal(isLike(text, pattern, false), is, `${text} ${pattern}`);
    assert.equal(isLike('HELLO', 'h%', true), true);
  });

  it('of regular expressions are searched in bounded time, whatever they are', () => {
    assert.equal(replaceRegex('hello', 'l+', '[\\&]', false, true), 'he[ll]o');
    assert.deepEqual(searchRegex('a=1', '([a-z])=(\\d)', false), ['a=1', 'a', '1']);
    const began = performance.now();
    assert.equal(searchRegex('ab'.repeat(50_000), '((a?){30}){30}[xy]', false), undefined);
    assert.ok(performance.now() - began < 3000);
  });
});

describe('queries', () => {
  let client: Client;
  const rows = async (text: string): Promise<string[]> =>
    (await client.ask(text)).filter((line) => line.startsWith('D ')).map((line) => line.slice(2));

  before(async () => {
    client = await logIn(place());
    await client.ask(`
      create table people(id serial primary key, name text unique, boss int);
      insert into people(name, boss) values ('ann', null), ('bob', 1), ('eve', 1), ('jim', 2);
      create table empty(id int, name text)`);
  });

  it('join by what is equal, and keep what has no other where they are told to', async () => {
    const of = 'from people p %s join people b on b.id = p.boss order by p.id';
    assert.deepEqual(await rows(`select p.name, b.name ${of.replace('%s', '')}`), [
      'bob | ann',
      'eve | ann',
      'jim | bob',
    ]);
    assert.equal((await rows(`select p.name, b.name ${of.replace('%s', 'left')}`))[0], 'ann | NULL');
    assert.deepEqual(
      await rows('select p.name from empty e right join people p on e.id = p.id where p.id > 3'),
      ['jim'],
    );
    assert.deepEqual(
      await rows('select p.name, b.name from people p, people b where b.id = p.boss and p.id = 4'),
      ['jim | bob'],
    );
  });

  it('see the rows of the queries around them', async () => {
    assert.deepEqual(
      await rows(
        'select name from people p where exists (select 1 from people where boss = p.id) order by 1',
      ),
      ['ann', 'bob'],
    );
    assert.deepEqual(
      await rows('select name, (select count(*) from people where boss = p.id) from people p where id = 1'),
      ['ann | 2'],
    );
    assert.deepEqual(
      await rows(
        'select p.name, n from people p cross join lateral generate_series(1, p.id) n where p.id = 2',
      ),
      ['bob | 1', 'bob | 2'],
    );
  });

  it('group, and count what is chosen', async () => {
    assert.deepEqual(
      await rows(
        'select boss, count(*), count(*) filter (where id > 2) from people group by boss order by boss',
      ),
      ['1 | 2 | 1', '2 | 1 | 1', 'NULL | 1 | 0'],
    );
    assert.deepEqual(await rows('select count(distinct boss), sum(id), avg(id) from people'), [
      '2 | 10 | 2.5000000000000000',
    ]);
  });

  it('go on with what they found, until there is no more', async () => {
    assert.deepEqual(
      await rows(`with recursive under(id, name) as (
        select id, name from people where id = 2 union all select p.id, p.name from people p, under u where p.boss = u.id
      ) select name from under order by id`),
      ['bob', 'jim'],
    );
    assert.deepEqual(
      await rows('with recursive r(n) as (select 1 union select (n % 3) + 1 from r) select count(*) from r'),
      ['3'],
    );
    assert.match(
      (
        await client.ask(
          'with recursive r(n) as (select 1 union all select n + 1 from r) select count(*) from r',
        )
      ).join(),
      /C=57014|C=53200/,
    );
  });

  it('put rows in order, many of them also', async () => {
    const found = await rows('select n from generate_series(1, 9000) n order by n % 7, n desc');
    const expected = Array.from({ length: 9000 }, (_, index) => index + 1).sort(
      (a, b) => (a % 7) - (b % 7) || b - a,
    );
    assert.deepEqual(found, expected.map(String));
  });

  it('count numbers of one worth as one', async () => {
    assert.deepEqual(
      await rows('select count(*) from (select 1.0 as a union select 1.00 union select 1) t'),
      ['1'],
    );
    assert.deepEqual(await rows("select array['a','b'] @> array['b'], array[1,2] && array[3]"), ['t | f']);
  });
});

describe('conditions', () => {
  it('are what all of has to hold', () => {
    const column = (name: string) => ({ kind: 'column', names: [name], position: 1 }) as const;
    const and = (left: Parameters<typeof conjuncts>[0], right: Parameters<typeof conjuncts>[0]) =>
      ({ kind: 'logic', operator: 'and', left: left!, right: right!, position: 1 }) as const;
    const [a, b, c] = [column('a'), column('b'), column('c')];
    assert.deepEqual(conjuncts(and(and(a, b), c)), [a, b, c]);
    assert.deepEqual(conjuncts(undefined), []);
  });
});
