/** Imports go down the floors of docs/architecture.md, never up or sideways. */
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';
import { test } from 'node:test';

const root = join(import.meta.dirname, '..');

/** From the top down; folders on one floor do not import each other, but for the pairs in `allowed`. */
const floors: readonly (readonly string[])[] = [
  ['bin.ts', 'cli', 'server', 'jobs', 'bench', 'lab'],
  ['store'],
  ['scan', 'hunt', 'report'],
  ['image', 'detect', 'verdict', 'notification', 'honeypot'],
  ['indicator', 'binary', 'stratum', 'location', 'certificate'],
  ['api'],
  ['model', 'package.ts', 'bare-environment.ts', 'node-version.js', 'code-cache.js'],
  ['package.json', 'cache-folder.js'],
];

/** `bin.ts` starts the commands, the commands call their peers on the entry floor; scans need image types. */
const allowed = new Set([
  'bin.ts>cli',
  'cli>bench',
  'bench>lab',
  'bench>server',
  'cli>jobs',
  'cli>server',
  'cli>lab',
  'detect>image',
  'location>indicator',
  'stratum>indicator',
]);

interface Import {
  readonly file: string;
  readonly from: string;
  readonly to: string;
  /** The file that is meant. */
  readonly target: string;
  readonly typeOnly: boolean;
  /** `import(…)`: loaded where it is needed. */
  readonly isLater: boolean;
}

function importsOf(file: string): Import[] {
  const text = readFileSync(join(root, file), 'utf8');
  const found: Import[] = [];
  const pattern =
    /^\s*(?:import|export)\s+(type\s)?[^'";]*?from\s+'(\.[^']+)'|import\('(\.[^']+)'\)|^import\s+'(\.[^']+)'/gm;
  for (const match of text.matchAll(pattern)) {
    const target = normalize(join(dirname(file), match[2] ?? match[3] ?? match[4] ?? ''));
    const isLater = match[3] !== undefined;
    const folders = { from: folderOf(file), to: folderOf(target) };
    found.push({ file, target, ...folders, typeOnly: match[1] !== undefined, isLater });
  }
  return found;
}

/** `src/scan/engine/client.ts` → `scan`. */
function folderOf(file: string): string {
  const inside = relative('src', file);
  return inside.startsWith('..') ? 'package.json' : (inside.split('/')[0] ?? '');
}

function floorOf(folder: string): number {
  return floors.findIndex((one) => one.includes(folder));
}

const sources = globSync('src/**/*.{ts,js}', { cwd: root });
const imports = sources.filter((file) => !file.endsWith('.test.ts')).flatMap(importsOf);

test('every folder below src stands on a floor, and nothing else does', () => {
  const there = new Set(['package.json', ...sources.map(folderOf)]);
  assert.deepEqual([...there].sort(), floors.flat().sort());
});

test('every exception is needed', () => {
  const needed = new Set(imports.map(({ from, to }) => `${from}>${to}`));
  assert.deepEqual(
    [...allowed].filter((pair) => !needed.has(pair)),
    [],
  );
});

test('imports go down the floors, never up or sideways', () => {
  const breaches = imports.filter(({ from, to }) => {
    if (from === to || allowed.has(`${from}>${to}`)) return false;
    return floorOf(to) <= floorOf(from);
  });
  assert.deepEqual(
    breaches.map((one) => `${one.file} imports ${one.to}`),
    [],
  );
});

test('detect takes only types from image', () => {
  const breaches = imports.filter(
    ({ from, to, typeOnly }) => from === 'detect' && to === 'image' && !typeOnly,
  );
  assert.deepEqual(
    breaches.map((one) => one.file),
    [],
  );
});

test('the store takes only types from the work that it serves', () => {
  const work: readonly string[] = ['scan', 'hunt', 'report'];
  const breaches = imports.filter(
    ({ from, to, typeOnly }) => from === 'store' && work.includes(to) && !typeOnly,
  );
  assert.deepEqual(
    breaches.map((one) => one.file),
    [],
  );
});

test('a scan does not load the schema library, which takes as long as a rescan', () => {
  const loaded = new Set<string>();
  const load = (file: string): void => {
    if (loaded.has(file)) return;
    loaded.add(file);
    for (const one of imports) if (one.file === file && !one.typeOnly && !one.isLater) load(one.target);
  };
  const lazily = globSync('src/{image,report}/**/*.ts', { cwd: root }).filter(
    (one) => !one.endsWith('.test.ts'),
  );
  const started = ['bin.ts', 'cli/program.ts', 'cli/scan-targets.ts', 'scan/inspect.ts'];
  const engine = ['scan/engine/client.ts', 'scan/engine/child.ts', 'scan/engine/worker.ts'];
  for (const file of [...started, ...engine].map((one) => `src/${one}`).concat(lazily)) load(file);
  assert.ok(loaded.size > 200, `${loaded.size}`);
  const guilty = [...loaded].filter((file) =>
    /^import (?!type).*'zod'/m.test(readFileSync(join(root, file), 'utf8')),
  );
  assert.deepEqual(guilty, []);
});

test('the check itself sees imports', () => {
  assert.ok(imports.some((one) => one.from === 'scan' && one.to === 'detect'));
});

test('no folder or file has a name that says nothing', () => {
  const vague = sources.filter((file) =>
    /(^|\/)(utils?|helpers?|common|misc|services?|managers?)(\/|\.)/.test(file),
  );
  assert.deepEqual(vague, []);
});
