import assert from 'node:assert/strict';
import { test } from 'node:test';
import { holdsCommands, looksLikeSettings } from './settings.ts';

const looks = (path: string, size = 100) => looksLikeSettings({ path, size, kind: 'text' });

test('what people write is settings', () => {
  for (const path of [
    '/.env',
    '/srv/.env.production',
    '/app/config/database.yml',
    '/root/.aws/credentials',
    '/root/.bash_history',
    '/etc/grafana/grafana.ini',
    '/usr/src/app/config.js',
    '/usr/local/tomcat/conf/context.xml',
    '/usr/share/nginx/html/config.js',
    '/run.sh',
  ]) {
    assert.ok(looks(path), path);
  }
});

test('what packages bring, lock files, large files and programs are not', () => {
  for (const path of [
    '/usr/share/perl/5.36/config.pl',
    '/usr/lib/python3/x/settings.py',
    '/usr/local/lib/python3.12/site-packages/x/config.py',
    '/app/node_modules/x/config.json',
    '/app/package-lock.json',
    '/usr/local/go/src/x.go',
    '/var/lib/dpkg/status',
  ]) {
    assert.ok(!looks(path), path);
  }
  assert.ok(!looks('/.env', 1 << 20));
  assert.ok(!looksLikeSettings({ path: '/.env', size: 100, kind: 'elf' }));
});

test('commands stand in scripts of a shell and its histories, not in other programs', () => {
  const holds = (path: string, text: string) =>
    holdsCommands({ path, kind: text.startsWith('#!') ? 'script' : 'text', bytes: Buffer.from(text) });
  assert.ok(holds('/usr/local/bin/start', '#!/usr/bin/env bash\n'));
  assert.ok(holds('/entrypoint.sh', 'set -e\n'));
  assert.ok(holds('/root/.bash_history', 'ls\n'));
  assert.ok(holds('/app/docker-compose.yml', 'services:\n'));
  assert.ok(!holds('/usr/local/bin/tool', '#!/usr/bin/env python3\n'));
  assert.ok(!holds('/app/main.py', 'import os\n'));
  assert.ok(!holds('/app/values.yaml', 'a: 1\n'));
});
