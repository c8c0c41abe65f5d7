import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { openEventsFile } from './events-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'waterguard-events-'));
after(() => rmSync(folder, { recursive: true }));
const path = join(folder, 'events.ndjson');

/** What is in the file once an event was appended to what was there. */
async function appendedTo(before: string): Promise<string> {
  writeFileSync(path, before);
  const file = await openEventsFile(path, () => assert.fail('there is room'));
  await file.append([{ seq: 2, worth: 'talk', line: '{"v":1,"seq":2}' }]);
  await file.close();
  return readFileSync(path, 'utf8');
}

const whole = '{"v":1,"seq":1}\n';

describe('a file of events', () => {
  it('goes on behind its last whole line, without what a kill or a loss of power left of one', async () => {
    for (const torn of [
      '',
      '{',
      '{"v":1,',
      '{"v":1,"sensor":"a',
      `{"v":1,"text":"${'ä'.repeat(100_000)}`,
      '\0\0\0',
    ])
      for (const before of ['', whole])
        assert.equal(await appendedTo(before + torn), `${before}{"v":1,"seq":2}\n`, torn.slice(0, 30));
  });

  it('is refused where it would cost what somebody else wrote', async () => {
    for (const text of ['wg_secret', `${whole}my notes`, '{"v":2}']) {
      await assert.rejects(appendedTo(text), {
        code: 'usage',
        message: /last line is not ended and no event/,
      });
      assert.equal(readFileSync(path, 'utf8'), text);
    }
  });

  it('is a file', async () => {
    for (const [one, message] of [
      [folder, /it is a directory, give a file$/],
      ['/dev/zero', /it is a device or a pipe, give a file$/],
    ] as const)
      await assert.rejects(
        openEventsFile(one, () => {}),
        { code: 'usage', message },
      );
  });
});
