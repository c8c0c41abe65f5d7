import assert from 'node:assert/strict';
import { test } from 'node:test';
import { processorTime } from '../../../test/fixtures/processor-time.ts';
import { inlineCode, languageOf, readCode } from './code.ts';
import type { Language } from './code-token.ts';
import { decodePayload } from './decode.ts';

/** What the first call that runs something is given. */
const runs = (language: Language, code: string): string | readonly string[] | undefined => {
  const [piece] = readCode(language, code).pieces;
  return piece?.kind === 'arguments' ? piece.words : piece?.kind === 'image' ? undefined : piece?.text;
};
const hosts = (language: Language, code: string) => readCode(language, code).places.map(({ host }) => host);

test('strings are put together as the language does', () => {
  const cases: readonly (readonly [Language, string])[] = [
    ['python', `os.system('a' "b" + '''c''' + "%s%c" % ('d', 101) + '{0}'.format('f') + r'g')`],
    ['python', `x = 'gfedcba'[::-1]; x += ''; os.popen(x[:3] + 'd' + x[4:].replace('X', 'Y'))`],
    ['python', `os.system(''.join([chr(ord(c) ^ 1) for c in '\`cbedgf']))`],
    ['python', `f = lambda s, n: s.decode(n); os.system(f('61626364656667', 'hex'))`],
    [
      'python',
      `from os import system as s\nos.system(bytes([97, 98, 99]).decode() + bytearray.fromhex('64656667').decode())`,
    ],
    ['perl', `$a = "a" . q(b) . qq{c}; $a .= "d"; system($a . lc("E") . chr(102) . "\\x67")`],
    ['perl', `system join "", ("ab", "cd", scalar reverse "gfe")`],
    ['perl', `exec unpack("u", q{'86)C9&5F9P})`],
    ['php', `system(str_rot13('nopqrst'));`],
    ['php', `$x = strrev('gfedcba'); passthru($x);`],
    ['ruby', `system("YWJjZGVmZw==".unpack1("m"))`],
    ['node', `require('child' + '_process')['ex' + 'ec'](atob('YWJjZGVmZw=='))`],
    ['node', `x => 1; cp.execSync(['g','f','e','d','c','b','a'].reverse().join(''))`],
    ['lua', `os.execute("abc" .. "defg")`],
    ['awk', `BEGIN { system("abcdefg") }`],
  ];
  for (const [language, code] of cases) assert.equal(runs(language, code), 'abcdefg', code);
});

test('argument lists stay lists, and the program of execl is named once', () => {
  assert.deepEqual(runs('python', `subprocess.Popen(['sh', '-c', 'id'], shell=False)`), ['sh', '-c', 'id']);
  assert.deepEqual(runs('python', `os.execl('/bin/sh', 'sh', '-c', 'id')`), ['/bin/sh', '-c', 'id']);
  assert.deepEqual(runs('perl', `system "curl", "-s", "x"`), ['curl', '-s', 'x']);
  assert.equal(runs('ruby', `IO.popen(cmd, "r")`), undefined);
});

test('backticks and pipes run what is in them', () => {
  assert.equal(runs('perl', 'print `id`'), 'id');
  assert.equal(runs('perl', `open(F, "curl x |")`), 'curl x');
  assert.equal(runs('perl', `open(my $f, "-|", "curl y")`), 'curl y');
  assert.equal(runs('ruby', '%x(id)'), 'id');
  assert.equal(runs('awk', `BEGIN { "id" | getline x }`), 'id');
  assert.equal(runs('node', '`id`'), undefined);
});

test('exec is code in Python, a command elsewhere', () => {
  const kind = (language: Language) => readCode(language, `exec('id')`).pieces[0]?.kind;
  assert.deepEqual([kind('python'), kind('php'), kind('node')], ['code', 'shell', 'shell']);
});

