import assert from 'node:assert/strict';
import { test } from 'node:test';
import { splitShell } from './shell.ts';
import { unwrapCommands } from './shell-unwrap.ts';

const started = (text: string): (readonly string[])[] =>
  unwrapCommands(splitShell(text)).map((inner) => inner.words);

test('wrappers and their options are taken off', () => {
  for (const text of [
    'nohup ./x -o p',
    'sudo -u nobody env A=1 -u B ./x -o p',
    'timeout -k 5 10m nice -n 19 ./x -o p',
    'exec setsid stdbuf -o L ./x -o p',
    'tini -- gosu app ./x -o p',
  ]) {
    assert.deepEqual(started(text), [['./x', '-o', 'p']], text);
  }
});

test('shell arguments and here-documents are split again', () => {
  assert.deepEqual(started(`/bin/bash -lc "cd /tmp && ./x"`), [['cd', '/tmp'], ['./x']]);
  assert.deepEqual(started(`su - user -c './x -o p'`), [['./x', '-o', 'p']]);
  assert.deepEqual(started(`eval "./x -o" p`), [['./x', '-o', 'p']]);
  assert.deepEqual(started('sh <<E\na\nb\nE'), [['a'], ['b']]);
});

test('a shell that runs a file stays as it is', () => {
  assert.deepEqual(started('bash -e /entry.sh -c x'), [['bash', '-e', '/entry.sh', '-c', 'x']]);
});

test('nesting is bounded', () => {
  let text = 'x';
  for (let depth = 0; depth < 12; depth++) text = `sh -c ${JSON.stringify(text)}`;
  assert.ok(started(text).length <= 1);
});

test('nested substitutions do not multiply without end', () => {
  const nested = 'sh -c "$('.repeat(22) + 'id' + ')"'.repeat(22);
  assert.ok(started(nested).length <= 6000);
  const many = `sh -c '${'a;'.repeat(9000)}'`;
  assert.equal(started(many).length, 5000);
});

test('long text is not split again and again: behind the bound a command stays as it is', () => {
  const nested = (padding: number): string[] => {
    let text = `id # ${'x'.repeat(padding)}`;
    for (let depth = 0; depth < 6; depth++) text = `sh -c ${JSON.stringify(text)}`;
    return started(text).map(([program]) => program ?? '');
  };
  assert.deepEqual(nested(1000), ['id']);
  assert.deepEqual(nested(900_000), ['sh']);
});
