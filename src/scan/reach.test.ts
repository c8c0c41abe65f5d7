import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { processorTime } from '../../test/fixtures/processor-time.ts';
import { startFact } from '../detect/start/detector.ts';
import { chainTo, reachable } from './reach.ts';
import type { ReachView } from './reach-files.ts';
import { groundOf, type StartConfig } from './reach-walk.ts';

const bare: StartConfig = { entrypoint: [], cmd: [], env: [], healthcheck: [], user: '', workingDir: '' };

/** A file system of texts; a value of the form `-> path` is a symbolic link. */
function viewOf(files: Readonly<Record<string, string>>): ReachView {
  const resolve = (path: string, cwd = '/', hops = 0): { path: string } | undefined => {
    const parts: string[] = [];
    for (const part of (path.startsWith('/') ? path : `${cwd}/${path}`).split('/')) {
      if (part === '..') parts.pop();
      else if (part !== '' && part !== '.') parts.push(part);
    }
    const full = `/${parts.join('/')}`;
    const content = files[full];
    if (content?.startsWith('-> ') && hops < 8) {
      return resolve(content.slice(3), full.slice(0, full.lastIndexOf('/')), hops + 1);
    }
    const folder = Object.keys(files).some((one) => one.startsWith(`${full}/`));
    return content === undefined && !folder ? undefined : { path: full };
  };
  return {
    resolve,
    list: (folder) => {
      const prefix = folder.endsWith('/') ? folder : `${folder}/`;
      const inside = Object.keys(files).filter((path) => path.startsWith(prefix));
      return new Set(inside.map((path) => path.slice(prefix.length).split('/')[0] ?? ''));
    },
  };
}

function walk(files: Readonly<Record<string, string>>, config: Partial<StartConfig> = {}) {
  const ground = groundOf(viewOf(files), (path) => {
    const text = files[path];
    return text === undefined || text.startsWith('ELF') ? undefined : startFact(text, path);
  });
  const { steps, ...rest } = reachable(ground, { ...bare, ...config });
  return { ...rest, has: (path: string) => steps.has(path), why: (path: string) => chainTo(path, steps) };
}

const elf = 'ELF';

