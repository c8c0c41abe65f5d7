import assert from 'node:assert/strict';
import { test } from 'node:test';
import { processorTime } from '../../test/fixtures/processor-time.ts';
import { encodeCryptonote } from '../indicator/base58.ts';
import { parseStratum } from './message.ts';
import { confidenceOf, type MinerUse } from './miner.ts';
import { minerCommand } from './miner-command.ts';
import { minerConfig } from './miner-config.ts';
import { minerFamily } from './miner-family.ts';
import { findPoolUrls, parsePoolUrl } from './pool-url.ts';

/** A valid address whose keys nobody has. */
const wallet = encodeCryptonote(Uint8Array.of(18, ...Array<number>(64).fill(5)));
const broken = wallet.slice(0, 60) + (wallet[60] === 'x' ? 'y' : 'x') + wallet.slice(61);
const brief = (use: MinerUse | undefined) =>
  use && [
    use.family,
    use.pool?.url,
    use.user?.wallet.address,
    use.user?.worker,
    use.algorithm,
    use.donateLevel,
  ];

test('endpoints of every scheme have one normal form', () => {
  const pool = parsePoolUrl(`Stratum+SSL://${wallet}.w:x@Pool.MineXMR.com:443`);
  assert.deepEqual(
    [pool?.url, pool?.tls, pool?.explicit, pool?.user],
    ['stratum+ssl://pool.minexmr.com:443', true, true, `${wallet}.w:x`],
  );
  assert.deepEqual(
    [
      'stratum1+tcp://eu1.ethermine.org:4444',
      'ethproxy+tcp://a.f2pool.com:1',
      'pool.minexmr.com:4444',
      '45.9.148.21:80',
      'ssl://a.f2pool.com:3333',
    ].map((text) => [parsePoolUrl(text)?.explicit, parsePoolUrl(text)?.public]),
    [
      [true, true],
      [true, true],
      [false, true],
      [false, true],
      [false, true],
    ],
  );
});

test('proxies next door and examples are endpoints, not public ones', () => {
  assert.equal(parsePoolUrl('stratum+tcp://xmrig-proxy:3333')?.public, false);
  assert.equal(parsePoolUrl('stratum+tcp://10.0.0.7:3333')?.public, false);
  assert.equal(parsePoolUrl('stratum+tcp://pool.example.com:3333')?.public, false);
});

test('what has no port or no host is no endpoint', () => {
  for (const text of [
    'pool.minexmr.com',
    'foo:80',
    'stratum+tcp://',
    'x.f2pool.com:99999',
    '-o',
    'stratum+tcp://%s:%d',
  ]) {
    assert.equal(parsePoolUrl(text), undefined, text);
  }
});

test('pool URLs are found in text with their place', () => {
  const text = `url='stratum+tcp://pool.minexmr.com:4444', see https://a.org and "stratum+tcp://"`;
  assert.deepEqual(
    findPoolUrls(text).map(({ pool, offset }) => [pool.url, offset]),
    [['stratum+tcp://pool.minexmr.com:4444', 5]],
  );
});

test('log-ins of the dialects are read', () => {
  const login = parseStratum(
    `{"id":1,"jsonrpc":"2.0","method":"login","params":{"login":"${wallet}.w","pass":"x","agent":"XMRig/6.21.0","algo":["rx/0","cn/r"]}}`,
  );
  assert.deepEqual(
    [login?.dialect, login?.agent, login?.user?.worker, login?.algorithms],
    ['cryptonote', 'XMRig/6.21.0', 'w', ['rx/0', 'cn/r']],
  );
  assert.equal(
    parseStratum('{"id":1,"method":"mining.subscribe","params":["cpuminer/2.5.1"]}')?.agent,
    'cpuminer/2.5.1',
  );
  assert.equal(parseStratum('{"id":2,"method":"mining.authorize","params":["a.b","x"]}')?.login, 'a.b');
  assert.equal(
    parseStratum('{"method":"eth_submitLogin","params":["0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"]}')?.user
      ?.wallet.coin,
    'ethereum',
  );
});

