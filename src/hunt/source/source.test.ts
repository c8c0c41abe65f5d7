import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fails } from '../../../test/fake-registry.ts';
import { isLocal, parseSource, wholeBelow } from './source.ts';

test('reads the four forms of a source', () => {
  const rows: readonly (readonly [string, object])[] = [
    ['registry:127.0.0.1:5000', { kind: 'registry', registry: '127.0.0.1:5000', prefix: '' }],
    ['registry:ghcr.io/', { kind: 'registry', registry: 'ghcr.io', prefix: '' }],
    ['registry:[::1]:5000/team/', { kind: 'registry', registry: '[::1]:5000', prefix: 'team' }],
    ['registry:quay.io/team/app', { kind: 'registry', registry: 'quay.io', prefix: 'team/app' }],
    ['registry:docker.io/nginx', { kind: 'registry', registry: 'docker.io', prefix: 'library/nginx' }],
    ['registry:index.docker.io/a/b', { kind: 'registry', registry: 'docker.io', prefix: 'a/b' }],
    ['hub: xmrig miner ', { kind: 'hub', query: 'xmrig miner' }],
    ['list:/tmp/a:b.txt', { kind: 'list', file: '/tmp/a:b.txt' }],
    ['oci:../layout', { kind: 'oci', folder: '../layout' }],
  ];
  for (const [text, expected] of rows) assert.deepEqual(parseSource(text), { ...expected, text });
});

test('refuses everything else and says which forms there are', () => {
  const rows: readonly (readonly [string, RegExp])[] = [
    ['', /names nothing/],
    ['hub:', /names nothing/],
    ['hub:  ', /names nothing/],
    ['list:a\0b', /names nothing/],
    ['nginx', /names nothing/],
    ['dir:/tmp', /kind is not stated/],
    ['registry:team/app', /'team' is no host/],
    ['registry:ghcr.io/Team', /lower case/],
    ['registry:ghcr.io/a//b', /repository is parts/],
    ['registry:ghcr.io/team/app:1', /names one image/],
    [`registry:ghcr.io/app@sha256:${'a'.repeat(64)}`, /names one image/],
    ['registry:bad host/app', /not an image reference/],
    ['\u001b[2Jhub:x', /\\x1b/],
  ];
  for (const [text, says] of rows) {
    assert.throws(() => parseSource(text), fails('usage', says), text);
    assert.throws(
      () => parseSource(text),
      fails('usage', /registry:HOST.*hub:QUERY.*list:FILE.*oci:DIR/),
      text,
    );
  }
});

test('knows which sources lie on one machine', () => {
  const local = ['registry:ghcr.io', 'hub:x', 'list:x', 'oci:x'].map((text) => isLocal(parseSource(text)));
  assert.deepEqual(local, [false, false, true, true]);
});

test('knows below which repository a listing tells of every name', () => {
  const whole = [
    'registry:ghcr.io',
    'registry:127.0.0.1:5000/team/',
    'registry:docker.io/nginx',
    'hub:x',
    'list:x',
    'oci:x',
  ].map((text) => wholeBelow(parseSource(text)));
  assert.deepEqual(whole, [
    'ghcr.io',
    '127.0.0.1:5000/team',
    'docker.io/library/nginx',
    undefined,
    undefined,
    undefined,
  ]);
});
