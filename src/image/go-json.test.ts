import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  anyText,
  anyTexts,
  fields,
  list,
  optional,
  otherwise,
  parseJson,
  type Read,
  readOrUndefined,
  record,
  size,
  text,
} from './go-json.ts';

const parse = <Value>(json: string, read: Read<Value>) => parseJson(Buffer.from(json), read, 'The document');

test('keys count in any case, null is absent, and what is not asked for is left out', () => {
  const read = fields({ Name: optional(text()), size: optional(size) });
  assert.deepEqual(parse('{"NAME":"a","Size":null,"other":1}', read), { Name: 'a', size: undefined });
  assert.throws(() => parse('{"name":"a","Name":"b"}', otherwise(read, undefined)), {
    code: 'corrupt',
    message: /two spellings, name and Name/,
  });
});

test('an error names the document and the place in it', () => {
  const read = fields({ layers: list(fields({ sizes: record(size) }), 2) });
  const layer = '{"sizes":{"a":1}}';
  const wrong = [
    [`{"layers":[${layer},{"sizes":{"b":-1}}]}`, /^The document .*: layers\.1\.sizes\.b: it is not a size/],
    [`{"layers":[${layer},${layer},${layer}]}`, /: layers: it is not a list of at most 2/],
    ['{}', /: layers: it is not a list/],
    ['[]', /should: it is not an object/],
    ['{', /^The document is not valid JSON/],
  ] as const;
  for (const [json, message] of wrong) assert.throws(() => parse(json, read), { code: 'corrupt', message });
});

test('texts are taken from what engines take them from', () => {
  for (const [json, one, all] of [
    ['"a"', 'a', ['a']],
    ['7', '7', []],
    ['["a",null,true]', '', ['a', '', 'true']],
    ['{"a":"b"}', '', []],
  ] as const) {
    assert.equal(parse(json, anyText), one);
    assert.deepEqual(parse(json, anyTexts), all);
  }
});

test('a key of a record is never more than a key', () => {
  const read = parse('{"__proto__":"x","constructor":"y"}', record(text()));
  assert.equal(Object.getPrototypeOf(read), Object.prototype);
  assert.deepEqual(Object.entries(read), [
    ['__proto__', 'x'],
    ['constructor', 'y'],
  ]);
});

test('a value that was parsed before is read or is not', () => {
  assert.equal(readOrUndefined('abc', text(3)), 'abc');
  assert.equal(readOrUndefined('abcd', text(3)), undefined);
  for (const value of [1.5, -1, '1', 2 ** 60]) assert.equal(readOrUndefined(value, size), undefined);
});
