import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fails } from '../../../test/fake-registry.ts';
import { findCredentials } from './credentials.ts';

test('finds a login under the names that docker uses', async () => {
  await using folder = await configured({
    auths: {
      'https://index.docker.io/v1/': { auth: btoa('hub:p:w') },
      'https://old.example.com/v1/': { auth: btoa('old:pw') },
      'new.example.com:5000': { username: 'new', password: 'pw' },
      'token.example.com': { auth: btoa('00000000-0000-0000-0000-000000000000:'), identitytoken: 'ID' },
      'empty.example.com': {},
    },
  });
  const find = (registry: string) => findCredentials(registry, folder.env);
  assert.deepEqual(await find('docker.io'), { username: 'hub', password: 'p:w' });
  assert.deepEqual(await find('old.example.com'), { username: 'old', password: 'pw' });
  assert.deepEqual(await find('new.example.com:5000'), { username: 'new', password: 'pw' });
  assert.equal((await find('token.example.com'))?.identityToken, 'ID');
  assert.equal(await find('empty.example.com'), undefined);
  assert.equal(await find('new.example.com'), undefined, 'another port is another registry');
});

test('has no login without a configuration, and says where one is broken without quoting it', async () => {
  assert.equal(await findCredentials('docker.io', {}), undefined);
  assert.equal(await findCredentials('docker.io', { HOME: '/nonexistent' }), undefined);
  await using folder = await configured({});
  await writeFile(join(folder.path, 'config.json'), '{"auths": "secret-value');
  await assert.rejects(
    findCredentials('docker.io', folder.env),
    fails('unreadable', /^(?!.*secret-value).*config\.json/),
  );
});

test('asks the helper of the registry, then the store, then the file', async () => {
  await using folder = await configured({
    auths: { 'file.example.com': { auth: btoa('file:pw') } },
    credsStore: 'all',
    credHelpers: { 'own.example.com': 'one', 'id.example.com': 'id' },
  });
  await helper(
    folder.path,
    'one',
    'read server; echo "{\\"Username\\":\\"one\\",\\"Secret\\":\\"for $server\\"}"',
  );
  await helper(folder.path, 'id', 'echo \'{"Username":"<token>","Secret":"ID"}\'');
  await helper(folder.path, 'all', 'echo credentials not found in native keychain; exit 1');
  const find = (registry: string) => findCredentials(registry, folder.env);
  assert.deepEqual(await find('own.example.com'), { username: 'one', password: 'for own.example.com' });
  assert.deepEqual(await find('id.example.com'), { username: '', identityToken: 'ID' });
  assert.deepEqual(await find('file.example.com'), { username: 'file', password: 'pw' });
  assert.equal(await find('none.example.com'), undefined);
});

test('never runs a helper whose name is not plain', async () => {
  for (const name of ['../evil', 'a b', 'x;touch y', 'desktop.exe', 'UPPER', 'x\ny']) {
    await using folder = await configured({ credsStore: name });
    await assert.rejects(
      findCredentials('docker.io', folder.env),
      fails('refused', /credential helper/),
      name,
    );
  }
});

test('names a helper that is absent, fails, answers nonsense, too much or too late', async () => {
  await using folder = await configured({
    credHelpers: {
      absent: 'absent',
      broken: 'broken',
      nonsense: 'nonsense',
      endless: 'endless',
      slow: 'slow',
    },
  });
  await helper(folder.path, 'broken', 'echo no >&2; exit 3');
  await helper(folder.path, 'nonsense', 'echo hello');
  await helper(folder.path, 'endless', 'exec yes');
  await helper(folder.path, 'slow', 'exec sleep 10');
  const find = (registry: string) => findCredentials(registry, folder.env, 300);
  await assert.rejects(find('absent'), fails('unreadable', /cannot be run/));
  await assert.rejects(find('broken'), fails('unreadable', /status 3/));
  await assert.rejects(find('nonsense'), fails('unreadable', /no credentials that can be read/));
  await assert.rejects(find('endless'), fails('unreadable', /too slow or too long/));
  await assert.rejects(find('slow'), fails('unreadable', /too slow or too long/));
});

interface ConfigFolder extends AsyncDisposable {
  readonly path: string;
  readonly env: Readonly<Record<string, string>>;
}

async function configured(config: object): Promise<ConfigFolder> {
  const path = await mkdtemp(join(tmpdir(), 'docker-config-'));
  await writeFile(join(path, 'config.json'), JSON.stringify(config));
  return {
    path,
    env: { DOCKER_CONFIG: path, PATH: `${path}:/usr/bin:/bin` },
    [Symbol.asyncDispose]: () => rm(path, { recursive: true }),
  };
}

async function helper(folder: string, name: string, script: string): Promise<void> {
  await writeFile(join(folder, `docker-credential-${name}`), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
}
