import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { uuid5, uuid7Of } from './uuid.ts';

describe('UUIDs', () => {
  it('of version 5 are those of RFC 9562, A.4', () => {
    const dns = '6ba7b810-9dad-11d1-80b4-00c04fd430c8';
    assert.equal(uuid5(dns, 'www.example.com'), '2ed6657d-e927-568b-95e1-2665a8aea6a2');
  });

  it('of version 7 begin with their time, and follow from time and name alone', () => {
    const at = Date.parse('2026-11-26T12:00:00.123Z');
    const one = uuid7Of(at, 'a');
    assert.match(one, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    assert.equal(Number.parseInt(one.replaceAll('-', '').slice(0, 12), 16), at);
    assert.equal(uuid7Of(at, 'a'), one);
    assert.notEqual(uuid7Of(at, 'b'), one);
  });
});
