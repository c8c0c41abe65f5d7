import assert from 'node:assert/strict';
import { test } from 'node:test';
import { optionOf, readOptions } from './options.ts';

const read = (line: string, grammar: Parameters<typeof readOptions>[1]) =>
  readOptions(line.split(' '), grammar);

test('values stand joined, behind the option or behind an equals sign', () => {
  const { operands, options } = read('-fsSLo a -ob --output=c --output d e -- -f', {
    short: 'o',
    long: ['--output'],
  });
  assert.deepEqual(operands, ['e', '-f']);
  assert.deepEqual(
    options.filter(([, value]) => value !== ''),
    [
      ['-o', 'a'],
      ['-o', 'b'],
      ['--output', 'c'],
      ['--output', 'd'],
    ],
  );
  assert.equal(optionOf(options, '-o'), 'a');
  assert.equal(optionOf(options, '-x'), undefined);
});

test('behind its own operands begins another command line', () => {
  const docker = { short: 'v', own: 1 };
  assert.deepEqual(read('-it -v /:/x img sh -c id', docker).rest, ['sh', '-c', 'id']);
  const ssh = { short: 'pi', own: 1, late: true } as const;
  const { operands, rest } = read('-i k root@host -p 22 curl -s x', ssh);
  assert.deepEqual([operands, rest], [['root@host'], ['curl', '-s', 'x']]);
  assert.deepEqual(read('-p 22', ssh), { operands: [], options: [['-p', '22']], rest: [] });
});
