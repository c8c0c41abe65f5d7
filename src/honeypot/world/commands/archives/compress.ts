/** gzip and its kin, bzip2, xz, unzip and zip. */
import { gunzipSync, gzipSync } from 'node:zlib';
import { join } from '../../files/tree.ts';
import { maxFile } from '../../files/view.ts';
import type { Run } from '../../program.ts';
import { now } from '../../world.ts';
import { isThere } from '../files/copy.ts';
import { makeAll } from '../files/make.ts';
import { optionsOf } from '../options.ts';
import { openInput, readAll } from '../streams.ts';
import { complain, Fault, reasonOf, shortNameOf, type Tool } from '../tool.ts';
import { type ZipMember, zipMembers, zipOf } from './zip-format.ts';

const spec = {
  short: 'acdfhklLnNqrS:tvV123456789',
  long: {
    stdout: 'c',
    'to-stdout': 'c',
    decompress: 'd',
    uncompress: 'd',
    force: 'f',
    keep: 'k',
    list: 'l',
    quiet: 'q',
    recursive: 'r',
    'suffix=': 'S',
    test: 't',
    verbose: 'v',
    fast: '1',
    best: '9',
    version: 'V',
  },
};

export const gzip: Tool = async (run, flavour) => {
  const name = shortNameOf(run);
  const options = optionsOf(run, flavour, spec);
  const isCat = /^(zcat|gzcat)$/.test(name);
  const unpacks = options.has('d', 't') || isCat || /^(gunzip|uncompress)$/.test(name);
  const toStdout = options.has('c') || isCat;
  let exitCode = 0;
  const fail = async (said: string): Promise<void> => {
    exitCode = 1;
    await run.stderr.write(`${flavour === 'gnu' ? 'gzip' : name}: ${said}\n`);
  };
  for (const operand of options.operands.length === 0 ? ['-'] : options.operands) {
    let path = operand;
    if (path !== '-' && unpacks && !run.files.exists(path) && run.files.exists(`${path}.gz`))
      path = `${path}.gz`;
    let content: Buffer;
    try {
      content = await readAll(run, openInput(run, path));
    } catch (error) {
      await fail(
        `${unpacks && !operand.endsWith('.gz') && flavour === 'gnu' && !run.files.exists(operand) ? `${operand}.gz` : operand}: ${reasonOf(error) === 'Is a directory' ? 'Is a directory -- ignored' : reasonOf(error)}`,
      );
      continue;
    }
    await run.work(1 + (content.length >> 7));
    const made = unpacks ? unpacked(content) : gzipSync(content);
    if (made === undefined) {
      await fail(
        flavour === 'gnu' ? `${path === '-' ? 'stdin' : path}: not in gzip format` : 'invalid magic',
      );
      continue;
    }
    if (options.has('t')) continue;
    if (toStdout || path === '-') {
      await run.stdout.write(made);
      continue;
    }
    const target = unpacks ? path.replace(/\.tgz$/, '.tar').replace(/\.(gz|z|Z)$/, '') : `${path}.gz`;
    if (target === path) {
      await fail(`${path}: unknown suffix -- ignored`);
      continue;
    }
    if (isThere(run, target) && !options.has('f')) {
      await fail(`${target} already exists;\tnot overwritten`);
      continue;
    }
    const { mode, mtime } = run.files.stat(path);
    run.files.write(target, made, { mode, now: mtime });
    if (!options.has('k')) run.files.unlink(path);
    if (options.has('v'))
      await run.stderr.write(
        `${path}:\t ${(unpacks ? 0 : (1 - made.length / Math.max(1, content.length)) * 100).toFixed(1)}% -- replaced with ${target}\n`,
      );
  }
  return exitCode;
};

function unpacked(content: Buffer): Buffer | undefined {
  try {
    return gunzipSync(content, { maxOutputLength: maxFile });
  } catch {
    return undefined;
  }
}

/** bzip2, xz, lzma and zstd pack nothing here: what they are given they do not know. */
export const otherPacker: Tool = async (run, flavour) => {
  const name = shortNameOf(run);
  const family = /bz/.test(name) ? 'bzip2' : /zst/.test(name) ? 'zstd' : 'xz';
  const options = optionsOf(run, flavour, {
    short: 'acdefhklqtT:vVzC:F:0123456789',
    long: { decompress: 'd', stdout: 'c', keep: 'k', force: 'f', 'threads=': 'T', test: 't', version: 'V' },
  });
  if (options.has('V')) {
    await run.stdout.write(
      family === 'xz'
        ? 'xz (XZ Utils) 5.4.1\nliblzma 5.4.1\n'
        : `${family}, a block-sorting file compressor.  Version 1.0.8, 13-Jul-2019.\n`,
    );
    return 0;
  }
  const paths = options.operands.length === 0 ? ['-'] : options.operands;
  let exitCode = 0;
  for (const path of paths) {
    try {
      await readAll(run, openInput(run, path));
      exitCode = family === 'bzip2' ? 2 : 1;
      const shown = path === '-' ? '(stdin)' : path;
      await complain(
        run,
        family === 'bzip2'
          ? `${shown} is not a bzip2 file.`
          : family === 'xz'
            ? `${shown}: File format not recognized`
            : `${shown}: unsupported format`,
      );
    } catch (error) {
      exitCode = 1;
      await complain(
        run,
        family === 'bzip2'
          ? `Can't open input file ${path}: ${reasonOf(error)}.`
          : `${path}: ${reasonOf(error)}`,
      );
    }
  }
  return exitCode;
};

