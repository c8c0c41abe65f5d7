import assert from 'node:assert/strict';
import { test } from 'node:test';
import { processorTime } from '../../test/fixtures/processor-time.ts';
import { bundledLists, parseLists } from './lists.ts';

test('an entry matches itself and every name below it, and nothing that merely ends alike', () => {
  const lists = parseLists({ 'mining-pool': '# comment\npool.org\n', malicious: 'bad.pool.org\tfamily\n' });
  assert.deepEqual(lists.match('x.bad.pool.org'), [
    { list: 'malicious', entry: 'bad.pool.org', note: 'family' },
    { list: 'mining-pool', entry: 'pool.org', note: '' },
  ]);
  assert.deepEqual(
    lists.match('pool.org').map((one) => one.entry),
    ['pool.org'],
  );
  assert.deepEqual(lists.match('whirlpool.org'), []);
  assert.deepEqual(lists.match('# comment'), []);
});

test('the bundled lists know one host of each kind and spare those of distributions', () => {
  const names = (host: string) =>
    bundledLists()
      .match(host)
      .map((one) => one.list);
  assert.deepEqual(names('gulf.moneroocean.stream'), ['mining-pool']);
  assert.deepEqual(names('x.duckdns.org'), ['dynamic-dns']);
  assert.deepEqual(names('a.ngrok.io'), ['proxy-avoidance']);
  assert.deepEqual(names('teamtnt.red'), ['malicious']);
  assert.deepEqual(names('abc.oast.fun'), ['hacking']);
  for (const host of [
    'deb.debian.org',
    'github.com',
    'archive.ubuntu.com',
    'pypi.org',
    'registry.npmjs.org',
    'gnu.org',
    'amazonaws.com',
  ]) {
    assert.deepEqual(names(host), [], host);
  }
});

test('twenty thousand hosts are matched in a blink', () => {
  const lists = bundledLists();
  const hosts = Array.from({ length: 20_000 }, (_, index) => `a${index}.cdn.site${index % 977}.com`);
  const used = processorTime();
  for (const host of hosts) lists.match(host);
  assert.ok(used() < 200);
});

test('an entry of both is a pool and not malware, a name below it that is malware stays so', () => {
  const lists = parseLists({
    'mining-pool': 'pool.org\n',
    malicious: 'pool.org\tminer\nbad.pool.org\tminer\n',
  });
  const names = (host: string) => lists.match(host).map((one) => one.list);
  assert.deepEqual(names('pool.org'), ['mining-pool']);
  assert.deepEqual(names('bad.pool.org'), ['malicious', 'mining-pool']);
  assert.deepEqual(lists.entries('malicious'), ['bad.pool.org']);
});
