import assert from 'node:assert/strict';
import { test } from 'node:test';
import { forgery, newToken, parseTornadoHead } from './tornado.ts';

const head = (text: string) => parseTornadoHead(Buffer.from(text.replaceAll('\n', '\r\n'), 'latin1'));

test('a token of a cookie is known again behind any mask, as Tornado masks them', () => {
  // Two answers of one real server to one client: the second masks the token of the first anew.
  const cookie = '2|bcbd841e|009c836838b69e1d483ab1a2fc39abf6|1795709676';
  assert.equal(forgery(cookie, cookie), undefined);
  const [, mask, value] = cookie.split('|');
  const token = Buffer.from(value!, 'hex').map((byte, at) => byte ^ Buffer.from(mask!, 'hex')[at % 4]!);
  assert.equal(forgery(`2|00000000|${Buffer.from(token).toString('hex')}|1`, cookie), undefined);
  assert.equal(forgery(Buffer.from(token).toString('hex'), cookie), undefined);
  const own = newToken(1_795_709_676_000);
  assert.match(own, /^2\|[0-9a-f]{8}\|[0-9a-f]{32}\|1795709676$/);
  assert.equal(forgery(own, own), undefined);
});

test('what is wrong with a token is said in the words of Tornado', () => {
  assert.equal(forgery(undefined, 'abc'), "'_xsrf' argument missing from POST");
  assert.equal(forgery('3|abc', 'abc'), "'_xsrf' argument has invalid format");
  assert.equal(forgery('abd', 'abc'), 'XSRF cookie does not match POST argument');
  assert.equal(forgery('abc', undefined), 'XSRF cookie does not match POST argument');
  assert.equal(forgery('abc', 'abc'), undefined);
});

test('heads are taken that other servers refuse: no host, any method, any target', () => {
  for (const text of ['GET /api HTTP/1.1', 'get http://x/api HTTP/1.0\nHost: a\nHost: b', 'X * HTTP/1.1'])
    assert.ok('method' in head(text), text);
});

test('what is no head of HTTP/1 is refused', () => {
  for (const text of [
    'GARBAGE',
    'GET / HTTP/2.0',
    'GET / HTTP/1.1\nno colon',
    'GET / HTTP/1.1\nContent-Length: a',
  ])
    assert.deepEqual(head(text), { status: 400 }, text);
  assert.deepEqual(head(`GET / HTTP/1.1\nX: ${'a'.repeat(70_000)}`), { status: 431 });
});