test('messages of other protocols are none of mining', () => {
  for (const line of [
    '{"method":"login","params":["a"]}',
    '{"method":"login","params":{"user":"a"}}',
    '{"method":5}',
    '[]',
    '{"method":"toString"}',
    '{"method"',
  ]) {
    assert.equal(parseStratum(line), undefined, line);
  }
});

test('xmrig is known by its options under any name', () => {
  const argv = [
    './kworker',
    '-o',
    'pool.minexmr.com:4444',
    '-u',
    `${wallet}.w7`,
    '-p',
    'x',
    '-k',
    '--donate-level=1',
    '-a',
    'rx/0',
  ];
  assert.deepEqual(brief(minerCommand(argv)), ['unknown', 'pool.minexmr.com:4444', wallet, 'w7', 'rx/0', 1]);
  assert.equal(confidenceOf(minerCommand(argv)!), 0.85);
});

test('each family has its own options for the same things', () => {
  const eth = '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed';
  for (const [line, family] of [
    [`ethminer -P stratum1+tcp://${eth}.rig@eu1.ethermine.org:4444`, 'ethminer'],
    [`PhoenixMiner.exe -pool eu1.ethermine.org:4444 -wal ${eth} -worker rig`, 'phoenixminer'],
    [`lolMiner --algo ETHASH --pool eu1.ethermine.org:4444 --user ${eth}.rig`, 'lolminer'],
    [`t-rex -a kawpow -o stratum+tcp://rvn.2miners.com:6060 -u ${eth}.rig -p x`, 't-rex'],
    [`/opt/gminer/miner --algo ethash --server eu1.ethermine.org:4444 --user ${eth}.rig`, 'unknown'],
    [`nbminer -a ethash -o ethproxy+tcp://eu1.ethermine.org:4444 -u ${eth}.rig`, 'nbminer'],
    [`SRBMiner-MULTI --algorithm randomx --pool pool.minexmr.com:4444 --wallet ${eth}.rig`, 'srbminer'],
    [`xmrig-6.21.0 -opool.minexmr.com:4444 -u${eth}.rig`, 'xmrig'],
  ] as const) {
    const use = minerCommand(line.split(' '));
    assert.deepEqual([use?.family, use?.user?.worker, use?.pool !== undefined], [family, 'rig', true], line);
  }
});

test('commands that share options with miners are none', () => {
  for (const line of [
    'curl -u user:pass -o out.bin https://a.debian.org/x',
    'ssh -o StrictHostKeyChecking=no -p 22 host',
    'mysql -u root -p secret -P 3306',
    'grep -r xmrig /tmp',
    'pkill -9 xmrig',
    'openssl enc -a -p -o x',
    'psql -U a -h db.debian.org -p 5432',
    'rsync -a --server user@host.debian.org:22',
  ]) {
    assert.equal(minerCommand(line.split(' ')), undefined, line);
  }
});

test('a configuration or archive is no program of the family', () => {
  assert.equal(minerFamily('/opt/xmrig.json'), undefined);
  assert.equal(minerFamily('xmrig.tar.gz'), undefined);
  assert.equal(minerFamily('C:\\x\\XMRig.exe'), 'xmrig');
});

test('xmrig JSON with comments and trailing commas, escapes and several pools', () => {
  const uses = minerConfig(`{ // comment
    "donate-level": 1, "cpu": {"enabled": true,},
    "pools": [
      {"algo": "rx/0", "url": "stratum+tcp:\\/\\/pool.minexmr.com:4444", "user": "${wallet}.a", "pass": "x",},
      {"algo": null, "url": "gulf.moneroocean.stream:10128", "user": "${wallet}.b",}, ] }`);
  assert.deepEqual(
    uses.map((use) => [use.pool?.url, use.user?.worker, use.donateLevel]),
    [
      ['stratum+tcp://pool.minexmr.com:4444', 'a', 1],
      ['gulf.moneroocean.stream:10128', 'b', 1],
    ],
  );
});

