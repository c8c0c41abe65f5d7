import assert from 'node:assert/strict';
import { test } from 'node:test';
import { processorTime } from '../../../test/fixtures/processor-time.ts';
import { encodeCryptonote } from '../../indicator/base58.ts';
import type { Detection, FileKind } from '../detector.ts';
import { kindOf } from '../kind.ts';
import { anchors } from './anchors.ts';
import { minerDetector } from './detector.ts';

/** A valid address whose keys nobody has. */
const wallet = encodeCryptonote(Uint8Array.of(18, ...Array<number>(64).fill(5)));
const broken = wallet.slice(0, 60) + (wallet[60] === 'x' ? 'y' : 'x') + wallet.slice(61);
const poolHost = 'pool.minexmr.com';

function inspect(content: string | Buffer, kind?: FileKind): Detection {
  const bytes = Buffer.from(content);
  const lower = bytes.toString('latin1').toLowerCase();
  const exact = bytes.toString('latin1');
  const record = { path: '', size: bytes.length, mode: 0, uid: 0, gid: 0, kind: kind ?? kindOf(bytes) };
  const hits = (name: string): number[] => {
    const anchor = anchors[name]!;
    if (anchor.kinds !== undefined && !anchor.kinds.includes(record.kind)) return [];
    const found: number[] = [];
    for (const text of [anchor.text, ...(anchor.also ?? [])]) {
      const [hay, needle] = anchor.nocase ? [lower, text.toLowerCase()] : [exact, text];
      for (let at = hay.indexOf(needle); at >= 0 && found.length < 1000; at = hay.indexOf(needle, at + 1))
        found.push(at);
    }
    return found;
  };
  return minerDetector.inspect(
    { ...record, bytes, offset: 0, matches: [], hits },
    { check: () => undefined },
  );
}

const rules = (found: Detection) =>
  found.findings.map((one) => [one.rule, one.severity, one.confidence, one.proves]);

test('an xmrig configuration with pool and wallet is strong evidence with its observables', () => {
  const found = inspect(
    `{"donate-level": 1, "pools": [{"algo": "rx/0", "url": "${poolHost}:4444", "user": "${wallet}.w1", "pass": "x"}]}`,
  );
  assert.deepEqual(rules(found), [['miner/config', 'high', 0.85, 'wallet']]);
  assert.deepEqual(
    found.observables.map((one) => [one.type, one.value]),
    [
      ['wallet', wallet],
      ['pool', poolHost + ':4444'],
      ['domain', poolHost],
    ],
  );
  assert.match(found.findings[0]?.excerpt ?? '', /pool pool\.minexmr\.com:4444, monero wallet/);
});

test('a broken checksum is no wallet: the pool alone remains, and weaker', () => {
  const found = inspect(`{"pools": [{"url": "stratum+tcp://${poolHost}:4444", "user": "${broken}"}]}`);
  assert.deepEqual(rules(found), [['miner/config', 'medium', 0.4, undefined]]);
  assert.ok(found.observables.every((one) => one.type !== 'wallet'));
  assert.deepEqual(inspect(`WALLET=${broken}\n`.repeat(3)).findings, []);
});

test('a configuration that a script carries encoded is found, other encoded text is nothing', () => {
  const settings = JSON.stringify({ pools: [{ url: `${poolHost}:4444`, user: wallet }], 'donate-level': 1 });
  const script = (text: string) =>
    inspect(`#!/bin/sh\necho ${Buffer.from(text).toString('base64')} | base64 -d > /tmp/c.json\n`);
  assert.deepEqual(rules(script(settings)), [['miner/config', 'high', 0.85, 'wallet']]);
  assert.deepEqual(rules(script(JSON.stringify({ pools: [{ url: 'postgres://db/app', size: 10 }] }))), []);
});

test('a script that starts a renamed miner is a command', () => {
  const found = inspect(
    `#!/bin/sh\nW=${wallet}\nnohup ./kworker -o ${poolHost}:443 -u $W -k --tls --donate-level 1 >/dev/null 2>&1 &\n`,
  );
  assert.deepEqual(rules(found), [['miner/command', 'high', 0.85, 'wallet']]);
});

test('a program with pool and wallet built in is the threat itself', () => {
  const bytes = Buffer.concat([
    Buffer.from('\x7fELF\x02\x01\x01'),
    Buffer.alloc(30_000, 0x90),
    Buffer.from(`\0stratum+tcp://${poolHost}:4444\0${wallet}\0rx/0\0`),
    Buffer.alloc(30_000, 0x90),
  ]);
  const [finding] = inspect(bytes).findings;
  assert.deepEqual(
    [finding?.rule, finding?.subject, finding?.proves],
    ['miner/embedded-config', 'program', 'wallet'],
  );
  assert.ok((finding?.confidence ?? 0) >= 0.6);
  assert.equal(finding?.offset, 30_008);
});

