import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';

let folder: string;
let cache: string;

/** Loads `first.ts`, which loads `second.ts` later, and that `third.ts`; prints what came of it. */
function run({ gone = [] as readonly string[], compileCache = cache } = {}): string {
  const url = (path: string): string => JSON.stringify(pathToFileURL(path).href);
  const script = `
    import { rmSync } from 'node:fs';
    const { openKeptCode, watchCode } = await import(${url(join(import.meta.dirname, 'kept-code.ts'))});
    const code = openKeptCode('test') ?? watchCode('test');
    const { second } = await import(${url(join(folder, 'first.ts'))});
    await code.keep();
    for (const one of ${JSON.stringify(gone.map((one) => join(folder, one)))}) rmSync(one);
    const said = await second().then((module) => module.said, (error) => error.code);
    console.log(code.isKept, said);`;
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    encoding: 'utf8',
    env: { NODE_COMPILE_CACHE: compileCache, NODE_NO_WARNINGS: '1' },
  });
  assert.equal(stderr, '');
  return stdout.trim();
}

function write(name: string, text: string): void {
  writeFileSync(join(folder, name), text);
}

function keptFile(): string {
  const name = readdirSync(cache, { recursive: true, encoding: 'utf8' }).find((one) =>
    /later-test-\w+\.json$/.test(one),
  );
  assert.ok(name !== undefined);
  return join(cache, name);
}

describe('code that is kept', () => {
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'waterguard-kept-'));
    cache = join(folder, 'cache');
    mkdirSync(cache);
    const later = JSON.stringify(pathToFileURL(join(import.meta.dirname, '../later.ts')).href);
    write(
      'first.ts',
      `import { later } from ${later};\nexport const second = later(() => import('./second.ts'));\n`,
    );
    write(
      'second.ts',
      `import { third } from './third.ts';\nexport const said: string = 'second ' + third;\n`,
    );
    write('third.ts', `export const third: string = 'third …';\n`);
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('is loaded where the files can be read no more', () => {
    assert.equal(run(), 'false second third …');
    assert.equal(run({ gone: ['second.ts', 'third.ts'] }), 'true second third …');
  });

  it('is loaded at once where none is kept', () => {
    assert.equal(run({ gone: ['second.ts', 'third.ts'] }), 'false second third …');
  });

  it('is not that of other files', () => {
    run();
    write('third.ts', `export const third: string = 'another';\n`);
    assert.equal(run(), 'false second another');
    assert.equal(run({ gone: ['third.ts'] }), 'true second another');
  });

  it('is not what was cut off', () => {
    run();
    const { size } = statSync(keptFile());
    for (const length of [0, 10, size - 1]) {
      truncateSync(keptFile(), length);
      assert.equal(run(), 'false second third …');
    }
  });

  it('is none where nothing can be written', () => {
    assert.equal(run({ compileCache: '/dev/null/nowhere' }), 'false second third …');
    assert.equal(run({ compileCache: '/dev/null/nowhere' }), 'false second third …');
  });
});
