/** Hosts that say what an image is for. Names of images have their tests beside `src/detect/names`. */
import { describe } from 'node:test';
import { file } from '../../src/lab/image-builder.ts';
import { type Case, testCases } from '../fixtures/scanner.ts';

const script = (path: string, ...lines: string[]) =>
  file(path, ['#!/bin/sh', ...lines, ''].join('\n'), { mode: 0o755 });
const start = { Entrypoint: ['/start.sh'] };

const hosts: readonly Case[] = [
  [
    'the host of a mining pool in a script',
    { layers: [[script('start.sh', 'nc -z pool.supportxmr.com 3333 && echo up')]], config: start },
    { verdict: ['risky', 'suspicious', 'malicious'], categories: ['cryptomining'] },
  ],
  [
    'the host of a mining pool in the environment',
    {
      layers: [[script('start.sh', 'exec /app')]],
      config: { ...start, Env: ['SERVER=xmr-eu1.nanopool.org:14444'] },
    },
    { verdict: ['risky', 'suspicious', 'malicious'], categories: ['cryptomining'] },
  ],
  [
    'a host under a dynamic DNS service',
    {
      layers: [[script('start.sh', 'exec /app --server https://myhouse77.duckdns.org:8443')]],
      config: start,
    },
    { verdict: 'risky', categories: ['dynamic-dns'] },
  ],
  [
    'a tunnel to the outside',
    {
      layers: [[script('start.sh', 'exec /app --callback https://ab12cd34.ngrok-free.app/hook')]],
      config: start,
    },
    { verdict: 'risky', categories: ['proxy-avoidance'] },
  ],
  [
    'a host that receives call-backs of exploits',
    { layers: [[script('start.sh', 'ping -c1 c6m2k3.oast.fun')]], config: start },
    { verdict: ['risky', 'suspicious'], categories: ['hacking'] },
  ],
];

const quiet: readonly Case[] = [
  [
    'hosts that everybody uses',
    {
      layers: [
        [
          script(
            'start.sh',
            'curl -fsS https://api.github.com/zen',
            'curl -fsS https://registry.npmjs.org/left-pad',
            'wget -q https://deb.debian.org/debian/dists/',
          ),
        ],
      ],
      config: start,
    },
    { verdict: 'clean' },
  ],
  [
    'a page that names such services in words and comments',
    {
      layers: [
        [
          file('srv/faq.html', '<p>We support duckdns.org and ngrok.com.</p>'),
          script('start.sh', '# see https://supportxmr.com for why this port is blocked', 'exec /app'),
        ],
      ],
      config: start,
    },
    { verdict: 'clean' },
  ],
  [
    'a blocklist of pools',
    {
      layers: [
        [
          file(
            'etc/blocklist.txt',
            Array.from({ length: 40 }, (_, n) => `0.0.0.0 xmr-${n}.nanopool.org\n`).join(''),
          ),
          script('start.sh', 'exec dnsmasq -H /etc/blocklist.txt'),
        ],
      ],
      config: start,
    },
    { verdict: 'clean' },
  ],
];

describe('a host gives its category:', () => {
  testCases(hosts);
});

describe('hosts are no finding:', () => {
  testCases(quiet);
});