test('what code connects to is told, what it imports is not', () => {
  assert.deepEqual(hosts('python', `s.connect(('192.0.2.1', 80))`), ['192.0.2.1', '192.0.2.1']);
  assert.deepEqual(hosts('python', `h = '192.0.2' + '.1'\ns.connect((h, 80))`), ['192.0.2.1']);
  assert.deepEqual(hosts('node', `net.connect(80, 'c2.example.invalid')`), [
    'c2.example.invalid',
    'c2.example.invalid',
  ]);
  assert.deepEqual(hosts('node', `require('socket.io'); require("net").connect(p)`), []);
  assert.deepEqual(hosts('awk', `BEGIN { s = "/inet/tcp/0/192.0.2.1/80" }`), ['192.0.2.1']);
});

test('what is printed is told', () => {
  assert.equal(readCode('perl', `print "a" . "b"`).printed, 'ab');
  assert.equal(readCode('python', `import sys; sys.stdout.write('ab')`).printed, 'ab');
  assert.equal(readCode('python', `x = 1`).printed, undefined);
});

test('interpreters are known by their names, their code by its option', () => {
  assert.deepEqual(['python3.11', '/usr/bin/perl', 'php8.2', 'gawk', 'sh'].map(languageOf), [
    'python',
    'perl',
    'php',
    'awk',
    undefined,
  ]);
  assert.equal(inlineCode('python', ['-u', '-c', 'x']), 'x');
  assert.equal(inlineCode('perl', ['-MSocket', '-e', 'x', '-e', 'y']), 'x\ny');
  assert.equal(inlineCode('awk', ['-F', ':', '{x}', 'file']), '{x}');
  assert.equal(inlineCode('python', ['x.py']), undefined);
});

test('code without end is read in bounded time and depth', () => {
  for (const part of [
    '(',
    '[',
    'f(',
    'a=',
    '-',
    'new ',
    'lambda:',
    'map {',
    'x.y',
    'x[',
    '"a"+',
    'x=>',
    '!',
    'a::b->',
  ])
    for (const language of ['python', 'perl', 'node'] as const) readCode(language, part.repeat(3000));
  assert.deepEqual(readCode('python', 'f = lambda x: f(x)\nf(1)').pieces, []);
  assert.deepEqual(readCode('python', `x = 'a'\n${'x = x + x\n'.repeat(100)}os.system(x)`).pieces, []);
});

test('variables in strings are filled in, in each language’s way', () => {
  assert.deepEqual(hosts('python', `h='192.0.2.1'\nurlopen(f"http://{h}:{80}/x")`), ['192.0.2.1']);
  assert.deepEqual(hosts('node', 'const h = "192.0.2.1"; fetch(`http://${h}/x`)'), ['192.0.2.1']);
  assert.deepEqual(hosts('ruby', 'h = "192.0.2.1"; open("http://#{h}/x")'), ['192.0.2.1']);
  assert.deepEqual(hosts('perl', '$h = "192.0.2.1"; get("http://$h/x");'), ['192.0.2.1']);
  assert.deepEqual(hosts('php', '$h = "192.0.2.1"; readfile("http://{$h}/x");'), ['192.0.2.1']);
  assert.deepEqual(hosts('php', `$h = "192.0.2.1"; readfile('http://$h/x');`), []);
});

test('a string that holds itself over and over stays within bounds', () => {
  const used = processorTime();
  const code = `a='${'x'.repeat(60_000)}'\nprint(f'${'{a}'.repeat(20_000)}')`;
  assert.ok((readCode('python', code).printed ?? '').length < 1 << 20);
  assert.ok(used() < 1000);
});

test('a call alone is code, so that what follows its URL is no part of it', () => {
  for (const call of [
    'requests.put("http://192.0.2.9/c",headers={"x":"y"})',
    "answer = urllib.request.Request('http://192.0.2.9/c',method='PUT',headers={})",
  ])
    assert.deepEqual(decodePayload(call).urls, ['http://192.0.2.9/c'], call);
});
