import assert from 'node:assert/strict';
import { test } from 'node:test';
import { scanJson } from './scan.ts';

/** Texts, and what dockerd 20.10.24 (Go 1.19) said to them. */
const refused: readonly (readonly [text: string, message: string])[] = [
  ['{bad', "invalid character 'b' looking for beginning of object key string"],
  ['{"Image":"alpine",}', "invalid character '}' looking for beginning of object key string"],
  ["{'Image':1}", "invalid character '\\'' looking for beginning of object key string"],
  ['{"a":"x\ny"}', "invalid character '\\n' in string literal"],
  ['{"a":"b" "c":[]}', "invalid character '\"' after object key:value pair"],
  ['{"a" 1}', "invalid character '1' after object key"],
  ['{"a":tru}', "invalid character '}' in literal true (expecting 'e')"],
  ['{"a":"\\x"}', "invalid character 'x' in string escape code"],
  ['{"a":"\\u12g4"}', "invalid character 'g' in \\u hexadecimal character escape"],
  ['{"a":01}', "invalid character '1' after object key:value pair"],
  ['[1 2]', "invalid character '2' after array element"],
  ['nonsense', "invalid character 'o' in literal null (expecting 'u')"],
  ['x', "invalid character 'x' looking for beginning of value"],
  ['-x', "invalid character 'x' in numeric literal"],
  ['1.x', "invalid character 'x' after decimal point in numeric literal"],
  ['1ex', "invalid character 'x' in exponent of numeric literal"],
  ['\x01', "invalid character '\\x01' looking for beginning of value"],
  ['é', "invalid character 'Ã' looking for beginning of value"],
  ['['.repeat(10_001), 'exceeded max depth'],
];

for (const [text, message] of refused)
  test(`${JSON.stringify(text.slice(0, 30))} is refused in Go's words`, () => {
    assert.deepEqual(scanJson(Buffer.from(text)), { kind: 'wrong', message });
  });

test('a text that breaks off is cut, one with nothing in it is empty', () => {
  for (const text of ['{', '{"a', '{"a"', '{"a":', '{"a":1', '[1,', '"x\\', '"\\u00', 'tr', '-', '1.', '1e'])
    assert.equal(scanJson(Buffer.from(text)).kind, 'cut', text);
  for (const text of ['', ' \n']) assert.equal(scanJson(Buffer.from(text)).kind, 'empty', text);
});

test('only the first value counts, whatever follows', () => {
  assert.deepEqual(scanJson(Buffer.from(' {"a":[1,-2.5e3,"\\u00e9",null]} {bad')), {
    kind: 'value',
    from: 1,
    to: 31,
  });
});

test('ten thousand levels are read without recursion', () => {
  const text = '['.repeat(9000) + ']'.repeat(9000);
  assert.deepEqual(scanJson(Buffer.from(text)), { kind: 'value', from: 0, to: 18_000 });
});
