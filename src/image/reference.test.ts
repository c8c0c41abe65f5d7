import assert from 'node:assert/strict';
import { test } from 'node:test';
import { processorTime } from '../../test/fixtures/processor-time.ts';
import { WaterguardError } from '../model/error.ts';
import { formatReference, parseReference } from './reference.ts';

const digest = 'sha256:' + '86e0e091d0da6bde2456dbb48306f3956bbeb2eae1b5b9a43045843f69fe4aaa';
const hex = digest.slice(7);

test('completes names as docker does', () => {
  const rows: readonly (readonly [string, string])[] = [
    ['nginx', 'docker.io/library/nginx:latest'],
    ['nginx:1', 'docker.io/library/nginx:1'],
    ['index.docker.io/nginx:1', 'docker.io/library/nginx:1'],
    ['docker.io/user/app', 'docker.io/user/app:latest'],
    ['library/foo/bar:1', 'docker.io/library/foo/bar:1'],
    ['test_com/foo', 'docker.io/test_com/foo:latest'],
    ['localhost/foo', 'localhost/foo:latest'],
    ['test-com:8080/foo', 'test-com:8080/foo:latest'],
    ['127.0.0.1:5000/a/b:v1', '127.0.0.1:5000/a/b:v1'],
    ['[fc00::1]:5000/docker:2', '[fc00::1]:5000/docker:2'],
    ['192.168.0.1:80', 'docker.io/library/192.168.0.1:80'],
    ['Docker/docker', 'Docker/docker:latest'],
    ['docker.io/' + hex, `docker.io/library/${hex}:latest`],
    [`busybox@${digest}`, `docker.io/library/busybox@${digest}`],
    [`busybox:1@${digest}`, `docker.io/library/busybox:1@${digest}`],
    ['dock__er/a---b.c', 'docker.io/dock__er/a---b.c:latest'],
  ];
  for (const [written, complete] of rows) {
    const reference = parseReference(written);
    assert.equal(formatReference(reference), complete);
    assert.deepEqual(parseReference(complete), reference, 'the complete form parses to the same reference');
  }
});

test('keeps tag and digest apart', () => {
  const reference = parseReference(`ghcr.io/user/app:v2@${digest}`);
  assert.deepEqual(reference, { registry: 'ghcr.io', repository: 'user/app', tag: 'v2', digest });
});

test('refuses what docker refuses, with the reason', () => {
  const rows: readonly (readonly [string, RegExp])[] = [
    ['', /a repository is/],
    ['docker/Docker', /lower case/],
    ['Nginx', /lower case/],
    ['-docker', /a repository is/],
    ['-docker.io/docker/docker', /not a host/],
    ['docker///docker', /a repository is/],
    ['docker/', /a repository is/],
    ['dock..er/docker', /not a host/],
    ['docker/dock..er', /a repository is/],
    ['____/____', /a repository is/],
    ['https://github.com/docker/docker', /not a host/],
    ['fc00::1:5000/debian', /not a host/],
    ['[fe80::1%eth0]:5000/debian', /not a host/],
    ['[:::]/debian', /not a host/],
    ['example.com:99999/debian', /not a host/],
    [hex, /image id/],
    ['nginx:', /a tag is/],
    ['nginx:-1', /a tag is/],
    ['nginx:' + 'a'.repeat(129), /a tag is/],
    ['nginx@sha256:abc', /a digest is/],
    ['nginx@' + digest.toUpperCase(), /a digest is/],
    ['a'.repeat(250) + '/bcdefg', /a repository is/],
    ['a'.repeat(5000), /longer than/],
    ['nginx\n', /a repository is/],
  ];
  for (const [written, reason] of rows) {
    assert.throws(
      () => parseReference(written),
      (error) => error instanceof WaterguardError && error.code === 'usage' && reason.test(error.message),
      written,
    );
  }
});

test('never prints control characters of a hostile name', () => {
  assert.throws(
    () => parseReference('evil\u001b[2J/x'),
    (error) => error instanceof WaterguardError && !error.message.includes('\u001b'),
  );
});

test('decides a name made to stall a regular expression at once', () => {
  const used = processorTime();
  assert.throws(() => parseReference('a' + '-_'.repeat(500)));
  assert.throws(() => parseReference('x.' + 'a-'.repeat(500) + '/b'));
  assert.ok(used() < 200);
});
