import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fitness, normalPlatform, parsePlatform, platformText } from './platform.ts';

describe('a platform', () => {
  it('is known under all of its spellings', () => {
    const spellings = {
      'linux/amd64': 'linux/amd64',
      'Linux/x86_64': 'linux/amd64',
      'linux/amd64/v1': 'linux/amd64',
      'linux/aarch64': 'linux/arm64',
      'linux/arm64/v8': 'linux/arm64',
      'linux/arm': 'linux/arm/v7',
      'linux/arm/6': 'linux/arm/v6',
      'linux/armhf': 'linux/arm/v7',
      'linux/armel': 'linux/arm/v6',
      'linux/i386': 'linux/386',
      'macos/arm64': 'darwin/arm64',
      'linux/s390x': 'linux/s390x',
    };
    for (const [text, normal] of Object.entries(spellings)) {
      assert.equal(platformText(parsePlatform(text)), normal, text);
    }
  });

  it('is refused where it is not os/arch or os/arch/variant', () => {
    for (const text of ['', 'linux', 'linux/', '/amd64', 'linux/arm/v7/x', 'linux/a b', 'linux/\u001b[31m']) {
      assert.throws(() => parsePlatform(text), { code: 'usage' }, text);
    }
  });

  it('from an image is printable and never empty', () => {
    assert.equal(platformText(normalPlatform('', '', '')), 'unknown/unknown');
    assert.equal(platformText(normalPlatform('li\u001b[31mnux', 'amd64', '')), 'li\\x1b[31mnux/amd64');
  });

  it('prefers its own variant, then the next older one, then a newer one', () => {
    const wanted = parsePlatform('linux/arm/v7');
    const order = ['linux/arm/v7', 'linux/arm/v6', 'linux/arm/v5', 'linux/arm/v8'];
    const values = order.map((text) => fitness(parsePlatform(text), wanted));
    assert.deepEqual(
      values,
      [...values].sort((a, b) => b - a),
    );
    assert.equal(new Set(values).size, 4);
    assert.ok(values.every((value) => value > 0));
    assert.equal(fitness(parsePlatform('linux/arm64'), wanted), 0);
    assert.equal(fitness(parsePlatform('windows/arm/v7'), wanted), 0);
  });
});
