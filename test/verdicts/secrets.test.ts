/**
 * Secrets in every place where images keep them. All are invented at run time, so that this file holds none; a
 * secret is a risk and no threat, and keeps its weight when a later layer deletes it.
 */
import assert from 'node:assert/strict';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { describe, it } from 'node:test';
import { file, type ImageSpec, opaque, whiteout } from '../../src/lab/image-builder.ts';
import type { ImageReport } from '../../src/model/report.ts';
import { assertReport, type Case, describeReport, scan, testCases } from '../fixtures/scanner.ts';

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const token = (length: number, letters = alphabet): string =>
  Array.from(randomBytes(length), (byte) => letters[byte % letters.length]).join('');

const accessKey = `AKIA${token(16, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567')}`;
const secretKey = randomBytes(30).toString('base64');
const stripe = `sk_live_${token(24)}`;
const slack = `xoxb-${token(12, '123456789')}-${token(13, '123456789')}-${token(24)}`;
const privateKey = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  .privateKey.export({ type: 'pkcs8', format: 'pem' })
  .toString();

/** GitHub's and npm's classic tokens end in a checksum: CRC-32 of the rest, in base 62. */
function withChecksum(prefix: string, digits: string): string {
  const random = token(30);
  let crc = 0xffffffff;
  for (const byte of Buffer.from(random)) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  let rest = (crc ^ 0xffffffff) >>> 0;
  let sum = '';
  for (; rest > 0; rest = Math.floor(rest / 62)) sum = digits[rest % 62] + sum;
  return prefix + random + sum.padStart(6, '0');
}

const base62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const github = withChecksum('ghp_', base62);
const npm = withChecksum('npm_', base62);

const risky = { verdict: 'risky', categories: ['embedded-secret'] } as const;
const cmd = { Cmd: ['node', 'main.js'] };
const base = [file('app/main.js', 'console.log(1)\n')];

const placed: readonly Case[] = [
  [
    'an AWS key in the environment',
    {
      layers: [base],
      config: { ...cmd, Env: [`AWS_ACCESS_KEY_ID=${accessKey}`, `AWS_SECRET_ACCESS_KEY=${secretKey}`] },
    },
    risky,
  ],
  [
    'an AWS key in a .env that a later layer deletes',
    {
      layers: [
        [file('app/.env', `AWS_ACCESS_KEY_ID=${accessKey}\nAWS_SECRET_ACCESS_KEY=${secretKey}\n`)],
        [whiteout('app/.env')],
      ],
      config: cmd,
    },
    risky,
  ],
  [
    'a GitHub token in the build arguments of a history line',
    { layers: [base], history: [`RUN |1 TOKEN=${github} /bin/sh -c npm ci # buildkit`], config: cmd },
    risky,
  ],
  [
    'a GitHub token in a URL for git',
    {
      layers: [base],
      history: [`RUN /bin/sh -c git clone https://x-access-token:${github}@github.com/acme/app`],
      config: cmd,
    },
    risky,
  ],
  [
    'an npm token in .npmrc',
    { layers: [[file('root/.npmrc', `//registry.npmjs.org/:_authToken=${npm}\n`)]], config: cmd },
    risky,
  ],
  [
    'a Slack token in a source file',
    { layers: [[file('app/notify.py', `client = WebClient(token="${slack}")\n`)]], config: cmd },
    risky,
  ],
  [
    'a Stripe key in a label',
    { layers: [base], config: { ...cmd, Labels: { 'com.example.billing': stripe } } },
    risky,
  ],
  [
    'a private key below an opaque directory',
    { layers: [[file('root/.ssh/id_ec', privateKey, { mode: 0o600 })], [opaque('root/.ssh')]], config: cmd },
    risky,
  ],
  [
    'a password in a database URL',
    {
      layers: [base],
      config: { ...cmd, Env: [`DATABASE_URL=postgres://app:${token(20)}@db.acme-corp.io:5432/app`] },
    },
    risky,
  ],
  [
    'a docker login',
    {
      layers: [
        [
          file(
            'root/.docker/config.json',
            JSON.stringify({
              auths: {
                'https://index.docker.io/v1/': { auth: Buffer.from(`acme:${token(20)}`).toString('base64') },
              },
            }),
          ),
        ],
      ],
      config: cmd,
    },
    risky,
  ],
];

/** What stands where a secret would stand. */
const quiet: readonly Case[] = [
  [
    "AWS's key of its manuals",
    {
      layers: [base],
      config: {
        ...cmd,
        Env: [
          `AWS_ACCESS_KEY_ID=${'AKIAIOSFODNN7'}EXAMPLE`,
          'AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
        ],
      },
    },
    { verdict: 'clean' },
  ],
  [
    'variables and masks',
    {
      layers: [
        [
          file(
            'app/config.yml',
            'password: ${DB_PASSWORD}\ntoken: "********"\nsecret: <your secret>\napi_key: {{ .Values.apiKey }}\n',
          ),
        ],
      ],
      config: cmd,
    },
    { verdict: 'clean' },
  ],
  [
    'digests, versions and the keys of package signers in the environment',
    {
      layers: [base],
      config: {
        ...cmd,
        Env: [
          'GPG_KEY=A035C8C19219BA821ECEA86B64E628F8D684696D',
          `PYTHON_SHA256=${randomBytes(32).toString('hex')}`,
          'NODE_VERSION=24.21.0',
        ],
      },
    },
    { verdict: 'clean' },
  ],
  [
    'a certificate and a public key',
    {
      layers: [
        [
          file(
            'etc/app/key.pub',
            generateKeyPairSync('rsa', { modulusLength: 2048 })
              .publicKey.export({ type: 'spki', format: 'pem' })
              .toString(),
          ),
        ],
      ],
      config: cmd,
    },
    { verdict: 'clean' },
  ],
];

describe('an image is risky for', () => {
  testCases(placed);
});

describe('an image is clean with', () => {
  testCases(quiet);
});

describe('a secret', () => {
  const secrets = [secretKey, github, npm, slack, stripe, privateKey.split('\n')[1] ?? ''];

  it('is never in the report, wherever it stood', async () => {
    for (const [sentence, image] of placed) {
      const text = JSON.stringify(await scan(image));
      for (const secret of secrets) assert.ok(!text.includes(secret), `${sentence}: ${secret.slice(0, 8)}`);
    }
  });

  it('that was deleted says so and keeps its weight', async () => {
    const lines = `AWS_ACCESS_KEY_ID=${accessKey}\nAWS_SECRET_ACCESS_KEY=${secretKey}\n`;
    const kept = await scan(envFile(lines, []));
    const gone = await scan(envFile(lines, [whiteout('app/.env')]));
    assert.deepEqual(states(kept), ['present']);
    assert.deepEqual(states(gone), ['deleted'], describeReport(gone));
    assert.equal(gone.score, kept.score);
    assertReport(gone, risky);
  });
});

function envFile(lines: string, later: ReturnType<typeof whiteout>[]): ImageSpec {
  return { layers: [[file('app/.env', lines)], later], config: cmd };
}

function states(report: ImageReport): readonly string[] {
  return [
    ...new Set(report.findings.filter((one) => one.category === 'embedded-secret').map((one) => one.state)),
  ];
}
