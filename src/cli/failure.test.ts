import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { WaterguardError } from '../model/error.ts';
import { exitCodeOf, tellFailure } from './failure.ts';

function told(...args: Parameters<typeof tellFailure>): string {
  const write = mock.method(process.stderr, 'write', () => true);
  try {
    tellFailure(...args);
    return write.mock.calls.map((call) => String(call.arguments[0])).join('');
  } finally {
    write.mock.restore();
  }
}

const hostile = '\x1b[2J\n::error::owned';

test('a refusal is its message and what it is about', () => {
  const error = new WaterguardError('unreadable', 'There is no file x. Check the path.');
  assert.equal(told(error, false, 'oci:x'), 'waterguard: oci:x: There is no file x. Check the path.\n');
  assert.equal(told(error, false), 'waterguard: There is no file x. Check the path.\n');
  assert.equal(exitCodeOf(error), 2);
});

test('a defect says that it is one, and where it happened only when asked', () => {
  const error = new TypeError('x is not a function');
  assert.match(
    told(error, false, 'oci:x'),
    /^waterguard: oci:x: x is not a function\nwaterguard: this is a defect; --debug/,
  );
  assert.doesNotMatch(told(error, false), /^ +\| at /m);
  assert.match(
    told(error, true, 'oci:x'),
    /^waterguard: oci:x: x is not a function\n +\| at .*failure\.test\.ts/,
  );
  assert.equal(exitCodeOf(error), 4);
});

test('neither the message nor the stack of a cause prints what an artefact says as it is', () => {
  const error = new WaterguardError('internal', hostile, { cause: new Error(hostile) });
  const text = told(error, true, hostile);
  assert.doesNotMatch(text, /\x1b/);
  for (const line of text.split('\n')) assert.doesNotMatch(line, /^\s*::/);
  assert.match(text, /caused by \\x1b\[2J\\x0a::error::owned\n +\| at /);
  assert.equal(exitCodeOf(error), 4);
});
