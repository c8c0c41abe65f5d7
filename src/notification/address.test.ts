import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { admit, guarded, isForbidden, isLoopback, type Resolve } from './address.ts';

describe('the address guard', () => {
  it('forbids metadata, link-local and multicast addresses in every way to write them', () => {
    const forbidden = [
      '169.254.169.254',
      '169.254.170.2',
      '169.254.0.1',
      '168.63.129.16',
      '100.100.100.200',
      '192.0.0.192',
      '0.0.0.0',
      '224.0.0.1',
      '255.255.255.255',
      'fe80::1',
      'fe80::1%eth0',
      'febf::1',
      'fd00:ec2::254',
      'fd20:ce::254',
      'ff02::1',
      '::',
      '::ffff:169.254.169.254',
      '::ffff:a9fe:a9fe',
      '::169.254.169.254',
      '64:ff9b::a9fe:a9fe',
      '2002:a9fe:a9fe::1',
      '64:ff9b::6464:64c8',
      'not an address',
    ];
    assert.deepEqual(
      forbidden.filter((address) => !isForbidden(address)),
      [],
    );
  });

  it('allows loopback, private and public addresses, and what only looks like a forbidden one', () => {
    const allowed = [
      '127.0.0.1',
      '::1',
      '10.0.0.1',
      '172.16.0.1',
      '192.168.1.1',
      '100.64.0.1',
      'fd12::1',
      'fec0::1',
      '8.8.8.8',
      '2606:4700::1111',
      '169.253.169.254',
      '168.63.129.17',
      '100.100.100.201',
      '::ffff:10.0.0.1',
      '64:ff9b::808:808',
      'fd00:ec3::254',
    ];
    assert.deepEqual(allowed.filter(isForbidden), []);
  });

  it('refuses a literal address before the connection, in brackets too', () => {
    for (const host of ['169.254.169.254', '[fe80::1]', '[::ffff:a9fe:a9fe]']) {
      assert.throws(() => admit(host), { code: 'refused' });
    }
    for (const host of ['127.0.0.1', '[::1]', 'metadata.example']) admit(host);
  });

  it('judges what a name resolves to, and hands on only what it admitted', async () => {
    const resolve: Resolve = (_name, _options, done) =>
      done(null, [
        { address: '169.254.169.254', family: 4 },
        { address: '10.0.0.7', family: 4 },
      ]);
    assert.deepEqual(await lookUp(resolve, true), [{ address: '10.0.0.7', family: 4 }]);
    assert.equal(await lookUp(resolve, false), '10.0.0.7');
  });

  it('refuses a name that resolves to nothing else', async () => {
    const resolve: Resolve = (_name, _options, done) => done(null, [{ address: 'fd00:ec2::254', family: 6 }]);
    await assert.rejects(lookUp(resolve, true), {
      code: 'refused',
      message: /^hook\.example is a link-local/,
    });
  });

  it('knows loopback', () => {
    for (const address of ['127.0.0.1', '127.9.9.9', '::1', '::ffff:127.0.0.1'])
      assert.ok(isLoopback(address));
    for (const address of ['10.0.0.1', '128.0.0.1', 'fe80::1', '', 'localhost'])
      assert.ok(!isLoopback(address));
  });
});

function lookUp(resolve: Resolve, all: boolean): Promise<unknown> {
  return new Promise((found, failed) => {
    guarded(resolve)('hook.example', { all }, (error, addresses) =>
      error ? failed(error) : found(addresses),
    );
  });
}
