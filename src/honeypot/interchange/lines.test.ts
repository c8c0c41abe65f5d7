import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Line, linesOf } from './lines.ts';

async function read(chunks: readonly (string | Uint8Array)[], longest = 100): Promise<Line[]> {
  const bytes = (async function* () {
    for (const one of chunks) yield Buffer.from(one);
  })();
  const lines: Line[] = [];
  for await (const some of linesOf(bytes, longest)) lines.push(...some);
  return lines;
}

describe('lines of a stream', () => {
  it('are the same wherever it is cut, even inside a character', async () => {
    const text = 'eins\nzwölf\r\n\nlast';
    const bytes = Buffer.from(text);
    const expected = ['eins', 'zwölf', '', 'last'];
    for (let at = 0; at <= bytes.length; at++)
      assert.deepEqual(await read([bytes.subarray(0, at), bytes.subarray(at)]), expected, `cut at ${at}`);
    assert.deepEqual(await read([...bytes].map((one) => Uint8Array.of(one))), expected);
  });

  it('are without the mark that an editor put before the first', async () => {
    assert.deepEqual(await read(['\ufeffa\n\ufeffb']), ['a', '\ufeffb']);
  });

  it('have no empty one behind the last end', async () => {
    assert.deepEqual(await read(['a\n']), ['a']);
    assert.deepEqual(await read([]), []);
  });

  it('that are too long are told of and not kept, and those behind them are read', async () => {
    const lines = await read(['a\n', 'x'.repeat(60), 'x'.repeat(60), 'x\nb\n', 'y'.repeat(101)]);
    assert.deepEqual(lines, ['a', undefined, 'b', undefined]);
    assert.deepEqual(await read(['z'.repeat(100)]), ['z'.repeat(100)]);
  });
});
