import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ash, bash, dash } from '../dialect.ts';
import { SyntaxFault } from './fault.ts';
import { type Parsed, parseNext } from './parse.ts';

function parsed(source: string, dialect = bash): Parsed {
  return parseNext(source, 0, 1, { dialect });
}

function faultOf(source: string, dialect = bash): SyntaxFault {
  try {
    parsed(source, dialect);
  } catch (error) {
    if (error instanceof SyntaxFault) return error;
    throw error;
  }
  return assert.fail(`parsed: ${source}`);
}

describe('the parser', () => {
  it('takes one command after the other, and leaves the rest', () => {
    const source = 'echo a; echo b\ncat <<E && true\ntext\nE\nfi';
    const first = parsed(source);
    assert.equal(first.list?.length, 2);
    const second = parseNext(first.rest, first.at, first.line, { dialect: bash });
    assert.deepEqual([second.line, source.slice(second.at)], [5, 'fi']);
  });

  it('knows what only more lines can mend', () => {
    for (const source of ['if true; then', 'echo "a', '$(', 'a &&', 'f() {', 'case x in', '${x', '`'])
      assert.ok(faultOf(source).isIncomplete, source);
    for (const source of ['fi', ')', 'a ;; b', 'for i in |'])
      assert.ok(!faultOf(source).isIncomplete, source);
  });

  it('waits for the end of a here-document where more may come', () => {
    const partial = { dialect: bash, isPartial: true };
    assert.throws(() => parseNext('cat <<E\ntext\n', 0, 1, partial), SyntaxFault);
    assert.deepEqual(parsed('cat <<E\ntext\n').unclosed, [{ line: 1, delimiter: 'E' }]);
  });

  it('speaks the language of each shell', () => {
    for (const source of [
      'a=(1 2)',
      '[[ a =~ (b) ]]',
      'cat <<< x',
      'for ((;;)); do :; done',
      'select x in a; do :; done',
    ])
      for (const dialect of [dash, ash]) assert.ok(parsed(source) && faultOf(source, dialect), source);
    assert.ok(parsed('function f { :; }', ash) && faultOf('function f { :; }', dash));
  });

  it('replaces aliases, but none inside of itself', () => {
    const aliases = new Map([
      ['ll', 'ls -l'],
      ['ls', 'ls --color'],
    ]);
    const { list } = parseNext('ll x', 0, 1, { dialect: bash, aliases });
    const [command] = list![0]!.first.commands;
    assert.equal(command?.kind === 'simple' && command.words.length, 4);
  });

  it('is through with anything in no time, also with what could be two things at each level', () => {
    const hostile = [
      '$(('.repeat(5000),
      '(('.repeat(5000),
      'a[$('.repeat(5000),
      '"$('.repeat(5000),
      '${x:-'.repeat(5000),
      '{ '.repeat(5000),
      'cat <<E\n$(cat <<E\n'.repeat(2000),
      `${'if a; then '.repeat(40)}${'fi; '.repeat(40)}`,
      'a |'.repeat(50_000),
      `echo ${'"'.repeat(100_001)}`,
      `: ${'<<E '.repeat(20_000)}\n`,
    ];
    for (const source of hostile) {
      const begun = process.cpuUsage();
      try {
        parsed(source);
      } catch (error) {
        assert.ok(error instanceof SyntaxFault, source.slice(0, 20));
      }
      const { user } = process.cpuUsage(begun);
      assert.ok(user < 400_000, `${source.slice(0, 20)}: ${user / 1000} ms`);
    }
  });
});
