import assert from 'node:assert/strict';
import { test } from 'node:test';
import { processorTime } from '../../test/fixtures/processor-time.ts';
import { findPublicKeys } from './ssh-key.ts';

const field = (bytes: Buffer | string): Buffer => {
  const content = Buffer.from(bytes);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(content.length);
  return Buffer.concat([length, content]);
};
const ed25519 = Buffer.concat([field('ssh-ed25519'), field(Buffer.alloc(32, 7))]).toString('base64');
const rsa = Buffer.concat([field('ssh-rsa'), field('\x01\x00\x01'), field(Buffer.alloc(257, 3))]).toString(
  'base64',
);

test('a key is found behind options, in quotes and in commands', () => {
  const text = `from="1.2.3.4",no-pty ssh-ed25519 ${ed25519} root@host\necho "ssh-rsa ${rsa}" >> authorized_keys\n`;
  const keys = findPublicKeys(text);
  assert.deepEqual(
    keys.map((key) => [key.normal, key.comment]),
    [
      ['ssh-ed25519 ' + ed25519, 'root@host'],
      ['ssh-rsa ' + rsa, ''],
    ],
  );
  for (const key of keys) assert.equal(text.slice(key.offset, key.offset + key.length), key.normal);
});

test('the fingerprint is that of ssh-keygen', () => {
  // `ssh-keygen -lf` (OpenSSH 9.2) on the key of 32 bytes of 7.
  const [key] = findPublicKeys(`ssh-ed25519 ${ed25519}`);
  assert.equal(key?.fingerprint, 'SHA256:gNSIRW+2Iyiuvsdp/bgjy38bvWHw6wQm3tuoXrl3WjQ');
});

test('base64 that does not hold the type is no key', () => {
  for (const line of [
    'ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQ user@host',
    'ssh-rsa ' + ed25519,
    'ssh-ed25519 ' + ed25519.slice(0, -8),
    'ssh-constructor AAAA',
    `my-ssh-ed25519 ${ed25519}`,
  ]) {
    assert.deepEqual(findPublicKeys(line), [], line);
  }
});

test('many openings of keys cost linear time', () => {
  const used = processorTime();
  findPublicKeys('ssh-rsa AAAA '.repeat(100_000) + 'ssh-rsa AAAA' + 'A'.repeat(1 << 20));
  assert.ok(used() < 2000);
});
