/** docs/adding-a-decoy.md, followed to the letter in a copy of the tree: what it shows is checked, run and talked to. */
import assert from 'node:assert/strict';
import { type SpawnSyncReturns, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, describe, it } from 'node:test';
import { makeCheckout } from '../fixtures/checkout.ts';
import { readPage } from './page.ts';

const root = join(import.meta.dirname, '../..');
const page = readPage('adding-a-decoy.md');
const [decoy, line, test] = page.blocks('ts');
const [start, talk] = page.blocks('sh');
const [answer] = page.blocks('');

const { folder: tree, env } = makeCheckout([
  'test/honeypot/sensor.ts',
  'test/honeypot/reference.ts',
  'test/honeypot/page.ts',
  'docs/honeypots.md',
  'test/fixtures/shared-cache.ts',
  'biome.json',
  'tsconfig.json',
  '.gitignore',
]);
const files = [
  'src/honeypot/memcached/decoy.ts',
  'src/honeypot/list.ts',
  'test/honeypot/memcached.test.ts',
] as const;

function put(path: string, text: string): void {
  mkdirSync(dirname(join(tree, path)), { recursive: true });
  writeFileSync(join(tree, path), text);
}

function run(program: string, args: readonly string[]): SpawnSyncReturns<string> {
  return spawnSync(join(root, 'node_modules/.bin', program), args, { cwd: tree, env, encoding: 'utf8' });
}

before(() => {
  const list = readFileSync(join(tree, files[1]), 'utf8');
  const last = list.indexOf('\n};\n');
  put(files[0], decoy!);
  put(files[1], `${list.slice(0, last + 1)}${line}${list.slice(last + 1)}`);
  put(files[2], test!);
});
after(() => rmSync(tree, { recursive: true, force: true }));

describe('the page that takes through adding a decoy', () => {
  it('shows code that has its types and the form of all other code', () => {
    put('tsconfig.page.json', JSON.stringify({ extends: './tsconfig.json', include: [], files }));
    const types = run('tsc', ['-p', 'tsconfig.page.json']);
    assert.equal(types.status, 0, types.stdout);
    const form = run('biome', ['check', ...files]);
    assert.equal(form.status, 0, form.stderr);
  });

  it('shows a decoy that answers and tells what the page says', async () => {
    const events = join(tree, 'events.ndjson');
    const here = (text: string): string => text.replaceAll('/tmp/events.ndjson', events);
    const command = here(start!).replace('127.0.0.1:11211', '127.0.0.1:0');
    const sensor = spawn('sh', ['-c', `exec ${command}`], {
      cwd: tree,
      env,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const ended = once(sensor, 'exit');
    try {
      const said: string[] = [];
      for await (const one of createInterface({ input: sensor.stderr })) {
        said.push(one);
        if (one.startsWith('listening on')) break;
      }
      const port = /^listening on memcached=127\.0\.0\.1:(\d+)$/.exec(said.at(-1) ?? '')?.[1];
      assert.ok(port !== undefined, said.join('\n'));
      const script = here(talk!).replace('/11211', `/${port}`);
      const { stdout, stderr } = spawnSync('bash', ['-c', script], { encoding: 'utf8', timeout: 20_000 });
      const told = stdout.replaceAll('\r', '');
      assert.equal(told.slice(0, answer!.length), answer, `${told}${stderr}`);
      const types = [...told.matchAll(/"type":"([a-z.]+)"/g)].map(([, type]) => type);
      const promised = /^and then the events: (.*)\.$/m.exec(page.text)![1]!;
      // Nobody waits for the last one.
      assert.deepEqual(
        [...new Set([...types, 'memcached.close'])],
        [...new Set(promised.match(/[a-z]+\.[a-z]+/g))],
      );
    } finally {
      sensor.kill();
      await ended;
    }
  });

  it('shows a test that passes', () => {
    const { status, stdout } = run('node', ['--test', '--test-timeout=60000', files[2]]);
    assert.equal(status, 0, stdout);
    assert.match(stdout, /what is stored comes back/);
  });
});
