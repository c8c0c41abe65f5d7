import assert from 'node:assert/strict';
import { test } from 'node:test';
import { emptyConfig as empty } from '../../../test/fixtures/image-config.ts';
import type { ImageConfig } from '../../image/image.ts';
import { encodeCryptonote } from '../../indicator/base58.ts';
import { minerInspection } from './image.ts';

const wallet = encodeCryptonote(Uint8Array.of(18, ...Array<number>(64).fill(5)));
const pool = 'pool.minexmr.com:4444';
function inspect(config: Partial<ImageConfig>) {
  return minerInspection({ reference: 'x', config: { ...empty, ...config } });
}
const brief = (config: Partial<ImageConfig>) =>
  inspect(config).findings.map((one) => [one.key, one.runs, one.confidence, one.proves]);

test('a start command with pool and wallet is conclusive', () => {
  assert.deepEqual(brief({ entrypoint: ['/app/web'], cmd: ['-o', pool, '-u', wallet, '-p', 'x'] }), [
    ['Entrypoint', true, 0.95, 'wallet'],
  ]);
  assert.deepEqual(
    brief({ cmd: ['/bin/sh', '-c', `cd /tmp && nohup ./x --url=${pool} --user ${wallet}.1`] }),
    [['Cmd', true, 0.95, 'wallet']],
  );
});

test('variables of the image are known to the start command', () => {
  const found = inspect({
    env: [`W=${wallet}`, `P=stratum+tcp://${pool}`],
    cmd: ['sh', '-c', './run -o $P -u $' + '{W}.a'],
  });
  assert.deepEqual(
    found.findings.filter((one) => one.runs).map((one) => one.confidence),
    [0.95],
  );
  assert.ok(
    found.observables.some((one) => one.type === 'wallet' && one.value === wallet && one.key === 'Cmd'),
  );
});

test('a miner known by name alone is medium', () => {
  const [finding] = inspect({ entrypoint: ['/usr/bin/xmrig'] }).findings;
  assert.deepEqual([finding?.severity, finding?.confidence, finding?.proves], ['medium', 0.5, undefined]);
});

test('pool and wallet in the environment of what starts are conclusive, also encoded', () => {
  const env = [`POOL=stratum+tcp://${pool}`, `WALLET=${wallet}`];
  assert.deepEqual(
    brief({ env, cmd: ['/app'] }).map((one) => one.slice(1)),
    [[true, 0.95, 'wallet']],
  );
  assert.equal(brief({ env })[0]?.[1], false);
  assert.equal(brief({ env: env.slice(0, 1), cmd: ['/app'] })[0]?.[1], false);
  const settings = JSON.stringify({ pools: [{ url: pool, user: wallet }], 'donate-level': 1 });
  const encoded = [`SETTINGS=${Buffer.from(settings).toString('base64')}`];
  assert.deepEqual(
    brief({ env: encoded, cmd: ['/app'] }).map((one) => one.slice(1)),
    [[true, 0.95, 'wallet']],
  );
});

test('environment names the variable', () => {
  assert.deepEqual(brief({ env: ['PATH=/bin', `POOL=${pool}`, `WALLET=${wallet}`] }), [
    ['Env.POOL', false, 0.75, 'wallet'],
  ]);
});

test('history shows configurations that a step wrote and miners that it ran', () => {
  const createdBy = `/bin/sh -c echo '{"pools":[{"url":"${pool}","user":"${wallet}"}]}' > /etc/c.json`;
  assert.deepEqual(brief({ history: [{ createdBy, comment: '', created: '', layer: 3 }] }), [
    ['history[0]', false, 0.75, 'wallet'],
  ]);
});

test('ordinary images say nothing', () => {
  assert.deepEqual(
    brief({
      entrypoint: ['docker-entrypoint.sh'],
      cmd: ['nginx', '-g', 'daemon off;'],
      env: ['PATH=/usr/bin', 'POOL_SIZE=10', 'DATABASE_URL=postgres://db:5432/x'],
      labels: { 'org.opencontainers.image.url': 'https://nginx.org', user: 'x' },
      healthcheck: ['CMD-SHELL', 'curl -fs http://localhost:8080 || exit 1'],
      history: [
        { createdBy: '/bin/sh -c apt-get install -y curl -o Acquire::Retries=3', comment: '', created: '' },
      ],
    }),
    [],
  );
});

test('arguments that reach the program through a shell are read', () => {
  const args = ['-o', pool, '-u', wallet];
  for (const config of [
    { entrypoint: ['sh', '-c', '"$0" "$@"', '/opt/x'], cmd: args },
    { entrypoint: ['sh', '-c', 'exec /opt/x "$@"', '--'], cmd: args },
    { entrypoint: ['/s.sh'], cmd: [pool, wallet] },
    {
      cmd: [
        'python3',
        '-c',
        `import subprocess; subprocess.call(["/opt/x", "-o", "${pool}", "-u", "${wallet}"])`,
      ],
    },
    { cmd: ['sh', '-c', `/opt/x $(echo ${Buffer.from(args.join(' ')).toString('base64')} | base64 -d)`] },
    { cmd: ['sh', '-c', `echo ${Buffer.from('/opt/x ' + args.join(' ')).toString('hex')} | xxd -r -p | sh`] },
  ])
    assert.deepEqual(brief(config)[0]?.slice(1), [true, 0.95, 'wallet'], JSON.stringify(config));
});

test('a listed pool and a wallet under any names are given to what starts', () => {
  const env = ['P=pool.supportxmr.com:3333', `A=${wallet}`];
  assert.deepEqual(
    brief({ env, cmd: ['/app'] }).map((one) => one.slice(1)),
    [[true, 0.95, 'wallet']],
  );
  assert.deepEqual(brief({ env: ['P=db.debian.org:5432', `A=${wallet}`], cmd: ['/app'] }), []);
});

test('history that fetches a miner is strong, plotting is medium', () => {
  const createdBy =
    'RUN /bin/sh -c git clone https://github.com/xmrig/xmrig.git && cd xmrig && make # buildkit';
  assert.deepEqual(brief({ history: [{ createdBy, comment: '', created: '' }] }), [
    ['history[0]', false, 0.6, undefined],
  ]);
  assert.deepEqual(brief({ cmd: ['chia', 'plots', 'create', '-k', '32'] }), [['Cmd', true, 0.5, undefined]]);
});
