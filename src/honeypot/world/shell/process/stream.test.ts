import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Ended } from '../../program.ts';
import { Life } from './life.ts';
import { Stream } from './stream.ts';

const text = (bytes: Uint8Array | undefined): string | undefined => bytes && Buffer.from(bytes).toString();

describe('a pipe', () => {
  it('lets its writer wait while 64 KiB lie in it', async () => {
    const [pipe, life] = [new Stream(), new Life()];
    await pipe.write(Buffer.alloc(65_536), life);
    let isWritten = false;
    const writing = pipe.write(Buffer.from('more'), life).then(() => {
      isWritten = true;
    });
    await new Promise(setImmediate);
    assert.equal(isWritten, false);
    await pipe.read(life);
    await writing;
  });

  it('ends a writer for which nobody reads any more, also one that waits', async () => {
    const [pipe, life] = [new Stream(), new Life()];
    const writing = pipe.write(Buffer.alloc(100_000), life);
    pipe.abandon();
    await assert.rejects(writing, (error) => error instanceof Ended && error.exitCode === 141);
    await assert.rejects(pipe.write(Buffer.from('x'), life), Ended);
  });

  it('lets whoever reads next go on where the last one stopped', async () => {
    const [pipe, life] = [new Stream(), new Life()];
    pipe.push(Buffer.from('one\ntwo\nthree'));
    pipe.end();
    assert.equal(text(await pipe.readLine(life)), 'one\n');
    assert.equal(text(await pipe.read(life, 2)), 'tw');
    pipe.unread(Buffer.from('TW'));
    assert.equal(text(await pipe.readLine(life)), 'TWo\n');
    assert.equal(text(await pipe.readLine(life)), 'three');
    assert.equal(await pipe.read(life), undefined);
  });

  it('leaves what came for a reader that was killed to the next one', async () => {
    let give = (_: Uint8Array | undefined): void => {};
    const stream = new Stream(
      () =>
        new Promise((resolve) => {
          give = resolve;
        }),
    );
    const killed = new Life();
    const reading = stream.read(killed);
    killed.end(130);
    await assert.rejects(reading, Ended);
    const next = stream.read(new Life());
    give(Buffer.from('typed'));
    assert.equal(text(await next), 'typed');
  });
});
