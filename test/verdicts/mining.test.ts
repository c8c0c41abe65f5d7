/** Miners that hide in an image: which of them a verdict calls malicious, and what merely looks like one. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import { buildTar, directory, file, hardlink, symlink } from '../../src/lab/image-builder.ts';
import { inventWallet } from '../../src/lab/sample.ts';
import { assertReport, type Case, ruleOf, scan, testCases } from '../fixtures/scanner.ts';

const wallet = inventWallet();
const pool = 'pool.supportxmr.com:3333';

function settings(user = wallet): string {
  return JSON.stringify({
    autosave: true,
    'donate-level': 1,
    cpu: { enabled: true, 'huge-pages': true },
    pools: [{ url: `stratum+tcp://${pool}`, user, pass: 'x', algo: 'rx/0' }],
  });
}

const program = (path: string) => file(path, '#!/bin/sh\n# stands for a miner\n', { mode: 0o755 });
const script = (path: string, ...lines: string[]) =>
  file(path, ['#!/bin/sh', ...lines, ''].join('\n'), { mode: 0o755 });

const mining = { verdict: 'malicious', categories: ['cryptomining'], reachable: true } as const;

/** The same miner, started in the ways in which containers start programs. */
const started: readonly Case[] = [
  [
    'a configuration that the entrypoint names',
    {
      layers: [[program('opt/app/worker'), file('opt/app/config.json', settings())]],
      config: { Entrypoint: ['/opt/app/worker', '--config=/opt/app/config.json'] },
    },
    mining,
  ],
  [
    'a configuration behind -c under a name that says nothing',
    {
      layers: [[program('srv/www'), file('srv/data.bin', settings())]],
      config: { Cmd: ['/srv/www', '-c', '/srv/data.bin'] },
    },
    mining,
  ],
  [
    'a configuration beside the program, as XMRig finds it',
    {
      layers: [[program('usr/lib/.cache/kthreadd'), file('usr/lib/.cache/config.json', settings())]],
      config: { Entrypoint: ['/usr/lib/.cache/kthreadd'] },
    },
    mining,
  ],
  [
    'a configuration that an environment variable names',
    {
      layers: [
        [
          script('start.sh', 'exec /opt/worker --config "$SETTINGS"'),
          program('opt/worker'),
          file('etc/app/settings', settings()),
        ],
      ],
      config: { Entrypoint: ['/start.sh'], Env: ['SETTINGS=/etc/app/settings'] },
    },
    mining,
  ],
  [
    'a script behind tini and sh -c',
    {
      layers: [
        [
          script('app/run.sh', 'cd /app', './node server.cfg &', 'wait'),
          program('app/node'),
          file('app/server.cfg', settings()),
        ],
      ],
      config: { Entrypoint: ['/usr/bin/tini', '--'], Cmd: ['/bin/sh', '-c', 'exec /app/run.sh'] },
    },
    mining,
  ],
  [
    'supervisord with the miner as one of its programs',
    {
      layers: [
        [
          program('usr/bin/supervisord'),
          directory('etc/supervisor/conf.d'),
          file(
            'etc/supervisor/supervisord.conf',
            '[supervisord]\nnodaemon=true\n[include]\nfiles = /etc/supervisor/conf.d/*.conf\n',
          ),
          file(
            'etc/supervisor/conf.d/web.conf',
            '[program:web]\ncommand=/opt/web/httpd -c /opt/web/web.json\nautostart=true\n',
          ),
          program('opt/web/httpd'),
          file('opt/web/web.json', settings()),
        ],
      ],
      config: { Cmd: ['/usr/bin/supervisord', '-n'] },
    },
    mining,
  ],
  [
    'an s6 service',
    {
      layers: [
        [
          program('init'),
          script(
            'etc/services.d/app/run',
            'exec s6-setuidgid nobody /usr/local/bin/app -c /usr/local/etc/app.json',
          ),
          program('usr/local/bin/app'),
          file('usr/local/etc/app.json', settings()),
        ],
      ],
      config: { Entrypoint: ['/init'] },
    },
    mining,
  ],
  [
    'a systemd unit',
    {
      layers: [
        [
          directory('etc/systemd/system/multi-user.target.wants'),
          file(
            'etc/systemd/system/logd.service',
            '[Service]\nExecStart=/usr/local/sbin/logd --config=/var/lib/logd/c.json\n[Install]\nWantedBy=multi-user.target\n',
          ),
          symlink(
            'etc/systemd/system/multi-user.target.wants/logd.service',
            '/etc/systemd/system/logd.service',
          ),
          program('usr/local/sbin/logd'),
          file('var/lib/logd/c.json', settings()),
        ],
      ],
      config: { Cmd: ['/sbin/init'] },
    },
    mining,
  ],
  [
    'a line of cron.d',
    {
      layers: [
        [
          file('etc/cron.d/update', '*/5 * * * * root cd /var/tmp/.u && ./u -c ./u.json\n'),
          program('var/tmp/.u/u'),
          file('var/tmp/.u/u.json', settings()),
        ],
      ],
      config: { Cmd: ['cron', '-f'] },
    },
    mining,
  ],
  [
    'a symbolic link to the script',
    {
      layers: [
        [
          script('opt/real.sh', '/opt/m -c /opt/m.json'),
          symlink('entry', '/opt/real.sh'),
          program('opt/m'),
          file('opt/m.json', settings()),
        ],
      ],
      config: { Entrypoint: ['/entry'] },
    },
    mining,
  ],
  [
    'a hard link to a configuration that lies under documentation',
    {
      layers: [
        [
          file('usr/share/doc/app/example.json', settings()),
          hardlink('etc/app.json', 'usr/share/doc/app/example.json'),
          program('app'),
        ],
      ],
      config: { Entrypoint: ['/app', '-c', '/etc/app.json'] },
    },
    mining,
  ],
  [
    'a configuration that the start script writes',
    {
      layers: [
        [
          script('start.sh', 'cat > /tmp/c.json <<EOF', settings(), 'EOF', 'exec /opt/x -c /tmp/c.json'),
          program('opt/x'),
        ],
      ],
      config: { Entrypoint: ['/start.sh'] },
    },
    mining,
  ],
  [
    'arguments of the command',
    {
      layers: [[program('usr/bin/python4')]],
      config: { Cmd: ['python4', '-o', pool, '-u', wallet, '-k', '--donate-level=1'] },
    },
    mining,
  ],
  [
    'arguments with the wallet in the environment',
    {
      layers: [[program('usr/bin/xmrig')]],
      config: {
        Env: [`WALLET=${wallet}`, `POOL=stratum+ssl://${pool}`],
        Entrypoint: ['/bin/sh', '-c', 'xmrig -o $POOL -u "${WALLET}.$HOSTNAME" -p x'],
      },
    },
    mining,
  ],
  [
    'arguments split between entrypoint and command',
    {
      layers: [[program('bin/server')]],
      config: { Entrypoint: ['/bin/server', '-o', `stratum+tcp://${pool}`], Cmd: ['-u', wallet, '-p', 'x'] },
    },
    mining,
  ],
  [
    'pool and wallet in the environment of a program that takes them from there',
    {
      layers: [[script('s.sh', 'exec ./app'), program('app')]],
      config: { Env: [`POOL_URL=stratum+tcp://${pool}`, `WALLET=${wallet}`], Entrypoint: ['/s.sh'] },
    },
    mining,
  ],
  [
    'a script that decodes the configuration and writes it',
    {
      layers: [
        [
          script(
            's.sh',
            `echo ${Buffer.from(settings()).toString('base64')} | base64 -d > /tmp/c`,
            'app -c /tmp/c',
          ),
        ],
      ],
      config: { Entrypoint: ['/s.sh'] },
    },
    mining,
  ],
  [
    'arguments of a script in Python',
    {
      layers: [
        [
          file(
            'app/main.py',
            `import subprocess\nsubprocess.Popen(["/app/lib", "-o", "stratum+tcp://${pool}", "-u", "${wallet}", "-p", "x"])\n`,
          ),
        ],
      ],
      config: { Cmd: ['python3', '/app/main.py'] },
    },
    mining,
  ],
  [
    'a unit whose command has no word of mining',
    {
      layers: [
        [
          program('usr/bin/logd'),
          directory('etc/systemd/system/multi-user.target.wants'),
          file(
            'etc/systemd/system/logd.service',
            `[Service]\nExecStart=/usr/bin/logd --url ${pool} --user "${wallet}"\n[Install]\nWantedBy=multi-user.target\n`,
          ),
          symlink('etc/systemd/system/multi-user.target.wants/logd.service', '../logd.service'),
        ],
      ],
      config: { Cmd: ['/sbin/init'] },
    },
    mining,
  ],
  [
    'a call in JavaScript with the wallet in a constant',
    {
      layers: [
        [
          program('opt/x'),
          file(
            'app/index.js',
            `const w = '${wallet}';\nrequire('child_process').spawn('/opt/x', ['-o', '${pool}', '-u', w]);\n`,
          ),
        ],
      ],
      config: { Cmd: ['node', '/app/index.js'] },
    },
    mining,
  ],
  [
    'a configuration of xmr-stak beside the program',
    {
      layers: [
        [
          program('opt/x'),
          file(
            'opt/pools.txt',
            `"pool_list" : [ {"pool_address" : "${pool}", "wallet_address" : "${wallet}", "pool_password" : "x"} ],\n"currency" : "monero",\n`,
          ),
        ],
      ],
      config: { Entrypoint: ['/opt/x'] },
    },
    mining,
  ],
  [
    'a script that fills a template, between twenty wallets in comments',
    {
      layers: [
        [
          program('opt/x'),
          script(
            's.sh',
            ...Array.from({ length: 20 }, () => `# ${inventWallet()}`),
            `sed -e 's/@P/${pool}/' -e 's/@W/${wallet}/' /opt/c.tpl > /opt/c.json`,
            'exec /opt/x -c /opt/c.json',
          ),
        ],
      ],
      config: { Entrypoint: ['/s.sh'] },
    },
    mining,
  ],
];

