import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type EventSample, sampleBoot } from '../../../test/fixtures/events.ts';
import { cefOf } from './cef.ts';

const { next } = sampleBoot('pot-1');
const cef = (sample: EventSample = {}): string => cefOf(next(sample));

interface Parsed {
  readonly header: readonly string[];
  readonly extension: ReadonlyMap<string, string>;
}

/** As the standard says, and strictly: whatever is not escaped as it should be is an error. */
function parse(line: string): Parsed {
  assert.doesNotMatch(line, /[\x00-\x1f\x7f-\x9f]/);
  const fields: string[] = [];
  let field = '';
  let at = 0;
  for (; fields.length < 7; at++) {
    const character = line[at];
    assert.notEqual(character, undefined, 'the header is too short');
    if (character === '|') {
      fields.push(field);
      field = '';
    } else if (character === '\\') {
      const escaped = line[++at];
      assert.ok(escaped === '\\' || escaped === '|', `\\${escaped} in the header`);
      field += escaped;
    } else field += character;
  }
  return { header: fields, extension: parseExtension(line.slice(at)) };
}

function parseExtension(text: string): Map<string, string> {
  const found = new Map<string, string>();
  const keys = [...text.matchAll(/(?:^| )([A-Za-z0-9]+)=/g)].filter(
    ({ index }) => !/(?<!\\)(?:\\\\)*\\$/.test(text.slice(0, index)),
  );
  assert.equal(keys[0]?.index, 0);
  for (const [place, key] of keys.entries()) {
    const value = text.slice(key.index + key[0].length, keys[place + 1]?.index);
    assert.match(value, /^(?:[^\\=]|\\[\\=nr])*$/, `value of ${key[1]}`);
    assert.equal(found.has(key[1]!), false, `${key[1]} twice`);
    found.set(
      key[1]!,
      value.replace(/\\(.)/g, (_, one: string) => (one === 'n' ? '\n' : one === 'r' ? '\r' : one)),
    );
  }
  return found;
}

