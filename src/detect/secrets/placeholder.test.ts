import assert from 'node:assert/strict';
import { test } from 'node:test';
import { entropyOf, isPlaceholder } from './placeholder.ts';
import { fillSample } from './samples.ts';

test('masks, template variables and manual values are placeholders', () => {
  for (const text of [
    ...[
      'changeme',
      'xxxxxxxxxxxx',
      '************',
      '<token>',
      '$TOKEN',
      '$(cat f)',
      '{{ .Values.x }}',
      '%(x)s',
    ],
    ...[
      'your_api_key_1',
      'AKIAIOSFODNN7EXAMPLE',
      'process.env.TOKEN',
      'aaaaaaaaaaaaaaab',
      'true',
      'password',
      'abc',
    ],
  ]) {
    assert.ok(isPlaceholder(text), text);
  }
});

test('random values are none, whatever alphabet they use', () => {
  for (const alphabet of ['hex', 'alnum', 'base64', 'base32', 'digits']) {
    assert.ok(!isPlaceholder(fillSample(`<${alphabet}:40>`)), alphabet);
  }
  assert.ok(!isPlaceholder('hunter2'));
});

test('entropy is in bits per character', () => {
  assert.equal(entropyOf(''), 0);
  assert.equal(entropyOf('aaaa'), 0);
  assert.equal(entropyOf('abcd'), 2);
  assert.equal(entropyOf('aabb'), 1);
});
