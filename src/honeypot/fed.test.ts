import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createFed } from './fed.ts';

const kib = (count: number): string => 'x'.repeat(count * 1024 - 1).concat('\n');
const artefact = (name: string, content: string) => ({ name, content: Buffer.from(content) });

function fed(...pieces: readonly string[]) {
  const all = createFed();
  for (const piece of pieces) all.add(Buffer.from(piece, 'latin1'));
  return all;
}

describe('what a command was fed', () => {
  it('is nothing, where that was nothing', () => {
    const nothing = fed();
    assert.deepEqual([nothing.bytes().length, nothing.shown(), nothing.texts([])], [0, undefined, []]);
  });

  it('is one text as it came, whatever the command left', () => {
    const script = fed('echo a\n', 'echo b\n');
    const all = 'echo a\necho b\n';
    assert.deepEqual([script.bytes().toString(), script.shown()], [all, all]);
    assert.deepEqual(script.texts([artefact('/tmp/x', 'echo b\n')]), [all]);
  });

  it('is kept, shown and decoded up to a bound of each', () => {
    const long = fed(kib(200), kib(200));
    assert.deepEqual(
      [long.bytes().length, long.shown()?.length, ...long.texts([]).map((one) => one.length)],
      [256 * 1024, 16 * 1024, 64 * 1024],
    );
  });

  it('is, where it is no text, the texts in it that the command left as they are', () => {
    const archive = fed('head\0\0first text\n\0\0second\n\0\0\x7fELF\0\0\0');
    assert.equal(archive.shown(), undefined);
    const left = [
      artefact('/first', 'first text\n'),
      artefact('/own', 'of the machine\n'),
      artefact('/program', '\x7fELF\0\0\0'),
      artefact('/second', 'second\n'),
    ];
    assert.deepEqual(archive.texts(left), ['first text\n', 'second\n']);
  });

  it('is of a copy by scp each file that is a text, wherever it lies and whatever became of it', () => {
    const program = `\x7fELF\0${kib(300)}`;
    const copy = fed(
      ...[`C0755 ${program.length} miner\n`, program, '\0'],
      ...['C0644 0 empty\n', '\0', 'C0755 7 x.sh\n', 'wget a\n\0'],
    );
    assert.deepEqual(copy.texts([]), ['wget a\n']);
    assert.deepEqual(copy.texts([]), ['wget a\n'], 'told once however often it is asked');
    assert.equal(copy.bytes().length, 256 * 1024);
  });

  it('is of such a copy ten texts, of each its beginning', () => {
    const many = fed(...Array.from({ length: 12 }, () => [`C0644 ${80 * 1024} x\n`, kib(80), '\0']).flat());
    assert.deepEqual(
      many.texts([]).map((one) => one.length),
      Array(10).fill(64 * 1024),
    );
  });
});
