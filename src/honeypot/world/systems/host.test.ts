import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { personaOf } from '../../persona/persona.ts';
import { entriesOf, type Node } from '../files/node.ts';
import { Quota } from '../files/quota.ts';
import { View } from '../files/view.ts';
import type { World } from '../world.ts';
import { accountsOf } from './account-database.ts';
import { createHost } from './host.ts';
import { programIn } from './program-file.ts';
import { runningContainers } from './running-containers.ts';

const mine = personaOf('a seed of tests');
const plenty = 256 << 20;

function host(seed = mine): World {
  return createHost(seed, new Quota(plenty));
}

function text(world: World, path: string): string {
  return Buffer.from(new View(world.files).read(path)).toString('latin1');
}

/** Paths of everything below a folder, links not followed. */
function pathsIn(view: View, folder: string, found: Map<string, Node> = new Map()): Map<string, Node> {
  for (const { name, node } of view.list(folder)) {
    const path = folder === '/' ? `/${name}` : `${folder}/${name}`;
    found.set(path, node);
    if (node.kind === 'directory' && path !== '/proc' && path !== '/sys') pathsIn(view, path, found);
  }
  return found;
}

describe('the server', () => {
  it('has the programs of Debian, that say on which processor they run', () => {
    const world = host();
    for (const path of ['/bin/echo', '/usr/sbin/sshd', '/proc/self/exe', '/proc/1/exe']) {
      const head = Buffer.from(new View(world.files).read(path).subarray(0, 64));
      assert.equal(head.subarray(0, 8).toString('latin1'), '\x7fELF\x02\x01\x01\0', path);
      assert.deepEqual(
        [head.readUInt16LE(16), head.readUInt16LE(18), head.readUInt16LE(52)],
        [3, 62, 64],
        path,
      );
    }
  });

  it('has the set-user-id programs of Debian 12 and no others', () => {
    const found = [...pathsIn(new View(host().files), '/')]
      .filter(([, node]) => node.kind === 'file' && (node.mode & 0o4000) !== 0)
      .map(([path]) => path);
    assert.deepEqual(found.sort(), [
      '/usr/bin/chfn',
      '/usr/bin/chsh',
      '/usr/bin/gpasswd',
      '/usr/bin/mount',
      '/usr/bin/newgrp',
      '/usr/bin/passwd',
      '/usr/bin/su',
      '/usr/bin/sudo',
      '/usr/bin/umount',
      '/usr/lib/openssh/ssh-keysign',
    ]);
  });

  it('leads each link of its own to something', () => {
    const view = new View(host().files);
    const broken = [...pathsIn(view, '/usr/bin'), ...pathsIn(view, '/usr/sbin'), ...pathsIn(view, '/etc')]
      .filter(([path, node]) => node.kind === 'link' && !view.exists(path))
      .map(([path]) => path);
    assert.deepEqual(broken, []);
  });

  it('has accounts that agree in all their files', () => {
    const world = host();
    const names = text(world, '/etc/passwd')
      .trim()
      .split('\n')
      .map((line) => line.split(':')[0]);
    const hashes = text(world, '/etc/shadow')
      .trim()
      .split('\n')
      .map((line) => line.split(':'));
    assert.deepEqual(
      hashes.map(([name]) => name),
      names,
    );
    assert.match(
      hashes.find(([name]) => name === 'root')![1]!,
      /^\$y\$j9T\$[./0-9A-Za-z]{22}\$[./0-9A-Za-z]{43}$/,
    );
    const accounts = accountsOf(new View(world.files));
    assert.equal(accounts.byName(mine.account)?.home, `/home/${mine.account}`);
    // A number is that of an account which only a container has.
    for (const { user } of world.processes) assert.ok(/^\d+$/.test(user) || accounts.byName(user), user);
  });

  it('starts all processes from programs that are there, each by one that runs', () => {
    const world = host();
    const pids = new Set(world.processes.map(({ pid }) => pid));
    for (const { pid, ppid, args } of world.processes) {
      assert.ok(ppid === 0 || pids.has(ppid), args[0]);
      const exe = new View(world.files).lstat(`/proc/${pid}`);
      assert.equal(exe.kind, 'directory');
    }
    const commands = world.processes.map(({ args }) => args.join(' '));
    for (const name of ['systemd', 'sshd', 'cron', 'dockerd', 'containerd', 'redis-server'])
      assert.ok(
        commands.some((command) => command.includes(name)),
        name,
      );
    assert.ok(Math.max(...pids) < world.nextPid);
  });

  it('shows the containers that it runs everywhere alike', () => {
    const world = host();
    const containers = runningContainers(mine, Date.now());
    for (const { id } of containers) {
      assert.ok(new View(world.files).exists(`/var/lib/docker/containers/${id}/config.v2.json`));
      assert.ok(
        world.processes.some(({ args }) => args.join(' ').includes(id)),
        id,
      );
    }
  });
});

