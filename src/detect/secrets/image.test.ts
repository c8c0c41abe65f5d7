import assert from 'node:assert/strict';
import { test } from 'node:test';
import { emptyConfig } from '../../../test/fixtures/image-config.ts';
import type { ImageConfig } from '../../image/image.ts';
import { secretsInspection } from './image.ts';
import { shippedSecretRules } from './load.ts';
import { fillSample } from './samples.ts';

const inspectImage = secretsInspection(shippedSecretRules().rules);
const inspect = (config: Partial<ImageConfig>) =>
  inspectImage({ reference: 'a', config: { ...emptyConfig, ...config } }).findings;
const lines = (...createdBy: readonly string[]) =>
  createdBy.map((text, layer) => ({ createdBy: text, comment: '', created: '', layer }));
const seen = (config: Partial<ImageConfig>) => inspect(config).map(({ rule, key }) => `${rule} ${key}`);

const awsId = fillSample('AK<|>IA<base32:16>');
const secret = fillSample('<base64:40>');
const token = fillSample('gh<|>p_<alnum:36>');

test('variables are read by name and by form', () => {
  assert.deepEqual(seen({ env: [`AWS_ACCESS_KEY_ID=${awsId}`, `AWS_SECRET_ACCESS_KEY=${secret}`] }), [
    'secrets/aws-access-key-id Env.AWS_ACCESS_KEY_ID',
    'secrets/aws-secret-access-key Env.AWS_SECRET_ACCESS_KEY',
  ]);
  assert.deepEqual(seen({ env: [`ANY=${token}`] }), ['secrets/github-pat Env.ANY']);
  assert.deepEqual(seen({ env: ['DB_PASSWORD=tr0ub4dor'] }), ['secrets/variable-password Env.DB_PASSWORD']);
  assert.deepEqual(seen({ labels: { token: fillSample('<hex:32>') } }), [
    'secrets/variable-secret Labels.token',
  ]);
  assert.deepEqual(seen({ env: [`DATABASE_URL=postgres://a:${fillSample('<alnum:12>')}@db/x`] }), [
    'secrets/database-url Env.DATABASE_URL',
  ]);
});

test('a well-known password is low', () => {
  assert.deepEqual(
    inspect({ env: ['POSTGRES_PASSWORD=postgres'] }).map(({ severity }) => severity),
    ['low'],
  );
});

test('build arguments, files written and commands in the history are read, with their layer', () => {
  const found = inspect({
    history: lines(
      '/bin/sh -c #(nop) ADD file:1 in / ',
      `RUN |2 TOKEN=${fillSample('<alnum:32>')} X=1 /bin/sh -c make # buildkit`,
      `RUN /bin/sh -c git clone https://bot:${fillSample('<alnum:24>')}@git.example.org/a.git # buildkit`,
      `RUN /bin/sh -c curl -u alice:${fillSample('<alnum:12>')} -o x https://example.org/x`,
      `RUN /bin/sh -c echo "//npm.example.org/:_authToken=${fillSample('<alnum:36>')}" > /root/.npmrc`,
      `/bin/sh -c #(nop)  ENV API_KEY=${fillSample('<hex:32>')}`,
    ),
  });
  assert.deepEqual(
    found.map(({ rule, key, layer }) => `${rule} ${key} ${layer}`),
    [
      'secrets/variable-secret history[1] 1',
      'secrets/url-credentials history[2] 2',
      'secrets/command-credentials history[3] 3',
      'secrets/command-registry-token history[4] 4',
      'secrets/variable-secret history[5] 5',
    ],
  );
});

test('what runs at start is marked so', () => {
  const [finding] = inspect({ cmd: ['redis-server', '--requirepass', fillSample('<alnum:20>')] });
  assert.deepEqual([finding?.key, finding?.runs], ['Cmd', true]);
});

test('a variable that the history repeats is one finding', () => {
  const line = `GITHUB_TOKEN=${token}`;
  assert.deepEqual(seen({ env: [line], history: lines(`ENV ${line}`) }), [
    'secrets/github-pat Env.GITHUB_TOKEN',
  ]);
});

test('no secret is told', () => {
  const findings = inspect({
    env: [`A=${token}`, 'DB_PASSWORD=tr0ub4dor'],
    cmd: ['x', `--password=${token}`],
  });
  assert.equal(findings.length, 3);
  assert.ok(!JSON.stringify(findings).includes(token) && !JSON.stringify(findings).includes('tr0ub4dor'));
});

test('the configurations of official images are quiet', () => {
  const hex = fillSample('<hex:64>');
  const key = fillSample('<upper:40>');
  const env = [
    'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    `GPG_KEY=${key}`,
    `GPG_KEYS=${key} ${key}`,
    `PYTHON_SHA256=${hex}`,
    'PYTHON_VERSION=3.13.1',
    'NODE_VERSION=24.1.0',
    'NGINX_VERSION=1.27.3',
    'PKG_RELEASE=1~bookworm',
    'JAVA_HOME=/opt/java/openjdk',
    'JAVA_VERSION=jdk-21.0.5+11',
    `PHP_SHA256=${hex}`,
    'PHP_ASC_URL=https://www.php.net/distributions/php-8.4.1.tar.xz.asc',
    'GOSU_VERSION=1.17',
    'PGDATA=/var/lib/postgresql/data',
    `REDIS_DOWNLOAD_SHA=${hex}`,
    'REDIS_DOWNLOAD_URL=http://download.redis.io/releases/redis-7.4.1.tar.gz',
    'MYSQL_ALLOW_EMPTY_PASSWORD=yes',
    `RABBITMQ_PGP_KEY_ID=0x${key}`,
    'MONGO_PACKAGE=mongodb-org',
    'ELASTIC_CONTAINER=true',
    'WORDPRESS_DB_PASSWORD_FILE=/run/secrets/db1',
    'VAULT_TOKEN_PATH=/home/vault/token1',
  ];
  const history = lines(
    '/bin/sh -c #(nop) ADD file:4b4b122f45aebbf9b10f4f70fb1c4ad1d4f1d4e9c6fcb1b1 in / ',
    `RUN /bin/sh -c set -x && groupadd --system nginx && NGINX_GPGKEYS="${key} ${key}"; NGINX_GPGKEY_PATH=/etc/apt/keyrings/nginx-archive-keyring.gpg; export GNUPGHOME="$(mktemp -d)"; for key in $NGINX_GPGKEYS; do gpg1 --keyserver "$server" --recv-keys "$key"; done # buildkit`,
    `RUN /bin/sh -c set -eux; wget -O python.tar.xz "https://www.python.org/ftp/python/3.13.1/Python-3.13.1.tar.xz"; echo "$PYTHON_SHA256 *python.tar.xz" | sha256sum -c -; # buildkit`,
    `RUN /bin/sh -c adduser --disabled-password --gecos "" app1 # buildkit`,
    `COPY --from=builder /secrets /secrets # buildkit`,
    `RUN /bin/sh -c --mount=type=secret,id=npm_token1 npm ci # buildkit`,
  );
  const labels = {
    'org.opencontainers.image.revision': fillSample('<hex:40>'),
    'org.opencontainers.image.source': 'https://github.com/a/b',
    'org.label-schema.vcs-ref': fillSample('<hex:40>'),
    'io.buildkit.digest': `sha256:${hex}`,
  };
  assert.deepEqual(
    seen({ env, history, labels, entrypoint: ['docker-entrypoint.sh'], cmd: ['postgres'] }),
    [],
  );
});
