import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { randomOf } from '../persona/random.ts';
import type { Dialect } from './shell/dialect.ts';
import { defaultLimits } from './shell/process/budget.ts';
import { programs } from './shell/testing/programs.ts';
import { kept, testWorld } from './shell/testing/real.ts';
import { interactive, type LineResult, type Session } from './terminal.ts';

type Line = LineResult & { readonly line: string };

interface Open {
  /** Types, and gives back what the terminal shows from then on. @param wanted as long as what is to come */
  type(text: string, wanted?: string): Promise<string>;
  /** Types, and does not wait. */
  send(text: string): void;
  hangUp(): void;
  readonly lines: readonly Line[];
  readonly ended: Promise<number>;
  readonly first: string;
}

const testHost = testWorld().hostname;

async function open(name: Dialect['name'] | 'plain', more: Partial<Session> = {}): Promise<Open> {
  const world = testWorld(name === 'ash' ? 'ash' : 'bash');
  const output = kept(true);
  const lines: Line[] = [];
  const typed: string[] = [];
  let isOpen = true;
  let wake = (): void => {};
  async function* input(): AsyncGenerator<Uint8Array> {
    while (isOpen || typed.length > 0) {
      for (let text = typed.shift(); text !== undefined; text = typed.shift())
        yield Buffer.from(text, 'latin1');
      if (isOpen)
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
    }
  }
  let shown = 0;
  /** What is new, when it is as much as is awaited; where nothing is, when nothing more comes. */
  const answer = async (wanted: number): Promise<string> => {
    const fresh = (): string => output.text().slice(shown).replaceAll(testHost, 'host');
    const deadline = performance.now() + 5000;
    for (let before = -1; performance.now() < deadline; before = fresh().length) {
      if (wanted > 0 ? fresh().length >= wanted : fresh().length === before) break;
      await new Promise((resolve) => setTimeout(resolve, wanted > 0 ? 2 : 60));
    }
    const text = fresh();
    shown = output.text().length;
    return text;
  };
  const ended = interactive(world, {
    ...(name !== 'plain' && { terminal: { rows: 24, columns: 80 } }),
    ...(name === 'dash' || name === 'ash' ? { argv: [name] } : {}),
    input: input(),
    output,
    onLine: (line, result) => lines.push({ line, ...result }),
    signal: new AbortController().signal,
    programs,
    onFault: (error) => assert.fail(String(error)),
    ...more,
  });
  const send = (text: string): void => {
    typed.push(text);
    wake();
  };
  return {
    send,
    type(text, wanted = '') {
      send(text);
      return answer(wanted.length);
    },
    hangUp() {
      isOpen = false;
      wake();
    },
    lines,
    ended,
    first: await answer(0),
  };
}

/** Types one after the other, and compares each answer with what a real shell on a real terminal sent. */
async function follow(session: Open, steps: readonly (readonly [string, string])[]): Promise<void> {
  for (const [typed, wanted] of steps)
    assert.equal(await session.type(typed, wanted), wanted, JSON.stringify(typed));
}

const on = '\x1b[?2004h';
const off = '\x1b[?2004l\r';