describe('an event in CEF', () => {
  it('has the header, and keys of the dictionary', () => {
    const { header, extension } = parse(
      cef({
        type: 'ssh.auth',
        severity: 'high',
        id: '018c3624-8a00-760f-a6fb-3213d9f4dc85',
        ts: '2026-11-20T10:00:00.123Z',
        session: 's-1',
        fp: { ua: 'SSH-2.0-Go', hassh: 'ab'.repeat(16) },
        attack: ['T1078', 'T1110'],
        data: { user: 'root', password: 'secret-of-mine', accepted: true },
      }),
    );
    assert.deepEqual(header.slice(0, 3), ['CEF:0', 'Waterguard', 'Waterguard']);
    assert.match(header[3]!, /^\d+\.\d+\.\d+/);
    assert.deepEqual(header.slice(4), ['ssh.auth', 'ssh auth', '8']);
    assert.deepEqual(Object.fromEntries(extension), {
      rt: String(Date.parse('2026-11-20T10:00:00.123Z')),
      externalId: '018c3624-8a00-760f-a6fb-3213d9f4dc85',
      deviceExternalId: 'pot-1',
      app: 'ssh',
      proto: 'TCP',
      src: '198.51.100.7',
      spt: '40000',
      dst: '192.0.2.1',
      dpt: '6379',
      duser: 'root',
      outcome: 'success',
      requestClientApplication: 'SSH-2.0-Go',
      msg: 'ssh.auth from 198.51.100.7: root',
      cs4: 's-1',
      cs4Label: 'session',
      cs5: 'T1078\nT1110',
      cs5Label: 'techniques',
      cs6: `hassh ${'ab'.repeat(16)}`,
      cs6Label: 'fingerprints',
    });
  });

  it('tells of requests, files, commands and whom they contact', () => {
    const { extension } = parse(
      cef({
        type: 'http.request',
        norm: {
          commands: ['id', 'wget x'],
          urls: ['http://example.invalid/?a=1'],
          hosts: ['example.invalid'],
        },
        data: {
          method: 'POST',
          target: '/cgi-bin/x?a=b|c',
          artefacts: [{ name: '/tmp/x y', sha256: 'cd'.repeat(32), size: 7 }],
        },
      }),
    );
    assert.equal(extension.get('requestMethod'), 'POST');
    assert.equal(extension.get('request'), '/cgi-bin/x?a=b|c');
    assert.equal(extension.get('fname'), '/tmp/x y');
    assert.equal(extension.get('fileHash'), 'cd'.repeat(32));
    assert.equal(extension.get('fsize'), '7');
    assert.equal(extension.get('cs1'), 'id\nwget x');
    assert.equal(extension.get('cs2'), 'http://example.invalid/?a=1');
    assert.equal(extension.get('cs3'), 'example.invalid');
  });

  it('has severities from low to very high', () => {
    const levels = (['info', 'low', 'medium', 'high', 'critical'] as const).map(
      (severity) => parse(cef({ severity })).header[6],
    );
    assert.deepEqual(levels, ['1', '3', '5', '8', '10']);
  });

  it('has IPv6 where the dictionary has it, and no source for what the sensor tells of itself', () => {
    const six = parse(cef({ from: '2001:db8::7', dst: { ip: '2001:db8::1', port: 22 } })).extension;
    assert.equal(six.has('src') || six.has('dst'), false);
    assert.equal(six.get('c6a2'), '2001:db8::7');
    assert.equal(six.get('c6a2Label'), 'Source IPv6 Address');
    assert.equal(six.get('c6a3'), '2001:db8::1');
    const nowhere = { ip: '0.0.0.0', port: 0 };
    const own = sampleBoot().next({ type: 'sensor.gap' });
    const { extension } = parse(cefOf({ ...own, src: nowhere, dst: nowhere }));
    for (const key of ['src', 'spt', 'dst', 'dpt', 'proto']) assert.equal(extension.has(key), false, key);
  });

  it('escapes what separates, in the header and in the extension, and nothing else', () => {
    const command = 'a=b | c\\d\r\ne=f cs1=forged \\= \\n | CEF:0|x';
    const line = cef({
      sensor: 'pot=1',
      norm: { commands: [command] },
      data: { line: command, user: 'a\\|=b' },
    });
    assert.ok(line.includes(' cs1=a\\=b | c\\\\d\\r\\ne\\=f cs1\\=forged \\\\\\= \\\\n | CEF:0|x '));
    const { extension } = parse(line);
    assert.equal(extension.get('cs1'), command);
    assert.equal(extension.get('duser'), 'a\\|=b');
    assert.equal(extension.get('deviceExternalId'), 'pot=1');
    const header = parse(cefOf({ ...next(), type: 'a|b\\c\nd' })).header;
    assert.equal(header[4], 'a|b\\c\\x0ad');
  });

  it('never has a control character or one that is not seen, nor a line of its own', () => {
    const hostile = 'x\x00\x07\x1b[2J\x9b1m\u202e\u2028\ny\ttab\nCEF:0|forged';
    const { extension } = parse(cef({ norm: { commands: [hostile] }, data: { user: hostile } }));
    assert.equal(
      extension.get('duser'),
      'x\\x00\\x07\\x1b[2J\\xc2\\x9b1m\\xe2\\x80\\xae\\xe2\\x80\\xa8\ny\\x09tab\nCEF:0|forged',
    );
  });

  it('cuts values where the dictionary does, before they are escaped', () => {
    const long = '='.repeat(20_000);
    const { extension } = parse(
      cef({ fp: { ua: long }, norm: { commands: [long], urls: [long] }, data: { user: long } }),
    );
    for (const [key, longest] of Object.entries({
      duser: 1023,
      cs1: 4000,
      cs2: 4000,
      msg: 1023,
      request: 1023,
    }))
      assert.equal(extension.get(key)?.length, longest, key);
  });

  it('has no password, whatever the decoy calls it', () => {
    const line = cef({
      norm: { commands: ['AUTH p4ss-w0rd'], urls: ['http://a:s3cret@example.invalid/?t=t0ken'] },
      data: { user: 'a', password: 'p4ss-w0rd', token: 't0ken', secret: 's3cret' },
    });
    assert.match(line, / cs1=AUTH \*\*\* /);
    assert.doesNotMatch(line, /p4ss-w0rd|t0ken|s3cret/);
  });
});