/** Near misses: the same words without a miner behind them. */
const quiet: readonly Case[] = [
  [
    'the same configuration, unreferenced under documentation',
    {
      layers: [[file('usr/share/doc/xmrig/examples/config.json', settings())]],
      config: { Cmd: ['/bin/true'] },
    },
    { verdict: ['clean', 'risky'] },
  ],
  [
    'the same configuration, unreferenced elsewhere, is suspicious',
    { layers: [[file('opt/app/config.json', settings())]], config: { Cmd: ['/bin/true'] } },
    { verdict: 'suspicious', categories: ['cryptomining'], reachable: false },
  ],
  [
    'a program that checks that no miner runs',
    {
      layers: [
        [
          script(
            'check.sh',
            'if pgrep -f "xmrig|stratum\\+tcp"; then',
            '  echo "miner found" >&2',
            '  exit 1',
            'fi',
          ),
        ],
      ],
      config: { Entrypoint: ['/check.sh'] },
    },
    { verdict: 'clean' },
  ],
  [
    'a server whose settings have pools of another kind',
    {
      layers: [
        [
          file(
            'app/config.json',
            JSON.stringify({ pools: [{ url: 'postgres://db.example.com:5432/app', user: 'app', size: 10 }] }),
          ),
          script('run.sh', 'exec node /app/main.js -c /app/config.json'),
        ],
      ],
      config: { Entrypoint: ['/run.sh'] },
    },
    { verdict: 'clean' },
  ],
  [
    'a script that asks a pool for its statistics',
    {
      layers: [[script('s.sh', 'curl -s https://xmr.2miners.com/api/stats | jq .')]],
      config: { Entrypoint: ['/s.sh'] },
    },
    { verdict: ['clean', 'risky'] },
  ],
  [
    'rules of a detector that names pools',
    {
      layers: [
        [
          file(
            'etc/falco/rules.yaml',
            '- list: miner_domains\n  items: [\n    "pool.supportxmr.com", "gulf.moneroocean.stream",\n    "xmr-eu1.nanopool.org" ]\n- rule: Miner\n  condition: outbound and fd.sip.name in (miner_domains)\n',
          ),
          script('s.sh', 'exec falco -r /etc/falco/rules.yaml'),
        ],
      ],
      config: { Entrypoint: ['/s.sh'] },
    },
    { verdict: 'clean' },
  ],
  [
    'a page that asks for donations',
    {
      layers: [[file('srv/index.html', `<p>Donate Monero: ${wallet}</p>`)]],
      config: { Cmd: ['httpd', '-h', '/srv'] },
    },
    { verdict: 'clean' },
  ],
];

