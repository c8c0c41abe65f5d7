/**
 * The decoy against the real dockerd 20.10 of Debian: both are asked the same four hundred things, and what they answer
 * is compared: status line, names and order of headers, members of JSON, words of errors. And nmap looks at both.
 */
import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { askAll, differences } from '../honeypot/docker-oracle.ts';
import { dockerRequests } from '../honeypot/docker-requests.ts';
import { serviceSeenByNmap } from '../honeypot/nmap.ts';
import { startSensor, without } from '../honeypot/sensor.ts';

/** What has to be equal at least. */
const share = 0.97;

const reason =
  without('dockerd', 'containerd', 'runc', 'busybox', 'unshare', 'nsenter', 'ip', 'tar', 'nmap') ||
  (process.getuid?.() !== 0 && 'dockerd needs root') ||
  (!/ 20\.10\./.test(spawnSync('dockerd', ['--version'], { encoding: 'utf8' }).stdout ?? '') &&
    'dockerd is another version');

test('the decoy answers as dockerd does', { skip: reason }, async (test) => {
  const folder = mkdtempSync(join(tmpdir(), 'waterguard-dockerd-'));
  await using sensor = await startSensor(['docker']);
  const daemon = await startDockerd(folder, sensor.port('docker'));
  try {
    // On the same port: nmap asks other ports other things.
    const [seen, expected] = await Promise.all(
      [undefined, daemon.process].map((process) => serviceSeenByNmap(sensor.port('docker'), process)),
    );
    assert.equal(seen, expected);
    assert.match(seen!, /docker .*20\.10\.24/i);
    const requests = dockerRequests(smallSystem(folder));
    const real = await askAll({ path: join(folder, 'socket') }, requests);
    const decoy = await askAll({ host: '127.0.0.1', port: sensor.port('docker') }, requests);
    const told = real.map(({ request, answer }, index) => ({
      request,
      found: differences(answer, decoy[index]!.answer, requests[index]!.isExact),
    }));
    const equal = told.filter(({ found }) => found.length === 0).length;
    const different = told.filter(({ found }) => found.length > 0);
    const report = different.map(
      ({ request, found }) => `${request.slice(0, 160)}\n    ${found.join('\n    ')}`,
    );
    test.diagnostic(`nmap says of both: ${seen}`);
    test.diagnostic(`${equal} of ${told.length} answers are equal`);
    for (const one of report) test.diagnostic(one);
    assert.ok(told.length >= 200 && equal >= share * told.length, report.join('\n'));
  } finally {
    await daemon.stop();
    rmSync(folder, { recursive: true, force: true });
  }
});

interface Dockerd {
  readonly process: number;
  stop(): Promise<void>;
}

/** In a network of its own, where nothing of the machine's is touched. @param port on loopback there */
async function startDockerd(folder: string, port: number): Promise<Dockerd> {
  const socket = join(folder, 'socket');
  const flags = `--storage-driver vfs --iptables=false --data-root ${folder}/data --exec-root ${folder}/exec --pidfile ${folder}/pid -H unix://${socket} -H tcp://127.0.0.1:${port} --tls=false`;
  const child = spawn('unshare', ['-n', 'sh', '-c', `ip link set lo up; exec dockerd ${flags}`], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let log = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    log += text;
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  for (let tries = 0; !log.includes('API listen on'); tries++) {
    if (tries > 300 || child.exitCode !== null) throw new Error(`dockerd did not start:\n${log}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return {
    process: child.pid!,
    async stop() {
      child.kill('SIGTERM');
      await ended;
      // The network of containers that shared the daemon's stays mounted there.
      spawnSync('umount', ['-l', join(folder, 'exec/netns/default')]);
    },
  };
}

/** A tar of busybox with what it is linked to. */
function smallSystem(folder: string): Uint8Array {
  const root = join(folder, 'root');
  for (const name of ['bin', 'etc', 'tmp', 'root', 'proc', 'dev', 'sys'])
    mkdirSync(join(root, name), { recursive: true });
  const busybox = execFileSync('sh', ['-c', 'command -v busybox'], { encoding: 'utf8' }).trim();
  copyFileSync(busybox, join(root, 'bin/busybox'));
  const linked = spawnSync('ldd', [busybox], { encoding: 'utf8' }).stdout ?? '';
  for (const [library] of linked.matchAll(/\/\S+\.so\S*/g)) {
    mkdirSync(join(root, dirname(library)), { recursive: true });
    copyFileSync(library, join(root, library));
  }
  for (const name of ['sh', 'id', 'echo', 'sleep', 'cat', 'chroot'])
    if (!existsSync(join(root, 'bin', name))) symlinkSync('busybox', join(root, 'bin', name));
  assert.equal(readlinkSync(join(root, 'bin/sh')), 'busybox');
  writeFileSync(join(root, 'etc/passwd'), 'root:x:0:0:root:/root:/bin/sh\n');
  writeFileSync(join(root, 'etc/group'), 'root:x:0:\n');
  return execFileSync('tar', ['-C', root, '-cf', '-', '.'], { maxBuffer: 64 << 20 });
}
