/** The few programs that the tests of the shell need, so that they fail for nobody else's reasons. */
import { FileError } from '../../files/node.ts';
import { View } from '../../files/view.ts';
import type { Program, Run } from '../../program.ts';
import { programIn } from '../../systems/program-file.ts';
import { baseOf } from '../process/image.ts';
import type { ProgramLookup } from '../process/kernel.ts';

const table: Readonly<Record<string, Program>> = {
  async cat(run) {
    if (run.args.length === 1) return copyInput(run);
    let status = 0;
    for (const path of run.args.slice(1)) {
      try {
        await run.stdout.write(run.files.read(path));
      } catch (error) {
        if (!(error instanceof FileError)) throw error;
        await run.stderr.write(`cat: ${path}: ${error.message}\n`);
        status = 1;
      }
    }
    return status;
  },
  /** `-c` and `-o`, of a plain text or one that stands at the end. */
  async grep(run) {
    const [option = '', wanted = ''] = run.args.slice(1);
    const text = await inputOf(run);
    const pattern = new RegExp(wanted.replace(/[*?+()[\]{}|\\]/g, '\\$&'));
    const lines = text.split('\n').filter((line) => line !== '' && pattern.test(line));
    const shown = option === '-c' ? [String(lines.length)] : lines.map((line) => pattern.exec(line)![0]);
    await run.stdout.write(shown.map((line) => `${line}\n`).join(''));
    return lines.length > 0 ? 0 : 1;
  },
  async sleep(run) {
    await run.sleep(Number(run.args[1]) * 1000);
    return 0;
  },
  async mkdir(run) {
    for (const path of run.args.slice(1)) {
      if (path.startsWith('-')) continue;
      path.split('/').reduce((parent, name) => {
        const folder = parent === '' ? name : `${parent}/${name}`;
        if (folder !== '' && !run.files.exists(folder)) run.files.mkdir(folder);
        return folder;
      }, '');
    }
    return 0;
  },
  async chmod(run) {
    for (const path of run.args.slice(2)) run.files.change(path, { mode: 0o755 });
    return 0;
  },
  async yes(run) {
    for (;;) {
      await run.stdout.write('y\n');
      await run.work(1);
    }
  },
  async echo(run) {
    await run.stdout.write(`${run.args.slice(1).join(' ')}\n`);
    return 0;
  },
  async env(run) {
    for (const [name, value] of run.env) await run.stdout.write(`${name}=${value}\n`);
    return 0;
  },
  async chroot(run) {
    return run.exec(run.args.slice(2), { files: run.files.chroot(run.args[1]!) });
  },
  async nohup(run) {
    return run.exec(run.args.slice(1), { isDetached: true });
  },
};

async function copyInput(run: Run): Promise<number> {
  for (;;) {
    const bytes = await run.stdin.read();
    if (bytes === undefined) return 0;
    await run.stdout.write(bytes);
  }
}

async function inputOf(run: Run): Promise<string> {
  const chunks: Uint8Array[] = [];
  for (;;) {
    const bytes = await run.stdin.read();
    if (bytes === undefined) return Buffer.concat(chunks).toString();
    chunks.push(bytes);
  }
}

export const programs: ProgramLookup = (world, path) => {
  const node = new View(world.files).stat(path);
  const name = node.kind === 'file' ? programIn(node.content) : undefined;
  if (name !== 'busybox') return name === undefined ? undefined : table[name];
  return (run) => table[baseOf(run.args[0]!)]?.(run) ?? 127;
};
