import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { test } from 'node:test';
import { processorTime } from '../../../test/fixtures/processor-time.ts';
import type { Detection, FileKind, OpenFile } from '../detector.ts';
import { secretDetectors } from './detector.ts';
import { shippedSecretRules } from './load.ts';
import { fillSample } from './samples.ts';

const [anywhere, settings] = secretDetectors(shippedSecretRules().rules);
assert.ok(anywhere !== undefined && settings !== undefined);

/** As the runner opens a file, with a plain search for the anchors. */
function open(text: string | Buffer, path = '', kind: FileKind = 'text', offset = 0): OpenFile {
  const bytes = typeof text === 'string' ? Buffer.from(text, 'latin1') : text;
  const lower = Buffer.from(bytes.toString('latin1').toLowerCase(), 'latin1');
  return {
    ...{ path, size: bytes.length, mode: 0o644, uid: 0, gid: 0, kind, bytes, offset, matches: [] },
    hits(name) {
      const anchor = anywhere?.anchors?.[name];
      if (anchor === undefined) return [];
      const hay = anchor.nocase === true ? lower : bytes;
      const places: number[] = [];
      for (let at = hay.indexOf(anchor.text); at !== -1; at = hay.indexOf(anchor.text, at + 1))
        places.push(at);
      return places;
    },
  };
}

const deadline = { check() {} };
const findAnywhere = (text: string | Buffer, kind: FileKind = 'text') =>
  anywhere.inspect(open(text, '', kind), deadline);
const findInSettings = (path: string, text: string): Detection => {
  const file = open(text, path);
  return settings.wants(file) ? settings.inspect(file, deadline) : { findings: [], observables: [] };
};
const rulesOf = (detection: Detection) => detection.findings.map(({ rule }) => rule);

const token = fillSample('gh<|>p_<alnum:36>');
const awsId = fillSample('AK<|>IA<base32:16>');
const awsSecret = fillSample('<base64:40>');

test('a token is found in text, behind a megabyte and inside a program', () => {
  assert.deepEqual(rulesOf(findAnywhere(`token ${token}\n`)), ['secrets/github-pat']);
  assert.deepEqual(rulesOf(findAnywhere(`${' '.repeat(1 << 20)}${token} `)), ['secrets/github-pat']);
  assert.deepEqual(rulesOf(findAnywhere(Buffer.from(`\x7fELF\0${token}\0`), 'elf')), ['secrets/github-pat']);
});

test('an offset counts from the beginning of the file, also in a later window', () => {
  const [finding] = anywhere.inspect(open(`ab ${token}\n`, '', 'text', 5000), deadline).findings;
  assert.equal(finding?.offset, 5003);
  assert.equal(finding?.length, token.length);
});

test('a token inside a longer word is none, one behind an escaped line end is', () => {
  assert.deepEqual(rulesOf(findAnywhere(`_ZN${token}`)), []);
  assert.deepEqual(rulesOf(findAnywhere(`${token}abcdef`)), []);
  assert.deepEqual(rulesOf(findAnywhere(`"a\\n${token}"`)), ['secrets/github-pat']);
});

test('an access key with its secret is one finding and outweighs the id alone', () => {
  const pair = `[default]\naws_access_key_id = ${awsId}\naws_secret_access_key = ${awsSecret}\n`;
  assert.deepEqual(rulesOf(findAnywhere(pair)), ['secrets/aws-key-pair']);
  assert.deepEqual(rulesOf(findAnywhere(`id ${awsId}\n`)), ['secrets/aws-access-key-id']);
  assert.deepEqual(rulesOf(findAnywhere(`{"SecretAccessKey": "${awsSecret}"}`)), [
    'secrets/aws-secret-access-key',
  ]);
});

test('the keys of the AWS manual, masks and template variables are none', () => {
  const manual = `AK${'IAIOSFODNN7EXAMPLE'} wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY`;
  for (const text of [
    manual,
    'ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx',
    `ghp_$\{GITHUB_TOKEN_abcdefghijklmnopqrstuv}`,
  ]) {
    assert.deepEqual(rulesOf(findAnywhere(text)), [], text);
  }
});

test('no finding holds the secret, and equal secrets have equal identities', () => {
  const [one] = findAnywhere(`x ${token} y`).findings;
  const [two] = findAnywhere(`${' '.repeat(300)}${token}`).findings;
  assert.equal(one?.excerpt, 'ghp_… (40 characters)');
  assert.equal(one?.value, two?.value);
  assert.match(one?.value ?? '', /^[0-9a-f]{16}$/);
  const password = `tr0ub4dor${'xyz'}`;
  const [short] = findInSettings('/app/.env', `DB_PASSWORD=${password}\n`).findings;
  const [other] = findInSettings('/app/.env', `DB_PASSWORD=0ther${password}\n`).findings;
  assert.equal(short?.excerpt, 'DB_PASSWORD=… (12 characters)');
  assert.equal(short?.value, other?.value, 'the identity of a short secret must not depend on it');
  for (const finding of [one, short]) {
    const told = JSON.stringify(finding);
    assert.ok(!told.includes(token) && !told.includes(password));
  }
});

