import assert from 'node:assert/strict';
import { test } from 'node:test';
import { shownTarget } from './show.ts';

test('a target is shown with its host or addresses, and without what lets others send there', () => {
  const key = 'whsec_c2VjcmV0c2VjcmV0c2VjcmV0';
  assert.equal(
    shownTarget({ kind: 'webhook', url: 'https://user:pass@Hook.example:8443/s3cret?k=s3cret#s3cret', key }),
    'https://hook.example:8443',
  );
  assert.equal(
    shownTarget({ kind: 'slack', url: 'https://hooks.slack.com/services/T0/B0/s3cret' }),
    'https://hooks.slack.com',
  );
  assert.equal(shownTarget({ kind: 'slack', url: 's3cret' }), 'an invalid URL');
  assert.equal(
    shownTarget({
      kind: 'email',
      server: 'smtps://user:s3cret@mail.example:465',
      from: 'wg@example.org',
      to: ['a@example.org', 'b@example.org'],
    }),
    'a@example.org, b@example.org by mail.example:465',
  );
  assert.equal(
    shownTarget({ kind: 'syslog', host: '::1', port: 6514, transport: 'tls' }),
    'tls://[::1]:6514',
  );
});
