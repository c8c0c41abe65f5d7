import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { processorTime } from '../../../test/fixtures/processor-time.ts';
import type { FileKind, FileRecord } from '../detector.ts';
import { startDetector, startFact } from './detector.ts';
import { startPlace, startPlaces } from './locations.ts';

function record(path: string, kind: FileKind, mode = 0o644, size = 100): FileRecord {
  return { path, kind, mode, size, uid: 0, gid: 0 };
}

describe('the start detector', () => {
  it('wants what may be a program, and names what it leaves', () => {
    const wanted = (file: FileRecord) => startDetector.wants(file);
    const left = (file: FileRecord) => startDetector.leaves?.(file);
    for (const file of [
      record('/entrypoint.sh', 'script', 0o755),
      record('/etc/cron.d/x', 'text'),
      record('/home/a/.bashrc', 'text'),
      record('/app/main.py', 'text'),
      record('/usr/lib/python3/dist-packages/x.py', 'text'),
      record('/usr/share/doc/x/run.sh', 'text'),
      record('/opt/run', 'text'),
      record('/etc/e2scrub.conf', 'text'),
      record('/usr/lib/lsb/init-functions', 'text'),
    ]) {
      assert.ok(wanted(file), file.path);
      assert.ok(!left(file), file.path);
    }
    for (const file of [
      record('/entrypoint.sh', 'script', 0o755, 5 * 1024 * 1024),
      record('/usr/share/doc/x/copyright', 'text'),
      record('/app/node_modules/x/LICENSE', 'text'),
      record('/opt/x.json', 'text'),
    ]) {
      assert.ok(!wanted(file), file.path);
      assert.ok(left(file), file.path);
    }
    assert.ok(!wanted(record('/etc/cron.d/x', 'elf')) && !left(record('/etc/cron.d/x', 'elf')));
  });

  it('reads of the modules in a library those that can start something', () => {
    const bytes = Buffer.from('import os\nos.system("/opt/x")\n');
    const path = '/usr/lib/python3/dist-packages/x.py';
    const open = { ...record(path, 'text'), bytes, offset: 0, matches: [], size: bytes.length };
    const found = (hits: number[]) =>
      startDetector.inspect({ ...open, hits: () => hits }, { check() {} }).start;
    assert.deepEqual(found([12])?.commands, [['/opt/x']]);
    assert.equal(found([]), undefined);
  });

  it('reads each format of start place', () => {
    const cases: readonly (readonly [path: string, text: string, program: string])[] = [
      ['/etc/crontab', 'SHELL=/bin/sh\n17 * * * * root cd / && /opt/a\n', '/opt/a'],
      ['/var/spool/cron/crontabs/root', '@reboot /opt/a -x\n', '/opt/a'],
      ['/etc/anacrontab', '1 5 cron.daily /opt/a\n', '/opt/a'],
      ['/etc/systemd/system/x.service', '[Service]\nExecStartPre=-+/opt/a \\\n  --long\n', '/opt/a'],
      ['/etc/supervisor/conf.d/x.conf', '[program:x]\ncommand = /opt/a --x\n', '/opt/a'],
      ['/etc/xdg/autostart/x.desktop', '[Desktop Entry]\nExec=/opt/a\n', '/opt/a'],
      ['/app/Procfile', 'web: /opt/a --port 1\n', '/opt/a'],
      ['/etc/inittab', 'x:2345:respawn:/opt/a\n', '/opt/a'],
      ['/etc/pam.d/sshd', 'auth optional pam_exec.so quiet /opt/a arg\n', '/opt/a'],
      ['/etc/udev/rules.d/1.rules', 'ACTION=="add", RUN+="/opt/a x"\n', '/opt/a'],
      ['/etc/apt/apt.conf.d/99x', 'DPkg::Post-Invoke {"/opt/a; true";};\n', '/opt/a'],
      ['/etc/logrotate.d/x', '/var/log/x {\n  postrotate\n    /opt/a\n  endscript\n}\n', '/opt/a'],
    ];
    for (const [path, text, program] of cases) {
      const { commands } = startFact(text, path);
      assert.ok(
        commands.some((words) => words[0] === program),
        `${path}: ${JSON.stringify(commands)}`,
      );
    }
    assert.deepEqual(startFact('# none\n/lib/x.so /lib/y.so\n', '/etc/ld.so.preload').refs, [
      '/lib/x.so',
      '/lib/y.so',
    ]);
    assert.deepEqual(startFact('[Timer]\n', '/usr/lib/systemd/system/a.timer').refs, [
      '/usr/lib/systemd/system/a.service',
    ]);
  });

  it('reads what programs in other languages start', () => {
    const python = startFact(
      '#!/usr/bin/python3\nimport os, subprocess\nsubprocess.run(["/opt/a", "--x"])\nos.system("nohup /opt/b &")\nopen("conf/c.json")\n',
      '/app/x',
    );
    assert.deepEqual(python.commands, [
      ['/opt/a', '--x'],
      ['nohup', '/opt/b'],
    ]);
    assert.ok(python.refs.includes('conf/c.json'));
    const node = startFact("const x = require('./lib');\nexecSync('/opt/a -c d.json')\n", '/app/y.js');
    assert.deepEqual(node.commands, [['/opt/a', '-c', 'd.json']]);
    assert.ok(node.refs.includes('./lib'));
  });

  it('keeps its bounds and its time on hostile text', () => {
    const used = processorTime();
    for (const text of [
      "'".repeat(200_000),
      'system('.repeat(30_000),
      '/opt/a /opt/b\n'.repeat(18_000),
      '"' + 'a'.repeat(250_000),
      'import '.repeat(30_000),
    ]) {
      for (const path of ['/x.py', '/x.sh', '/etc/cron.d/x', '/etc/udev/rules.d/x']) {
        const fact = startFact(text, path);
        assert.ok(fact.refs.length <= 200 && fact.commands.length <= 200);
      }
    }
    assert.ok(used() < 3000);
  });

  it('is not filled up by commands that start nothing', () => {
    const fact = startFact('#!/bin/sh\n' + 'echo x\nmkdir /y\n'.repeat(1000) + '/opt/a\n', '/x');
    assert.deepEqual(fact.commands, [['/opt/a']]);
  });
});

describe('the table of start places', () => {
  it('finds every one of its own patterns', () => {
    for (const place of startPlaces) {
      const path = place.pattern.replaceAll('*', 'x');
      assert.ok(startPlace(path) !== undefined, path);
    }
    assert.equal(startPlace('/usr/bin/cron'), undefined);
    assert.equal(startPlace('/etc/cron.d/a/b'), undefined);
  });
});