describe('bash at a terminal', () => {
  const prompt = `${on}root@host:~# `;

  it('shows, edits and completes as readline does', async () => {
    const session = await open('bash');
    assert.equal(session.first, prompt);
    await follow(session, [
      ['echo hi\r', `echo hi\r\n${off}hi\r\n${prompt}`],
      ['abc\x7f\x7fd\r', `abc\b \b\b \bd\r\n${off}-bash: ad: command not found\r\n${prompt}`],
      ['abc\x03', `abc^C${off}${on}${off}\r\n${prompt}`],
      ['ec\t', 'echo '],
      ['\t', '\x07'],
      ['x\x15', `x${'\b'.repeat(6)}\x1b[K`],
      ['foo bar\x17baz\r', `foo bar\b\b\b\x1b[Kbaz\r\n${off}-bash: foo: command not found\r\n${prompt}`],
      ['\x1b[A', 'foo baz'],
      ['\x1b[A\x1b[A\r', `${'\b'.repeat(7)}ad\x1b[K\b\becho hi\r\n${off}hi\r\n${prompt}`],
      ['cat /et\t', 'cat /etc/'],
      ['\x03', `^C${off}${on}${off}\r\n${prompt}`],
      [
        'echo a b c\x01X\x05Y\x02\x02\x0b\r',
        `echo a b c${'\b'.repeat(10)}\x1b[1@Xecho a b cY\b\b\x1b[K\r\n${off}-bash: Xecho: command not found\r\n${prompt}`,
      ],
      ['!echo\r', `!echo\r\n${off}echo hi\r\nhi\r\n${prompt}`],
      ['exit 3\r', `exit 3\r\n${off}logout\r\n`],
    ]);
    assert.equal(await session.ended, 3);
  });

  it('asks for more until a command is whole, and tells it as one', async () => {
    const session = await open('bash');
    await follow(session, [
      ['if true; then\r', `if true; then\r\n${off}${on}> `],
      ['echo y\r', `echo y\r\n${off}${on}> `],
      ['fi\r', `fi\r\n${off}y\r\n${prompt}`],
      ['cat <<E\rdoc\rE\r', `cat <<E\r\n${off}${on}> doc\r\n${off}${on}> E\r\n${off}doc\r\n${prompt}`],
      ['fi\r', `fi\r\n${off}-bash: syntax error near unexpected token \`fi'\r\n${prompt}`],
    ]);
    assert.deepEqual(
      session.lines.map(({ line, exitCode, output }) => [line, exitCode, output]),
      [
        ['if true; then\necho y\nfi', 0, 'y\n'],
        ['cat <<E\ndoc\nE', 0, 'doc\n'],
        ['fi', 2, "-bash: syntax error near unexpected token `fi'\n"],
      ],
    );
    session.hangUp();
    assert.equal(await session.ended, 2);
  });

  it('gives what is typed to the program that runs, and ends that by ^C', async () => {
    const session = await open('bash');
    await follow(session, [
      ['cat\r', `cat\r\n${off}`],
      ['line\r', 'line\r\nline\r\n'],
      ['x\x7fy\r\x04', `x\b \by\r\ny\r\n${prompt}`],
      ['sleep 100\r', `sleep 100\r\n${off}`],
      ['\x03', `^C\r\n${prompt}`],
      ['read x; echo "[$x]"\r', `read x; echo "[$x]"\r\n${off}`],
      ['val\r', `val\r\n[val]\r\n${prompt}`],
      ['echo 1\recho 2\r', `echo 1\r\n${off}1\r\n${prompt}echo 2\r\n${off}2\r\n${prompt}`],
    ]);
    assert.deepEqual(
      session.lines.map(({ line, exitCode }) => [line, exitCode]),
      [
        ['cat', 0],
        ['sleep 100', 130],
        ['read x; echo "[$x]"', 0],
        ['echo 1', 0],
        ['echo 2', 0],
      ],
    );
    session.hangUp();
    await session.ended;
  });

  it('tells the lines of shells that were started from it', async () => {
    const session = await open('bash');
    await session.type('dash\r');
    await session.type('echo > /tmp/left; exec 3<>/dev/null\r');
    await session.type('exit 4\r');
    await session.type('echo $?\r');
    assert.deepEqual(
      session.lines.map(({ line, exitCode, notes }) => [line, exitCode, notes.map(({ kind }) => kind)]),
      [
        ['echo > /tmp/left; exec 3<>/dev/null', 0, ['command', 'command', 'command', 'file']],
        ['exit 4', 4, ['command']],
        ['dash', 4, []],
        ['echo $?', 0, ['command']],
      ],
    );
    session.hangUp();
    await session.ended;
  });

  it('lets a line use what it may, and the next one as much', async () => {
    const limits = {
      work: 50_000,
      commands: 300,
      output: 1e5,
      memory: 1e6,
      processes: 8,
      functions: 9,
      scripts: 3,
    };
    const session = await open('bash', { limits });
    for (const loop of ['while :; do :; done', 'x=a; while :; do x=$x$x; done']) {
      const wanted = `${loop}\r\n${off}Killed\r\n${prompt}`;
      assert.equal(await session.type(`${loop}\r`, wanted), wanted);
    }
    assert.equal(await session.type('echo alive\r'), `echo alive\r\n${off}alive\r\n${prompt}`);
    session.hangUp();
    await session.ended;
  });

  it('keeps at most 8 KiB of what a line printed', async () => {
    const session = await open('bash');
    await session.type('printf %20000d 1\r');
    assert.equal(session.lines[0]!.output.length, 8192);
    session.hangUp();
    await session.ended;
  });

  it('tells of jobs, before the prompt', async () => {
    const session = await open('bash');
    assert.match(await session.type('sleep 0.1 &\r'), /\r\n\x1b\[\?2004l\r\[1\] \d+\r\n\x1b/);
    await new Promise((resolve) => setTimeout(resolve, 150));
    assert.equal(await session.type('\r'), `\r\n${off}[1]+  Done                    sleep 0.1\r\n${prompt}`);
    session.hangUp();
    await session.ended;
  });
});

describe('the other shells at a terminal', () => {
  it('dash leaves it to the kernel what is typed', async () => {
    const session = await open('dash');
    assert.equal(session.first, '# ');
    await follow(session, [
      ['abc\x7f\x7fd\r', 'abc\b \b\b \bd\r\ndash: 1: ad: not found\r\n# '],
      ['abc\x03', 'abc^C\r\n# '],
      ['\x1b[Ax\x15', '^[[Ax\b \b\b \b\b \b\b \b\b \b'],
      ['nosuch\r', 'nosuch\r\ndash: 2: nosuch: not found\r\n# '],
      ['echo "a\r', 'echo "a\r\n> '],
      ['b"\r', 'b"\r\na\r\nb\r\n# '],
      ['fi\r', 'fi\r\ndash: 5: Syntax error: "fi" unexpected\r\n# '],
      ['\x04', '\r\n'],
    ]);
    assert.equal(await session.ended, 2);
  });

  it('ash asks the terminal where the cursor is, and takes no notice of the answer', async () => {
    const session = await open('ash', { cwd: '/' });
    const prompt = '/ # \x1b[6n';
    assert.equal(session.first, prompt);
    await follow(session, [
      ['\x1b[24;5Recho hi\r', `echo hi\r\nhi\r\n${prompt}`],
      ['abc\x7f\x7fd\r', `abc\b\x1b[J\b\x1b[Jd\r\nash: ad: not found\r\n${prompt}`],
      ['abc\x03', `abc^C\r\n${prompt}`],
      ['ec\t', 'ec\r/ # echo \x1b[J'],
      ['x\x15', 'x\r/ # \x1b[J'],
      ['\x1b[A', '\r/ # ad\x1b[J'],
      ['\x1b[A', '\r/ # echo hi\x1b[J'],
      ['\r', `\r\nhi\r\n${prompt}`],
      ['exit\r', 'exit\r\n'],
    ]);
    assert.equal(await session.ended, 0);
  });
});

describe('any session', () => {
  it('survives whatever is typed', async () => {
    const random = randomOf('a fixed seed', 'keys');
    const pieces = [
      '\r',
      '\x1b[',
      '\x1b[A',
      '\t',
      '\x03',
      '\x04',
      '\x7f',
      '\x17',
      '!!',
      '"',
      '$(',
      'cat\r',
      'exit\r',
      'ls /e',
    ];
    for (const name of ['bash', 'dash', 'ash', 'plain'] as const) {
      const session = await open(name, { pace: 'skip', limits: { ...defaultLimits, work: 50_000 } });
      for (let count = 0; count < 40; count++) {
        const piece =
          count % 2 === 0 ? random.pick(pieces) : random.bytes(random.int(1, 30)).toString('latin1');
        session.send(piece);
        await new Promise((resolve) => setTimeout(resolve, 2));
      }
      session.hangUp();
      const exitCode = await session.ended;
      assert.ok(exitCode >= 0 && exitCode < 256, name);
    }
  });
});

describe('a session without a terminal', () => {
  it('runs line after line, shows no prompt, and tells each', async () => {
    const session = await open('plain', { limits: { ...defaultLimits, work: 20_000 } });
    assert.equal(session.first, '');
    assert.equal(await session.type('echo one\nnosuch\n'), 'one\n-bash: line 2: nosuch: command not found\n');
    assert.equal(await session.type('sh\necho "in $0"\nexit\n'), 'in sh\n');
    assert.equal(await session.type('echo back\n'), 'back\n');
    assert.equal(await session.type('if true; then\n'), '');
    assert.equal(await session.type('echo whole\n'), '');
    assert.equal(await session.type('fi\n'), 'whole\n');
    assert.equal(await session.type('while :; do :; done\necho next\n', 'next\n'), 'next\n');
    session.hangUp();
    assert.equal(await session.ended, 0);
    assert.deepEqual(
      session.lines.slice(0, 6).map(({ line, exitCode }) => [line, exitCode]),
      [
        ['echo one', 0],
        ['nosuch', 127],
        ['echo "in $0"', 0],
        ['exit', 0],
        ['sh', 0],
        ['echo back', 0],
      ],
    );
  });
});
