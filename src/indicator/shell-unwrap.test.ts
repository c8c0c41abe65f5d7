import assert from 'node:assert/strict';
import { test } from 'node:test';
import { splitShell } from './shell.ts';
import { unwrapCommands } from './shell-unwrap.ts';

const started = (text: string): (readonly string[])[] =>
  unwrapCommands(splitShell(text)).map((inner) => inner.words);

test('wrappers and their options are taken off', () => {
  for (const text of [
    'nohup ./x -o p',
    'sudo -u nobody env A=1 -u B ./x -o p',
    'timeout -k 5 10m nice -n 19 ./x -o p',
    'exec setsid stdbuf -o L ./x -o p',
    'tini -- gosu app ./x -o p',
  ]) {
    assert.deepEqual(started(text), [['./x', '-o', 'p']], text);
  }
});

test('shell arguments and here-documents are split again', () => {
  assert.deepEqual(started(`/bin/bash -lc "cd /tmp && ./x"`), [['cd', '/tmp'], ['./x']]);
  assert.deepEqual(started(`su - user -c './x -o p'`), [['./x', '-o', 'p']]);
  assert.deepEqual(started(`eval "./x -o" p`), [['./x', '-o', 'p']]);
  assert.deepEqual(started('sh <<E\na\nb\nE'), [['a'], ['b']]);
});

test('wrappers that take shell text', () => {
  for (const text of [
    `watch -n 60 './x -o p'`,
    `env -S './x -o p'`,
    `flock -n /tmp/l -c './x -o p'`,
    `runuser -u root -- sh -c './x -o p'`,
    `script -qc './x -o p' /dev/null`,
    `start-stop-daemon --start --background --exec ./x -- -o p`,
    `trap './x -o p' EXIT`,
    `alias z='./x -o p'`,
    `PROMPT_COMMAND='./x -o p'`,
  ]) {
    assert.deepEqual(started(text), [['./x', '-o', 'p']], text);
  }
  assert.deepEqual(started('command -v curl; trap - EXIT'), [
    ['command', '-v', 'curl'],
    ['trap', '-', 'EXIT'],
  ]);
});

test('leaving the container is told beside what is run there', () => {
  assert.deepEqual(started(`nsenter -t 1 -m -- sh -c './x'`), [
    ['nsenter', '-t', '1', '-m', '--', 'sh', '-c', './x'],
    ['./x'],
  ]);
});

test('other wrappers are told beside what they run where that is asked for', () => {
  const kept = (text: string) =>
    unwrapCommands(splitShell(text), new Set(['chroot', 'nsenter'])).map(({ words }) => words.join(' '));
  assert.deepEqual(kept(`sh -c "nsenter -t 1 chroot /h sh -c 'a; b'"`), [
    'nsenter -t 1 chroot /h sh -c a; b',
    'chroot /h sh -c a; b',
    'a',
    'b',
  ]);
  assert.deepEqual(kept('echo a | chroot /h sh'), ['echo a', 'chroot /h sh', 'a']);
  assert.deepEqual(started('chroot /h a'), [['a']]);
});

test('a shell runs what the pipeline in front of it prints', () => {
  const unwrapped = unwrapCommands(splitShell('echo "Li94IC1v" | base64 -d | sh'));
  assert.deepEqual(unwrapped.at(-1)?.words, ['./x', '-o']);
  assert.equal(unwrapped.at(-1)?.payload, './x -o');
  assert.equal(unwrapped.at(-1)?.offset, 0);
  assert.deepEqual(started('echo "a b" | sh').at(-1), ['a', 'b']);
  assert.deepEqual(started('echo "$X" | sh').at(-1), ['sh']);
  assert.deepEqual(started('echo "a b" | sh /x').at(-1), ['sh', '/x']);
  assert.deepEqual(started('echo "a b"; sh').at(-1), ['sh']);
});

test('a function is read with the arguments of each call', () => {
  assert.deepEqual(started('f() { a $1 "$@" > $2; }; f http://b c'), [
    ['a', '$1', '$@'],
    ['a', 'http://b', 'http://b', 'c'],
  ]);
  const target = (text: string) => unwrapCommands(splitShell(text)).at(-1)?.redirects[0]?.target;
  assert.equal(target('f() { a > $2; }; f 192.0.2.7/b c'), 'c');
  assert.ok(started('f() { f http://a; f http://a; }; f http://a').length <= 5100);
});

test('a call that names no host is read as it stands: a script makes thousands of them', () => {
  assert.deepEqual(started('f() { a $1; }; f /etc/b').at(-1), ['f', '/etc/b']);
});

test('a program under a pattern is known by its name, a word that is no program is not', () => {
  assert.deepEqual(started('/u?r/b?n/cu?l -s; /bin/[b]ash -x; /???/b??e64 -d'), [
    ['curl', '-s'],
    ['bash', '-x'],
    ['base64', '-d'],
  ]);
  assert.deepEqual(started('cu?l x; /usr/*/???; /opt/app-?.sh'), [
    ['cu?l', 'x'],
    ['/usr/*/???'],
    ['/opt/app-?.sh'],
  ]);
});

test('a variable that nothing set does not hide a program', () => {
  assert.deepEqual(started('ba${x}sh -c "a"; cu${x}rl b; x${y}z c; $SHELL -c d'), [
    ['a'],
    ['curl', 'b'],
    ['x${y}z', 'c'],
    ['d'],
  ]);
});

test('a shell that runs a file stays as it is', () => {
  assert.deepEqual(started('bash -e /entry.sh -c x'), [['bash', '-e', '/entry.sh', '-c', 'x']]);
});

test('nesting is bounded', () => {
  let text = 'x';
  for (let depth = 0; depth < 12; depth++) text = `sh -c ${JSON.stringify(text)}`;
  assert.ok(started(text).length <= 1);
});

test('nested substitutions do not multiply without end', () => {
  const nested = 'sh -c "$('.repeat(22) + 'id' + ')"'.repeat(22);
  assert.ok(started(nested).length <= 6000);
  const many = `sh -c '${'a;'.repeat(9000)}'`;
  assert.equal(started(many).length, 5000);
});

test('long text is not split again and again: behind the bound a command stays as it is', () => {
  const nested = (padding: number): string[] => {
    let text = `id # ${'x'.repeat(padding)}`;
    for (let depth = 0; depth < 6; depth++) text = `sh -c ${JSON.stringify(text)}`;
    return started(text).map(([program]) => program ?? '');
  };
  assert.deepEqual(nested(1000), ['id']);
  assert.deepEqual(nested(900_000), ['sh']);
});

test('a shell that is started finds what was set for it', () => {
  assert.deepEqual(started(`X=http://h sh -c './x $X/a \${X}'`), [['./x', 'http://h/a', 'http://h']]);
  assert.deepEqual(started(`export X=y; bash -c './x $X'`).at(-1), ['./x', 'y']);
  assert.deepEqual(started(`X=y; bash -c './x $X'`).at(-1), ['./x', '$X']);
  assert.deepEqual(started(`X=${'y'.repeat(300)} sh -c './x $X'`), [['./x', '$X']]);
});

test('settings stay with what they are made for', () => {
  const [inner] = unwrapCommands(splitShell(`HOST=h sh -c './x'`));
  assert.deepEqual([inner?.words, inner?.assignments.HOST], [['./x'], 'h']);
  assert.equal(Object.getPrototypeOf(inner?.assignments), null);
});
