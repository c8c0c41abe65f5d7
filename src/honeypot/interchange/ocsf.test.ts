import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type EventSample, sampleBoot } from '../../../test/fixtures/events.ts';
import { ocsfOf } from './ocsf.ts';

const { next } = sampleBoot('pot-1');
// biome-ignore lint/suspicious/noExplicitAny: whatever the class has
const ocsf = (sample: EventSample): any => JSON.parse(JSON.stringify(ocsfOf(next(sample))));

/** By class: what the schema (1.8) requires beside what every event has, and of which one is enough. */
const required: Readonly<
  Record<number, { readonly all: readonly string[]; readonly some: readonly string[] }>
> = {
  1007: { all: ['actor', 'device', 'process'], some: [] },
  2004: { all: ['finding_info'], some: [] },
  3002: { all: ['user'], some: ['service', 'dst_endpoint'] },
  4001: { all: [], some: ['dst_endpoint', 'src_endpoint'] },
  4002: { all: [], some: ['http_request', 'http_response'] },
  4007: { all: [], some: ['dst_endpoint', 'src_endpoint'] },
};

const samples: readonly (readonly [sample: EventSample, classUid: number, activity: string])[] = [
  [{ type: 'ssh.connect' }, 4007, 'Open'],
  [{ type: 'ssh.close' }, 4007, 'Close'],
  [{ type: 'redis.connect' }, 4001, 'Open'],
  [{ type: 'docker.close' }, 4001, 'Close'],
  [{ type: 'ssh.client', data: { algorithms: 'a;b' } }, 4007, 'client'],
  [{ type: 'ssh.forward.data', data: { host: '203.0.113.9' } }, 4007, 'forward.data'],
  [{ type: 'ssh.auth', data: { user: 'root', accepted: false } }, 3002, 'Logon'],
  [{ type: 'postgres.auth', data: { user: 'app' } }, 3002, 'Logon'],
  [{ type: 'ssh.exec', data: { command: '/bin/ls -la' } }, 1007, 'Launch'],
  [{ type: 'telnet.shell.input', data: { line: 'id' } }, 1007, 'Launch'],
  [{ type: 'docker.container.exec', norm: { commands: ['id'] } }, 1007, 'Launch'],
  [{ type: 'jupyter.terminal.input', data: { input: 'id' } }, 1007, 'Launch'],
  [{ type: 'http.request', data: { method: 'GET', target: '/a?b=c' } }, 4002, 'Get'],
  [{ type: 'kubernetes.request', data: { method: 'PROPFIND', path: '/api' } }, 4002, 'PROPFIND'],
  [{ type: 'docker.container.create', norm: { images: ['alpine'] } }, 2004, 'Create'],
  [{ type: 'redis.command' }, 2004, 'Create'],
  [{ type: 'ssh.shell.input' }, 2004, 'Create'],
];