export const unzip: Tool = async (run, flavour) => {
  const options = optionsOf(run, flavour, { short: 'aCcd:fjKlLnopP:qtTuvVx:Z' });
  const [archive, ...wanted] = options.operands;
  if (archive === undefined) {
    await run.stdout.write(
      'UnZip 6.00 of 20 April 2009, by Debian. Original by Info-ZIP.\n\nUsage: unzip [-Z] [-opts[modifiers]] file[.zip] [list] [-x xlist] [-d exdir]\n',
    );
    return 0;
  }
  const path = run.files.exists(archive) ? archive : `${archive}.zip`;
  if (!run.files.exists(path))
    throw new Fault(
      flavour === 'gnu'
        ? `unzip:  cannot find or open ${archive}, ${archive}.zip or ${archive}.ZIP.\n`
        : `unzip: can't open ${archive}[.zip]\n`,
      flavour === 'gnu' ? 9 : 1,
    );
  const content = Buffer.from(run.files.read(path));
  const members = zipMembers(content);
  if (!options.has('q')) await run.stdout.write(`Archive:  ${path}\n`);
  if (members === undefined)
    throw new Fault(
      flavour === 'gnu'
        ? `  End-of-central-directory signature not found.  Either this file is not\n  a zipfile, or it constitutes one disk of a multi-part archive.  In the\n  latter case the central directory and zipfile comment will be found on\n  the last disk(s) of this archive.\nunzip:  cannot find zipfile directory in one of ${path} or\n        ${path}.zip, and cannot find ${path}.ZIP, period.\n`
        : 'unzip: no end-of-central-directory signature found\n',
      flavour === 'gnu' ? 9 : 1,
    );
  if (options.has('l')) {
    await run.stdout.write(
      `  Length      Date    Time    Name\n---------  ---------- -----   ----\n${members.map((member) => `${`${member.content.length}`.padStart(9)}  2024-01-01 00:00   ${member.name}\n`).join('')}---------                     -------\n${`${members.reduce((sum, member) => sum + member.content.length, 0)}`.padStart(9)}                     ${members.length} file${members.length === 1 ? '' : 's'}\n`,
    );
    return 0;
  }
  for (const member of members) {
    if (wanted.length > 0 && !wanted.includes(member.name)) continue;
    if (options.has('p')) await run.stdout.write(member.content);
    else await inflate(run, member, options.value('d'), options.has('j'), options.has('q'), options.has('n'));
  }
  return 0;
};

async function inflate(
  run: Run,
  member: ZipMember,
  folder: string | undefined,
  isFlat: boolean,
  isQuiet: boolean,
  isCareful: boolean,
): Promise<void> {
  const safe = member.name
    .split('/')
    .filter((part) => part !== '..' && part !== '.' && part !== '')
    .join('/');
  const name = isFlat ? safe.slice(safe.lastIndexOf('/') + 1) : safe;
  const path = folder === undefined ? name : join(folder.replace(/\/+$/, '') || '/', name);
  if (name === '') return;
  if (member.name.endsWith('/')) {
    if (!isFlat) makeAll(run, path);
    if (!isQuiet) await run.stdout.write(`   creating: ${path}/\n`);
    return;
  }
  if (path.includes('/')) makeAll(run, path.slice(0, path.lastIndexOf('/')) || '/');
  if (isCareful && isThere(run, path)) return;
  run.files.write(path, Buffer.from(member.content), { mode: member.mode, now: now(run.world) });
  if (!isQuiet) await run.stdout.write(`  inflating: ${path.padEnd(22)}  \n`);
}

export const zip: Tool = async (run, flavour) => {
  const options = optionsOf(run, flavour, { short: 'DeFjJlmnoP:qrRuvxyZ:0123456789' });
  const [archive, ...paths] = options.operands;
  if (archive === undefined || paths.length === 0) throw new Fault('\nzip error: Nothing to do!\n', 12);
  const members: ZipMember[] = [];
  const add = (path: string, depth: number): void => {
    const node = run.files.stat(path);
    if (node.kind === 'directory') {
      if (options.has('r') && depth < 32)
        for (const { name } of run.files.list(path)) add(join(path, name), depth + 1);
    } else if (node.kind === 'file' && node.device === undefined)
      members.push({
        name: path.replace(/^\/+/, ''),
        mode: node.mode & 0o777,
        content: run.files.read(path),
      });
  };
  for (const path of paths) {
    if (run.files.exists(path)) add(path, 0);
    else await run.stderr.write(`\tzip warning: name not matched: ${path}\n`);
  }
  const target = archive.endsWith('.zip') ? archive : `${archive}.zip`;
  run.files.write(target, zipOf(members), { now: now(run.world) });
  if (!options.has('q'))
    await run.stdout.write(members.map(({ name }) => `  adding: ${name} (stored 0%)\n`).join(''));
  return 0;
};
