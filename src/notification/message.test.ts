import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { notice } from '../../test/fixtures/notices.ts';
import { refang } from '../indicator/refang.ts';
import { inert, messageOf, plainText } from './message.ts';

describe('a message', () => {
  it('of one notice says what it is in its subject', () => {
    const message = messageOf('wg_1', [notice(1, { severity: 'critical', title: 'a miner' })]);
    assert.equal(message.subject, '[Waterguard] critical: a miner');
    assert.equal(message.severity, 'critical');
  });

  it('of many is the same in whichever order they come, each once, the worst first', () => {
    const notices = [notice(3), notice(1), notice(2, { severity: 'critical' }), notice(1)];
    const message = messageOf('wg_1', notices);
    assert.deepEqual(
      message.notices.map((one) => one.key),
      ['k2', 'k1', 'k3'],
    );
    assert.equal(message.subject, '[Waterguard] 3 notices, 1 critical, 2 high: title 2');
    assert.equal(message.at, '1970-01-01T00:00:03.000Z');
    assert.deepEqual(messageOf('wg_1', notices.toReversed()), message);
  });

  it('is not made of nothing', () => {
    assert.throws(() => messageOf('wg_1', []), { code: 'internal' });
  });

  it('has a subject of one line and at most 150 characters', () => {
    const { subject } = messageOf('wg_1', [notice(1, { title: `a\r\nTo: b\n${'😀'.repeat(200)}` })]);
    assert.ok(subject.length <= 150);
    assert.match(subject, /^\[Waterguard\] high: a\\x0d\\x0aTo: b\\x0a😀+…$/u);
  });

  it('counts in its text what it does not tell', () => {
    const many = Array.from({ length: 500 }, (_, number) => notice(number));
    const text = plainText(messageOf('wg_1', many), 3);
    assert.match(
      text,
      /^HIGH {2}title 0\n\nHIGH {2}title 1\n\nHIGH {2}title 2\n\n… and 497 more, of 500 high in all\n$/,
    );
  });

  it('has links of the console, and none of an attacker', () => {
    const hostile = notice(1, {
      title: 'see https://evil.example/x and www.evil.example',
      lines: ['curl http://evil.example'],
      link: 'https://wg.example/images/7',
    });
    const text = plainText(messageOf('wg_1', [hostile]), 10);
    assert.deepEqual(text.match(/\w+:\/\/\S+/g), ['https://wg.example/images/7']);
    assert.doesNotMatch(text, /www\.|evil\.example\/x/);
  });
});

describe('inert text', () => {
  it('is what Waterguard itself reads back', () => {
    const url = 'stratum+tcp://www.pool.example:3333/a';
    assert.notEqual(inert(url), url);
    assert.equal(refang(inert(url)), url);
  });
});