test('other syntaxes say the same', () => {
  for (const text of [
    `"pool_list" : [ {"pool_address" : "pool.minexmr.com:4444", "wallet_address" : "${wallet}", "rig_id" : "w"} ], "currency" : "monero"`,
    `wallet = ${wallet}\ncoin = Monero\npool1 = pool.minexmr.com:4444\nrigName = w`,
    `export POOL=pool.minexmr.com:4444\nexport WALLET="${wallet}.w"\nALGO=rx/0`,
    `pools:\n  - url: pool.minexmr.com:4444\n    user: ${wallet}.w\n    algo: rx/0`,
    `args:\n  - "-o"\n  - pool.minexmr.com:4444\n  - -u\n  - ${wallet}.w`,
    `@echo off\r\nminer.exe -o pool.minexmr.com:4444 -u ${wallet}.w -p x ^\r\npause`,
    `ENTRYPOINT ["/app/web", "--url", "pool.minexmr.com:4444", "--user=${wallet}.w"]`,
  ]) {
    const [use] = minerConfig(text);
    assert.deepEqual([use?.pool?.url, use?.user?.wallet.address], ['pool.minexmr.com:4444', wallet], text);
    assert.ok(confidenceOf(use!) >= 0.75, text);
  }
});

test('a wallet with a broken checksum carries nothing', () => {
  assert.deepEqual(minerConfig(`url = api.debian.org:443\nuser = ${broken}`), []);
  assert.equal(minerCommand(['x', '-o', 'a.debian.org:443', '-u', broken]), undefined);
});

test('configurations of other programs are none', () => {
  for (const text of [
    'url: https://api.debian.org:443\nuser: admin\npassword: x\nalgorithm: scrypt',
    'coin: eth\nserver: api.binance.com:443\nuser: bob',
    '{"host": "db.debian.org:5432", "user": "postgres", "pool": 10}',
    'pool.ntp.org:123 stratum 2',
  ]) {
    assert.deepEqual(minerConfig(text), [], text);
  }
});

test('hostile text costs linear time', () => {
  const used = processorTime();
  for (const text of [
    'url="',
    'a:',
    'url = \n',
    '-o ',
    '-o a.de:1 -a rx/0 ',
    'url: "\\"',
    'stratum+tcp://',
    'x'.repeat(50) + ':  ',
  ]) {
    const long = text.repeat((1 << 18) / text.length);
    minerConfig(long);
    findPoolUrls(long);
  }
  assert.ok(used() < 3000);
});

test('a listed pool and any account are enough, its pages and a wallet with a wrong checksum are not', () => {
  for (const [line, expected] of [
    ['./x -o pool.supportxmr.com:3333 -u somebody', 0.65],
    ['./x -o pool.supportxmr.com:3333 -u $USER', 0.65],
    ['./x -o pool.supportxmr.com:3333 -p x', undefined],
    [`./x -o pool.supportxmr.com:3333 -u ${broken}`, undefined],
    ['curl -u a:b --url https://pool.supportxmr.com:443/api', undefined],
    ['./x -o db.debian.org:3333 -u somebody', undefined],
  ] as const) {
    const use = minerCommand(line.split(' '));
    assert.equal(use && confidenceOf(use), expected, line);
  }
});

test('a pool in a variable counts beside a wallet or the name of a miner', () => {
  for (const [line, expected] of [
    [`./x -o $1 -u ${wallet}`, 0.65],
    ['xmrig -o $POOL -u $WALLET', 0.6],
    ['xmrig -c $CONFIG', 0.4],
    ['./x -o $POOL -u $WALLET', undefined],
    ['curl -o $FILE -u $USER https://a.debian.org/', undefined],
  ] as const) {
    const use = minerCommand(line.split(' '));
    assert.equal(use && confidenceOf(use), expected, line);
  }
});

test('pool and wallet as plain arguments are handed on by a script; values of options are not', () => {
  assert.deepEqual(brief(minerCommand(['/s.sh', 'pool.minexmr.com:4444', wallet]))?.slice(1, 3), [
    'pool.minexmr.com:4444',
    wallet,
  ]);
  assert.equal(minerCommand(['cli', '--daemon', 'node.debian.org:18081', '--send-to', wallet]), undefined);
  assert.equal(minerCommand(['/s.sh', '10.0.0.1:4444', wallet]), undefined);
});

