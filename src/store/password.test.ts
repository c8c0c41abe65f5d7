import assert from 'node:assert/strict';
import { it } from 'node:test';
import { checkPassword, hashPassword } from './password.ts';

it('a password is checked against its hash, which says how it was made and is another each time', async () => {
  const [one, two] = await Promise.all([hashPassword('Zürich battery'), hashPassword('Zürich battery')]);
  assert.match(one, /^scrypt\$131072\$8\$1\$[\w-]{22}\$[\w-]{43}$/);
  assert.notEqual(one, two);
  // Another keyboard writes the same letter in two characters.
  assert.equal(await checkPassword('Zu\u0308rich battery', one), true);
  assert.equal(await checkPassword('zürich battery', one), false);
});

it('a hash made at another cost is still good', async () => {
  // RFC 7914, section 12: the first half of its third vector.
  const hash = Buffer.from('fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162', 'hex');
  const stored = `scrypt$1024$8$16$${Buffer.from('NaCl').toString('base64url')}$${hash.toString('base64url')}`;
  assert.equal(await checkPassword('password', stored), true);
  assert.equal(await checkPassword('Password', stored), false);
});

it('nobody is let in where no password is set', async () => {
  assert.equal(await checkPassword('', undefined), false);
  assert.equal(await checkPassword('', ''), false);
});
