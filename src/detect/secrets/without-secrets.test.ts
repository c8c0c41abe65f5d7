import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withoutSecrets, wordsWithoutSecrets } from './without-secrets.ts';

const password = `Zq81${'hdPwLn3Kk2'}`;

test('passwords of commands, names and URLs go, each time they stand there', () => {
  for (const text of [
    `curl -u admin:${password} http://198.51.100.7/a.sh | sh`,
    `curl --user=admin:${password} https://example.org; curl -uadmin:${password} https://example.org`,
    `mysql -uroot -p${password} -h db app`,
    `docker login -u bot -p ${password} registry.example.org`,
    `sshpass -p '${password}' ssh host`,
    `redis-cli -h db -a ${password} ping`,
    `echo "root:${password}" | chpasswd`,
    `chpasswd <<< "root:${password}"`,
    `MYSQL_PWD=${password} mysql; REDIS_AUTH=${password} x`,
    `define('DB_PASSWORD', '${password}');`,
    `{"password": "${password}", "token":"${password}"}`,
    `machine a login b password ${password}`,
    `Server=db;User Id=sa;Password=${password};Encrypt=True`,
    `<password>${password}</password>`,
    `http://a.example.org/x?sv=1&sig=${password}%3D&n=1`,
    `https://bob:p@${password}@example.org/`,
    `X-Api-Key: ${password}`,
    `a\\x0arequirepass ${password}\\x0ab`,
  ]) {
    const shown = withoutSecrets(text);
    assert.ok(!shown.includes(password), shown);
    assert.ok(shown.includes('…'), shown);
  }
});

test('keys and the words of a wallet go whole', () => {
  const words = 'ozone drill grab fiber curtain grace pudding thank cruise elder eight picnic';
  assert.equal(withoutSecrets(`MNEMONIC="${words}" x`), 'MNEMONIC="…" x');
  const key = `-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\n${password}\n-----END RSA PRIVATE KEY-----`;
  assert.equal(withoutSecrets(`key ${key} x`), 'key -----BEGIN RSA PRIVATE KEY-----… x');
});

test('what only looks like a secret stays', () => {
  for (const text of [
    'docker run -u 1000:1000 -p 8080:80 image',
    'ssh -p 2222 host mkdir -p /var/lib/mysql/data',
    'xmrig -o pool.example.org:3333 -u pool.example.org:3333 -p x',
    'password required pam_unix.so obscure',
    'mysql -u root -p"$MYSQL_ROOT_PASSWORD" --password=$PW',
    'TOKEN=$(cat /run/secrets/token) PASSWORD_FILE=/run/secrets/db',
    'COPY tokens/ /app/tokens/',
    'PWD=/srv/app OLDPWD=/root GPG_KEY=E3FF2839C048B25C084DEBE9B26995E310250568',
    'chown root:root /x && useradd -u 1001 app',
    'dpkg -i glibc-2.36-9.deb /opt/sk-learn-models/run.sh',
    'npm_config_cache=/tmp gsk_render_node_draw',
    'http://a.example.org/x?page=12345&sort=name#key',
    'tar -xzf a.tgz; ./get-token run.sh --user root',
  ]) {
    assert.equal(withoutSecrets(text), text);
  }
});

test('words of a command keep their number, programs and files their names', () => {
  assert.deepEqual(wordsWithoutSecrets(['curl', '-u', `a:${password}`, 'http://198.51.100.7/x']), [
    'curl',
    '-u',
    'a:…',
    'http://198.51.100.7/x',
  ]);
  assert.deepEqual(wordsWithoutSecrets(['mysql', `-p${password}`, 'app']), ['mysql', '-p…', 'app']);
  for (const words of [
    ['sk-miner-1', '-c', '/etc/x'],
    ['/opt/sk-abcdefgh/run', 'token', './x.sh'],
    ['sh', '-c', '/opt/npm_abcdefgh/run'],
  ]) {
    assert.deepEqual(wordsWithoutSecrets(words), words);
  }
  const base64 = `MC4CAQAwBQYDK2VwBCIE${'IOZxNej+gzOxHtIbJkAqs1Mie'}`;
  assert.deepEqual(wordsWithoutSecrets([base64]), ['…']);
});
