import assert from 'node:assert/strict';
import { test } from 'node:test';
import { familiar, familiarName, parseReference, withDefaultTag, withTag } from './reference.ts';

test('names are completed, and shown as people write them', () => {
  for (const [text, whole, shown] of [
    ['alpine', 'docker.io/library/alpine', 'alpine:latest'],
    ['docker.io/library/alpine:3', 'docker.io/library/alpine', 'alpine:3'],
    ['index.docker.io/team/app', 'docker.io/team/app', 'team/app:latest'],
    ['example.invalid/a/b:c', 'example.invalid/a/b', 'example.invalid/a/b:c'],
    ['localhost/a', 'localhost/a', 'localhost/a:latest'],
    ['198.51.100.7:5000/x', '198.51.100.7:5000/x', '198.51.100.7:5000/x:latest'],
  ] as const) {
    const reference = withDefaultTag(parseReference(text));
    assert.equal(`${reference.domain}/${reference.path}`, whole);
    assert.equal(familiar(reference), shown);
  }
});

test('a digest is kept beside the tag', () => {
  const digest = `sha256:${'ab'.repeat(32)}`;
  assert.equal(familiar(parseReference(`alpine:3@${digest}`)), `alpine:3@${digest}`);
  assert.equal(familiarName(parseReference(`a.b/c@${digest}`)), 'a.b/c');
});

test('what is no name is refused in the words of dockerd', () => {
  for (const [text, words] of [
    ['UPPER', 'invalid reference format: repository name must be lowercase'],
    ['a b', 'invalid reference format'],
    ['', 'invalid reference format'],
    ['http://example.invalid/a', 'invalid reference format'],
    ['a@sha256:00', 'invalid reference format'],
    ['a:', 'invalid reference format'],
    ['-a', 'invalid reference format'],
    ['a'.repeat(300), 'invalid reference format: repository name must not be more than 255 characters'],
    [
      'ab'.repeat(32),
      `invalid repository name (${'ab'.repeat(32)}), cannot specify 64-byte hexadecimal strings`,
    ],
  ] as const)
    assert.throws(() => parseReference(text), { message: words }, text);
  assert.throws(() => withTag(parseReference('a'), '-'), { message: 'invalid tag format' });
});

test('a long name that fits nowhere is refused at once', () => {
  const start = performance.now();
  for (const part of ['a', 'a-', 'a_', 'a.', '-', '/'])
    assert.throws(() => parseReference(`${part.repeat(4000)}!`));
  assert.ok(performance.now() - start < 100);
});
