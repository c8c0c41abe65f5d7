/** gcc, make and git: programs that bring more programs. */
import { elf } from '../../systems/program-file.ts';
import { now } from '../../world.ts';
import { makeAll } from '../files/make.ts';
import { transfer } from '../network/transfer.ts';
import { parseAddress } from '../network/url.ts';
import { Fault, latin, nameOf, type Tool } from '../tool.ts';
import { silent } from './python.ts';

/** Compiles to something that looks compiled. */
export const gcc: Tool = async (run, flavour) => {
  const args = run.args.slice(1);
  if (args.some((arg) => /^(-v|--version)$/.test(arg))) return silent(run, flavour);
  if (args.includes('-dumpmachine')) {
    await run.stdout.write('x86_64-linux-gnu\n');
    return 0;
  }
  const at = args.indexOf('-o');
  const output = at >= 0 ? args[at + 1]! : 'a.out';
  const sources = args.filter((arg, index) => !arg.startsWith('-') && index !== at + 1);
  const name = nameOf(run);
  if (sources.length === 0 && !args.includes('-'))
    throw new Fault(`${name}: fatal error: no input files\ncompilation terminated.\n`, 1);
  for (const source of sources)
    if (!run.files.exists(source))
      throw new Fault(
        `${name}: error: ${source}: No such file or directory\n${name}: fatal error: no input files\ncompilation terminated.\n`,
        1,
      );
  await run.sleep(400);
  const target = args.includes('-c') && at < 0 ? (sources[0] ?? 'a').replace(/\.\w+$/, '.o') : output;
  const size = 16_000 + (sources.join('').length % 7) * 24;
  run.files.write(
    target,
    { size, content: () => elf(run.world.persona, target, size) },
    { mode: 0o755, now: now(run.world) },
  );
  return 0;
};

export const make: Tool = async (run, flavour) => {
  if (run.args.some((arg) => /^(-v|--version)$/.test(arg))) return silent(run, flavour);
  const at = run.args.indexOf('-C');
  const view =
    at > 0 && run.files.exists(run.args[at + 1] ?? '') ? run.files.in(run.args[at + 1]!) : run.files;
  const file = ['Makefile', 'makefile', 'GNUmakefile'].find((name) => view.exists(name));
  if (file === undefined)
    throw new Fault('make: *** No targets specified and no makefile found.  Stop.\n', 2);
  // What the first rule would run, line by line.
  const lines = latin(view.read(file)).split('\n');
  const start = lines.findIndex((line) => /^[\w./-]+\s*:(?!=)/.test(line) && !line.startsWith('.'));
  for (const line of lines.slice(start + 1)) {
    if (!line.startsWith('\t')) break;
    const command = line.trim().replace(/^[@-]+/, '');
    if (!line.trim().startsWith('@')) await run.stdout.write(`${command}\n`);
    const code = await run.exec(['/bin/sh', '-c', command], { files: view });
    if (code !== 0 && !line.trim().startsWith('-'))
      throw new Fault(`make: *** [${file}:${start + 2}: all] Error ${code}\n`, 2);
  }
  return 0;
};

export const git: Tool = async (run) => {
  const words = run.args
    .slice(1)
    .filter(
      (arg, index, all) =>
        !arg.startsWith('-') && !/^(-b|--branch|--depth|-C|-c)$/.test(all[index - 1] ?? ''),
    );
  const [verb = '', ...rest] = words;
  if (run.args.includes('--version')) {
    await run.stdout.write('git version 2.39.5\n');
    return 0;
  }
  switch (verb) {
    case 'clone': {
      const [
        url = '',
        folder = url
          .replace(/\/+$/, '')
          .replace(/\.git$/, '')
          .replace(/^.*[/:]/, ''),
      ] = rest;
      if (url === '') throw new Fault('fatal: You must specify a repository to clone.\n', 129);
      if (run.files.exists(folder))
        throw new Fault(
          `fatal: destination path '${folder}' already exists and is not an empty directory.\n`,
          128,
        );
      const address = parseAddress(url);
      await run.stderr.write(`Cloning into '${folder}'...\n`);
      if (address === undefined || !/^(https?|git)$/.test(address.scheme)) {
        run.note({ kind: 'request', tool: 'git', url });
        throw new Fault(
          `fatal: Could not read from remote repository.\n\nPlease make sure you have the correct access rights\nand the repository exists.\n`,
          128,
        );
      }
      const answer = await transfer(run, {
        tool: 'git',
        address,
        method: 'GET',
        headers: {},
        savedAs: folder,
      });
      if (answer.kind !== 'answer')
        throw new Fault(`fatal: unable to access '${url}/': Could not resolve host: ${address.host}\n`, 128);
      for (const path of ['', '/.git', '/.git/refs', '/.git/objects']) makeAll(run, folder + path);
      run.files.write(`${folder}/.git/HEAD`, Buffer.from('ref: refs/heads/master\n'), {
        now: now(run.world),
      });
      run.files.write(
        `${folder}/.git/config`,
        Buffer.from(`[core]\n\trepositoryformatversion = 0\n[remote "origin"]\n\turl = ${url}\n`),
        { now: now(run.world) },
      );
      run.files.write(`${folder}/README.md`, Buffer.from(`# ${folder}\n`), { now: now(run.world) });
      return 0;
    }
    case 'pull':
    case 'fetch':
      await run.stdout.write(verb === 'pull' ? 'Already up to date.\n' : '');
      return 0;
    case '':
      await run.stdout.write(
        'usage: git [-v | --version] [-h | --help] [-C <path>] [-c <name>=<value>]\n           [--exec-path[=<path>]] [--html-path] [--man-path] [--info-path]\n',
      );
      return 1;
    case 'init':
      makeAll(run, '.git');
      await run.stdout.write(`Initialized empty Git repository in ${run.files.cwd}/.git/\n`);
      return 0;
    case 'config':
      return 0;
    default:
      if (!run.files.exists('.git'))
        throw new Fault('fatal: not a git repository (or any of the parent directories): .git\n', 128);
      if (verb === 'status')
        await run.stdout.write('On branch master\nnothing to commit, working tree clean\n');
      return 0;
  }
};
