import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { hasshOf, kexInitOf, negotiate, readKexInit, serverProposal } from './algorithms.ts';
import { banner } from './fixtures/decoy.ts';
import { clientProposal } from './fixtures/peer.ts';

const server = serverProposal(banner);
const offer = (change: Partial<typeof clientProposal>, guessFollows = false) => ({
  proposal: { ...clientProposal, ...change },
  guessFollows,
});

describe('the lists of a server', () => {
  it('are those of the update that its banner names', () => {
    const kexOf = (update: string) =>
      serverProposal(`SSH-2.0-OpenSSH_9.2p1 Debian-2${update}`).kex.split(',');
    assert.equal(kexOf('').at(-1), 'diffie-hellman-group14-sha256');
    assert.equal(kexOf('+deb12u1').at(-1), 'diffie-hellman-group14-sha256');
    assert.equal(kexOf('+deb12u2').at(-1), 'kex-strict-s-v00@openssh.com');
    assert.equal(kexOf('+deb12u3')[0], 'sntrup761x25519-sha512@openssh.com');
    assert.equal(kexOf('+deb12u4')[0], 'sntrup761x25519-sha512');
    assert.equal(kexOf('+deb12u10')[0], 'sntrup761x25519-sha512');
  });

  it('come back out of a KEXINIT', () => {
    assert.deepEqual(readKexInit(kexInitOf(server).subarray(1)), { proposal: server, guessFollows: false });
  });
});

describe('negotiation', () => {
  it('takes the first name of the client that the server has', () => {
    const kex = 'unknown,diffie-hellman-group14-sha256,curve25519-sha256';
    assert.equal(negotiate(offer({ kex }), server).kex, 'diffie-hellman-group14-sha256');
  });

  it('stops at an empty name, as sshd does', () => {
    assert.throws(() => negotiate(offer({ kex: 'unknown,,curve25519-sha256' }), server), /no matching/);
  });

  it('needs no MAC where the cipher authenticates', () => {
    const chosen = negotiate(offer({ cipherIn: 'aes256-gcm@openssh.com', macIn: '' }), server);
    assert.deepEqual(chosen.in, { cipher: 'aes256-gcm@openssh.com', mac: '', compression: 'none' });
    assert.throws(() => negotiate(offer({ macIn: '' }), server), /no matching MAC/);
  });

  it('holds a guess for wrong unless the first names of methods and host keys agree', () => {
    const [kex, hostKey] = [server.kex.split(',')[0]!, server.hostKey.split(',')[0]!];
    assert.equal(negotiate(offer({ kex, hostKey }, true), server).guessIsWrong, false);
    assert.equal(negotiate(offer({ kex }, true), server).guessIsWrong, true);
    assert.equal(negotiate(offer({ kex }, false), server).guessIsWrong, false);
  });
});

describe('HASSH', () => {
  it('is what Salesforce publishes for Cyberduck 6.7.1', () => {
    const { hassh, hasshAlgorithms } = hasshOf({
      ...clientProposal,
      kex:
        'curve25519-sha256@libssh.org,diffie-hellman-group-exchange-sha256,ecdh-sha2-nistp521,' +
        'ecdh-sha2-nistp384,ecdh-sha2-nistp256,diffie-hellman-group-exchange-sha1,' +
        'diffie-hellman-group1-sha1,diffie-hellman-group14-sha1,diffie-hellman-group14-sha256,' +
        'diffie-hellman-group15-sha512,diffie-hellman-group16-sha512,diffie-hellman-group17-sha512,' +
        'diffie-hellman-group18-sha512,diffie-hellman-group14-sha256@ssh.com,' +
        'diffie-hellman-group15-sha256,diffie-hellman-group15-sha256@ssh.com,' +
        'diffie-hellman-group15-sha384@ssh.com,diffie-hellman-group16-sha256,' +
        'diffie-hellman-group16-sha384@ssh.com,diffie-hellman-group16-sha512@ssh.com,' +
        'diffie-hellman-group18-sha512@ssh.com',
      cipherIn:
        'aes128-cbc,aes128-ctr,aes192-cbc,aes192-ctr,aes256-cbc,aes256-ctr,blowfish-cbc,blowfish-ctr,' +
        'cast128-cbc,cast128-ctr,idea-cbc,idea-ctr,serpent128-cbc,serpent128-ctr,serpent192-cbc,' +
        'serpent192-ctr,serpent256-cbc,serpent256-ctr,3des-cbc,3des-ctr,twofish128-cbc,twofish128-ctr,' +
        'twofish192-cbc,twofish192-ctr,twofish256-cbc,twofish256-ctr,twofish-cbc,arcfour,arcfour128,arcfour256',
      macIn: 'hmac-sha1,hmac-sha1-96,hmac-md5,hmac-md5-96,hmac-sha2-256,hmac-sha2-512',
      compressionIn: 'zlib@openssh.com,zlib,none',
    });
    assert.equal(hassh, '8a8ae540028bf433cd68356c1b9e8d5b');
    assert.match(hasshAlgorithms, /^curve25519.*;aes128-cbc.*;hmac-sha1.*;zlib@openssh\.com,zlib,none$/);
  });
});
