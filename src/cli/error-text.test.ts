import assert from 'node:assert/strict';
import { test } from 'node:test';
import { WaterguardError } from '../model/error.ts';
import { errorText, isDefect } from './error-text.ts';

const hostile = 'no /a\x1b[2J\n::error::pwned';

test('a refusal is its message, on one line', () => {
  const refusal = new WaterguardError('usage', hostile);
  assert.equal(errorText(refusal, false), 'waterguard: no /a\\x1b[2J\\x0a::error::pwned\n');
  assert.equal(
    errorText(refusal, false, 'oci:\n::b'),
    'waterguard: oci:\\x0a::b: no /a\\x1b[2J\\x0a::error::pwned\n',
  );
  assert.equal(isDefect(refusal), false);
});

test('a defect says how to see more', () => {
  for (const error of [new TypeError('x is not a function'), 'thrown text']) {
    assert.match(
      errorText(error, false),
      /^waterguard: .+\nwaterguard: this is a defect; --debug shows where.*\n$/,
    );
    assert.equal(isDefect(error), true);
  }
  assert.equal(isDefect(new WaterguardError('engine', 'x')), true);
});

test('a stack trace is shown where it is asked for, and nothing in it stands at the beginning of a line', () => {
  const text = errorText(new WaterguardError('usage', hostile), true);
  const [message, ...stack] = text.trimEnd().split('\n');
  assert.equal(message, 'waterguard: no /a\\x1b[2J\\x0a::error::pwned');
  assert.match(text, /^ {2}\| +at .*error-text\.test\.ts:\d+/m);
  for (const line of stack) assert.match(line, /^ {2}\| [^\x00-\x1f]*$/);
  const endless = errorText(new Error('line\n'.repeat(10_000)), true);
  assert.ok(endless.split('\n').length <= 102);
  assert.equal(errorText('thrown text', true), 'waterguard: thrown text\n');
});
