import assert from 'node:assert/strict';
import { beforeEach, describe, it, mock } from 'node:test';
import { type Client, createTurns, type Turns } from './turns.ts';

const patience = 1000;

describe('turns', () => {
  let turns: Turns;
  let done: string[];

  beforeEach(() => {
    turns = createTurns(patience);
    done = [];
  });

  /** @param keeps a transaction is open afterwards */
  function take(client: Client, name: string, keeps = false): void {
    turns.take(client, () => {
      done.push(name);
      return keeps;
    });
  }

  function leave(client: Client): void {
    turns.leave(client, () => done.push('rolled back'));
  }

  it('run at once while nobody keeps one', () => {
    take(client(), 'a');
    take(client(), 'b');
    assert.deepEqual(done, ['a', 'b']);
  });

  it('are kept by whoever has a transaction open, and the others wait in line', () => {
    const [a, b, c] = [client(), client(), client()];
    take(a, 'a begins', true);
    take(b, 'b');
    take(c, 'c begins', true);
    take(b, 'b again');
    assert.deepEqual(done, ['a begins']);
    take(a, 'a goes on', true);
    take(a, 'a ends');
    assert.deepEqual(done, ['a begins', 'a goes on', 'a ends', 'b', 'c begins']);
    take(c, 'c ends');
    assert.deepEqual(done.slice(-2), ['c ends', 'b again']);
    leave(a);
    assert.ok(!done.includes('rolled back'), 'nothing of it is open');
  });

  it('go on when the one that kept its turn is gone, and what it had open is rolled back before', () => {
    const [a, b] = [client(), client()];
    take(a, 'a begins', true);
    take(b, 'b');
    leave(a);
    assert.deepEqual(done, ['a begins', 'rolled back', 'b']);
    leave(a);
    assert.deepEqual(done, ['a begins', 'rolled back', 'b']);
  });

  it('forget what one that left was still waiting for', () => {
    const [a, b, c] = [client(), client(), client()];
    take(a, 'a begins', true);
    take(b, 'b');
    take(c, 'c');
    take(b, 'b again');
    leave(b);
    take(a, 'a ends');
    assert.deepEqual(done, ['a begins', 'a ends', 'c']);
  });

  it('asked for from within a turn come after it', () => {
    const [a, b] = [client(), client()];
    turns.take(a, () => {
      take(b, 'b');
      done.push('a');
      return false;
    });
    assert.deepEqual(done, ['a', 'b']);
  });

  it('go on after one that failed', () => {
    const failing = (): boolean => {
      throw new Error('the session ended');
    };
    assert.throws(() => turns.take(client(), failing), /the session ended/);
    take(client(), 'next');
    assert.deepEqual(done, ['next']);
  });

  it('are taken from one that sits on its own without a word', (test) => {
    test.mock.timers.enable({ apis: ['setTimeout'] });
    const evicted = mock.fn();
    const a: Client = {
      evict() {
        evicted();
        leave(a);
      },
    };
    take(a, 'a begins', true);
    take(client(), 'b');
    test.mock.timers.tick(patience - 1);
    take(a, 'a says something', true);
    test.mock.timers.tick(patience - 1);
    assert.equal(evicted.mock.callCount(), 0);
    test.mock.timers.tick(1);
    assert.equal(evicted.mock.callCount(), 1);
    assert.deepEqual(done, ['a begins', 'a says something', 'rolled back', 'b']);
    test.mock.timers.tick(10 * patience);
    assert.equal(evicted.mock.callCount(), 1);
  });

  it('are not taken from one that has ended its own', (test) => {
    test.mock.timers.enable({ apis: ['setTimeout'] });
    const evicted = mock.fn();
    const a = { evict: evicted };
    take(a, 'a begins', true);
    take(a, 'a ends');
    test.mock.timers.tick(10 * patience);
    take(a, 'a begins', true);
    leave(a);
    test.mock.timers.tick(10 * patience);
    assert.equal(evicted.mock.callCount(), 0);
  });
});

function client(): Client {
  return { evict: () => assert.fail('it was put out') };
}
