import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { personaOf } from '../../persona/persona.ts';
import { Quota } from '../files/quota.ts';
import { View } from '../files/view.ts';
import type { World } from '../world.ts';
import { type ContainerOptions, createContainer } from './container.ts';
import { createHost } from './host.ts';
import { imageOf, isKnownImage } from './images.ts';
import { programIn } from './program-file.ts';

const persona = personaOf('a seed of tests');
const id = 'ab12'.repeat(16);

function server(): World {
  return createHost(persona, new Quota(256 << 20));
}

function container(options: Partial<ContainerOptions> = {}, host: World = server()): World {
  return createContainer(host, { image: 'alpine', id, command: ['/bin/sh'], ...options });
}

function text(world: World, path: string): string {
  return Buffer.from(new View(world.files).read(path)).toString();
}

function programAt(world: World, path: string): string | undefined {
  const node = new View(world.files).stat(path);
  return node.kind === 'file' ? programIn(node.content) : undefined;
}

describe('an image', () => {
  it('is known by its name, wherever it comes from', () => {
    const systems = (
      [
        'alpine',
        'alpine:3.19',
        'docker.io/library/ubuntu:22.04',
        'debian:bookworm-slim',
        'centos',
        'rockylinux:9',
        'busybox:musl',
      ] as const
    ).map((name) => imageOf(name).system);
    assert.deepEqual(systems, ['alpine', 'alpine', 'ubuntu', 'debian', 'redhat', 'redhat', 'busybox']);
    assert.deepEqual(imageOf('redis'), { system: 'debian', kind: 'redis', isBase: false });
    assert.deepEqual(imageOf('redis:7-alpine'), { system: 'alpine', kind: 'redis', isBase: false });
    assert.deepEqual(imageOf(`node@sha256:${'a'.repeat(64)}`), {
      system: 'debian',
      kind: 'node',
      isBase: false,
    });
    assert.deepEqual(imageOf('registry.example.invalid:5000/some/tool:ubuntu-20'), {
      system: 'ubuntu',
      kind: undefined,
      isBase: false,
    });
    assert.deepEqual(imageOf('someone/unknown'), { system: 'alpine', kind: undefined, isBase: false });
    assert.deepEqual(imageOf('__proto__'), { system: 'alpine', kind: undefined, isBase: false });
    const known = ['alpine:3.19', 'library/ubuntu', 'redis', 'docker.io/library/python:3'].map(isKnownImage);
    const others = ['someone/alpine', 'ghcr.io/a/redis', 'nobody', 'alpine-miner'].map(isKnownImage);
    assert.deepEqual([known, others], [Array(4).fill(true), Array(4).fill(false)]);
  });

  it('of Alpine has busybox under all its names, and apk', () => {
    const world = container();
    const view = new View(world.files);
    assert.equal(view.readlink('/bin/ls'), '/bin/busybox');
    assert.equal(view.readlink('/usr/bin/wget'), '/bin/busybox');
    assert.equal(programAt(world, '/bin/busybox'), 'busybox');
    assert.equal(programAt(world, '/sbin/apk'), 'apk');
    assert.match(text(world, '/etc/os-release'), /^NAME="Alpine Linux"\nID=alpine\n/);
    for (const path of ['/usr/bin/curl', '/bin/bash', '/usr/bin/apt'])
      assert.equal(view.exists(path), false, path);
  });

  it('of Debian or Ubuntu has its shells and apt, and neither curl nor wget', () => {
    for (const image of ['debian', 'ubuntu']) {
      const world = container({ image });
      const view = new View(world.files);
      for (const path of ['/bin/bash', '/bin/sh', '/usr/bin/apt-get', '/usr/bin/perl', '/usr/bin/ls'])
        assert.ok(view.exists(path), `${image} ${path}`);
      for (const path of [
        '/usr/bin/curl',
        '/usr/bin/wget',
        '/usr/bin/docker',
        '/usr/sbin/sshd',
        '/root/.aws',
        '/root/.ssh',
      ])
        assert.equal(view.exists(path), false, `${image} ${path}`);
      assert.match(text(world, '/etc/os-release'), new RegExp(`\nID=${image}\n`));
    }
  });

  it('of a service has its program', () => {
    for (const [image, path] of [
      ['redis', '/usr/local/bin/redis-server'],
      ['nginx', '/usr/sbin/nginx'],
      ['postgres:15', '/usr/bin/psql'],
      ['node:20', '/usr/local/bin/node'],
      ['python:3.11', '/usr/local/bin/python3'],
    ] as const)
      assert.ok(new View(container({ image }).files).exists(path), path);
  });
});

