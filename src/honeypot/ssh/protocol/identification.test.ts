import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { compatibilityOf, createIdentification, IdentificationFault } from './identification.ts';

const identify = (line: string) => createIdentification()(Buffer.from(line, 'latin1'));

describe("the client's line", () => {
  it('may come in single bytes, and packets right after it', () => {
    const take = createIdentification();
    for (const byte of Buffer.from('SSH-2.0-libssh_0.9.6\r')) assert.equal(take(Buffer.of(byte)), undefined);
    assert.deepEqual(take(Buffer.from('\npackets')), {
      line: 'SSH-2.0-libssh_0.9.6',
      software: 'libssh_0.9.6',
      rest: Buffer.from('packets'),
    });
  });

  it('may be of 8,192 characters, end in a line feed alone, and name SSH 1.99', () => {
    const longest = `SSH-1.99-${'x'.repeat(8192 - 9)}`;
    assert.equal(identify(`${longest}\n`)?.line, longest);
    assert.throws(() => identify(`${longest}x`), IdentificationFault);
  });

  it('is answered with a sentence where it is none', () => {
    const invalid = { text: 'Invalid SSH identification string.' };
    for (const line of [
      '\n',
      'GET / HTTP/1.1\n',
      'SSH-\n',
      'SSH-2.0-\n',
      'SSH-2-x\n',
      'SSH-2.0-a\0',
      '\rx',
    ]) {
      assert.throws(() => identify(line), invalid, JSON.stringify(line));
    }
    for (const line of ['SSH-1.5-x\n', 'SSH-3.0-x\n', 'SSH--2.0-x\n', 'SSH-1.100-x\n']) {
      assert.throws(() => identify(line), { text: 'Protocol major versions differ.' }, line);
    }
  });
});

describe('compatibility', () => {
  it('withholds what a client has wrong', () => {
    assert.deepEqual(compatibilityOf('OpenSSH_6.6').withheld, ['curve25519-sha256@libssh.org']);
    assert.deepEqual(compatibilityOf('OpenSSH_6.6.1p1').withheld, []);
    assert.deepEqual(compatibilityOf('PuTTY_Release_0.64').withheld, [
      'diffie-hellman-group-exchange-sha256',
    ]);
    assert.deepEqual(compatibilityOf('PuTTY_Release_0.65').withheld, []);
    assert.deepEqual(compatibilityOf('WinSCP_release_5.7.4').withheld, [
      'diffie-hellman-group-exchange-sha256',
    ]);
    assert.deepEqual(compatibilityOf('WinSCP_release_5.7.5').withheld, []);
  });

  it('tells only OpenSSH that nobody reads, and spares others the host keys', () => {
    assert.equal(compatibilityOf('OpenSSH_9.2p1').endOfWrite, true);
    assert.equal(compatibilityOf('OpenSSH_4.3').endOfWrite, false);
    assert.equal(compatibilityOf('libssh2_1.10.0').endOfWrite, false);
    assert.equal(compatibilityOf('TTSSH/2.72 Win32').noHostKeys, true);
    assert.equal(compatibilityOf('TTSSH/2.90 Win32').noHostKeys, false);
  });
});
