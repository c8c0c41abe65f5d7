import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { test } from 'node:test';
import { readPrivateKey } from './private-key.ts';

const rsa = generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey;
const pkcs8 = rsa.export({ type: 'pkcs8', format: 'pem' }).toString();
const pkcs1 = rsa.export({ type: 'pkcs1', format: 'pem' }).toString();
const sec1 = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  .privateKey.export({ type: 'sec1', format: 'pem' })
  .toString();
const ed25519 = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();

const marker = (word: string, label: string) => `-----${word} ${label}-----`;

const openSsh = (cipher: string) => {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(cipher.length);
  const body = Buffer.concat([
    Buffer.from('openssh-key-v1\0'),
    length,
    Buffer.from(cipher),
    Buffer.alloc(200, 7),
  ]);
  const label = 'OPENSSH PRIVATE KEY';
  return `${marker('BEGIN', label)}\n${body.toString('base64')}\n${marker('END', label)}\n`;
};

test('keys of each kind are read, the shortest included', () => {
  assert.deepEqual(readPrivateKey(pkcs8), { kind: 'pkcs8', encrypted: false });
  assert.deepEqual(readPrivateKey(pkcs1), { kind: 'pkcs1', encrypted: false });
  assert.deepEqual(readPrivateKey(sec1), { kind: 'sec1', encrypted: false });
  assert.deepEqual(readPrivateKey(ed25519), { kind: 'pkcs8', encrypted: false });
  assert.deepEqual(readPrivateKey(openSsh('none')), { kind: 'openssh', encrypted: false });
});

test('a key on one line with escaped line ends is the same key', () => {
  assert.deepEqual(readPrivateKey(pkcs8.replaceAll('\n', '\\n')), { kind: 'pkcs8', encrypted: false });
  assert.deepEqual(readPrivateKey(pkcs8.replaceAll('\n', '\r\n')), { kind: 'pkcs8', encrypted: false });
});

test('a passphrase is seen in each format', () => {
  const options = { format: 'pem', cipher: 'aes-128-cbc', passphrase: 'x' } as const;
  assert.equal(readPrivateKey(rsa.export({ type: 'pkcs8', ...options }).toString())?.encrypted, true);
  assert.equal(readPrivateKey(rsa.export({ type: 'pkcs1', ...options }).toString())?.encrypted, true);
  assert.equal(readPrivateKey(openSsh('aes256-ctr'))?.encrypted, true);
});

test('what is cut off, altered or only looks like a key is none', () => {
  const lines = pkcs8.split('\n');
  assert.equal(readPrivateKey(lines.slice(0, 5).join('\n')), undefined);
  assert.equal(readPrivateKey([lines[0], ...lines.slice(3)].join('\n')), undefined);
  assert.equal(readPrivateKey(`${lines[0]}\n...\n${lines.at(-2)}`), undefined);
  assert.equal(readPrivateKey(pkcs8.replaceAll('PRIVATE', 'PUBLIC')), undefined);
  const text = Buffer.alloc(300, 'lorem ipsum ').toString('base64');
  assert.equal(readPrivateKey(`${lines[0]}\n${text}\n${lines.at(-2)}`), undefined);
});
