import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { skipWithout } from '../../test/fixtures/programs.ts';
import { nameOf, pem, publicKeyInfo, signatureAlgorithm } from './certificate.ts';
import { bitString, elements, integer, raw, sequence } from './der.ts';
import { keyOfRequest, longestRequest, requestFor } from './request.ts';

const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const label = 'CERTIFICATE REQUEST';
const good = requestFor(privateKey);
const der = Buffer.from(good.replaceAll(/-----.*-----|\s/g, ''), 'base64');

/** A request with parts of one's choice, signed by a key of one's choice. */
function made({
  key = privateKey,
  signer = key,
  version = 0,
  info = publicKeyInfo(key),
  algorithm = signatureAlgorithm(signer),
  attributes = raw(0xa0, Buffer.alloc(0)),
}: {
  readonly key?: KeyObject;
  readonly signer?: KeyObject;
  readonly version?: number;
  readonly info?: Buffer;
  readonly algorithm?: Buffer;
  readonly attributes?: Buffer;
} = {}): string {
  const asked = sequence(integer(Buffer.from([version])), nameOf({ CN: 'x' }), info, attributes);
  const signature = sign(signer.asymmetricKeyType === 'ed25519' ? null : 'sha256', asked, signer);
  return pem(label, sequence(asked, algorithm, bitString(signature)));
}

describe('a request for a certificate', () => {
  it('gives the key that signed it', () => {
    assert.ok(keyOfRequest(good).equals(publicKey));
    assert.ok(keyOfRequest(made()).equals(publicKey));
  });

  it('is one to OpenSSL, and one of OpenSSL is read, whatever it asks for', {
    skip: skipWithout('openssl'),
  }, () => {
    const folder = mkdtempSync(join(tmpdir(), 'waterguard-request-'));
    try {
      const [mine, key] = [join(folder, 'mine.pem'), join(folder, 'key.pem')];
      writeFileSync(mine, good);
      const shown = execFileSync('openssl', ['req', '-in', mine, '-noout', '-verify', '-text'], {
        stdio: 'pipe',
        encoding: 'utf8',
      });
      assert.match(shown, /Subject: CN ?= ?sensor/);
      assert.match(shown, /NIST CURVE: P-256/);
      writeFileSync(key, privateKey.export({ type: 'pkcs8', format: 'pem' }));
      const wish = 'subjectAltName=URI:spiffe://waterguard/sensor/1,DNS:admin.example.invalid';
      const subject = '/CN=admin/O=system:masters';
      const theirs = execFileSync(
        'openssl',
        [
          'req',
          '-new',
          '-key',
          key,
          '-subj',
          subject,
          '-addext',
          wish,
          '-addext',
          'basicConstraints=CA:TRUE',
        ],
        { encoding: 'utf8' },
      );
      assert.ok(keyOfRequest(theirs).equals(publicKey));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('that is cut off anywhere is refused', () => {
    for (let length = 1; length < der.length; length++)
      assert.throws(() => keyOfRequest(pem(label, der.subarray(0, length))), { code: 'corrupt' });
    for (let length = 0; length < good.length - 1; length += 7)
      assert.throws(() => keyOfRequest(good.slice(0, length)), { code: 'corrupt' });
  });

  it('with any of its bits turned is refused', () => {
    for (let bit = 0; bit < der.length * 8; bit++) {
      const turned = Buffer.from(der);
      turned[bit >> 3]! ^= 1 << (bit & 7);
      assert.throws(() => keyOfRequest(pem(label, turned)), { code: 'corrupt' }, `${bit}`);
    }
  });

  it('that is larger than any real one, or deep, is refused at once', () => {
    let deep: Buffer = Buffer.alloc(0);
    while (deep.length < 2900) deep = sequence(deep);
    const start = performance.now();
    for (const text of [
      pem(label, Buffer.alloc(10_000_000)),
      `-----BEGIN ${label}-----${'\n'.repeat(10_000_000)}`,
      `-----BEGIN ${label}-----${'A '.repeat(5_000_000)}-----`,
      made({ attributes: raw(0xa0, Buffer.alloc(longestRequest)) }),
      pem(label, deep),
      pem(label, Buffer.alloc(2900, 0x30)),
      pem(label, Buffer.from('3084ffffffff', 'hex')),
      pem(label, Buffer.from('3080', 'hex')),
    ])
      assert.throws(() => keyOfRequest(text), { code: 'corrupt' }, text.slice(0, 60));
    assert.ok(performance.now() - start < 2000);
  });

  it('of another kind of key, or of a curve that describes itself, is refused', () => {
    const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
    const ed25519 = generateKeyPairSync('ed25519').privateKey;
    const p384 = generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey;
    for (const key of [rsa, ed25519, p384]) assert.throws(() => keyOfRequest(made({ key })), /not on P-256/);
    const { privateKey: explicit } = generateKeyPairSync('ec', {
      namedCurve: 'P-256',
      paramEncoding: 'explicit',
    });
    assert.ok(publicKeyInfo(explicit).length > 200);
    assert.throws(() => keyOfRequest(made({ key: explicit })), /not on P-256/);
    // A point that is on no curve.
    const info = Buffer.from(publicKeyInfo(privateKey));
    info[info.length - 1]! ^= 1;
    assert.throws(() => keyOfRequest(made({ info })), { code: 'corrupt' });
  });

  it('that somebody else signed, or by another algorithm than it says, is refused', () => {
    const signer = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
    assert.throws(() => keyOfRequest(made({ signer })), /signature is not by its key/);
    const sha1 = Buffer.from('300906072a8648ce3d0401', 'hex');
    assert.throws(() => keyOfRequest(made({ algorithm: sha1 })), /ECDSA with SHA-256/);
  });

  it('that is a certificate, of another version, or has more to it, is refused', () => {
    assert.throws(
      () => keyOfRequest(good.replaceAll('CERTIFICATE REQUEST', 'CERTIFICATE')),
      /no request in PEM/,
    );
    assert.throws(() => keyOfRequest(made({ version: 1 })), /version/);
    const more = Buffer.concat([der, sequence()]);
    assert.throws(() => keyOfRequest(pem(label, more)), { code: 'corrupt' });
    assert.throws(() => keyOfRequest(`${good}${good}`), /no request in PEM/);
    for (const text of ['', 'x', '\0', `-----BEGIN ${label}-----\n-----END ${label}-----`])
      assert.throws(() => keyOfRequest(text), { code: 'corrupt' });
  });
});

describe('elements', () => {
  it('are read as they were written, at every length', () => {
    for (const length of [0, 1, 0x7f, 0x80, 0xff, 0x100, 0xffff]) {
      const one = raw(4, Buffer.alloc(length, 7));
      const [first, second, ...rest] = elements(Buffer.concat([one, one]));
      assert.deepEqual([first!.whole.equals(one), second!.content.length, rest], [true, length, []]);
    }
  });

  it('with lengths that are not the shortest, or tags of several bytes, are refused', () => {
    for (const hex of [
      '04',
      '0480',
      '048100',
      '04817f',
      '0482ff',
      '04820001',
      '0483000001',
      '04ff',
      '1f0100',
      '040201',
    ])
      assert.throws(() => elements(Buffer.from(hex, 'hex')), RangeError, hex);
  });
});