test('mentions are no findings: rules, services, word lists, questions', () => {
  for (const text of [
    'rule xmrig { strings: $a = "stratum+tcp://" $b = "donate-level" $c = "xmrig" condition: all of them }',
    'alert tcp any any -> any any (msg:"ET POLICY XMRig"; content:"mining.subscribe"; sid:1;)',
    'stratum\t3333/tcp\nxmrig\ncryptonight\nrandomx\nwallet\n',
    'WORDS = ["wallet", "xmrig", "ethash", "nicehash"]',
    "#!/bin/sh\npkill -9 xmrig\nps aux | grep -v grep | grep xmrig | awk '{print $2}' | xargs kill\n",
    'To mine, run `xmrig -o POOL -u YOUR_WALLET`. See donate-level.',
  ]) {
    assert.deepEqual(rules(inspect(text)), [], text);
  }
});

test('a file that lists many pools is a list', () => {
  const hosts = Array.from({ length: 25 }, (_, index) => `block stratum+tcp://p${index}.minexmr.com:4444`);
  assert.deepEqual(inspect(hosts.join('\n')), { findings: [], observables: [] });
});

test('a wallet alone is a note', () => {
  const found = inspect(`Donations: our Monero wallet is ${wallet}\n`);
  assert.deepEqual(rules(found), [['miner/wallet', 'info', 0.2, undefined]]);
});

test('a configuration in a large text is read around its anchors, offsets are of the file', () => {
  const filler = 'x y z\n'.repeat(100_000);
  const found = inspect(filler + `stratum+tcp://${wallet}:x@${poolHost}:4444\n` + filler);
  assert.equal(found.findings[0]?.offset, filler.length);
  assert.equal(found.findings[0]?.proves, 'wallet');
});

test('a file full of anchors costs bounded time', () => {
  const used = processorTime();
  for (const text of ['stratum+tcp://a.', 'donate-level=1 wallet', 'xmrig -o -u 4 '])
    inspect(text.repeat(200_000));
  assert.ok(used() < 5000);
});

const plainPool = 'pool.supportxmr.com:3333';
const rule = (text: string | Buffer) => inspect(text).findings[0]?.rule;
const strong = (text: string | Buffer) => (inspect(text).findings[0]?.confidence ?? 0) >= 0.6;

test('a wallet is enough to be read, however options and settings are quoted', () => {
  for (const text of [
    `#!/bin/sh\n/opt/x -o ${plainPool} -u "${wallet}" -k\n`,
    `#!/bin/sh\n/opt/x -o${plainPool} -u${wallet}\n`,
    `#!/bin/sh\n/opt/x --url ${plainPool} --user='${wallet}'\n`,
    `#!/bin/sh\nP=${plainPool}; A=${wallet}; /opt/x -o $P -u $A\n`,
    `#!/bin/sh\n/opt/x --url 45.9.148.21:443 --user ${wallet}\n`,
    `#!/bin/sh\n/opt/x -o $1 -u ${wallet}\n`,
    `[Service]\nExecStart=/usr/bin/logd --url ${plainPool} --user ${wallet}\n`,
    `[program:w]\ncommand=/opt/x --url ${plainPool} --user ${wallet}\n`,
    `@reboot root /opt/x --url ${plainPool} --user ${wallet}\n`,
    `pool:\n  url: "${plainPool}"\n  user: "${wallet}"\n`,
    `kind: Pod\nspec:\n  containers:\n  - args: ["-o", "${plainPool}", "-u", "${wallet}"]\n`,
    `import os\nw = "${wallet}"\np = "${plainPool}"\nos.system(f"/opt/x -o {p} -u {w}")\n`,
    `spawn('./x', ['-o', '${plainPool}', '-u', '${wallet}'], { cwd: '/opt' });\n`,
  ])
    assert.ok(strong(text), text);
});

test('a wallet in two halves is put together where options take variables', () => {
  const script = `#!/bin/sh\nA="${wallet.slice(0, 40)}"\nB="${wallet.slice(40)}"\nP1=pool.support\nP2=xmr.com\n`;
  assert.equal(rule(`${script}./nginx -o $P1$P2:443 -u $A$B\n`), 'miner/command');
  assert.equal(rule(`${script}./nginx -c $P1$P2:443\n`), undefined);
});