test('a private key is high in text, low in a program, and a header alone is nothing', () => {
  const { privateKey } = generateKeyPairSync('ed25519');
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const [inText] = findAnywhere(pem).findings;
  assert.deepEqual([inText?.rule, inText?.severity], ['secrets/private-key', 'high']);
  assert.equal(inText?.excerpt.startsWith('-----BEGIN PRIVATE KEY-----… ('), true);
  const quoted = `DOCUMENTATION = r'''\nmodule: x\n'''\n\nEXAMPLES = '''\n- name: x\n  key: |\n${pem}'''\n`;
  assert.equal(findAnywhere(Buffer.from(quoted)).findings[0]?.severity, 'low');
  const behind = findAnywhere(Buffer.from(`EXAMPLES = '''\n- name: x\n'''\nKEY = '''${pem}'''\n`));
  assert.equal(behind.findings[0]?.severity, 'high');
  const [inProgram] = findAnywhere(Buffer.from(`\x7fELF\0${pem}`), 'elf').findings;
  assert.equal(inProgram?.severity, 'low');
  assert.deepEqual(rulesOf(findAnywhere(pem.split('\n')[0] ?? '')), []);
});

test('a key longer than the usual window is found whole', () => {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const pem = privateKey.export({ type: 'pkcs1', format: 'pem' }).toString();
  assert.equal(findAnywhere(`${'#'.repeat(999)}\n${pem}`).findings[0]?.length, pem.length - 1);
});

test('credential files are found by their names', () => {
  const secret = fillSample('<alnum:20>');
  const cases: readonly (readonly [path: string, text: string, rule: string])[] = [
    ['/root/.netrc', `machine a login b password ${secret}`, 'netrc'],
    ['/root/.pgpass', `db:5432:app:app:${secret}`, 'pgpass'],
    ['/root/.git-credentials', `https://a:${secret}@git.example.org`, 'git-credentials'],
    ['/home/a/.npmrc', `//npm.example.org/:_authToken=${secret}`, 'npm-auth-token'],
    ['/root/.pypirc', `[pypi]\npassword = ${secret}\n`, 'pypirc'],
    ['/root/.kube/config', `users:\n- user:\n    token: ${secret}\n`, 'kubeconfig-token'],
    ['/srv/app/.env.production', `API_KEY=${secret}\n`, 'env-password'],
  ];
  for (const [path, text, rule] of cases) {
    assert.deepEqual(rulesOf(findInSettings(path, text)), [`secrets-config/${rule}`], path);
  }
});

test('assignments are looked for in settings, not in packaged programs or large data', () => {
  const text = `password = "${fillSample('<alnum:40>')}"\n`;
  assert.equal(findInSettings('/etc/app/app.conf', text).findings.length, 1);
  assert.equal(findInSettings('/opt/app/config.py', text).findings.length, 1);
  assert.equal(findInSettings('/usr/lib/python3/dist-packages/x/config.py', text).findings.length, 0);
  assert.equal(findInSettings('/app/node_modules/x/config.js', text).findings.length, 0);
  assert.equal(findInSettings('/etc/app/app.conf', text + ' '.repeat(300 * 1024)).findings.length, 0);
});

test('settings that every distribution ships stay quiet', () => {
  const cases: readonly (readonly [path: string, text: string])[] = [
    ['/etc/nsswitch.conf', 'passwd:         files systemd\ngroup:          files systemd\n'],
    ['/etc/ssl/openssl.cnf', 'challengePassword\t\t= A challenge password\nchallengePassword_min\t\t= 4\n'],
    ['/etc/pam.d/common.conf', 'password\t[success=1 default=ignore]\tpam_unix.so obscure yescrypt\n'],
    ['/etc/redis/redis.conf', `# requirepass foobared\nrequirepass $\{REDIS_PASSWORD}\n`],
    [
      '/app/package.json',
      `{"integrity": "sha512-${fillSample('<base64:86>')}==", "gitHead": "${fillSample('<hex:40>')}"}`,
    ],
    ['/app/appsettings.json', '{"Password": "", "Token": null, "SecretName": "my-secret-1234567"}'],
  ];
  for (const [path, text] of cases) assert.deepEqual(rulesOf(findInSettings(path, text)), [], path);
});

test('a file full of beginnings costs little and finds nothing', () => {
  const used = processorTime();
  const hostile = '-----BEGIN PRIVATE KEY-----\nAAAA\n'.repeat(3000) + 'AKIA'.repeat(20_000);
  assert.deepEqual(rulesOf(findAnywhere(hostile)), []);
  assert.ok(used() < 2000, `${used()} ms`);
});

test('the time limit is asked for between windows', () => {
  let asked = 0;
  const file = open(`${`${awsId.slice(0, 4)} ${' '.repeat(2000)}`.repeat(50)}`);
  anywhere.inspect(file, { check: () => asked++ });
  assert.ok(asked >= 50);
});

test('anchors are at least four bytes long, so that a search for them is selective', () => {
  for (const [name, { text }] of Object.entries(anywhere.anchors ?? {})) assert.ok(text.length >= 4, name);
});
