/** Answers of dockerd 20.10.24, recorded on a machine without containers or images. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { startDaemon } from './fixtures/visit.ts';

interface Pair {
  readonly req: readonly [method: string, target: string, body: string];
  readonly real: readonly [status: string, headers: readonly string[], body: string];
}

const data =
  process.env.WATERGUARD_TEST_DATA ?? fileURLToPath(new URL('../../../../shared/data', import.meta.url));
const file = `${data}/honeypots/dockerd-20.10.24-golden.json`;
const pairs: readonly Pair[] = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : [];

test('the recorded answers are there', { skip: existsSync(file) ? false : `${file} is absent` }, () => {
  assert.equal(pairs.length, 27);
});

/** What a daemon with containers has in place of an empty list, and then, where it is long, in chunks. */
const isFilled = (target: string): boolean =>
  /\/(containers\/json|images\/json|networks|volumes|system\/df)/.test(target);

for (const { req, real } of pairs) {
  const [method, target, body] = req;
  test(`${method} ${target} ${body} is answered as by dockerd`, async () => {
    const type = body === '' ? '' : 'Content-Type: application/json\r\n';
    const text = `${method} ${target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${type}Content-Length: ${body.length}\r\n\r\n${body}`;
    const answer = await startDaemon().ask(text);
    const [status = '', ...headers] = answer.head.split('\r\n');
    const names = (lines: readonly string[]): string[] =>
      lines
        .map((line) => line.split(':', 1)[0]!)
        .filter((name) => name !== 'Connection')
        .filter((name) => !isFilled(target) || !/^(Content-Length|Transfer-Encoding)$/.test(name));
    assert.equal(status, real[0]);
    assert.deepEqual(names(headers), names(real[1]));
    const told = /"message":/.test(real[2]) || !real[2].startsWith('{') || isFilled(target);
    if (isFilled(target))
      assert.deepEqual(membersOf(answer.body), new Set([...membersOf(answer.body), ...membersOf(real[2])]));
    else if (told) assert.equal(answer.body.replace(/^0\r\n\r\n$/, ''), real[2].replace(/^0\r\n\r\n$/, ''));
    else assert.deepEqual(Object.keys(JSON.parse(answer.body)), Object.keys(JSON.parse(real[2])));
  });
}

/** Names of an object's members, or of those of the first of a list. */
function membersOf(body: string): Set<string> {
  const value: unknown = JSON.parse(body);
  const one = Array.isArray(value) ? value[0] : value;
  return new Set(Object.keys((one as object | undefined) ?? {}));
}