describe('a miner is malicious and reachable when it is started by', () => {
  testCases(started);
});

describe('mining is told from', () => {
  testCases(quiet);
});

describe('a miner in an archive', () => {
  const archive = gzipSync(
    buildTar([file('m/xmrig', 'stands for a miner'), file('m/config.json', settings())]),
  );
  it('is found, with its path inside the archive', async () => {
    const report = await scan({ layers: [[file('opt/data.tar.gz', archive)]], config: { Cmd: ['true'] } });
    assertReport(report, { verdict: 'suspicious', categories: ['cryptomining'] });
    assert.match(
      ruleOf(report, 'miner/config')?.evidence[0]?.path ?? '',
      /^\/opt\/data\.tar\.gz!.*m\/config\.json$/,
    );
  });
  it('weighs little where it is an example inside the archive', async () => {
    const examples = gzipSync(buildTar([file('xmrig-6/doc/config.json', settings())]));
    const report = await scan({ layers: [[file('opt/src.tar.gz', examples)]], config: { Cmd: ['true'] } });
    assertReport(report, { verdict: ['clean', 'risky'] });
    assert.equal(ruleOf(report, 'miner/config')?.severity, 'low');
  });
  it('is found in a gzip of a single file', async () => {
    const report = await scan({
      layers: [[file('opt/blob', gzipSync(settings()))]],
      config: { Cmd: ['true'] },
    });
    assertReport(report, { verdict: 'suspicious', categories: ['cryptomining'] });
  });
  it('is malicious where the entrypoint unpacks and starts it', async () => {
    const report = await scan({
      layers: [
        [
          file('opt/data.tar.gz', archive),
          script('run.sh', 'tar xzf /opt/data.tar.gz -C /tmp', '/tmp/m/xmrig -c /tmp/m/config.json'),
        ],
      ],
      config: { Entrypoint: ['/run.sh'] },
    });
    assertReport(report, mining);
  });
});
