import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { describe, it } from 'node:test';
import { boolean, message, readerOf, string, u32 } from './bytes.ts';
import { inMemory, password, type Told, userKey } from './fixtures/decoy.ts';
import { createPeer, edBlob, type Peer, signedRequest } from './fixtures/peer.ts';
import { msg } from './messages.ts';
import type { SshLimits } from './server.ts';
import { fingerprintOf } from './user-keys.ts';

const attempt = (method: string, ...fields: readonly Buffer[]): Buffer =>
  message(msg.userauthRequest, string('root'), string('ssh-connection'), string(method), ...fields);
const withPassword = (value: string): Buffer => attempt('password', boolean(false), string(value));

async function atTheDoor(limits?: Partial<SshLimits>): Promise<{ readonly peer: Peer; readonly told: Told }> {
  const { stream, told } = inMemory(limits);
  const peer = createPeer(stream);
  await peer.exchangeKeys();
  peer.send(message(msg.serviceRequest, string('ssh-userauth')));
  await peer.expect(msg.serviceAccept);
  return { peer, told };
}

describe('authentication', () => {
  it('lets in by password, after others were refused', async () => {
    const { peer, told } = await atTheDoor();
    peer.send(withPassword('123456'));
    const refusal = readerOf((await peer.expect(msg.userauthFailure)).subarray(1));
    assert.deepEqual([refusal.text(), refusal.u8()], ['publickey,password', 0]);
    peer.send(withPassword(password));
    await peer.expect(msg.userauthSuccess);
    assert.deepEqual(
      told.attempts.map((one) => [one.user, one.method, one.password, one.isEligible]),
      [
        ['root', 'password', '123456', true],
        ['root', 'password', password, true],
      ],
    );
  });

  it('tells of a key what it is, and asks for a signature before it lets in', async () => {
    const { peer, told } = await atTheDoor();
    const blob = edBlob(userKey);
    peer.send(attempt('publickey', boolean(false), string('ssh-ed25519'), string(blob)));
    const answer = readerOf((await peer.expect(msg.userauthPkOk)).subarray(1));
    assert.equal(answer.text(), 'ssh-ed25519');
    assert.ok(answer.string().equals(blob));
    peer.send(signedRequest(peer.sessionId(), 'root', userKey));
    await peer.expect(msg.userauthSuccess);
    const key = { type: 'ssh-ed25519', algorithm: 'ssh-ed25519', blob, fingerprint: fingerprintOf(blob) };
    assert.deepEqual(
      told.attempts.map((one) => one.key),
      [
        { ...key, signature: 'absent' },
        { ...key, signature: 'valid' },
      ],
    );
  });

  it('refuses an accepted key whose signature is of another session, and tells so', async () => {
    const { peer, told } = await atTheDoor();
    peer.send(signedRequest(Buffer.alloc(32), 'root', userKey));
    await peer.expect(msg.userauthFailure);
    assert.deepEqual([told.attempts[0]?.key?.signature, told.attempts[0]?.isEligible], ['invalid', false]);
  });

  it('tells of what it refuses by itself', async () => {
    const { peer, told } = await atTheDoor();
    const rsa = Buffer.concat([string('ssh-rsa'), string(Buffer.of(3)), string(Buffer.alloc(256, 0x55))]);
    peer.send(attempt('keyboard-interactive', string(''), string('pam')));
    peer.send(attempt('password', boolean(true), string(password), string('new')));
    peer.send(attempt('publickey', boolean(false), string('ssh-rsa'), string(rsa)));
    peer.send(attempt('publickey', boolean(false), string('ssh-ed25519'), string('garbage')));
    for (let count = 0; count < 4; count++) await peer.expect(msg.userauthFailure);
    assert.deepEqual(
      told.attempts.map((one) => [one.method, one.newPassword ?? one.key?.type, one.isEligible]),
      [
        ['keyboard-interactive', undefined, false],
        ['password', 'new', false],
        ['publickey', 'ssh-rsa', false],
        ['publickey', '', false],
      ],
    );
  });

  it('ends after six failures, of which the first "none" is not one', async () => {
    const { peer, told } = await atTheDoor();
    peer.send(attempt('none'));
    for (let count = 0; count < 6; count++) peer.send(withPassword(`${count}`));
    const payloads = await peer.all();
    assert.deepEqual(
      payloads.map((payload) => payload[0]),
      [...Array(6).fill(msg.userauthFailure), msg.disconnect],
    );
    const farewell = readerOf(payloads.at(-1)!.subarray(1));
    assert.deepEqual([farewell.u32(), farewell.text()], [2, 'Too many authentication failures']);
    assert.deepEqual(told.closed, ['Too many authentication failures']);
  });

  it('takes as long as PAM over a wrong password, and no longer than sshd over the rest', async () => {
    const { peer } = await atTheDoor({ failedPasswordMs: [120, 120] });
    const timeOf = async (request: Buffer): Promise<number> => {
      const begin = performance.now();
      peer.send(request);
      await peer.expect(msg.userauthFailure);
      return performance.now() - begin;
    };
    const none = await timeOf(attempt('none'));
    const wrong = await timeOf(withPassword('wrong'));
    assert.ok(none >= 4.9 && none < 100, `${none} ms`);
    assert.ok(wrong >= 119, `${wrong} ms`);
  });

  it('hangs up on a key bound to another host', async () => {
    const { peer, told } = await atTheDoor();
    const other = edBlob(generateKeyPairSync('ed25519').privateKey);
    const fields = [boolean(false), string('ssh-ed25519'), string(edBlob(userKey)), string(other)];
    peer.send(attempt('publickey-hostbound-v00@openssh.com', ...fields));
    assert.deepEqual(await peer.all(), []);
    assert.deepEqual(told.closed, ['wrong host key in the request']);
  });

  it('hangs up on a password that runs past its packet', async () => {
    const { peer, told } = await atTheDoor();
    peer.send(attempt('password', boolean(false), u32(0xffffffff), Buffer.from('x')));
    assert.deepEqual(await peer.all(), []);
    assert.deepEqual(told.closed, ['incomplete message']);
  });
});
