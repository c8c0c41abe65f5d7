/**
 * What starts a miner: its configuration lies where documentation lies, so that only the walk from the start paths
 * tells it from an example. Where the walk cannot follow, an image is never clean.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { file, type ImageSpec } from '../../src/lab/image-builder.ts';
import { inventWallet } from '../../src/lab/sample.ts';
import { scan } from '../fixtures/scanner.ts';

const hidden = '/usr/share/doc/cache';
const settings = JSON.stringify({
  autosave: true,
  'donate-level': 1,
  pools: [{ url: 'stratum+tcp://pool.example.com:4444', user: inventWallet(), algo: 'rx/0' }],
});
const miner = [
  file(`${hidden.slice(1)}/worker`, '#!/bin/sh\n# stands for a miner\n', { mode: 0o755 }),
  file(`${hidden.slice(1)}/settings`, settings),
];
const start = `${hidden}/worker -c ${hidden}/settings`;

function image(
  path: string,
  text: string,
  entrypoint: string[],
  more: Partial<ImageSpec['config']> = {},
): ImageSpec {
  return {
    layers: [[...miner, file(path.slice(1), text, { mode: 0o755 })]],
    config: { Entrypoint: entrypoint, ...more },
  };
}

const padding = (lines: number, line: string): string =>
  Array.from({ length: lines }, (_, at) => line.replace('N', `${at}`)).join('\n');

const followed: readonly (readonly [name: string, ImageSpec, by: readonly string[]])[] = [
  ['directly', image('/x', '', start.split(' ')), ['Entrypoint']],
  ['by a script', image('/run.sh', `#!/bin/sh\n${start}\n`, ['/run.sh']), ['Entrypoint', '/run.sh']],
  [
    'behind two thousand other commands',
    image('/run.sh', `#!/bin/sh\n${padding(2000, 'grep -q xN /etc/passwd')}\n${start}\n`, ['/run.sh']),
    ['Entrypoint', '/run.sh'],
  ],
  [
    'by a script of a megabyte',
    image('/run.sh', `#!/bin/sh\n${'# padding\n'.repeat(100_000)}${start}\n`, ['/run.sh']),
    ['Entrypoint', '/run.sh'],
  ],
  [
    'by a text without a first line',
    image('/opt/run', `${start}\n`, ['sh', '/opt/run']),
    ['Entrypoint', '/opt/run'],
  ],
  [
    'by a program among libraries',
    image('/usr/lib/x/run.py', `import os\nos.system("${start}")\n`, ['python3', '/usr/lib/x/run.py']),
    ['Entrypoint', '/usr/lib/x/run.py'],
  ],
  [
    'by a script among documentation',
    image('/usr/share/doc/x/a.sh', `${start}\n`, ['sh', '/usr/share/doc/x/a.sh']),
    ['Entrypoint', '/usr/share/doc/x/a.sh'],
  ],
  [
    'from a folder whose name is not ASCII',
    image('/opt/é/run.sh', `#!/bin/sh\n/opt/é/next.sh\n`, ['/opt/é/run.sh']),
    ['Entrypoint', '/opt/é/run.sh', '/opt/é/next.sh'],
  ],
  [
    'by the last of many calls of one script',
    image('/run.sh', `#!/bin/sh\n${padding(40, '/one.sh aN')}\n/one.sh cache\n`, ['/run.sh']),
    ['Entrypoint', '/run.sh', '/one.sh'],
  ],
];

/** Scripts that the ones above call. */
const others = [
  file('opt/é/next.sh', `#!/bin/sh\n${start}\n`, { mode: 0o755 }),
  file('one.sh', '#!/bin/sh\ncd "/usr/share/doc/$1" && ./worker -c settings\n', { mode: 0o755 }),
];

describe('a miner in a documentation folder', () => {
  for (const [name, spec, by] of followed) {
    it(`is one when it is started ${name}`, async () => {
      const report = await scan({ ...spec, layers: [...spec.layers, others] });
      assert.equal(report.verdict, 'malicious', JSON.stringify(report.coverage.skipped));
      const found = report.findings.find((one) => one.evidence[0]?.path === `${hidden}/settings`);
      assert.ok(found?.reachable);
      assert.deepEqual(found.evidence[0]?.startedBy, by);
    });
  }

  it('is an example when nothing starts it', async () => {
    const report = await scan(image('/run.sh', '#!/bin/sh\nexec nginx\n', ['/run.sh']));
    assert.equal(report.verdict, 'clean');
  });
});

describe('a miner whose command a script leaves to its surroundings', () => {
  const wallet = inventWallet();
  const pool = 'stratum+tcp://pool.example.org:4444';
  const cases: readonly (readonly [name: string, ImageSpec])[] = [
    [
      'variables',
      image('/run.sh', '#!/bin/sh\nexec /opt/x -o "$POOL" -u $USER_ID -k\n', ['/run.sh'], {
        Env: [`POOL=${pool}`, `USER_ID=${wallet}`],
      }),
    ],
    ['arguments', image('/run.sh', '#!/bin/sh\n/opt/x -o $1 -u $2\n', ['/run.sh'], { Cmd: [pool, wallet] })],
    [
      'all arguments',
      image('/run.sh', '#!/bin/sh\nset -e\nexec /opt/x "$@"\n', ['/run.sh'], {
        Cmd: ['-o', pool, '-u', wallet],
      }),
    ],
    [
      'arguments of a text',
      image('/x', '', ['sh', '-c', 'exec /opt/x "$@"', '--'], { Cmd: ['-o', pool, '-u', wallet] }),
    ],
  ];
  for (const [name, spec] of cases) {
    it(`is found: ${name}`, async () => {
      const report = await scan(spec);
      assert.equal(report.verdict, 'malicious');
      assert.ok(report.findings.some((one) => one.rule === 'miner/command' && one.reachable));
    });
  }

  it('is none where the surroundings say something else', async () => {
    const env = { Env: ['POOL=postgres://db:5432', 'USER_ID=postgres'] };
    const report = await scan(
      image('/run.sh', '#!/bin/sh\nexec /opt/x -o "$POOL" -u $USER_ID\n', ['/run.sh'], env),
    );
    assert.equal(report.verdict, 'clean');
  });
});

describe('an image whose start cannot be followed to its end', () => {
  const cases: readonly (readonly [name: string, ImageSpec, reason: string])[] = [
    ['a text of another kind is run', image('/opt/a.json', start, ['sh', '/opt/a.json']), 'unsupported'],
    [
      'a script is too large',
      image('/run.sh', `#!/bin/sh\n${'# x\n'.repeat(1_200_000)}${start}\n`, ['/run.sh']),
      'unsupported',
    ],
    [
      'a script has too many commands',
      image('/run.sh', `#!/bin/sh\n${padding(9000, 'grep -q xN /etc/passwd')}\n${start}\n`, ['/run.sh']),
      'unsupported',
    ],
    [
      'PATH has too many folders',
      image('/x', '', ['run'], { Env: [`PATH=${padding(400, '/N').replaceAll('\n', ':')}:${hidden}`] }),
      'entry-limit',
    ],
  ];
  for (const [name, spec, reason] of cases) {
    it(`is incomplete: ${name}`, async () => {
      const report = await scan(spec);
      assert.equal(report.verdict, 'incomplete');
      assert.deepEqual(
        report.coverage.skipped.map((one) => one.reason),
        [reason],
      );
    });
  }
});
