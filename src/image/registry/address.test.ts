import assert from 'node:assert/strict';
import { test } from 'node:test';
import { WaterguardError } from '../../model/error.ts';
import { type AddressGuard, guardAddresses, isLoopbackHost, networkOf, type Resolve } from './address.ts';

test('knows the network of every kind of address, also of embedded ones', () => {
  const rows: readonly (readonly [string, string])[] = [
    ['8.8.8.8', 'public'],
    ['2606:4700::1111', 'public'],
    ['127.1.2.3', 'loopback'],
    ['::1', 'loopback'],
    ['::ffff:127.0.0.1', 'loopback'],
    ['::127.0.0.1', 'loopback'],
    ['64:ff9b::a00:1', 'private'],
    ['64:ff9b::808:808', 'public'],
    ['2002:7f00:1::', 'loopback'],
    ['10.0.0.1', 'private'],
    ['172.31.255.255', 'private'],
    ['172.32.0.0', 'public'],
    ['192.168.1.1', 'private'],
    ['100.64.0.1', 'carrier-shared'],
    ['169.254.1.1', 'link-local'],
    ['fe80::1%eth0', 'link-local'],
    ['169.254.169.254', 'metadata'],
    ['::ffff:a9fe:a9fe', 'metadata'],
    ['fd00:ec2::254', 'metadata'],
    ['fd12::1', 'unique-local'],
    ['0.0.0.0', 'unspecified'],
    ['::', 'unspecified'],
    ['224.0.0.1', 'multicast'],
    ['ff02::1', 'multicast'],
    ['255.255.255.255', 'reserved'],
    ['2001:db8::1', 'reserved'],
    ['5000::1', 'reserved'],
    ['nonsense', 'reserved'],
  ];
  for (const [address, network] of rows) assert.equal(networkOf(address), network, address);
});

test('a public registry cannot lead to inner addresses, however they are written', () => {
  const guard = guardAddresses('registry.example.com', answering({ 'registry.example.com': ['8.8.8.8'] }));
  const urls = [
    'http://127.0.0.1/',
    'http://2130706433/',
    'http://0x7f.1/',
    'http://[::1]/',
    'http://[::ffff:10.0.0.1]/',
    'http://169.254.169.254/latest/meta-data/',
    'http://0/',
    'http://10.1.2.3:5000/',
  ];
  for (const url of urls) assert.throws(() => guard.admit(new URL(url)), isRefused, url);
  guard.admit(new URL('https://1.1.1.1/'));
});

test('a name that resolves to an inner address is refused when it is connected to', async () => {
  const guard = guardAddresses(
    'registry.example.com',
    answering({ 'registry.example.com': ['8.8.8.8'], 'auth.example.com': ['127.0.0.1'] }),
  );
  assert.deepEqual(await addressesOf(guard, 'registry.example.com'), ['8.8.8.8']);
  await assert.rejects(addressesOf(guard, 'auth.example.com'), isRefused);
});

test('a registry that changes its own address to an inner one is refused', async () => {
  let answers = ['8.8.8.8'];
  const guard = guardAddresses('registry.example.com', (_name, _options, done) => done(null, rows(answers)));
  await addressesOf(guard, 'registry.example.com');
  answers = ['127.0.0.1'];
  await assert.rejects(addressesOf(guard, 'registry.example.com'), isRefused);
});

test('a registry that first shows an inner address cannot then move outside and lead back', async () => {
  let answers = ['127.0.0.1'];
  const guard = guardAddresses('registry.example.com', (_name, _options, done) => done(null, rows(answers)));
  await addressesOf(guard, 'registry.example.com');
  answers = ['8.8.8.8'];
  await assert.rejects(addressesOf(guard, 'registry.example.com'), isRefused);
});

test('of a registry with a public and an inner address only the public one is used', async () => {
  const guard = guardAddresses(
    'evil.example.com',
    answering({ 'evil.example.com': ['127.0.0.1', '8.8.8.8'] }),
  );
  assert.deepEqual(await addressesOf(guard, 'evil.example.com'), ['8.8.8.8']);
  assert.throws(() => guard.admit(new URL('http://127.0.0.1/')), isRefused);
});

test('a registry in a private network may use its neighbours there, but no metadata service', () => {
  const guard = guardAddresses('10.0.0.5');
  guard.admit(new URL('https://10.0.0.9/'));
  guard.admit(new URL('https://8.8.8.8/'));
  assert.throws(() => guard.admit(new URL('http://127.0.0.1/')), isRefused);
  assert.throws(() => guard.admit(new URL('http://169.254.169.254/')), isRefused);
});

test('a registry at a link-local address reaches itself and nothing else there', () => {
  const guard = guardAddresses('169.254.7.7');
  guard.admit(new URL('https://169.254.7.7:5000/'));
  assert.throws(() => guard.admit(new URL('https://169.254.7.8/')), isRefused);
});

test('only loopback hosts count as such', () => {
  for (const host of ['localhost', '127.0.0.1', '[::1]', '127.8.8.8']) assert.ok(isLoopbackHost(host), host);
  for (const host of ['localhost.example.com', '10.0.0.1', '128.0.0.1'])
    assert.ok(!isLoopbackHost(host), host);
});

function answering(names: Readonly<Record<string, readonly string[]>>): Resolve {
  return (name, _options, done) => done(null, rows(names[name] ?? []));
}

function rows(addresses: readonly string[]): { address: string; family: number }[] {
  return addresses.map((address) => ({ address, family: 4 }));
}

function addressesOf(guard: AddressGuard, name: string): Promise<string[]> {
  return new Promise((done, fail) => {
    guard.lookup(name, { all: true }, (error, found) => {
      if (error) fail(error);
      else done(Array.isArray(found) ? found.map((one) => one.address) : [found]);
    });
  });
}

function isRefused(error: unknown): boolean {
  return error instanceof WaterguardError && error.code === 'refused';
}
