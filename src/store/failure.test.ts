import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { it } from 'node:test';
import { Client } from 'pg';
import { WaterguardError } from '../model/error.ts';
import { asUnavailable, isPassing } from './failure.ts';

const withCode = (code: string): Error => Object.assign(new Error('the text'), { code });

it('a database that is gone, full or restarting passes, and is told as not available', () => {
  const codes = [
    '08006',
    '53100',
    '53300',
    '57P01',
    '57P03',
    '58030',
    '40001',
    '40P01',
    '25P03',
    'ECONNREFUSED',
    'ENOENT',
  ];
  for (const code of codes) {
    const error = withCode(code);
    assert.equal(isPassing(error), true, code);
    const told = asUnavailable(error, '/var/lib/waterguard');
    assert.ok(told instanceof WaterguardError);
    assert.equal(told.code, 'unavailable');
    assert.match(told.message, /\/var\/lib\/waterguard.*the text/);
    assert.equal(told.cause, error);
  }
});

it('what was asked wrong does not pass, and is told as it is', () => {
  for (const code of ['23505', '42601', '22P02', '57014', 'ERR_INVALID_ARG_TYPE', '']) {
    const error = withCode(code);
    assert.equal(isPassing(error), false, code);
    assert.equal(asUnavailable(error, 'place'), error);
  }
  assert.equal(isPassing(new Error('anything')), false);
  assert.equal(isPassing('a text'), false);
});

it('an error that is told already keeps its words', () => {
  const unavailable = new WaterguardError('unavailable', 'closed');
  assert.equal(asUnavailable(unavailable, 'place'), unavailable);
  assert.equal(isPassing(unavailable), true);
  assert.equal(isPassing(new WaterguardError('usage', 'held by another')), false);
});

it('nothing thrown at all is no failure of the database', () => {
  for (const thrown of [undefined, null, 0]) assert.equal(isPassing(thrown), false);
});

it('a port that nobody listens on passes', async () => {
  const error = await new Promise((resolve) => connect(1, '127.0.0.1').once('error', resolve));
  assert.equal(isPassing(error), true);
  const client = new Client({ connectionString: 'postgres://a@127.0.0.1:1/b' });
  await assert.rejects(client.connect(), (refused) => isPassing(refused));
});
