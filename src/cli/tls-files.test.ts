import assert from 'node:assert/strict';
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { certify } from '../certificate/certificate.ts';
import { readTls } from './tls-files.ts';

const folder = mkdtempSync(join(tmpdir(), 'waterguard-tls-'));
after(() => rmSync(folder, { recursive: true }));

function put(name: string, text: string): string {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
}

const newKey = (): KeyObject => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
const pem = { type: 'pkcs8', format: 'pem' } as const;
const key = newKey();
const day = 86_400_000;
const tlsCert = put(
  'cert',
  certify({
    subject: { CN: 'waterguard' },
    key,
    notBefore: Date.now() - day,
    notAfter: Date.now() + day,
    keyUsages: ['digitalSignature'],
    usages: ['serverAuth'],
    serial: Buffer.of(1),
  }),
);
const tlsKey = put('key', key.export(pem) as string);

describe('certificate and key of a server', () => {
  it('are read together, or not at all', () => {
    assert.equal(readTls({}), undefined);
    assert.deepEqual(Object.keys(readTls({ tlsCert, tlsKey })!), ['cert', 'key']);
    assert.throws(() => readTls({ tlsCert }), { code: 'usage', message: /go together/ });
    assert.throws(() => readTls({ tlsKey }), { code: 'usage', message: /go together/ });
  });

  it('that are of no use are told by the option, with what to do', () => {
    const other = put('other', newKey().export(pem) as string);
    const locked = put('locked', key.export({ ...pem, cipher: 'aes-128-cbc', passphrase: 'x' }) as string);
    const junk = put('junk', 'junk');
    for (const [flags, message] of [
      [
        { tlsCert, tlsKey: other },
        /^--tls-key .*other: key values mismatch; give the key of the certificate/,
      ],
      [{ tlsCert, tlsKey: locked }, /^--tls-key .*locked: .*; .* without a passphrase\.$/],
      [{ tlsCert, tlsKey: junk }, /^--tls-key .*junk: .*; give the key/],
      [{ tlsCert: junk, tlsKey }, /^--tls-cert .*junk: .*; give a certificate chain in PEM\.$/],
      [{ tlsCert: '/dev/zero', tlsKey }, /^--tls-cert \/dev\/zero: .* more than/],
      [{ tlsCert: folder, tlsKey }, /^--tls-cert .*: EISDIR/],
    ] as const)
      assert.throws(() => readTls(flags), { code: 'usage', message });
  });
});
