import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { compareDecimals, decimalText, divide, multiply, parseDecimal } from './decimal.ts';
import { PgError } from './failure.ts';
import { momentText } from './moments.ts';
import { typeNamed, types } from './types.ts';
import { input, output } from './values.ts';

const refuses = (text: string, name: string, code: string): void =>
  assert.throws(
    () => input(text, typeNamed(name)!),
    (error) => error instanceof PgError && error.code === code,
    `${name} ${text}`,
  );

describe('values', () => {
  it('are read and written as PostgreSQL does', () => {
    for (const [name, text, shown = text] of [
      ['int4', ' 42 ', '42'],
      ['int8', '-9223372036854775808'],
      ['numeric', '1.50'],
      ['numeric', '-.5e1', '-5'],
      ['bool', 'yes', 't'],
      ['bytea', '\\x00ff'],
      ['bytea', 'a\\000b\\\\', '\\x6100625c'],
      ['float8', '1e+100'],
      ['float8', '-inf', '-Infinity'],
      ['_text', '{a,"b c",NULL,"NULL"}'],
      ['_int4', '{1,2}'],
      ['date', '2021-03-04'],
      ['timestamptz', '2021-03-04 05:06:07.5+00'],
      ['uuid', 'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'],
    ] as const) {
      const type = typeNamed(name)!;
      assert.equal(output(input(text, type), type), shown, `${name} ${text}`);
    }
  });

  it('are refused where they are none', () => {
    refuses('2147483648', 'int4', '22003');
    refuses('1e3', 'int4', '22P02');
    refuses('', 'int8', '22P02');
    refuses('maybe', 'bool', '22P02');
    refuses('\\xzz', 'bytea', '22023');
    refuses('\\xabc', 'bytea', '22023');
    refuses('{a', '_text', '22P02');
    refuses('{bad', 'json', '22P02');
    refuses('2021-02-45', 'date', '22008');
    refuses('9'.repeat(2000), 'numeric', '22P02');
    refuses(`{${'1,'.repeat(20_000)}1}`, '_int4', '22P02');
  });

  it('are no moments beyond those that there are', () => {
    for (const time of [Number.NaN, 1e300, -1e300])
      assert.throws(() => momentText(time, types.timestamptz), PgError);
  });
});

describe('numbers with all their digits', () => {
  const of = (text: string) => parseDecimal(text)!;

  it('are divided with as many digits as PostgreSQL gives', () => {
    assert.equal(decimalText(divide(of('10'), of('4.0'))), '2.5000000000000000');
    assert.equal(decimalText(divide(of('1'), of('3'))), '0.33333333333333333333');
    assert.equal(decimalText(divide(of('100000'), of('7'))), '14285.714285714286');
  });

  it('compare by what they are worth', () => {
    assert.equal(compareDecimals(of('1.0'), of('1.000')), 0);
    assert.equal(compareDecimals(of('-2'), of('1')), -1);
  });

  it('stay as small as their bounds, however often they are multiplied', () => {
    let tiny = of('1e-1000');
    for (let round = 0; round < 40; round += 1) tiny = multiply(tiny, tiny);
    assert.ok(tiny.scale <= 16_383);
    let large = of('9'.repeat(900));
    assert.throws(() => {
      for (let round = 0; round < 40; round += 1) large = multiply(large, large);
    }, PgError);
  });
});
