import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { splitShell } from './shell.ts';
import { isDecoder, printedByAll } from './shell-output.ts';

const printed = (text: string): string | undefined => printedByAll(splitShell(text))?.text;

test('echo and printf print their arguments, escapes read', () => {
  assert.equal(printed('echo -n a b'), 'a b');
  assert.equal(printed(`printf '%s:%s\\n' a b c d`), 'a:b\nc:d\n');
  assert.equal(printed(`printf '\\x63\\165rl'`), 'curl');
  assert.equal(printed(`echo -e '\\0143url'`), 'curl');
});

test('decoders and filters are followed', () => {
  for (const text of [
    'echo Y3VybA== | base64 -d',
    'echo MN2XE3A= | base32 -d',
    'echo 6375726c | xxd -r -p',
    'echo Y3VybA== | openssl base64 -d -A',
    'echo lruc | rev',
    "echo phey | tr 'a-z' 'n-za-m'",
    'echo c_u_r_l | sed s/_//g',
    "echo c_url | tr -d '_'",
    `echo ${gzipSync('curl').toString('base64')} | base64 -d | gunzip`,
    `python3 -c 'print(bytes.fromhex("6375726c20202020").decode())' | tr -d ' '`,
    'base64 -d <<< Y3VybA==',
    'busybox echo Y3VybA== | cat | tee /tmp/x | base64 -d',
  ]) {
    assert.equal(printed(text)?.trim(), 'curl', text);
  }
});

test('what cannot be told is not guessed', () => {
  for (const text of [
    'cat /etc/passwd',
    'echo $X | base64 -d',
    'base64 -d /opt/x',
    'echo abc | sed "s/[a-c]/x/"',
    'echo U2FsdGVkX18= | openssl enc -d -aes-256-cbc -a -k x',
    'echo abc | sort',
    'python3 -c "print(1)"',
  ]) {
    assert.equal(printed(text), undefined, text);
  }
});

test('packed text that grows too large stays packed', () => {
  const bomb = gzipSync(Buffer.alloc(1 << 20)).toString('base64');
  assert.equal(printed(`echo ${bomb} | base64 -d | gunzip`), undefined);
});

test('encoders and plain filters are no decoders', () => {
  const decoder = (text: string) => isDecoder(splitShell(text)[0]!);
  for (const text of ['base64 -d', 'xxd -r -p', 'openssl enc -d -k x', 'gpg -d x', 'gunzip', 'tr a-z n-za-m'])
    assert.equal(decoder(text), true, text);
  for (const text of ['base64', 'base64 -w0', 'xxd -p', 'openssl enc -e', 'gzip -9', 'tr -d a-z', 'tr a b'])
    assert.equal(decoder(text), false, text);
});