describe('an event in OCSF', () => {
  for (const [sample, classUid, activity] of samples) {
    it(`of ${sample.type}${sample.data === undefined ? '' : ` with ${Object.keys(sample.data)}`} is class ${classUid}, ${activity}`, () => {
      const event = ocsf(sample);
      assert.equal(event.class_uid, classUid);
      assert.equal(event.activity_name, activity);
      assert.equal(event.category_uid, Math.floor(classUid / 1000));
      assert.equal(event.type_uid, classUid * 100 + event.activity_id);
      for (const name of ['time', 'severity_id', 'metadata', 'activity_id', ...required[classUid]!.all])
        assert.notEqual(event[name], undefined, name);
      const { some } = required[classUid]!;
      assert.ok(some.length === 0 || some.some((name) => event[name] !== undefined));
      assert.equal(event.metadata.product.name, 'Waterguard');
      assert.equal(event.metadata.version, '1.8.0');
      assert.equal(JSON.parse(event.raw_data).id, event.metadata.uid);
    });
  }

  it('of a connection has both ends, the client and the connection', () => {
    const event = ocsf({
      type: 'ssh.client',
      connection: 'c-1',
      fp: { hassh: 'ab'.repeat(16), ja4: 't13d' },
      data: { algorithms: 'a;b;c' },
    });
    assert.deepEqual(event.src_endpoint, { ip: '198.51.100.7', port: 40_000 });
    assert.deepEqual(event.dst_endpoint, { ip: '192.0.2.1', port: 6379, hostname: 'pot-1', svc_name: 'ssh' });
    assert.equal(event.connection_info.direction_id, 1);
    assert.equal(event.connection_info.uid, 'c-1');
    assert.deepEqual(event.client_hassh, {
      algorithm: 'a;b;c',
      fingerprint: { algorithm: 'MD5', algorithm_id: 1, value: 'ab'.repeat(16) },
    });
    assert.deepEqual(event.ja4_fingerprint_list, [{ type_id: 1, type: 'JA4', value: 't13d' }]);
  });

  it('of an attempt to get in has its outcome, and the password where Cowrie has it', () => {
    const good = ocsf({ type: 'ssh.auth', data: { user: 'root', password: 'x', accepted: true } });
    assert.deepEqual([good.status_id, good.status, good.is_remote], [1, 'Success', true]);
    assert.deepEqual(good.user, { name: 'root', type_id: 2, type: 'Admin' });
    assert.equal(good.unmapped.password, 'x');
    const bad = ocsf({ type: 'ssh.auth', data: { user: 'guest', accepted: false } });
    assert.deepEqual([bad.status_id, bad.user.type_id], [2, 1]);
    assert.equal(ocsf({ type: 'ssh.auth', data: { user: 'guest' } }).status_id, undefined);
  });

  it('of a command has its line, its program and how it ended', () => {
    const { process, exit_code } = ocsf({
      type: 'ssh.exec',
      data: { command: ' /usr/bin/id -u', exitCode: 0 },
    });
    assert.equal(process.cmd_line, ' /usr/bin/id -u');
    assert.equal(process.name, 'id');
    assert.equal(exit_code, 0);
    assert.notEqual(process.uid, undefined, 'one of pid and uid is required');
  });

  it('of a request has its parts', () => {
    const { http_request, activity_id } = ocsf({
      type: 'http.request',
      fp: { ua: 'curl/8' },
      data: { method: 'POST', target: '/a/b?c=d' },
    });
    assert.equal(activity_id, 6);
    assert.deepEqual(http_request.url, { path: '/a/b', query_string: 'c=d' });
    assert.equal(http_request.user_agent, 'curl/8');
  });

  it('of everything else is a finding with its evidence, and an alert from high on', () => {
    const event = ocsf({
      type: 'ssh.file.put',
      severity: 'high',
      norm: { urls: ['http://example.invalid/a'] },
      data: { artefacts: [{ name: '/tmp/a', sha256: 'cd'.repeat(32), size: 3 }] },
    });
    assert.equal(event.is_alert, true);
    assert.equal(event.finding_info.title, 'ssh file put');
    const [evidence] = event.evidences;
    assert.equal(evidence.src_endpoint.ip, '198.51.100.7');
    assert.deepEqual(evidence.url, { url_string: 'http://example.invalid/a' });
    assert.equal(evidence.file.name, 'a');
    assert.equal(evidence.file.hashes[0].value, 'cd'.repeat(32));
    assert.equal(ocsf({ type: 'redis.command', severity: 'low' }).is_alert, false);
  });

  it('has techniques with their names, under the profile that they belong to', () => {
    const event = ocsf({ type: 'ssh.exec', data: { command: 'id' }, attack: ['T1059.004', 'T1105'] });
    assert.deepEqual(event.attacks, [
      {
        technique: { uid: 'T1059', name: 'Command and Scripting Interpreter' },
        sub_technique: { uid: 'T1059.004', name: 'Unix Shell' },
      },
      { technique: { uid: 'T1105', name: 'Ingress Tool Transfer' } },
    ]);
    assert.deepEqual(event.metadata.profiles, ['security_control']);
    const finding = ocsf({ type: 'redis.command', attack: ['T1105'] });
    assert.equal(finding.finding_info.attacks.length, 1);
    assert.equal(finding.metadata.profiles, undefined);
  });

  it('names observables that are in the event', () => {
    const event = ocsf({
      type: 'ssh.exec',
      norm: { hosts: ['example.invalid'], urls: ['http://example.invalid/'], commands: ['id'] },
      data: { command: 'id', user: 'root' },
    });
    assert.deepEqual(
      event.observables.map((one: { name: string; type_id: number; value: string }) => [
        one.name,
        one.type_id,
        one.value,
      ]),
      [
        ['src_endpoint.ip', 2, '198.51.100.7'],
        ['user.name', 4, 'root'],
        ['unmapped.urls', 6, 'http://example.invalid/'],
        ['unmapped.hosts', 1, 'example.invalid'],
        ['unmapped.commands', 13, 'id'],
      ],
    );
  });
});
