import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { sampleBoot } from '../../../test/fixtures/events.ts';
import { marksOf } from './marks.ts';

const { next } = sampleBoot();
const reasons = (...[sample]: Parameters<typeof next>): string[] =>
  marksOf(next(sample)).map((one) => one.reason);

const ja4 = 't13d1516h2_8daaf6152771_e5627efa2ab1';
const long = 'x'.repeat(32);

describe('marks of an event', () => {
  it('have a strong fingerprint and a payload', () => {
    assert.deepEqual(reasons({ fp: { ja4 }, payload: long }), ['same ja4 and payload']);
    assert.deepEqual(reasons({ fp: { hassh: 'a', ja4 }, norm: { urls: ['http://example.invalid/a'] } }), [
      'same hassh and url',
    ]);
    assert.deepEqual(
      reasons({ fp: { ua: 'curl/8.5.0', headers: 'host,user-agent' }, norm: { wallets: ['w'] } }),
      ['same headers and wallet'],
    );
    assert.deepEqual(
      reasons({ fp: { hassh: 'a' }, type: 'ssh.auth', data: { user: 'root', password: 'x' } }),
      ['same hassh and credential'],
    );
    assert.deepEqual(
      reasons({ fp: { hassh: 'a' }, type: 'ssh.auth', data: { key: { type: 'ssh-rsa', fingerprint: 'f' } } }),
      ['same hassh and key'],
    );
  });

  it('are none where either is missing or weak', () => {
    assert.deepEqual(reasons({ payload: long }), []);
    assert.deepEqual(reasons({ fp: { ua: 'curl/8.5.0' }, payload: long }), []);
    assert.deepEqual(reasons({ fp: { ja4 }, payload: 'GET /' }), []);
    assert.deepEqual(reasons({ fp: { ja4 }, payload: long, type: 'docker.connect' }), []);
    assert.deepEqual(reasons({ fp: { ja4 }, type: 'etcd.range', data: { key: '/registry/secrets/' } }), []);
  });

  it('are the same for the same client and payload alone', () => {
    const key = (...[sample]: Parameters<typeof next>) => marksOf(next(sample))[0]?.key;
    const one = key({ fp: { ja4 }, payload: long });
    assert.equal(key({ fp: { ja4 }, payload: long, from: '203.0.113.9' }), one);
    assert.notEqual(key({ fp: { ja4: 'another' }, payload: long }), one);
    assert.notEqual(key({ fp: { ja4 }, payload: `${long}y` }), one);
  });

  it('are bounded, however much an event has', () => {
    const urls = Array.from({ length: 400 }, (_, index) => `http://example.invalid/${index}`);
    assert.equal(reasons({ fp: { ja4 }, norm: { urls } }).length, 16);
  });
});
