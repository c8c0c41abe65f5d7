import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readCommand } from './command.ts';

/** Uses in short: `run:x`, `read:/y`. */
function uses(command: string): readonly string[] {
  return readCommand(command.split(' ')).map((use) => {
    const value = 'name' in use ? use.name : 'path' in use ? use.path : use.text;
    return `${use.kind}:${value}`;
  });
}

describe('what a command starts and reads', () => {
  it('looks through wrappers with their own options and operands', () => {
    assert.deepEqual(uses('exec su-exec nobody env -u X A=b timeout -s 9 10 /opt/x'), [
      'run:exec',
      'run:su-exec',
      'run:env',
      'run:timeout',
      'run:/opt/x',
    ]);
    assert.ok(uses('start-stop-daemon --start --quiet --exec /usr/sbin/d -- -f').includes('run:/usr/sbin/d'));
    assert.ok(uses('wait-for-it.sh db:5432 -t 10 -- /app/run').includes('run:/app/run'));
  });

  it('finds the program behind an interpreter', () => {
    assert.ok(uses('java -Xmx1g -cp /a.jar:/b.jar -jar /app/x.jar').includes('run:/app/x.jar'));
    assert.ok(uses('java -cp /a.jar:/b.jar Main').includes('read:/b.jar'));
    assert.ok(uses('python3.12 -X dev main.py').includes('run:./main.py'));
    assert.ok(uses('node -r ./hook.js server.js').includes('read:./hook.js'));
    assert.ok(uses('gunicorn -b 0.0.0.0:80 app.wsgi:application').includes('module:app.wsgi'));
    assert.deepEqual(uses('perl -e code'), ['run:perl', 'code:code']);
    for (const loader of ['/lib64/ld-linux-x86-64.so.2', '/lib/ld-musl-x86_64.so.1'])
      assert.ok(uses(`${loader} --library-path /x /opt/a`).includes('run:/opt/a'), loader);
    assert.ok(!uses('/usr/bin/ld.so.cache /opt/a').includes('run:/opt/a'));
  });

  it('finds files in every form of option', () => {
    for (const [command, file] of [
      ['x --config=/etc/x.json', '/etc/x.json'],
      ['x --config /etc/x', '/etc/x'],
      ['x -c/etc/x', '/etc/x'],
      ['x -c config', 'config'],
      ['x config.json', 'config.json'],
      ['x @args.txt', 'args.txt'],
      ['java -Dlog=/etc/log.xml Main', '/etc/log.xml'],
    ] as const) {
      assert.ok(uses(command).includes(`read:${file}`), command);
    }
  });

  it('reads no file from URLs, and from commands that start nothing', () => {
    assert.deepEqual(uses('x --url stratum+tcp://pool.example:3333'), ['run:x']);
    assert.deepEqual(uses('rm -f /opt/x'), []);
    assert.deepEqual(uses('/bin/echo /opt/x'), ['run:/bin/echo']);
  });

  it('survives names of built-in object properties and endless wrapping', () => {
    assert.deepEqual(uses('constructor x'), ['run:constructor']);
    assert.deepEqual(uses('__proto__ x'), ['run:__proto__']);
    assert.ok(uses('nohup '.repeat(5000) + 'x').length < 20);
  });
});