describe('a container', () => {
  it('shows what Docker gives it: name, addresses, processes, capabilities', () => {
    const world = container();
    assert.equal(world.hostname, id.slice(0, 12));
    assert.equal(text(world, '/etc/hostname'), `${id.slice(0, 12)}\n`);
    assert.match(text(world, '/etc/hosts'), /\n172\.17\.0\.2\tab12ab12ab12\n$/);
    assert.equal(text(world, '/proc/sys/kernel/hostname'), `${id.slice(0, 12)}\n`);
    assert.equal(text(world, '/proc/1/cgroup'), '0::/\n');
    assert.equal(text(world, '/proc/1/cmdline'), '/bin/sh\0');
    assert.match(text(world, '/proc/self/status'), /\nCapEff:\t00000000a80425fb\n/);
    assert.match(text(world, '/proc/mounts'), /^overlay \/ overlay rw,relatime,lowerdir=/);
    assert.ok(new View(world.files).exists('/.dockerenv'));
    const pod = container({ runtime: 'containerd' });
    assert.match(
      text(pod, '/proc/mounts'),
      /^overlay \/ overlay rw,relatime,lowerdir=\/var\/lib\/containerd\//,
    );
    assert.ok(!new View(pod.files).exists('/.dockerenv'));
    assert.equal(world.processes.length, 1);
  });

  it('is closed in where it is not privileged', () => {
    const view = new View(container().files);
    assert.throws(() => view.write('/sys/x', Buffer.from('1')), { code: 'EROFS' });
    assert.throws(() => view.write('/proc/sys/kernel/core_pattern', Buffer.from('|/x')), { code: 'EROFS' });
    assert.equal(view.exists('/dev/nvme0n1p1'), false);
    const free = container({ privileged: true });
    new View(free.files).write('/proc/sys/kernel/core_pattern', Buffer.from('|/x'));
    assert.equal(text(free, '/proc/sys/kernel/core_pattern'), '|/x');
    assert.match(text(free, '/proc/self/status'), /\nCapEff:\t000001ffffffffff\n/);
    assert.ok(new View(free.files).exists('/dev/nvme0n1p1'));
  });

  it('reaches the host through what is bound, and nothing else', () => {
    const host = server();
    const world = container({ binds: [{ source: '/', target: '/mnt' }] }, host);
    const view = new View(world.files);
    view.write('/mnt/root/.ssh/authorized_keys', Buffer.from('ssh-rsa AAAA\n'), { append: true });
    assert.match(text(host, '/root/.ssh/authorized_keys'), /\nssh-rsa AAAA\n$/);
    assert.equal(text(world, '/mnt/etc/hostname'), `${persona.hostname}\n`);
    assert.equal(view.chroot('/mnt').exists('/usr/sbin/dockerd'), true);
    assert.equal(text(world, '/mnt/proc/sys/kernel/hostname'), `${persona.hostname}\n`);
  });

  it('makes what a bind needs, and takes binds that lead nowhere', () => {
    const host = server();
    const world = container(
      {
        binds: [
          { source: '/var/run/docker.sock', target: '/var/run/docker.sock' },
          { source: '/etc', target: '/host/etc', readOnly: true },
          { source: '/not/yet', target: '/data' },
          { source: '/etc/passwd/x', target: '/broken' },
          { source: '../..', target: '/up/../root-of-host' },
        ],
      },
      host,
    );
    const view = new View(world.files);
    const socket = view.stat('/var/run/docker.sock');
    assert.ok(socket.kind === 'file' && socket.device?.socket);
    assert.throws(() => view.write('/host/etc/x', Buffer.from('x')), { code: 'EROFS' });
    view.write('/data/x', Buffer.from('x'));
    assert.equal(text(host, '/not/yet/x'), 'x');
    assert.equal(text(world, '/root-of-host/etc/hostname'), `${persona.hostname}\n`);
  });

  it('sees the processes, the name and the sockets of the host where it shares them', () => {
    const host = server();
    const world = container({ hostPid: true, hostNetwork: true }, host);
    assert.equal(world.hostname, persona.hostname);
    assert.equal(text(world, '/proc/1/comm'), 'systemd\n');
    assert.ok(host.processes.length > 50);
    assert.equal(text(world, '/etc/hosts'), text(host, '/etc/hosts'));
    // 6379 in hexadecimal: the host's Redis.
    assert.match(text(world, '/proc/net/tcp'), /:18EB /);
    assert.doesNotMatch(text(container({}, host), '/proc/net/tcp'), /:18EB /);
  });

  it('shares its image with all others, and costs its visitor no more than is allowed', () => {
    const host = server();
    const [first, second] = [container({}, host), container({ id: 'cd34'.repeat(16) }, host)];
    assert.equal(first.files.get('/bin'), second.files.get('/bin'));
    const view = new View(first.files);
    assert.throws(
      () => {
        for (let index = 0; index < 4; index++) view.write(`/tmp/${index}`, Buffer.alloc(3 << 20));
      },
      { code: 'ENOSPC' },
    );
    first.close();
    new View(second.files).write('/tmp/x', Buffer.alloc(3 << 20));
  });
});
