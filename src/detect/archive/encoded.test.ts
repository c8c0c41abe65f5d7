import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { sampleElf } from '../../../test/fixtures/elf-builder.ts';
import { skipWithout } from '../../../test/fixtures/programs.ts';
import { buildZip } from '../../../test/fixtures/zip-builder.ts';
import { encodedAnchors, openEncoded } from './encoded.ts';
import { type Budget, isHole, newBudget } from './members.ts';

/** Each member with its bytes, each hole as `name! reason`. */
function open(text: string, budget: Budget = newBudget()): (Buffer | string)[] {
  const bytes = Buffer.from(text, 'latin1');
  const placesOf = (anchor: keyof typeof encodedAnchors): number[] => {
    const places: number[] = [];
    const { text: wanted } = encodedAnchors[anchor];
    for (let at = bytes.indexOf(wanted); at !== -1; at = bytes.indexOf(wanted, at + 1)) places.push(at);
    return places;
  };
  return [...openEncoded(bytes, placesOf, budget)].map((one) =>
    isHole(one) ? `${one.name}! ${one.reason}` : one.bytes,
  );
}

const program = sampleElf({ behindHeaders: Buffer.from('inert '.repeat(40)) });
const encoded = program.toString('base64');
const lines = (width: number): string[] => encoded.match(new RegExp(`.{1,${width}}`, 'g')) ?? [];

test('a program in base64 is the same again, however it is written into a text', () => {
  const forms: Readonly<Record<string, string>> = {
    word: `echo ${encoded} | base64 -d > /tmp/x`,
    assignment: `B64="${encoded}"\nx=1\n`,
    heredoc: `base64 -d > /tmp/x <<EOF\n${lines(76).join('\n')}\nEOF\nchmod +x /tmp/x\n`,
    narrow: `base64 -d > /tmp/x <<EOF\n${lines(20).join('\n')}\nEOF\n`,
    windows: `${lines(64).join('\r\n')}\r\n`,
    indented: `data: |\n    ${lines(76).join('\n    ')}\nname: x\n`,
    python: `data = (\n    b'${lines(60).join("'\n    b'")}'\n)\n`.replaceAll("b'", "'"),
    javascript: `const data = "${lines(60).join('" +\n  "')}";\n`,
    json: `{"data": "${lines(76).join('\\n')}\\n"}`,
    list: `[\n  "${lines(80).join('",\n  "')}"\n]\n`,
    'behind other letters': `x${encoded}`,
  };
  for (const [form, text] of Object.entries(forms)) {
    const [found, ...more] = open(text);
    assert.deepEqual(more, [], form);
    assert.ok(Buffer.isBuffer(found) && found.equals(program), form);
  }
});

test('the word that ends a heredoc is not part of it, whatever the last line is', () => {
  for (let rest = 0; rest < 60; rest++) {
    const content = Buffer.concat([program, Buffer.alloc(rest, 'x')]);
    const wrapped = content.toString('base64').match(/.{1,76}/g) ?? [];
    assert.deepEqual(open(`cat <<EOF\n${wrapped.join('\n')}\nEOF\n`), [content]);
  }
});

test('packed streams come unpacked, zips by their members', () => {
  const noise = Buffer.from(Array.from({ length: 200 }, (_, at) => (at * 97) % 251));
  assert.deepEqual(open(gzipSync(noise).toString('base64')), [noise]);
  assert.deepEqual(open(zstdCompressSync(noise).toString('base64')), [noise]);
  assert.deepEqual(open(buildZip([{ name: 'a', content: noise }]).toString('base64')), [noise]);
});

test('formats without a decoder are named', () => {
  const noise = Buffer.alloc(100, 7);
  const xz = Buffer.concat([Buffer.from('fd377a585a00', 'hex'), noise]).toString('base64');
  assert.deepEqual(open(xz), ['(base64 at byte 0)! unsupported']);
  const bzip2 = Buffer.concat([Buffer.from('BZh91AY&SY'), noise]).toString('base64');
  assert.deepEqual(open(bzip2), ['(base64 at byte 0)! unsupported']);
});

test('what only begins alike is nothing', () => {
  const noise = 'QUJD'.repeat(40);
  for (const { text } of Object.values(encodedAnchors)) {
    if (text !== encodedAnchors.xz.text) assert.deepEqual(open(`x = "${text}${noise}"`), [], text);
    assert.deepEqual(open(`the word ${text} alone`), [], text);
  }
  assert.deepEqual(open(`${encoded.slice(0, 60)}\n`), []);
  assert.deepEqual(open(`${gzipSync('x'.repeat(20)).toString('base64')}`), []);
});

test('a budget is kept, and places by the hundred thousand take bounded time', () => {
  assert.deepEqual(open(encoded, { bytes: 10, members: 9 }), ['(base64 at byte 0)! ratio-limit']);
  assert.deepEqual(open(encoded, { bytes: 10_000, members: 0 }), ['(base64 at byte 0)! entry-limit']);
  assert.deepEqual(open('f0VMR'.repeat(100_000)), []);
  const many = open(`${`f0VMR${'A'.repeat(100)} !\n`.repeat(30_000)}`);
  assert.equal(many.at(-1), `(base64 at byte ${20_000 * 108})! entry-limit`);
});

test('what base64 writes is read', { skip: skipWithout('base64') }, () => {
  for (const flags of [[], ['-w0'], ['-w', '57']]) {
    const text = execFileSync('base64', flags, { input: program, encoding: 'utf8' });
    assert.deepEqual(open(text), [program]);
  }
});
