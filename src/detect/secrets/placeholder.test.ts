import assert from 'node:assert/strict';
import { test } from 'node:test';
import { entropyOf, isOwnName, isPlaceholder } from './placeholder.ts';
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

test('a name that is assigned to itself is none', () => {
  assert.ok(isOwnName('AuthenticationMD5Password', 'AuthenticationMD5Password'));
  assert.ok(isOwnName('messages_AuthenticationMD5Password', 'AuthenticationMD5Password'));
  assert.ok(isOwnName('ApiKeySecurityScheme', 'OpenAPIV3.ApiKeySecurityScheme'));
  assert.ok(!isOwnName('token', 'a81kd02mtoken'));
  assert.ok(!isOwnName('', 'AuthenticationMD5Password'));
});
