import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createShape } from '../engine/config.ts';
import { decodeJson, JsonError } from './decode.ts';

function refusal(text: string): string {
  try {
    decodeJson(Buffer.from(text), createShape);
  } catch (error) {
    assert.ok(error instanceof JsonError);
    return error.message;
  }
  return '';
}

/** Bodies of create, and what dockerd 20.10.24 said to them. */
const refused: readonly (readonly [body: string, message: string])[] = [
  ['', 'EOF'],
  ['{', 'unexpected EOF'],
  ['[]', 'json: cannot unmarshal array into Go value of type runconfig.ContainerConfigWrapper'],
  ['5', 'json: cannot unmarshal number into Go value of type runconfig.ContainerConfigWrapper'],
  [
    '{"Image":5}',
    'json: cannot unmarshal number into Go struct field ContainerConfigWrapper.Image of type string',
  ],
  [
    '{"Cmd":5}',
    'json: cannot unmarshal number into Go struct field ContainerConfigWrapper.Cmd of type string',
  ],
  [
    '{"Cmd":[5]}',
    'json: cannot unmarshal array into Go struct field ContainerConfigWrapper.Cmd of type string',
  ],
  [
    '{"Tty":"yes"}',
    'json: cannot unmarshal string into Go struct field ContainerConfigWrapper.Tty of type bool',
  ],
  [
    '{"HostConfig":{"Memory":"1g"}}',
    'json: cannot unmarshal string into Go struct field HostConfig.HostConfig.Memory of type int64',
  ],
  [
    '{"HostConfig":{"Binds":"/:/mnt"}}',
    'json: cannot unmarshal string into Go struct field HostConfig.HostConfig.Binds of type []string',
  ],
  [
    '{"HostConfig":[]}',
    'json: cannot unmarshal array into Go struct field ContainerConfigWrapper.HostConfig of type container.HostConfig',
  ],
];

for (const [body, message] of refused)
  test(`${body || 'nothing'} is refused in Go's words`, () => {
    assert.equal(refusal(body), message);
  });

test('names count whatever their case, unknown and null members are left out, a command may be a string', () => {
  assert.deepEqual(
    decodeJson(Buffer.from('{"image":"a","CMD":"id","Env":null,"Nonsense":[[[]]]}'), createShape),
    {
      Image: 'a',
      Cmd: ['id'],
    },
  );
});

test('a member called as one of every object is not taken for a field', () => {
  assert.deepEqual(decodeJson(Buffer.from('{"constructor":1,"__proto__":{"Image":"a"}}'), createShape), {});
});