describe('the walk from the start paths', () => {
  it('follows an entrypoint script to the program and the configuration that it names', () => {
    const set = walk(
      {
        '/entrypoint.sh': '#!/bin/sh\nset -e\nexec /opt/app/worker --config=/etc/worker/settings.json\n',
        '/opt/app/worker': elf,
        '/etc/worker/settings.json': '{}',
        '/usr/share/doc/worker/settings.json': '{}',
      },
      { entrypoint: ['/entrypoint.sh'] },
    );
    assert.deepEqual(set.why('/etc/worker/settings.json'), [
      'Entrypoint',
      '/entrypoint.sh',
      '/etc/worker/settings.json',
    ]);
    assert.ok(set.has('/opt/app/worker'));
    assert.equal(set.has('/usr/share/doc/worker/settings.json'), false);
    assert.equal(set.complete, true);
  });

  it('reaches the configuration that lies beside a program, in its working directory or in a home', () => {
    const files = {
      '/opt/m/worker': elf,
      '/opt/m/config.json': '{}',
      '/srv/config.json': '{}',
      '/home/app/.config/xmrig.json': '{}',
      '/opt/other/config.json': '{}',
    };
    const set = walk(files, { cmd: ['/opt/m/worker'], workingDir: '/srv', user: 'app' });
    for (const path of ['/opt/m/config.json', '/srv/config.json', '/home/app/.config/xmrig.json']) {
      assert.ok(set.has(path), path);
    }
    assert.equal(set.has('/opt/other/config.json'), false);
  });

  it('runs the command through an entrypoint that ends with exec "$@"', () => {
    const set = walk(
      {
        '/docker-entrypoint.sh': '#!/bin/bash\nif [ "$1" = x ]; then set -- y "$@"; fi\nexec gosu app "$@"\n',
        '/usr/local/bin/serve': elf,
        '/usr/bin/gosu': elf,
        '/srv/job.conf': '',
      },
      { entrypoint: ['/docker-entrypoint.sh'], cmd: ['serve', '-c', '/srv/job.conf'] },
    );
    assert.deepEqual(set.why('/srv/job.conf'), ['Entrypoint', '/srv/job.conf']);
    assert.ok(set.has('/usr/local/bin/serve'));
    assert.ok(set.has('/usr/bin/gosu'));
  });

  it('looks through wrappers, shell form and interpreters', () => {
    const files = {
      '/app/x.py': 'import helper_module\n',
      '/app/helper_module.py': 'open("/data/pool.json")\n',
      '/data/pool.json': '{}',
      '/usr/bin/python3': '-> python3.11',
      '/usr/bin/python3.11': elf,
    };
    for (const entrypoint of [
      ['/bin/sh', '-c', 'cd /app && nohup python3 x.py > /dev/null 2>&1 &'],
      ['tini', '-g', '--', 'python3', '-u', '/app/x.py'],
      ['env', 'A=b', 'timeout', '-k', '5', '3600', 'nice', '-n', '10', 'python3', '/app/x.py'],
      ['bash', '-lc', "su app -c 'python3 /app/x.py'"],
      ['sudo', '-u', 'app', 'python3.11', '/app/x.py'],
    ]) {
      const set = walk(files, { entrypoint });
      assert.ok(set.has('/data/pool.json'), entrypoint.join(' '));
      assert.ok(set.has('/usr/bin/python3.11'), entrypoint.join(' '));
    }
    assert.ok(walk(files, { cmd: ['python', '-m', 'x'], workingDir: '/app' }).has('/app/x.py'));
  });

  it('knows variables of the image, of the script and of its position', () => {
    const set = walk(
      {
        '/start': `#!/bin/sh\nHERE="$(cd "$(dirname "$0")" && pwd)"\n. "$APP_HOME/lib.sh"\n"$HERE/tool" "\${CONF:-/etc/a.ini}" "$1"\n`,
        '/opt/app/lib.sh': 'true',
        '/tool': elf,
        '/etc/a.ini': '',
        '/first.txt': '',
      },
      { entrypoint: ['/start', '/first.txt'], env: ['APP_HOME=/opt/app'] },
    );
    for (const path of ['/opt/app/lib.sh', '/tool', '/etc/a.ini', '/first.txt'])
      assert.ok(set.has(path), path);
  });

  it('expands wildcards and directories of parts', () => {
    const set = walk(
      {
        '/run.sh':
          '#!/bin/sh\nfor f in /init.d/*.sh; do . "$f"; done\nrun-parts /parts.d\nfind "/docker-entrypoint.d/" -follow -type f -print | sort -V\n',
        '/init.d/1.sh': 'cat /one',
        '/init.d/1.txt': '',
        '/one': '',
        '/parts.d/p': '#!/bin/sh\n/two\n',
        '/two': elf,
        '/docker-entrypoint.d/20-x.sh': '#!/bin/sh\n/three\n',
        '/three': elf,
      },
      { cmd: ['/run.sh'] },
    );
    for (const path of ['/init.d/1.sh', '/one', '/two', '/three']) assert.ok(set.has(path), path);
    assert.equal(set.has('/init.d/1.txt'), false);
  });

  it('begins at cron, preload, profiles and enabled services as well', () => {
    const set = walk({
      '/etc/cron.d/job': '*/5 * * * * root /opt/a >/dev/null 2>&1\n',
      '/opt/a': elf,
      '/etc/ld.so.preload': '/usr/lib/libhide.so\n',
      '/usr/lib/libhide.so': elf,
      '/root/.bashrc': '/opt/b &\n',
      '/opt/b': elf,
      '/etc/systemd/system/multi-user.target.wants/c.timer': '-> /usr/lib/systemd/system/c.timer',
      '/usr/lib/systemd/system/c.timer': '[Timer]\nOnBootSec=1\n',
      '/usr/lib/systemd/system/c.service': '[Service]\nExecStart=-/opt/c --x\n',
      '/opt/c': elf,
      '/usr/lib/systemd/system/idle.service': '[Service]\nExecStart=/opt/idle\n',
      '/opt/idle': elf,
    });
    for (const path of ['/opt/a', '/usr/lib/libhide.so', '/opt/b', '/opt/c']) assert.ok(set.has(path), path);
    assert.equal(set.has('/opt/idle'), false);
    assert.deepEqual(set.why('/opt/a'), ['cron', '/etc/cron.d/job', '/opt/a']);
  });

  it('follows health checks, service names and npm scripts', () => {
    const set = walk(
      {
        '/app/package.json': '{"scripts":{"start":"node src/server.js"},"main":"src/other.js"}',
        '/app/src/server.js':
          "const { spawn } = require('child_process'); spawn('/opt/native', ['--url', 'x'])",
        '/opt/native': elf,
        '/etc/init.d/agent': '#!/bin/sh\n/opt/agent\n',
        '/opt/agent': elf,
      },
      { entrypoint: ['npm', 'start'], workingDir: '/app', healthcheck: ['CMD-SHELL', 'service agent start'] },
    );
    assert.ok(set.has('/opt/native'));
    assert.deepEqual(set.why('/opt/agent'), ['Healthcheck', '/etc/init.d/agent', '/opt/agent']);
  });

  it('ends on scripts that call each other, and says where a bound stopped it', () => {
    const loop = walk(
      { '/a': '#!/bin/sh\n/b "$@" x\n', '/b': '#!/bin/sh\n/a "$@" y\n' },
      { entrypoint: ['/a'] },
    );
    assert.ok(loop.has('/b'));
    assert.equal(loop.complete, true);
    const files: Record<string, string> = {};
    for (let index = 0; index < 40; index++) files[`/s${index}`] = `#!/bin/sh\n/s${index + 1}\n`;
    const deep = walk(files, { entrypoint: ['/s0'] });
    assert.ok(deep.complete && deep.has('/s39'));
    const nested = walk({}, { cmd: ['sh', '-c', 'eval "'.repeat(20) + 'x' + '"'.repeat(20)] });
    assert.equal(nested.complete, false);
  });

  it('is not complete where it has cost too much', () => {
    const files: Record<string, string> = {};
    for (let index = 0; index < 1500; index++) files[`/d/f${index}`] = '';
    const globs = Array.from({ length: 3000 }, (_, at) => `cat /d/*${at}`).join('\n');
    files['/run'] = `#!/bin/sh\n${globs}\n`;
    assert.equal(walk(files, { entrypoint: ['/run'] }).complete, false);
  });

  it('ignores folders of PATH and files with names longer than a path can be', () => {
    const path = Array.from({ length: 32 }, (_, at) => `/${at}${'x'.repeat(200_000)}`).join(':');
    const used = processorTime();
    const set = walk(
      {
        '/run': `#!/bin/sh\n${Array.from({ length: 2000 }, (_, at) => `p${at} a`).join('\n')}\n/opt/x\n`,
        '/opt/x': elf,
      },
      { entrypoint: ['/run'], env: [`PATH=${path}`, `HOME=/${'h'.repeat(100_000)}`] },
    );
    assert.ok(set.has('/opt/x') && set.complete);
    assert.ok(used() < 2000);
  });

  it('tells programs that were not read for what they start', () => {
    const ground = groundOf(viewOf({ '/opt/run': 'x', '/opt/data': 'x', '/opt/cut': 'x' }), (path) =>
      path === '/opt/cut' ? { refs: [], commands: [], cut: true } : 'left',
    );
    const run = (cmd: string[]) => reachable(ground, { ...bare, cmd }).partly;
    assert.deepEqual(run(['sh', '/opt/run']), ['/opt/run']);
    assert.deepEqual(run(['/opt/cut', '/opt/data']), ['/opt/cut']);
  });

  it('follows a text that nothing calls a program where it is run, not where it is read', () => {
    const plain = { refs: [], commands: [['/opt/x']], plain: true } as const;
    const ground = groundOf(viewOf({ '/opt/run': 'x', '/opt/x': elf }), (path) =>
      path === '/opt/run' ? plain : undefined,
    );
    assert.ok(reachable(ground, { ...bare, cmd: ['sh', '/opt/run'] }).steps.has('/opt/x'));
    assert.ok(!reachable(ground, { ...bare, cmd: ['cat', '/opt/run'] }).steps.has('/opt/x'));
  });
});
