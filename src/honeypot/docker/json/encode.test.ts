import assert from 'node:assert/strict';
import { test } from 'node:test';
import { goJson, goTime, nanosecondsOf } from './encode.ts';
import { humanSize, progressMessage } from './progress.ts';

test('text is escaped as Go does: for HTML, line separators, control characters, halves of pairs', () => {
  assert.equal(
    goJson({ a: '<b> & \u2028 \b\f\n "\\b" \udc80' }),
    '{"a":"\\u003cb\\u003e \\u0026 \\u2028 \\u0008\\u000c\\n \\"\\\\b\\" \ufffd"}\n',
  );
});

test('times have nanoseconds without zeros at their end', () => {
  const at = Date.parse('2026-11-26T15:10:43.970Z');
  assert.equal(goTime({ at, nanoseconds: 249_790 }), '2026-11-26T15:10:43.97024979Z');
  assert.equal(goTime({ at: Date.parse('2026-11-26T15:10:43Z'), nanoseconds: 0 }), '2026-11-26T15:10:43Z');
  assert.equal(nanosecondsOf({ at, nanoseconds: 42 }), '1795705843970000042');
});

/** As a pull from a registry on loopback was told by dockerd 20.10.24. */
test('progress has the bar and the sizes of the real one', () => {
  assert.equal(
    progressMessage('Downloading', '0969bb1840dc', 96, 96),
    '{"status":"Downloading","progressDetail":{"current":96,"total":96},"progress":"[==================================================\\u003e]      96B/96B","id":"0969bb1840dc"}\r\n',
  );
  assert.equal(
    progressMessage('Pushing', 'f6d231a73ffd', 1_382_912, 1_982_296),
    '{"status":"Pushing","progressDetail":{"current":1382912,"total":1982296},"progress":"[==================================\\u003e                ]  1.383MB/1.982MB","id":"f6d231a73ffd"}\r\n',
  );
  assert.equal(
    progressMessage('Pushing', 'f6d231a73ffd', 2_129_920, 1_982_296).match(/"progress":"([^"]*)"/)?.[1],
    '[==================================================\\u003e]   2.13MB',
  );
  assert.equal(humanSize(999), '999B');
});
