/** What users and registries write: references, targets, platforms, header fields. */
import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { parsePlatform } from '../../../src/image/manifest/platform.ts';
import { formatReference, parseReference } from '../../../src/image/reference.ts';
import { parseChallenges } from '../../../src/image/registry/challenge.ts';
import type { RegistryClient } from '../../../src/image/registry/client.ts';
import { defaultLimits } from '../../../src/image/registry/limits.ts';
import { readPages } from '../../../src/image/registry/page.ts';
import { parseTarget } from '../../../src/image/target.ts';
import type { Finding } from '../../../src/model/finding.ts';
import { retryAfter } from '../../../src/model/retry-after.ts';
import { withIgnores } from '../../../src/verdict/ignore.ts';
import { expect, type Target } from '../target.ts';

const digest = '@sha256:' + '0123456789abcdef'.repeat(4);
const lines = (...texts: readonly string[]): Buffer[] => texts.map((text) => Buffer.from(text, 'latin1'));

export const nameTargets: readonly Target[] = [
  {
    name: 'reference',
    seeds: () =>
      lines(
        'nginx',
        'user/app:1.2',
        'ghcr.io/a/b/c:tag' + digest,
        'localhost:5000/x',
        '[::1]:5000/a/b' + digest,
        'a/b.c-d__e',
      ),
    words: [
      'docker.io/',
      'library/',
      'localhost',
      ':5000/',
      digest,
      'oci:',
      'dir:',
      'docker://',
      'linux/arm/v7',
    ],
    largest: 1 << 16,
    run(input) {
      const text = input.toString();
      refusing(() => parseTarget(text));
      refusing(() => parsePlatform(text));
      const reference = parseReference(text);
      const whole = formatReference(reference);
      expect(formatReference(parseReference(whole)) === whole, 'a completed reference stands for itself');
    },
  },
  {
    name: 'registry',
    seeds: () =>
      lines(
        'Bearer realm="https://auth.example.com/token",service="registry",scope="repository:a/b:pull"',
        'Basic realm="a \\"quoted\\" realm", Bearer realm=x , error="invalid_token"',
        '</v2/_catalog?last=b&n=100>; rel="next"',
        '<https://registry.example.com/v2/a/tags/list?n=1&last=x>; type="x"; rel=next',
        'Sun, 06 Nov 1994 08:49:37 GMT',
        '120',
      ),
    words: ['Bearer ', 'realm="', 'rel="next"', '/v2/', 'https://127.0.0.1/', '="', '\\"'],
    largest: 1 << 15,
    async run(input) {
      const field = input.toString('latin1');
      for (const { scheme } of parseChallenges(field))
        expect(scheme === scheme.toLowerCase(), 'schemes are lower-case');
      const wait = retryAfter(field, 0);
      expect(wait === undefined || wait >= 0, 'nobody waits for a time that is over');
      let pages = 0;
      for await (const { url } of readPages(clientNaming(field), { path: '/v2/_catalog', scope: '' })) {
        expect(url.host === 'registry.example.com', 'pages come from the host that was asked');
        expect(++pages <= 2, 'pages end');
      }
    },
  },
  {
    name: 'ignore',
    form: 'json',
    seeds: () => [
      Buffer.from(JSON.stringify({ pattern: '/usr/**/x*.so', path: '/usr/lib/x86_64/xyz.so' })),
      Buffer.from(JSON.stringify({ pattern: '*/*/**', path: '/a/b/c' })),
    ],
    words: ['*', '**', '/**/', '*'.repeat(40), 'a'.repeat(2000), '*a'.repeat(60), '/a'.repeat(1000)],
    run(input) {
      const { pattern, path } = asStrings(input);
      const entry = { rule: 'r', path: pattern, reason: 'fuzz', expires: '2099-01-01' };
      withIgnores(findingAt(path), [entry], '2026-01-01');
    },
  },
];

/** What one parser refuses the next one may still read. */
function refusing(parse: () => unknown): void {
  try {
    parse();
  } catch (error) {
    expect(error instanceof Error && error.name === 'WaterguardError', `only refused, not ${String(error)}`);
  }
}

/** A registry that names one more page, with that Link field. */
function clientNaming(link: string): RegistryClient {
  let answers = 0;
  return {
    endpoint: { registry: 'registry.example.com', host: 'registry.example.com' },
    limits: { ...defaultLimits, pages: 3 },
    async get({ path }) {
      const body = new IncomingMessage(new Socket());
      body.push('{"repositories":[]}');
      body.push(null);
      const url = new URL(path, 'https://registry.example.com');
      return { url, status: 200, headers: answers++ > 0 ? {} : { link }, body, signal: undefined };
    },
    close() {},
  };
}

function asStrings(input: Buffer): { pattern: string; path: string } {
  try {
    const { pattern, path } = Object(JSON.parse(input.toString()));
    return { pattern: String(pattern).slice(0, 512), path: String(path).slice(0, 16_384) };
  } catch {
    return { pattern: input.toString('latin1', 0, 512), path: input.toString('latin1') };
  }
}

function findingAt(path: string): Finding {
  return {
    id: '0'.repeat(32),
    rule: 'r',
    category: 'other',
    title: 'fuzz',
    severity: 'low',
    confidence: 0.5,
    state: 'present',
    attack: [],
    reachable: false,
    evidence: [{ kind: 'file', layer: 0, path }],
    source: { author: '', licence: '', reference: '' },
  };
}