test('families with accounts, services and names of their own', () => {
  const weigh = (line: string) => {
    const use = minerCommand(line.split(' '));
    return use && [use.family, confidenceOf(use)];
  };
  assert.deepEqual(weigh('minergate-cli -user somebody@debian.org -xmr 4'), ['minergate', 0.6]);
  assert.deepEqual(weigh(`/opt/p2pool --host 127.0.0.1 --wallet ${wallet} --mini`), ['p2pool', 0.6]);
  assert.deepEqual(weigh('bzminer -a kaspa -w kaspa:x -p stratum+tcp://pool.woolypooly.com:3112'), [
    'bzminer',
    0.65,
  ]);
  assert.deepEqual(weigh('chia plots create -k 32 -d /plots'), ['chia', 0.4]);
  for (const line of ['chia wallet show', 'mail -user somebody@debian.org', 'p2pool.sh.conf'])
    assert.equal(weigh(line)?.[1] ?? 0, 0, line);
});

test('fetching a miner from its authors is told from reading about one', () => {
  for (const line of [
    'git clone --depth 1 https://github.com/xmrig/xmrig.git',
    'wget -q https://github.com/xmrig/xmrig/releases/download/v6.21.0/xmrig-6.21.0-linux-static-x64.tar.gz',
    'curl -LO https://github.com/doktor83/SRBMiner-Multi/releases/download/2.7/x.tar.gz',
  ])
    assert.equal(minerCommand(line.split(' '))?.isFetched, true, line);
  for (const line of [
    'git clone https://github.com/somebody/xmrig-exporter',
    'curl -s https://api.github.com/repos/xmrig/xmrig/releases/latest',
    'git clone https://github.com/debian/website',
    'echo https://github.com/xmrig/xmrig',
  ])
    assert.equal(minerCommand(line.split(' ')), undefined, line);
});

test('arguments of calls are read through the names that a program gives them', () => {
  const pool = 'pool.minexmr.com:4444';
  for (const text of [
    `POOL = "${pool}"\nw = '${wallet}'\nsubprocess.Popen(["/opt/x", "-o", POOL, "-u", w, "-k"])`,
    `p = "${pool}"\nw = "${wallet}"\nos.system(f"/opt/x -o {p} -u {w}")`,
    `self.p = "${pool}"\nself.w = "${wallet}"\nos.system("x -o " + self.p + " -u " + self.w)`,
    `const p = '${pool}', w = '${wallet}';\nspawn('./x', ['-o', p, '-u', w]);`,
    `$p = "${pool}"; $w = "${wallet}";\nexec("./x -o " . $p . " -u " . $w);`,
    `args: ["-o", "${pool}", "-u", "${wallet}"]`,
    `p := "${pool}"\nw := "${wallet}"\nexec.Command("x", "--url", p, "--user", w)`,
    `{"pools": [{"url": "${pool}", "user": "$W"}]}\nW=${wallet}`,
  ]) {
    const [use] = minerConfig(text);
    assert.deepEqual([use?.pool?.url, use?.user?.wallet.address], [pool, wallet], text);
  }
  assert.deepEqual(minerConfig(`p = "db.debian.org:5432"\nu = "admin"\nrun(["-o", p, "-u", u])`), []);
});

test('settings of a pool that is a web service', () => {
  const settings = {
    baseUrl: 'https://mine.qubic.li/',
    accessToken: 'eyJhbGciOi',
    alias: 'w',
    amountOfThreads: 4,
  };
  const [use] = minerConfig(JSON.stringify({ Settings: settings }));
  assert.deepEqual([use?.family, use?.pool?.url], ['qubic', 'https://mine.qubic.li']);
  for (const other of [
    { ...settings, baseUrl: 'https://mine.debian.org/' },
    { baseUrl: settings.baseUrl, title: 'Explorer' },
  ])
    assert.deepEqual(minerConfig(JSON.stringify(other)), []);
});
