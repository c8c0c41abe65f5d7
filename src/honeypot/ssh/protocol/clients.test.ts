/** OpenSSH's own client, with all that is announced to it. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { skipWithout } from '../../../../test/fixtures/programs.ts';
import { serverProposal } from './algorithms.ts';
import { authorized, banner, type Listening, listen } from './fixtures/decoy.ts';
import { createSshClient, type SshClientProgram } from './fixtures/ssh-client.ts';

const announced = serverProposal(banner);
const large = randomBytes(5_000_000);
const skip = skipWithout('ssh', 'ssh-keygen');

describe('the ssh client', { skip, concurrency: 4 }, () => {
  let server: Listening;
  let ssh: SshClientProgram;
  before(async () => {
    server = await listen();
    ssh = createSshClient(server.port);
    for (const blob of Object.values(ssh.keys)) authorized.push(blob);
  });
  after(() => {
    server?.stop();
    ssh?.remove();
  });

  /** Whether data comes through both ways with these options. */
  const echoes = async (...options: readonly string[]): Promise<void> => {
    const { status, stdout, stderr } = await ssh.run(options, ['cat'], Buffer.from('there and back\n'));
    assert.deepEqual([status, stdout.toString(), stderr], [0, 'there and back\n', '']);
  };

  for (const name of announced.kex.split(',').filter((name) => !name.startsWith('kex-strict'))) {
    it(`exchanges keys by ${name}`, () => echoes('-o', `KexAlgorithms=${name}`));
  }
  for (const name of announced.hostKey.split(',')) {
    // A known key of another type would be preferred, and is not there.
    it(`knows the host by ${name}`, () =>
      echoes('-o', `HostKeyAlgorithms=${name}`, '-o', 'UserKnownHostsFile=/dev/null'));
  }
  for (const name of announced.cipherIn.split(',')) {
    it(`encrypts with ${name}`, () => echoes('-c', name));
  }
  for (const name of announced.macIn.split(',')) {
    it(`authenticates with ${name}`, () => echoes('-c', 'aes128-ctr', '-m', name));
  }

  for (const type of ['ed25519', 'ecdsa', 'rsa'] as const) {
    it(`logs in with a key of type ${type}`, async () => {
      const { status } = await ssh.run([type], ['exit', '0']);
      assert.equal(status, 0);
      const signed = server.told.attempts.filter(
        ({ key }) => key?.blob.equals(ssh.keys[type]) && key.signature === 'valid',
      );
      assert.equal(signed[0]?.method, 'publickey');
      assert.match(signed[0]?.key?.fingerprint ?? '', /^SHA256:[\w+/]{43}$/);
    });
  }

  it('gets the status of a program', async () => {
    assert.equal((await ssh.run([], ['exit', '7'])).status, 7);
  });

  it('hears of the signal that ended a program', async () => {
    const { status } = await ssh.run([], ['kill', 'SEGV']);
    assert.equal(status, 255);
  });

  it('gets both outputs, apart from each other', async () => {
    const { status, stdout, stderr } = await ssh.run([], ['complain']);
    assert.deepEqual([status, stdout.toString(), stderr], [1, 'out\n', 'err\n']);
  });

  for (const options of [
    [],
    ['-C'],
    ['-c', 'aes128-ctr', '-m', 'umac-128@openssh.com'],
    ['-c', 'aes256-gcm@openssh.com'],
    ['-o', 'RekeyLimit=1M', '-o', 'KexAlgorithms=curve25519-sha256'],
    ['-C', '-o', 'RekeyLimit=1M', '-o', 'KexAlgorithms=curve25519-sha256'],
  ]) {
    it(`sends and gets back 5 MB ${options.length === 0 ? 'by default' : `with ${options.join(' ')}`}`, async () => {
      const { status, stdout } = await ssh.run(options, ['cat'], large);
      assert.equal(status, 0);
      assert.ok(stdout.equals(large));
    });
  }

  it('gets 5 MB of a program that does not wait', async () => {
    const { stdout } = await ssh.run([], ['fill', '5000000']);
    assert.equal(stdout.length, 5_000_000);
  });

  it('reaches the subsystem sftp, and is refused others', async () => {
    const sftp = await ssh.run(['-s'], ['sftp']);
    assert.equal(sftp.stdout.toString(), 'sftp here\n');
    const other = await ssh.run(['-s'], ['netconf']);
    assert.match(other.stderr, /subsystem request failed on channel 0/);
    assert.deepEqual(
      server.told.programs.filter(({ kind }) => kind === 'subsystem'),
      [
        { kind: 'subsystem', name: 'sftp' },
        { kind: 'subsystem', name: 'netconf' },
      ],
    );
  });

  it('has its terminal and its environment told', async () => {
    await ssh.run(['-tt', '-o', 'SetEnv=LC_TEST=x LD_PRELOAD=y'], ['exit', '0']);
    assert.ok(server.told.terminals.some((terminal) => 'term' in terminal && terminal.columns >= 0));
    assert.ok(server.told.variables.includes('LC_TEST=x'));
    assert.ok(!server.told.variables.some((variable) => variable.startsWith('LD_PRELOAD')));
  });

  it('has its forwards told, and refused where they would lead out', async () => {
    const { stderr } = await ssh.run(['-o', 'LogLevel=INFO', '-W', '192.0.2.1:80'], []);
    assert.match(stderr, /open failed: connect failed: Connection refused/);
    await ssh.run(['-R', '8080:127.0.0.1:80'], ['exit', '0']);
    const kinds = server.told.forwards.map(({ kind }) => kind);
    assert.ok(kinds.includes('direct-tcpip') && kinds.includes('tcpip-forward'));
  });

  it('learns all host keys once it knows one, since the server proves to have them', async () => {
    const known = join(ssh.folder, 'learned');
    const options = ['-o', `UserKnownHostsFile=${known}`, '-o', 'UpdateHostKeys=yes'];
    await ssh.run(options, ['exit', '0']);
    await ssh.run(options, ['exit', '0']);
    const types = readFileSync(known, 'utf8').trim().split('\n');
    assert.deepEqual(types.map((line) => line.split(' ')[1]).sort(), [
      'ecdsa-sha2-nistp256',
      'ssh-ed25519',
      'ssh-rsa',
    ]);
  });

  it('says what it is', () => {
    const client = server.told.clients[0];
    assert.match(client?.version ?? '', /^SSH-2\.0-OpenSSH_/);
    assert.match(client?.hassh ?? '', /^[0-9a-f]{32}$/);
  });

  it('never met an error of ours', () => {
    assert.deepEqual(
      server.told.closed.filter((reason) => reason.includes('internal')),
      [],
    );
  });
});
