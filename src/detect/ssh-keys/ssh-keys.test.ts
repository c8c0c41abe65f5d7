import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { test } from 'node:test';
import { emptyConfig } from '../../../test/fixtures/image-config.ts';
import type { FileKind, OpenFile } from '../detector.ts';
import { sshKeys } from './detector.ts';
import { sshKeysInspection } from './image.ts';

/** A valid Ed25519 public key in OpenSSH's form. */
function publicKey(comment = 'a@b'): string {
  const { publicKey: key } = generateKeyPairSync('ed25519');
  const raw = key.export({ type: 'spki', format: 'der' }).subarray(-32);
  const field = (bytes: Buffer) => Buffer.concat([Buffer.from([0, 0, 0, bytes.length]), bytes]);
  const blob = Buffer.concat([field(Buffer.from('ssh-ed25519')), field(raw)]).toString('base64');
  return `ssh-ed25519 ${blob} ${comment}`;
}

function inspect(path: string, text: string, kind: FileKind = 'text') {
  const bytes = Buffer.from(text, 'latin1');
  const at = text.indexOf('authorized_keys');
  const file: OpenFile = {
    ...{ path, size: bytes.length, mode: 0o600, uid: 0, gid: 0, kind, bytes, offset: 0, matches: [] },
    hits: () => (at < 0 ? [] : [at]),
  };
  return sshKeys.wants(file) ? sshKeys.inspect(file, { check() {} }) : undefined;
}

const told = (detection: ReturnType<typeof inspect>) =>
  detection?.findings.map(({ rule, severity, confidence }) => `${rule} ${severity} ${confidence}`);

test('a key that may log in is a backdoor of medium weight, with the key as observable', () => {
  const key = publicKey();
  for (const path of [
    '/root/.ssh/authorized_keys',
    '/home/a/.ssh/authorized_keys2',
    '/etc/ssh/authorized_keys/root',
  ]) {
    const found = inspect(path, `# mine\n${key}\n`);
    assert.deepEqual(told(found), ['ssh-keys/authorized-key medium 0.55']);
    assert.equal(found?.findings[0]?.category, 'backdoor');
    assert.equal(found?.findings[0]?.offset, 7);
    assert.deepEqual(
      found?.observables.map(({ value }) => value),
      [key.split(' ').slice(0, 2).join(' ')],
    );
  }
});

test('a command forced on a key of root is strong', () => {
  assert.deepEqual(told(inspect('/root/.ssh/authorized_keys', `command="/tmp/x" ${publicKey()}\n`)), [
    'ssh-keys/authorized-key high 0.65',
  ]);
});

test('an empty file, a comment, a broken key and known hosts are nothing', () => {
  assert.deepEqual(told(inspect('/root/.ssh/authorized_keys', '')), []);
  assert.deepEqual(told(inspect('/root/.ssh/authorized_keys', `# ${publicKey()}\n`)), []);
  assert.deepEqual(told(inspect('/root/.ssh/authorized_keys', 'ssh-rsa AAAA... you@host\n')), []);
  assert.deepEqual(told(inspect('/root/.ssh/known_hosts', `github.com ${publicKey()}\n`)), []);
});

test('a script that adds a key is found, and strong where it also locks the file or opens the server', () => {
  const add = `mkdir -p ~/.ssh\necho "${publicKey()}" >> ~/.ssh/authorized_keys\n`;
  assert.deepEqual(told(inspect('/x.sh', `#!/bin/sh\n${add}`, 'script')), [
    'ssh-keys/added-by-script medium 0.55',
  ]);
  const locked = `${add}chattr +ia ~/.ssh/authorized_keys\n`;
  assert.deepEqual(told(inspect('/x.sh', locked, 'script')), ['ssh-keys/added-by-script high 0.75']);
  const opened = `${add}sed -i 's/.*PermitRootLogin.*/PermitRootLogin yes/' /etc/ssh/sshd_config\n`;
  assert.deepEqual(told(inspect('/x.sh', opened, 'script')), ['ssh-keys/added-by-script high 0.75']);
});

test('a script that only names the file, or prints a key elsewhere, is nothing', () => {
  assert.deepEqual(told(inspect('/x.sh', 'ssh-copy-id host # writes authorized_keys\n', 'script')), []);
  assert.deepEqual(told(inspect('/x.sh', `echo "${publicKey()}" # for authorized_keys\n`, 'script')), []);
});

test('a private host key in an image is an embedded secret, its public half is not', () => {
  const pem = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const [finding] = inspect('/etc/ssh/ssh_host_ed25519_key', pem)?.findings ?? [];
  assert.deepEqual([finding?.rule, finding?.category], ['ssh-keys/host-key', 'embedded-secret']);
  assert.ok(!JSON.stringify(finding).includes(pem.split('\n')[1] ?? pem));
  assert.deepEqual(told(inspect('/etc/ssh/ssh_host_ed25519_key.pub', publicKey())), []);
});

test('a key added by a history line is found with its layer', () => {
  const createdBy = `RUN /bin/sh -c echo '${publicKey()}' >> /root/.ssh/authorized_keys # buildkit`;
  const { findings, observables } = sshKeysInspection({
    reference: 'a',
    config: {
      ...emptyConfig,
      history: [{ createdBy, comment: '', created: '', layer: 4 }],
    },
  });
  assert.deepEqual(
    findings.map(({ rule, key, layer }) => `${rule} ${key} ${layer}`),
    ['ssh-keys/added-by-script history[0] 4'],
  );
  assert.equal(observables[0]?.key, 'history[0]');
});
