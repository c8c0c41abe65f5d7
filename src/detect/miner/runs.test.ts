import assert from 'node:assert/strict';
import { test } from 'node:test';
import { processorTime } from '../../../test/fixtures/processor-time.ts';
import { encodeCryptonote } from '../../indicator/base58.ts';
import { beginsEncoded, encodedPieces, encodedRuns, walletRuns } from './runs.ts';

const wallet = encodeCryptonote(Uint8Array.of(18, ...Array<number>(64).fill(5)));
const base64 = (text: string) => Buffer.from(text).toString('base64');
const payload = base64('{"pools":[{"url":"pool.example.org:3333","user":"somebody"}],"donate-level":1}');

test('a wallet is found at every place, also with an option or escape before it', () => {
  for (let before = 0; before < 300; before++) {
    const text = '.'.repeat(before) + wallet + '.'.repeat(before % 7);
    assert.deepEqual(walletRuns(Buffer.from(text)), [before]);
  }
  for (const text of [`-u${wallet}`, `"\\n${wallet}"`, `XMR:${wallet}.w1`, `${wallet}+5000`])
    assert.equal(walletRuns(Buffer.from(text)).length, 1, text);
});

test('words, hashes, certificates and long encodings are no wallets', () => {
  for (const text of [
    'x'.repeat(95),
    'ab12'.repeat(16),
    '4'.repeat(300),
    `${payload}${payload}4`,
    'A'.repeat(64),
  ])
    assert.deepEqual(walletRuns(Buffer.from(text)), [], text);
});

test('encoded text is told from rulers, paths and names', () => {
  assert.equal(encodedRuns(Buffer.from(`x = "${payload}"`)).length, 1);
  assert.equal(encodedRuns(Buffer.from(`printf '${'\\x2f\\x6f\\x70'.repeat(8)}'`)).length, 1);
  for (const text of ['#'.repeat(80), '-'.repeat(80), 'a/very/long/path'.repeat(8), '1234567890 '.repeat(20)])
    assert.deepEqual(encodedRuns(Buffer.from(text)), [], text);
  assert.equal(beginsEncoded(Buffer.from(payload)), true);
  assert.equal(beginsEncoded(Buffer.from('A text. ' + payload)), false);
});

test('wrapped and joined pieces are put together', () => {
  const lines = payload.repeat(3).match(/.{1,76}/g) ?? [];
  for (const wrapped of [
    lines.join('\n'),
    lines.map((line) => `  "${line}"`).join(' +\n'),
    lines.join("'\n'"),
  ]) {
    const joined = encodedPieces(Buffer.from(wrapped)).at(-1)?.text ?? '';
    assert.equal(joined, payload.repeat(3).replace(/=+$/, ''), wrapped);
  }
});

test('hostile bytes cost linear time', () => {
  const used = processorTime();
  for (const text of ['4', 'A1', `${wallet} `, `${payload}\n`, 'ab cd', `${'a1'.repeat(40)} `]) {
    const bytes = Buffer.from(text.repeat(4_000_000 / text.length));
    walletRuns(bytes);
    encodedPieces(bytes);
  }
  assert.ok(used() < 3000);
});
