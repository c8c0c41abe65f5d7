import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Finding } from '../model/finding.ts';
import { withIgnores } from './ignore.ts';

const today = '2026-01-01';

function findingAt(path: string): Finding {
  return {
    id: 'f'.repeat(32),
    rule: 'secrets/token',
    category: 'embedded-secret',
    title: 'A token',
    severity: 'high',
    confidence: 0.8,
    state: 'present',
    attack: [],
    reachable: false,
    evidence: [{ kind: 'file', layer: 0, path }],
    source: {},
  };
}

function covers(pattern: string, path: string): boolean {
  const entry = { rule: 'secrets/token', path: pattern, reason: 'a test value', expires: today };
  return withIgnores(findingAt(path), [entry], today).ignored !== undefined;
}

describe('the path of an ignore entry', () => {
  it('is matched as a whole, and a dot is a dot', () => {
    assert.ok(covers('/etc/app.conf', '/etc/app.conf'));
    assert.ok(!covers('/etc/app.conf', '/etc/app.conf.bak'));
    assert.ok(!covers('/etc/app.conf', '/etc/appxconf'));
    assert.ok(!covers('/etc', '/etc/app.conf'));
  });

  it('may leave out part of a name with one star, and whole folders with two', () => {
    assert.ok(covers('/srv/*.pem', '/srv/a.pem'));
    assert.ok(covers('/srv/*.pem', '/srv/.pem'));
    assert.ok(!covers('/srv/*.pem', '/srv/keys/a.pem'));
    assert.ok(covers('/srv/**.pem', '/srv/keys/old/a.pem'));
    assert.ok(covers('**', '/anything/at/all'));
    assert.ok(!covers('/srv/**/a', '/srv/a'));
  });

  it('is matched in little time and stack, however many stars and however long the path', () => {
    assert.ok(!covers(`${'*a'.repeat(60)}b`, `/${'a'.repeat(16_000)}`));
    assert.ok(covers(`/${'a'.repeat(2000)}**`, `/${'a'.repeat(16_000)}`));
  });
});

describe('an ignore entry', () => {
  it('holds until the end of its day', () => {
    const entry = { rule: 'secrets/token', reason: 'a test value', expires: today };
    assert.deepEqual(withIgnores(findingAt('/a'), [entry], today).ignored, {
      reason: 'a test value',
      expires: today,
    });
    assert.equal(withIgnores(findingAt('/a'), [entry], '2026-01-02').ignored, undefined);
  });

  it('names one finding by its id, or all of a rule', () => {
    const rest = { reason: 'a test value', expires: today };
    assert.ok(withIgnores(findingAt('/a'), [{ id: 'f'.repeat(32), ...rest }], today).ignored);
    assert.equal(withIgnores(findingAt('/a'), [{ id: '0'.repeat(32), ...rest }], today).ignored, undefined);
    assert.equal(withIgnores(findingAt('/a'), [{ rule: 'other', ...rest }], today).ignored, undefined);
  });
});
