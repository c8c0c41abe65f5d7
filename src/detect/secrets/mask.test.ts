import assert from 'node:assert/strict';
import { test } from 'node:test';
import { shippedSecretRules } from './load.ts';
import { makeSecretMask } from './mask.ts';
import { fillSample } from './samples.ts';
import { withoutSecrets } from './without-secrets.ts';

const token = fillSample('gh<|>p_<alnum:36>');
const stripe = fillSample('sk<|>_live_<alnum:24>');
const awsSecret = fillSample('<base64:40>');

test('a history line keeps its commands and loses its secrets, each time they stand there', () => {
  const mask = makeSecretMask(shippedSecretRules().rules);
  const line = `RUN |2 TOKEN=${token} AWS_SECRET_ACCESS_KEY=${awsSecret} /bin/sh -c npm ci --token ${token} # buildkit`;
  const masked = mask(line);
  assert.ok(!masked.includes(token.slice(8)), masked);
  assert.ok(!masked.includes(awsSecret.slice(8)), masked);
  assert.match(masked, /^RUN \|2 TOKEN=\S.* \/bin\/sh -c npm ci --token .*# buildkit$/);
});

test('text without secrets stays as it is', () => {
  const mask = makeSecretMask(shippedSecretRules().rules);
  for (const line of [
    'RUN /bin/sh -c apt-get update && apt-get install -y ca-certificates # buildkit',
    'ENV PYTHON_SHA256=0d99edc4a3e3ebd1ba7ee8ee1a8a2f6e3a29b6a0b5d5e3e6b47a4f66aa5a7d62',
    'COPY --chown=app:app tokens/ /app/tökens/ # buildkit',
  ]) {
    assert.equal(mask(line), line);
  }
});

test('a quotation hides tokens that it cuts, credentials of URLs, webhooks and bot tokens', () => {
  for (const [text, secret] of [
    [`x ${stripe.slice(0, 20)}`, stripe.slice(10, 20)],
    ['curl https://bob:tr0ub4dor@example.com/', 'tr0ub4dor'],
    [`https://hooks.slack.com/services/T1/B1/${token.slice(4)}`, token.slice(10)],
    [`https://discord.com/api/webhooks/123456/${token.slice(4)}`, token.slice(10)],
    [`https://api.telegram.org/bot123456789:${token.slice(4)}/sendMessage`, token.slice(10)],
    [`Authorization: Bearer ${token.slice(4)}`, token.slice(10)],
  ] as const) {
    assert.ok(!withoutSecrets(text).includes(secret), withoutSecrets(text));
  }
});

test('of two secrets of one kind in a line neither shows', () => {
  const mask = makeSecretMask(shippedSecretRules().rules);
  const keys = [1, 2].map((seed) => fillSample('SG<|>.<alnum:22>.<alnum:43>', seed));
  const masked = mask(`RUN /bin/sh -c send ${keys[0]} ${keys[1]} && again ${keys[0]}`);
  for (const key of keys) assert.ok(!masked.includes(key), masked);
  assert.match(masked, /^RUN \/bin\/sh -c send SG\.\S* .*&& again /);
});
