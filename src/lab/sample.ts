/**
 * The built-in sample: a harmless image that has the shape of an attack. It looks like a web server, and hides a
 * miner's configuration that the entrypoint starts, an access key that a later layer deletes, and the EICAR test
 * file, deleted too. The "miner" is a text file, the wallet is made up for this run and belongs to nobody.
 */
import { randomBytes } from 'node:crypto';
import { encodeCryptonote } from '../indicator/base58.ts';
import {
  type BuiltImage,
  buildOciLayout,
  directory,
  file,
  type ImageSpec,
  whiteout,
} from './image-builder.ts';

/** Network byte of a Monero main net address (cryptonote_config.h, read 2026-11). */
const moneroMainnet = 18;

/** @param dir becomes an OCI layout with the tag `sample` */
export function buildSample(dir: string): Promise<BuiltImage> {
  return buildOciLayout(dir, { ...sampleImage(), tag: 'sample' });
}

export function sampleImage(): ImageSpec {
  const settings = {
    autosave: true,
    'donate-level': 1,
    cpu: { enabled: true, 'huge-pages': true },
    pools: [
      {
        url: 'stratum+tcp://pool.example.com:4444',
        user: `${inventWallet()}.worker1`,
        algo: 'rx/0',
        tls: false,
      },
    ],
  };
  return {
    layers: [
      [
        directory('etc'),
        file('etc/os-release', 'PRETTY_NAME="Sample Linux 1"\nID=sample\n'),
        directory('usr/sbin'),
        file('usr/sbin/nginx', '#!/bin/sh\n# stands for a web server\nexit 0\n', { mode: 0o755 }),
      ],
      [
        file(
          'root/.aws/credentials',
          `[default]\naws_access_key_id = ${accessKey()}\naws_secret_access_key = ${secretKey()}\n`,
        ),
        file('tmp/test.bin', eicar()),
      ],
      [whiteout('root/.aws/credentials'), whiteout('tmp/test.bin')],
      [
        directory('opt/cache'),
        file('opt/cache/worker', '#!/bin/sh\n# stands for a miner\nexit 0\n', { mode: 0o755 }),
        file('opt/cache/config.json', JSON.stringify(settings, undefined, 2)),
        file('docker-entrypoint.sh', entrypoint, { mode: 0o755 }),
      ],
    ],
    history: [
      'ADD rootfs.tar.gz / # buildkit',
      'COPY .aws /root/.aws # buildkit',
      'RUN /bin/sh -c rm -rf /root/.aws /tmp/test.bin',
      'COPY cache /opt/cache # buildkit',
    ],
    config: {
      Env: ['PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'],
      Entrypoint: ['/docker-entrypoint.sh'],
      Cmd: ['nginx', '-g', 'daemon off;'],
    },
  };
}

const entrypoint = `#!/bin/sh
set -e
nohup /opt/cache/worker --config=/opt/cache/config.json >/dev/null 2>&1 &
exec "$@"
`;

/** A Monero address with a right checksum whose keys nobody has. */
export function inventWallet(): string {
  return encodeCryptonote(Buffer.concat([Buffer.from([moneroMainnet]), randomBytes(64)]));
}

/** The EICAR anti-virus test file (eicar.org, 2003); in halves, so that this source is not taken for it. */
export function eicar(): string {
  return ['X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR', '-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*'].join('');
}

const base32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** The form of an AWS access key id; invented. */
function accessKey(): string {
  return 'AKIA' + Array.from(randomBytes(16), (byte) => base32[byte % 32]).join('');
}

/** The form of an AWS secret access key; invented. */
function secretKey(): string {
  return randomBytes(30).toString('base64');
}
