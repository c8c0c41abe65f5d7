import assert from 'node:assert/strict';
import { test } from 'node:test';
import { processorTime } from '../../test/fixtures/processor-time.ts';
import { parseBareDomain, parseDomain } from './domain.ts';
import { findEmails } from './email.ts';
import { looksLikeVersion, parseIp } from './ip.ts';
import { refang } from './refang.ts';
import { contacted, findUrls, parseUrl } from './url.ts';

test('domains have one normal form', () => {
  assert.equal(parseDomain('WWW.Bücher.DE.')?.host, 'www.xn--bcher-kva.de');
  assert.deepEqual(parseDomain('a.b.co.uk'), { host: 'a.b.co.uk', registrable: 'b.co.uk', suffix: 'co.uk' });
  assert.equal(parseDomain('x.duckdns.org')?.suffix, 'duckdns.org');
  assert.equal(parseDomain('x.duckdns.org')?.registrable, 'duckdns.org');
});

test('single labels, unknown suffixes, bare suffixes and reserved names are no domains', () => {
  for (const text of [
    'localhost',
    'a.b.commons',
    'co.uk',
    'www.example.com',
    'db.internal',
    'a..b.com',
    '-a.com',
    '1.2.3.4',
  ]) {
    assert.equal(parseDomain(text), undefined, text);
  }
});

test('onion names are told by their length', () => {
  assert.equal(parseDomain('a'.repeat(56) + '.onion')?.suffix, 'onion');
  assert.equal(parseDomain('short.onion'), undefined);
});

test('file names and attributes are no bare domains, unless a port follows', () => {
  for (const text of ['install.sh', 'main.py', 'libc.so', 'README.md', 'self.name', 'ld.so', 'config.in']) {
    assert.equal(parseBareDomain(text, false), undefined, text);
  }
  assert.equal(parseBareDomain('get.sh', true)?.host, 'get.sh');
  assert.equal(parseBareDomain('pool.supportxmr.com', false)?.registrable, 'supportxmr.com');
});

test('addresses are parsed strictly and know their network', () => {
  const scope = (text: string) => parseIp(text)?.scope;
  assert.deepEqual(
    [
      '8.8.8.8',
      '10.1.2.3',
      '127.0.0.1',
      '169.254.169.254',
      '100.64.0.1',
      '192.0.2.7',
      '224.0.0.1',
      '0.0.0.0',
    ].map(scope),
    ['public', 'private', 'loopback', 'link-local', 'shared', 'documentation', 'multicast', 'unspecified'],
  );
  assert.deepEqual(
    ['::1', 'fe80::1', 'fd00::1', '2001:db8::1', '::ffff:10.0.0.1', '2606:4700::1111', 'ff02::1'].map(scope),
    ['loopback', 'link-local', 'private', 'documentation', 'private', 'public', 'multicast'],
  );
  for (const text of ['1.2.3', '1.2.3.256', '01.2.3.4', '1.2.3.4.5', '::g', ':::'])
    assert.equal(parseIp(text), undefined, text);
  assert.equal(parseIp('[2606:4700:0:0::1111]')?.address, '2606:4700::1111');
});

test('version numbers are told from addresses', () => {
  const version = (text: string, quad: string) => {
    const start = text.indexOf(quad);
    return looksLikeVersion(text, start, start + quad.length);
  };
  assert.ok(version('libfoo-45.67.89.101', '45.67.89.101'));
  assert.ok(version('version 91.0.44.114', '91.0.44.114'));
  assert.ok(version('x 1.2.3.4 y', '1.2.3.4'));
  assert.ok(version('"version": "45.67.89.101"', '45.67.89.101'));
  assert.ok(!version('nc 45.67.89.101 4444', '45.67.89.101'));
  assert.ok(!version('"45.67.89.101"', '45.67.89.101'));
});

test('URLs are found without the punctuation around them', () => {
  const text =
    '(see https://a.debian.org/x(1)). <http://8.8.8.8:80/> "stratum+tcp://pool.minexmr.com:4444", http://$HOST/';
  const found = findUrls(text);
  assert.deepEqual(
    found.map((url) => url.url),
    ['https://a.debian.org/x(1)', 'http://8.8.8.8', 'stratum+tcp://pool.minexmr.com:4444'],
  );
  assert.equal(
    text.slice(found[2]!.offset, found[2]!.offset + found[2]!.length),
    'stratum+tcp://pool.minexmr.com:4444',
  );
});

test('default ports and user information leave the normal form', () => {
  const url = parseUrl('HTTPS://User:pass@Host.Debian.ORG:443/A?b');
  assert.equal(url?.url, 'https://host.debian.org/A?b');
  assert.equal(url?.user, 'User:pass');
  assert.equal(parseUrl('http://a.debian.org:99999/'), undefined);
  assert.equal(parseUrl('http://[2606:4700::1111]:8080/x')?.url, 'http://[2606:4700::1111]:8080/x');
});

test('defanged text is restored', () => {
  assert.equal(
    refang('hxxps[:]//evil[.]duckdns(.)org/x user[at]mail[dot]org'),
    'https://evil.duckdns.org/x user@mail.org',
  );
});

test('signs of a shell or a pattern are no defanging', () => {
  for (const text of ['curl "${a[@]}"', 's/(.)/x/', 'f [.] g', 'find . \\( -name x \\)', '$(at)'])
    assert.equal(refang(text), text);
});

test('who is told to contact a host takes more names and addresses than a text shows by itself', () => {
  const host = (text: string) => parseUrl(text, contacted)?.host;
  assert.equal(host('http://C2.Example.invalid/x'), 'c2.example.invalid');
  assert.equal(host('http://pool.bit:3333'), 'pool.bit');
  assert.deepEqual(['http://3221226219/x', 'http://0xC000026B/x', 'http://0300.0.2.0x6b/x'].map(host), [
    '192.0.2.235',
    '192.0.2.107',
    '192.0.2.107',
  ]);
  for (const text of ['localhost', 'printer.local', 'kubernetes.default.svc', 'a', '1.2', '12345'])
    assert.equal(host(`http://${text}/`), undefined, text);
  assert.equal(parseUrl('http://c2.example.invalid/'), undefined);
  assert.equal(findUrls('curl http://c2.example.invalid/x', 10, contacted).length, 1);
});

test('emails need a registered domain', () => {
  assert.deepEqual(findEmails('mail: Joe@Proton.me, x@y, git@github.com:a/b'), [
    { email: 'joe@proton.me', offset: 6 },
    { email: 'git@github.com', offset: 26 },
  ]);
  const long = 'x'.repeat(70);
  assert.deepEqual(findEmails(`${long}@a.com a@bcd@e.fg.com --.b@c.com- @d.com`), [
    { email: `${'x'.repeat(64)}@a.com`, offset: 6 },
    { email: 'bcd@e.fg.com', offset: 79 },
    { email: 'b@c.com', offset: 95 },
  ]);
});

test('hostile text costs linear time', () => {
  const used = processorTime();
  for (const text of [
    'http://a.',
    '://',
    'a.',
    'a@',
    '@',
    '@ex',
    'a@b.com',
    'a'.repeat(63) + '@',
    'h://a.b/((((',
    '[.]',
    '{ ',
  ]) {
    const long = text.repeat(500_000 / text.length);
    findUrls(long);
    findEmails(long);
    refang(long);
  }
  assert.ok(used() < 4000);
});
