import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeCryptonote, encodeCryptonote } from './base58.ts';
import { findWallets, parseMinerUser, parseWallet } from './wallet.ts';

/** An address that nobody owns: its keys are filled with one byte. */
const generated = (prefix: readonly number[], keys = 64, fill = 9): string =>
  encodeCryptonote(Uint8Array.of(...prefix, ...Array<number>(keys).fill(fill)));
const standard = generated([18]);

test('Monero standard, integrated and sub-addresses are told by their prefix', () => {
  assert.deepEqual(parseWallet(standard), {
    coin: 'monero',
    kind: 'standard',
    address: standard,
    verified: true,
  });
  assert.equal(parseWallet(generated([42]))?.kind, 'subaddress');
  const integrated = parseWallet(generated([19], 72));
  assert.equal(integrated?.kind, 'integrated');
  assert.equal(integrated?.standardAddress, standard);
});

test('a known Monero address decodes: the donation address of the Monero project', () => {
  const address =
    '44AFFq5kSiGBoZ4NMDwYtN18obc8AemS33DBLWs3H7otXft3XjrpDtQGv7SqSsaBYBb98uNbr2VBBEt7f2wfn3RVGQBEP3A';
  assert.equal(parseWallet(address)?.coin, 'monero');
});

test('addresses of test networks are no wallets, those of unknown forks are', () => {
  assert.equal(parseWallet(generated([24])), undefined);
  assert.equal(parseWallet(generated([53])), undefined);
  assert.equal(parseWallet(generated([0x9a, 0xe7, 0xae, 0x01]))?.coin, 'sumokoin');
  assert.equal(parseWallet(generated([99]))?.coin, 'cryptonote');
});

test('one changed character makes any address worthless', () => {
  for (const address of [standard, ...Object.keys(published)]) {
    const at = address.length - 5;
    const changed = address.slice(0, at) + (address[at] === 'a' ? 'c' : 'a') + address.slice(at + 1);
    const found = parseWallet(changed);
    assert.ok(found === undefined || !found.verified, changed);
  }
});

/** From BIP 13, 173, 350, EIP 55, the CashAddr specification and public block explorers. */
const published: Readonly<Record<string, string>> = {
  '1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa': 'bitcoin p2pkh',
  '3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy': 'bitcoin p2sh',
  bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4: 'bitcoin segwit',
  bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0: 'bitcoin taproot',
  LhK2kQwiaAvhjWY799cZvMyYwnQAcxkarr: 'litecoin p2pkh',
  DH5yaieqoZN36fDVciNyRueRGvGLR3mr7L: 'dogecoin p2pkh',
  XpESxaUmonkq8RaLLp46Brx2K39ggQe226: 'dash p2pkh',
  t1Hsc1LR8yKnbbe3twRp88p6vFfC5t7DLbs: 'zcash p2pkh',
  'bitcoincash:qpm2qsznhks23z7629mms6s4cwef74vcwvy22gdx6a': 'bitcoin-cash p2pkh',
  'kaspa:qpq55rv39sa592frxvklh8kztvm8ntw3gje20xsdw9snqk0gwnqaqvlwewmqa': 'kaspa standard',
  '9fRAWhdxEsTcdb8PhGNrZfwqa65zfkuYHAMmkQLcic1gdLSV5vA': 'ergo p2pk',
  '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed': 'ethereum account',
};

test('published addresses of each coin are verified', () => {
  for (const [address, expected] of Object.entries(published)) {
    const wallet = parseWallet(address);
    assert.equal(`${wallet?.coin} ${wallet?.kind}`, expected, address);
    assert.equal(wallet?.verified, true);
  }
});

test('an Ethereum address in one case is a weak wallet, fillers are none', () => {
  const weak = parseWallet('0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed');
  assert.deepEqual([weak?.coin, weak?.verified], ['ethereum', false]);
  assert.equal(parseWallet('0x' + '0'.repeat(40)), undefined);
});

test('segwit rules of BIP 350: version 0 with bech32m and version 1 with bech32 are refused', () => {
  assert.equal(parseWallet('bc1q0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqh2y7hd'), undefined);
  assert.equal(parseWallet('bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqh2y7hd'), undefined);
  assert.equal(parseWallet('BC1QW508d6QEJxTDG4Y5R3ZARVARY0C5XW7KV8F3T4'), undefined);
});

test('a block of CryptoNote base58 that overflows is refused', () => {
  assert.equal(decodeCryptonote('z'.repeat(95)), undefined);
  assert.deepEqual([...(decodeCryptonote(encodeCryptonote(Uint8Array.of(1, 2, 3))) ?? [])], [1, 2, 3]);
});

test('worker, difficulty, email and coin around an address are split off', () => {
  assert.deepEqual(
    [
      `${standard}.rig-1`,
      `${standard}+50000`,
      `${standard}.w1/a@mail.org`,
      `XMR:${standard}.w#abcd-1234`,
    ].map((text) => {
      const { wallet, ...rest } = parseMinerUser(text) ?? {};
      return [wallet?.address, rest];
    }),
    [
      [standard, { worker: 'rig-1' }],
      [standard, { difficulty: 50000 }],
      [standard, { worker: 'w1', email: 'a@mail.org' }],
      [standard, { worker: 'w' }],
    ],
  );
  assert.equal(parseMinerUser('worker.1'), undefined);
});

test('wallets are found in text with their place, not inside longer runs', () => {
  const text = `"user": "${standard}.x", x${standard} 1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa;`;
  const found = findWallets(text);
  assert.deepEqual(
    found.map(({ wallet }) => wallet.coin),
    ['monero', 'bitcoin'],
  );
  for (const { wallet, offset } of found) assert.ok(text.startsWith(wallet.address, offset));
});
