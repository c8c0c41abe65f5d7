import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setImmediate as settled } from 'node:timers/promises';
import { createGroups } from './event-groups.ts';

interface Item {
  readonly key: number;
  readonly name: string;
}

/** Writes when it is told to; what is called `bad` is rejected. */
function sampleGroups(options: { readonly atOnce: number; readonly most: number }) {
  const begun: { readonly names: string; readonly end: PromiseWithResolvers<void> }[] = [];
  const add = createGroups<Item, string>({
    ...options,
    keyOf: (one) => one.key,
    async write(items) {
      const end = Promise.withResolvers<void>();
      begun.push({ names: items.map((one) => one.name).join(' '), end });
      await end.promise;
      return items.map(({ name }) =>
        name === 'bad'
          ? { status: 'rejected', reason: new Error(name) }
          : { status: 'fulfilled', value: name },
      );
    },
  });
  return {
    add: (key: number, name: string) => add({ key, name }),
    names: () => begun.map((one) => one.names),
    /** @returns once what follows from it has begun */
    end(at: number, error?: Error): Promise<void> {
      const { end } = begun[at]!;
      if (error === undefined) end.resolve();
      else end.reject(error);
      return settled();
    },
  };
}

describe('what is written in groups', () => {
  it('begins at once where nothing is written, and otherwise goes together with all that waits', async () => {
    const { add, names, end } = sampleGroups({ atOnce: 1, most: 10 });
    const all = [add(1, 'a'), add(2, 'b'), add(3, 'c')];
    assert.deepEqual(names(), ['a']);
    await end(0);
    assert.equal(await all[0], 'a');
    assert.deepEqual(names(), ['a', 'b c']);
    await end(1);
    assert.deepEqual(await Promise.all(all), ['a', 'b', 'c']);
  });

  it('is never written beside what has the same key, and keeps its order', async () => {
    const { add, names, end } = sampleGroups({ atOnce: 2, most: 10 });
    const all = [add(1, 'a1'), add(1, 'a2'), add(1, 'a3'), add(2, 'b1'), add(2, 'b2'), add(3, 'c1')];
    assert.deepEqual(names(), ['a1', 'b1']);
    await end(1);
    assert.deepEqual(names(), ['a1', 'b1', 'b2 c1']);
    await end(0);
    assert.deepEqual(names(), ['a1', 'b1', 'b2 c1', 'a2']);
    for (const at of [2, 3]) await end(at);
    assert.equal(names().at(-1), 'a3');
    await end(4);
    await Promise.all(all);
  });

  it('has so many members at most', async () => {
    const { add, names, end } = sampleGroups({ atOnce: 1, most: 2 });
    const all = [0, 1, 2, 3].map((key) => add(key, String(key)));
    for (const at of [0, 1, 2]) await end(at);
    await Promise.all(all);
    assert.deepEqual(names(), ['0', '1 2', '3']);
  });

  it('ends for each as it would alone, and for all where writing itself fails', async () => {
    const { add, names, end } = sampleGroups({ atOnce: 1, most: 10 });
    const first = add(1, 'first');
    const [bad, good] = [add(2, 'bad'), add(3, 'good')];
    await end(0);
    await first;
    const third = assert.rejects(add(4, 'third'), /gone/);
    const fourth = assert.rejects(add(5, 'fourth'), /gone/);
    const failed = assert.rejects(bad, /bad/);
    await end(1);
    await failed;
    assert.equal(await good, 'good');
    assert.deepEqual(names(), ['first', 'bad good', 'third fourth']);
    await end(2, new Error('gone'));
    await Promise.all([third, fourth]);
    const last = add(4, 'last');
    await end(3);
    assert.equal(await last, 'last', 'what failed keeps nobody waiting');
  });
});