describe('worlds of one persona', () => {
  it('share what nobody changed, and nothing that somebody did', () => {
    const [first, second] = [host(), host()];
    assert.equal(first.files.get('/usr/bin'), second.files.get('/usr/bin'));
    new View(first.files).write('/etc/motd', Buffer.from('owned\n'));
    assert.notEqual(text(second, '/etc/motd'), 'owned\n');
    assert.equal(first.files.get('/usr/bin'), second.files.get('/usr/bin'));
  });

  it('cost a visitor no more than is allowed', () => {
    const view = new View(host().files);
    const block = Buffer.alloc(2 << 20);
    assert.throws(
      () => {
        for (let index = 0; index < 6; index++) view.write(`/tmp/${index}`, block);
      },
      { code: 'ENOSPC' },
    );
    assert.ok(view.exists('/tmp/3'));
  });

  it('are as many as a server has', () => {
    const count = pathsIn(new View(host().files), '/').size;
    assert.ok(count > 4000, `${count} files`);
  });
});

describe('two personas', () => {
  const yours = personaOf('another seed of tests');

  it('share no secret, key, address or name', () => {
    const [first, second] = [host(mine), host(yours)];
    const places = [
      '/etc/hostname',
      '/etc/machine-id',
      '/root/.aws/credentials',
      '/root/.ssh/id_ed25519',
      '/root/.ssh/id_ed25519.pub',
      '/root/.ssh/known_hosts',
      '/root/.ssh/authorized_keys',
      '/root/.docker/config.json',
      '/root/.bash_history',
      '/var/log/auth.log',
      '/proc/sys/kernel/random/boot_id',
      '/etc/fstab',
    ];
    for (const path of places) assert.notEqual(text(first, path), text(second, path), path);
    const hash = (world: World) => text(world, '/etc/shadow').split('\n', 1)[0];
    assert.notEqual(hash(first), hash(second));
    const secrets = (world: World) =>
      new Set(places.flatMap((path) => text(world, path).match(/[A-Za-z0-9+/]{20,}/g) ?? []));
    const shared = [...secrets(first)].filter((word) => secrets(second).has(word));
    // OpenSSH's own: the name of the format of a private key without a passphrase.
    assert.deepEqual(
      shared.filter((word) => !word.startsWith('b3BlbnNzaC1rZXktdjEA')),
      [],
    );
  });

  it('are different machines with the same system', () => {
    const names = (world: World) => [...entriesOf(world.files.get('/usr/bin') as never).keys()].join();
    assert.equal(names(host(mine)), names(host(yours)));
  });
});

function nameIn(view: View, path: string): string | undefined {
  const node = view.stat(path);
  return node.kind === 'file' ? programIn(node.content) : undefined;
}

describe('a program', () => {
  it('stays what it is under another name, and not when it was written over', () => {
    const view = new View(host().files);
    view.rename('/usr/bin/wget', '/usr/bin/wdl');
    view.link('/usr/bin/chattr', '/tmp/ch');
    assert.equal(nameIn(view, '/usr/bin/wdl'), 'wget');
    assert.equal(nameIn(view, '/tmp/ch'), 'chattr');
    view.write('/usr/bin/wdl', Buffer.from('#!/bin/sh\n'));
    assert.equal(nameIn(view, '/usr/bin/wdl'), undefined);
  });
});

/** Where Debian has nothing of its own: what is there, somebody put there. */
const ownPlaces = ['/home', '/root', '/opt', '/srv', '/usr/local', '/var/backups', '/var/spool', '/var/www'];

/** What ssh-keygen, crontab, docker and aws write into every file of theirs, and what everybody types. */
const ofPrograms =
  /^-----(?:BEGIN|END) |^b3BlbnNzaC1rZXktdjEA|^# DO NOT EDIT THIS FILE|^# \(Cron version|index\.docker\.io|^output = |^apt |^curl -s localhost/;

function linesOf(world: World, places: readonly string[]): Set<string> {
  const view = new View(world.files);
  const isFile = (place: string): boolean => view.stat(place).kind === 'file';
  const files = places
    .flatMap((place) => (isFile(place) ? [[place, view.stat(place)] as const] : [...pathsIn(view, place)]))
    .filter(([, node]) => node.kind === 'file');
  const texts = files.map(([path]) => text(world, path)).filter((one) => !one.includes('\0'));
  return new Set(texts.flatMap((one) => one.split('\n')).filter((line) => line.length >= 12));
}

describe('two servers', () => {
  it('have no line in common in what people put there, and none in what nobody wrote', () => {
    const worlds = ['one', 'two', 'three', 'four'].map((seed) => host(personaOf(seed)));
    const ofDebian = linesOf(worlds[0]!, ['/etc/skel', '/root/.bashrc', '/root/.profile']);
    for (const places of [ownPlaces, ['/usr/lib/systemd', '/etc/security', '/usr/lib/modules']]) {
      const [first, ...others] = worlds.map((world) => linesOf(world, places));
      const shared = [...first!].filter((line) => others.every((other) => other.has(line)));
      assert.deepEqual(
        shared.filter((line) => !ofDebian.has(line) && !ofPrograms.test(line)),
        [],
      );
    }
  });
});
