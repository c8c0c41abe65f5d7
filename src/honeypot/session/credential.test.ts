import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { sampleBoot } from '../../../test/fixtures/events.ts';
import { credentialOf, maskEvent } from './credential.ts';
import { valuesOf } from './values.ts';

const { next } = sampleBoot();

describe('a credential', () => {
  it('is read of what decoys call it', () => {
    assert.deepEqual(credentialOf({ user: 'root', password: '' }), { user: 'root', secret: '' });
    assert.deepEqual(credentialOf({ username: 'ci', token: 't' }), { user: 'ci', secret: 't' });
    assert.deepEqual(credentialOf({ password: 'p' }), { user: '', secret: 'p' });
    for (const data of [undefined, {}, { user: 'root' }, { password: 5 }, { password: null }])
      assert.equal(credentialOf(data), undefined);
  });

  it('is a value of its event, and in no other value', () => {
    const event = next({
      data: { user: 'default', password: 'hunter22' },
      norm: { commands: ['AUTH default hunter22'], urls: ['http://a:hunter22@example.invalid/'] },
    });
    assert.deepEqual(valuesOf(event), [
      { type: 'command', value: 'AUTH default ***' },
      { type: 'url', value: 'http://a:***@example.invalid/' },
      { type: 'credential', value: '["default","hunter22"]' },
    ]);
  });
});

describe('what a viewer sees of an event', () => {
  it('has no secret of its data, at any depth', () => {
    const { data } = maskEvent(
      next({
        data: {
          user: 'root',
          password: 'one',
          auth: { registry: 'example.invalid', secretKey: 'two' },
          list: [{ token: 'three', port: 5 }],
        },
      }),
    );
    assert.deepEqual(data, {
      user: 'root',
      password: '***',
      auth: '***',
      list: [{ token: '***', port: 5 }],
    });
  });

  it('has nothing that repeats a secret, and nothing of the bytes', () => {
    const event = next({
      payload: 'AUTH hunter22',
      data: { password: 'hunter22', auth: { parts: ['hunter2'] } },
      norm: {
        commands: ['AUTH hunter22', 'echo hunter2 hunter22'],
        urls: ['http://user:other@example.invalid/hunter22'],
      },
    });
    const masked = maskEvent(event);
    assert.doesNotMatch(JSON.stringify(masked), /hunter2|other|aHVudGVy/);
    assert.deepEqual(masked.norm.commands, ['AUTH ***', 'echo *** ***']);
    assert.deepEqual(masked.raw, { ...event.raw, head: '' });
    assert.equal(event.raw.head, Buffer.from('AUTH hunter22').toString('base64'), 'the event is left alone');
  });
});
