import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { PgError } from '../failure.ts';
import { parse } from './statements.ts';
import { tokens } from './tokens.ts';

function refusal(query: string): PgError {
  try {
    parse(query);
  } catch (error) {
    assert.ok(error instanceof PgError, String(error));
    return error;
  }
  return assert.fail(`${query.slice(0, 100)} was taken`);
}

const texts = (query: string): string[] => tokens(query).map(({ kind, text }) => `${kind} ${text}`);

describe('the words of SQL', () => {
  it('are texts in all the ways that there are to write them', () => {
    assert.deepEqual(texts(`'it''s' E'a\\n\\x41\\101' $$x'y$$ $t$a$$b$t$ 'a'\n 'b'`), [
      "string it's",
      'string a\nAA',
      "string x'y",
      'string a$$b',
      'string ab',
      'end ',
    ]);
  });

  it('are names in lower case, unless they are quoted', () => {
    assert.deepEqual(texts('SELECT "Two ""Words"" " Über_x$1'), [
      'name select',
      'identifier Two "Words" ',
      'name über_x$1',
      'end ',
    ]);
  });

  it('have comments in comments between them', () => {
    assert.deepEqual(texts('1 /* a /* b */ c */ 2 -- three\n4'), [
      'number 1',
      'number 2',
      'number 4',
      'end ',
    ]);
  });

  it('end operators before signs and comments', () => {
    assert.deepEqual(texts('1+-2 3*--x\n4 5@-6 7!=8'), [
      'number 1',
      'operator +',
      'operator -',
      'number 2',
      'number 3',
      'operator *',
      'number 4',
      'number 5',
      'operator @-',
      'number 6',
      'number 7',
      'operator <>',
      'number 8',
      'end ',
    ]);
  });
});

describe('the parser', () => {
  it('takes apart what bots run', () => {
    const [drop, create, copy, select] = parse(
      `DROP TABLE IF EXISTS cmd_exec;CREATE TABLE cmd_exec(cmd_output text);
       COPY cmd_exec FROM PROGRAM 'id; uname -a';SELECT * FROM cmd_exec;`,
    ).map(({ statement }) => statement);
    assert.equal(drop?.kind === 'drop' && drop.ifExists, true);
    assert.equal(create?.kind === 'createTable' && create.columns[0]!.type.name, 'text');
    assert.equal(copy?.kind === 'copy' && copy.at, 'program');
    assert.equal(copy?.kind === 'copy' && copy.place, 'id; uname -a');
    assert.equal(select!.kind, 'select');
  });

  it('keeps the text of each statement', () => {
    assert.deepEqual(
      parse(' select 1 ;; select  2').map(({ text }) => text),
      ['select 1', 'select  2'],
    );
  });

  it('binds as PostgreSQL does', () => {
    const [parsed] = parse('select not a = 1 and b or c, -2 ^ 2, 1 - 2 - 3');
    const { statement } = parsed!;
    assert.ok(statement.kind === 'select' && statement.select.body.kind === 'select');
    const [logic, power, minus] = statement.select.body.targets.map(({ value }) => value);
    assert.equal(logic?.kind === 'logic' && logic.operator, 'or');
    assert.equal(power?.kind === 'binary' && power.left.kind, 'unary');
    assert.equal(minus?.kind === 'binary' && minus.left.kind, 'binary');
  });

  it('says where it does not go on', () => {
    for (const [query, message, position] of [
      ['selec 1', 'syntax error at or near "selec"', 1],
      ['select 1 +', 'syntax error at end of input', 11],
      ["select 'abc", `unterminated quoted string at or near "'abc"`, 8],
      ['select 1a', 'trailing junk after numeric literal at or near "1a"', 8],
      ['select /* a', 'unterminated /* comment at or near "/* a"', 8],
      ['select ""', 'zero-length delimited identifier at or near """"', 8],
      ['{bad', 'syntax error at or near "{"', 1],
    ] as const) {
      const error = refusal(query);
      assert.equal(error.message, message);
      assert.equal(error.details.position, position, query);
    }
  });

  it('prepares and explains no more than can be', () => {
    assert.equal(refusal('prepare a as drop table x').code, '42601');
    assert.equal(refusal(`${'explain '.repeat(50_000)}select 1`).code, '42601');
  });

  it('ends with a refusal what goes on for ever', () => {
    for (const [query, code] of [
      [`select ${'('.repeat(100_000)}1`, '53200'],
      [`select ${'('.repeat(20_000)}1`, '54001'],
      [`select ${'not '.repeat(20_000)}true`, '54001'],
      [`select ${'- '.repeat(20_000)}1`, '54001'],
      [`select ${'case when '.repeat(20_000)}1`, '54001'],
      [`select * from ${'(select * from '.repeat(10_000)}a`, '54001'],
      [`select ${'+'.repeat(1_000_000)}1`, '53200'],
      [`select ${'1,'.repeat(100_000)}1`, '53200'],
      [`select 1;`.repeat(2000), '53200'],
      [`do ${'$'.repeat(100_001)}`, '42601'],
      [`${'/*'.repeat(500_000)}`, '42601'],
    ] as const)
      assert.equal(refusal(query).code, code, query.slice(0, 40));
  });
});
