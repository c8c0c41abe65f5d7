/** Runs the same line by the world's program and by the machine's own, in the same folder of files. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  lstatSync,
  lutimesSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { after, it } from 'node:test';
import { View } from '../../files/view.ts';
import { host, run, wordsOf } from './run.ts';

/** Path and content; a path that ends with `/` is a directory, a content that begins with `-> ` a link. */
export type Files = Readonly<Record<string, string | Buffer>>;

/** Of all files, in milliseconds since 1970: long enough ago to show its year. */
const time = Date.UTC(2022, 4, 17, 8, 30, 12);

export interface Case {
  readonly line: string;
  readonly stdin?: string;
  /** Standard error is the same as well; true by default. */
  readonly stderr?: boolean;
  /** What the folder holds afterwards is the same as well. */
  readonly leaves?: boolean;
  /** Lines may come in another order: that of a directory. */
  readonly isSorted?: boolean;
}

const isHere =
  existsSync('/usr/bin/stat') && spawnSync('ls', ['--version']).stdout?.toString().includes('coreutils) 9.1');

/** A test for each line, by its text. Skipped where the machine's programs are none that the world emulates. */
export function compareAll(files: Files, cases: readonly (string | Case)[]): void {
  const folder = mkdtempSync(`${tmpdir()}/compare-`);
  after(() => rmSync(folder, { recursive: true }));
  for (const one of cases) {
    const {
      line,
      stdin = '',
      stderr = true,
      isSorted = false,
      leaves = false,
    } = typeof one === 'string' ? { line: one } : one;
    it(`as the real one: ${line}${stdin === '' ? '' : ` < ${JSON.stringify(stdin).slice(0, 40)}`}`, {
      skip: !isHere,
    }, async () => {
      prepare(folder, files);
      const [program = '', ...args] = wordsOf(line);
      const real = spawnSync(program, args, {
        cwd: folder,
        input: stdin,
        env: { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC', HOME: folder },
        timeout: 10_000,
      });
      const world = host();
      fill(new View(world.files), folder, files);
      const ours = await run([program, ...args], {
        world,
        cwd: folder,
        stdin,
        env: { LC_ALL: 'C', LANG: '', HOME: folder },
      });
      const shown = (output: Buffer): string => {
        const text = output.toString('latin1');
        return isSorted ? text.split('\n').sort().join('\n') : text;
      };
      assert.equal(shown(ours.bytes), shown(real.stdout));
      if (stderr) assert.equal(ours.stderr, real.stderr.toString());
      assert.equal(ours.exitCode, real.status);
      if (leaves) assert.deepEqual(left(new View(world.files), folder), reallyLeft(folder));
    });
  }
}

function prepare(folder: string, files: Files): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  for (const [path, content] of Object.entries(files)) {
    const whole = `${folder}/${path}`;
    if (path.endsWith('/')) mkdirSync(whole, { recursive: true });
    else if (String(content).startsWith('-> ')) symlinkSync(String(content).slice(3), whole);
    else writeFileSync(whole, content);
    if (/\.sh$/.test(path)) chmodSync(whole, 0o755);
  }
  for (const path of [...Object.keys(files).reverse(), '']) {
    if (String(files[path] ?? '').startsWith('-> '))
      lutimesSync(`${folder}/${path}`, time / 1000, time / 1000);
    else utimesSync(`${folder}/${path}`, time / 1000, time / 1000);
  }
}

/** The folder of temporary files may be deeper than any of the world's. */
function parentsOf(folder: string): string[] {
  const names = folder.split('/').slice(1);
  return names.map((_, index) => `/${names.slice(0, index + 1).join('/')}`);
}

function fill(view: View, folder: string, files: Files): void {
  for (const above of parentsOf(folder)) if (!view.exists(above)) view.mkdir(above, { now: time });
  for (const [path, content] of Object.entries(files)) {
    const whole = `${folder}/${path.replace(/\/$/, '')}`;
    if (path.endsWith('/')) view.mkdir(whole, { now: time });
    else if (String(content).startsWith('-> ')) view.symlink(String(content).slice(3), whole, time);
    else
      view.write(whole, Buffer.from(content as string), {
        now: time,
        mode: /\.sh$/.test(path) ? 0o755 : 0o644,
      });
  }
}

/** Kind, mode and content of everything in a folder, by its path. */
type Left = Record<string, string>;

function left(view: View, folder: string, into: Left = {}): Left {
  for (const { name, node } of view.list(folder)) {
    const path = `${folder}/${name}`;
    const what =
      node.kind === 'link'
        ? `-> ${node.target}`
        : node.kind === 'file'
          ? Buffer.from(view.read(path)).toString('latin1')
          : '';
    into[path] = `${node.kind} ${node.kind === 'link' ? '' : node.mode.toString(8)} ${what}`;
    if (node.kind === 'directory') left(view, path, into);
  }
  return into;
}

function reallyLeft(folder: string, into: Left = {}): Left {
  for (const name of readdirSync(folder)) {
    const path = `${folder}/${name}`;
    const node = lstatSync(path);
    const kind = node.isSymbolicLink() ? 'link' : node.isDirectory() ? 'directory' : 'file';
    const what =
      kind === 'link' ? `-> ${readlinkSync(path)}` : kind === 'file' ? readFileSync(path, 'latin1') : '';
    into[path] = `${kind} ${kind === 'link' ? '' : (node.mode & 0o7777).toString(8)} ${what}`;
    if (kind === 'directory') reallyLeft(path, into);
  }
  return into;
}
