import assert from 'node:assert/strict';
import { generateKeyPairSync, type KeyObject, X509Certificate } from 'node:crypto';
import { describe, it } from 'node:test';
import { certify } from './certificate.ts';

const notBefore = Date.parse('2024-03-01T10:20:30Z');
const notAfter = Date.parse('2034-02-27T10:20:30Z');
const keys: readonly (readonly [string, KeyObject])[] = [
  ['RSA', generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey],
  ['ECDSA', generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey],
  ['Ed25519', generateKeyPairSync('ed25519').privateKey],
];

const authority = (key: KeyObject): string =>
  certify({
    subject: { CN: 'kubernetes' },
    key,
    names: ['kubernetes'],
    notBefore,
    notAfter,
    isAuthority: true,
    serial: Buffer.from([0]),
  });

describe('a certificate', () => {
  for (const [name, key] of keys) {
    it(`is verified by the authority that signed it with ${name}`, () => {
      const parent = new X509Certificate(authority(key));
      assert.equal(parent.ca, true);
      assert.equal(parent.verify(parent.publicKey), true);
      assert.equal(parent.checkIssued(parent), true);
      const leafKey = generateKeyPairSync('ed25519').privateKey;
      const leaf = new X509Certificate(
        certify({
          subject: { CN: 'admin', O: 'system:masters' },
          issuer: { certificate: parent.toString(), key },
          key: leafKey,
          notBefore,
          notAfter,
          usages: ['serverAuth', 'clientAuth'],
          names: ['192.0.2.7', 'a.example.invalid', '2001:db8::7'],
          serial: Buffer.from('ff00000000000001', 'hex'),
        }),
      );
      assert.equal(leaf.ca, false);
      assert.equal(leaf.verify(parent.publicKey), true);
      assert.equal(leaf.checkIssued(parent), true);
      assert.equal(leaf.checkPrivateKey(leafKey), true);
      assert.equal(leaf.subject, 'O=system:masters\nCN=admin');
      assert.equal(leaf.serialNumber, 'FF00000000000001');
      assert.equal(
        leaf.subjectAltName,
        'DNS:a.example.invalid, IP Address:192.0.2.7, IP Address:2001:DB8:0:0:0:0:0:7',
      );
      assert.deepEqual(leaf.keyUsage, ['1.3.6.1.5.5.7.3.1', '1.3.6.1.5.5.7.3.2']);
      assert.equal(leaf.validFromDate.getTime(), notBefore);
    });
  }

  it('is the same at every start where the key is RSA or Ed25519', () => {
    for (const name of ['RSA', 'Ed25519']) {
      const key = keys.find(([one]) => one === name)![1];
      assert.equal(authority(key), authority(key));
    }
  });

  it('is written with four digits of the year from 2050 on', () => {
    const late = Date.parse('2050-01-01T00:00:00Z');
    const key = keys[2]![1];
    const serial = Buffer.from([1]);
    const made = new X509Certificate(
      certify({ subject: { CN: 'node@1' }, key, notBefore, notAfter: late, serial }),
    );
    assert.equal(made.validToDate.getTime(), late);
    assert.ok(made.raw.includes('20500101000000Z'), 'GeneralizedTime');
    assert.ok(made.raw.includes(Buffer.from('\x0c\x06node@1', 'latin1')), 'UTF8String');
  });
});