test('a pool from the list and a wallet nearby belong together, but for pages and comments', () => {
  const template = `#!/bin/sh\nsed -e "s/@P/${plainPool}/" -e "s/@W/${wallet}/" /opt/c.tpl > /opt/c.json\n`;
  assert.ok(strong(template));
  assert.ok(strong(`#!/bin/sh\nprintf '{"pools":[{"url":"%s","user":"%s"}]}' ${plainPool} ${wallet} > c\n`));
  for (const text of [
    `<p>We mine at ${plainPool}. Donate Monero: ${wallet}</p>\n`,
    `# ${plainPool} is blocked\nDONATE=${wallet}\n`,
    `peer: db.debian.org:5432\nnote: ${wallet}\n`,
    `${plainPool}\n${'\n'.repeat(6000)}${wallet}\n`,
  ])
    assert.equal(rule(text), 'miner/wallet', text.slice(0, 80));
});

test('filling a file up with pools or wallets hides no command and no configuration', () => {
  const wallets = Array.from({ length: 30 }, (_, index) =>
    encodeCryptonote(Uint8Array.of(18, ...Array<number>(64).fill(index + 10))),
  );
  const hosts = Array.from({ length: 30 }, (_, index) => `p${index}.minexmr.com:4444`);
  const command = `./x -o ${plainPool} -u ${wallet} -k\n`;
  const failover = { pools: hosts.map((url) => ({ url: 'stratum+tcp://' + url, user: wallet })) };
  for (const text of [
    `#!/bin/sh\n${wallets.map((one) => `# ${one}\n`).join('')}${command}`,
    `#!/bin/sh\n${wallets.map((one) => `: ${one}\n`).join('')}${command}`,
    `#!/bin/sh\n${hosts.map((one) => `# stratum+tcp://${one}\n`).join('')}${command}`,
    JSON.stringify(failover),
  ])
    assert.ok(strong(text), text.slice(0, 80));
  const feed = { pools: hosts.map((one) => `stratum+tcp://${one}`), wallets };
  assert.deepEqual(inspect(JSON.stringify(feed)), { findings: [], observables: [] });
});

test('what a program decodes is read in every language', () => {
  const settings = JSON.stringify({ pools: [{ url: plainPool, user: wallet }] });
  const base64 = Buffer.from(settings).toString('base64');
  const hex = Buffer.from(settings).toString('hex');
  const joined = (base64.match(/.{1,72}/g) ?? []).map((part) => `"${part}"`).join(' +\n  ');
  const args = Buffer.from(`-o ${plainPool} -u ${wallet}`).toString('base64');
  const reversed = [...wallet].reverse().join('');
  for (const text of [
    `import base64\nopen("c", "wb").write(base64.b64decode("${base64}"))\n`,
    `c = bytes.fromhex("${hex}")\nopen("c", "wb").write(c)\n`,
    `require('fs').writeFileSync('c', Buffer.from("${base64}", "base64"));\n`,
    `const c = atob(${joined});\n`,
    `require('child_process').spawn('/opt/x', atob("${args}").split(" "));\n`,
    `#!/bin/sh\necho ${hex} | xxd -r -p > c.json\n`,
    `#!/bin/sh\n/opt/x $(echo ${args} | base64 -d)\n`,
    `#!/bin/sh\nU=$(echo ${reversed} | rev)\n/opt/x -o ${plainPool} -u $U -k\n`,
    base64,
  ])
    assert.ok(strong(text), text.slice(0, 80));
});

test('what a program decodes is mostly something else', () => {
  const image = Buffer.from(Array.from({ length: 400 }, (_, index) => (index * 97) & 0xff)).toString(
    'base64',
  );
  const text = Buffer.from('A sentence about pools, wallets and mining, and nothing else. '.repeat(4));
  for (const content of [
    `const icon = "data:image/png;base64,${image}";\n`,
    `import base64\nprint(base64.b64decode("${text.toString('base64')}"))\n`,
    `-----BEGIN CERTIFICATE-----\n${(image.match(/.{1,64}/g) ?? []).join('\n')}\n-----END CERTIFICATE-----\n`,
    image,
  ])
    assert.deepEqual(inspect(content).findings, [], content.slice(0, 60));
});

test('a configuration in UTF-16 is read, other UTF-16 is not taken for one', () => {
  const settings = '\ufeff' + JSON.stringify({ pools: [{ url: plainPool, user: wallet }] });
  const little = Buffer.from(settings, 'utf16le');
  assert.deepEqual(rules(inspect(little)), [['miner/config', 'high', 0.75, 'wallet']]);
  assert.deepEqual(rules(inspect(Buffer.from(little).swap16())), [['miner/config', 'high', 0.75, 'wallet']]);
  assert.deepEqual(inspect(Buffer.from('\ufeffpool = 10\nurl = a.debian.org\n', 'utf16le')).findings, []);
});
