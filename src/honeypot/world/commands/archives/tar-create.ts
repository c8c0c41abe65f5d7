/** tar -c. */
import { gzipSync } from 'node:zlib';
import type { Node } from '../../files/node.ts';
import { join } from '../../files/tree.ts';
import type { Run } from '../../program.ts';
import { compile, matches } from '../../shell/expansion/pattern.ts';
import { now } from '../../world.ts';
import { ownersOf } from '../owners.ts';
import { complain, Fault, type Flavour, nameOf, reasonOf } from '../tool.ts';
import { type Member, tarOf } from './tar-format.ts';
import { deepest, inFolder, mostBytes, type TarRequest } from './tar-request.ts';

export async function create(run: Run, flavour: Flavour, request: TarRequest): Promise<number> {
  if (request.operands.length === 0)
    throw new Fault(
      flavour === 'gnu'
        ? `${nameOf(run)}: Cowardly refusing to create an empty archive\nTry '${nameOf(run)} --help' or '${nameOf(run)} --usage' for more information.\n`
        : 'tar: empty archive\n',
      flavour === 'gnu' ? 2 : 1,
    );
  const inside = inFolder(run, flavour, request.folder);
  const owners = ownersOf(run);
  const members: Member[] = [];
  let size = 0;
  let exitCode = 0;
  let hasStripped = false;
  const excluded = request.excluded.map((glob) => compile(glob));
  const add = async (path: string, depth: number): Promise<void> => {
    await run.work(4);
    let node: Node;
    try {
      node = inside.files.lstat(path);
    } catch (error) {
      exitCode = flavour === 'gnu' ? 2 : 1;
      await complain(
        run,
        flavour === 'gnu' ? `${path}: Cannot stat: ${reasonOf(error)}` : `${path}: ${reasonOf(error)}`,
      );
      return;
    }
    const base = path.slice(path.lastIndexOf('/') + 1);
    if (excluded.some((pattern) => matches(pattern, base) || matches(pattern, path))) return;
    if (node.kind === 'file' && node.device !== undefined) return;
    const name = path.replace(/^\/+/, '');
    if (name !== path && !hasStripped) {
      hasStripped = true;
      await complain(
        run,
        flavour === 'gnu'
          ? "Removing leading `/' from member names"
          : "removing leading '/' from member names",
      );
    }
    const content = node.kind === 'file' ? inside.files.read(path) : new Uint8Array();
    size += content.length + 512;
    if (size > mostBytes)
      throw new Fault(
        `${nameOf(run)}: ${request.file}: Cannot write: No space left on device\n${nameOf(run)}: Error is not recoverable: exiting now\n`,
        2,
      );
    const shown = node.kind === 'directory' ? `${name.replace(/\/+$/, '')}/` : name;
    if (shown !== '/' && name !== '')
      members.push({
        name: shown,
        kind: node.kind === 'directory' ? 'directory' : node.kind === 'link' ? 'link' : 'file',
        mode: node.mode,
        uid: node.uid,
        gid: node.gid,
        user: owners.user(node.uid),
        group: owners.group(node.gid),
        mtime: node.mtime,
        target: node.kind === 'link' ? node.target : '',
        content,
      });
    if (request.verbose)
      await (request.file === '-' ? run.stderr : run.stdout).write(
        `${node.kind === 'directory' ? `${path.replace(/\/+$/, '')}/` : path}\n`,
      );
    if (node.kind !== 'directory' || depth > deepest) return;
    for (const entry of inside.files.list(path))
      await add(join(path.replace(/(?<=.)\/+$/, ''), entry.name), depth + 1);
  };
  for (const operand of request.operands) await add(operand, 0);
  const plain = tarOf(members);
  const isZipped =
    request.packing === 'z' ||
    (request.packing === undefined &&
      /\.t?gz$/.test(request.file) &&
      run.args.some((arg) => /^-?\w*a/.test(arg)));
  const packed = isZipped ? gzipSync(plain) : plain;
  await run.work(plain.length >> 7);
  if (request.file === '-') await run.stdout.write(packed);
  else {
    try {
      run.files.write(request.file, packed, { now: now(run.world) });
    } catch (error) {
      throw new Fault(
        flavour === 'gnu'
          ? `${nameOf(run)}: ${request.file}: Cannot open: ${reasonOf(error)}\n${nameOf(run)}: Error is not recoverable: exiting now\n`
          : `tar: can't open '${request.file}': ${reasonOf(error)}\n`,
        flavour === 'gnu' ? 2 : 1,
      );
    }
  }
  if (exitCode > 0 && flavour === 'gnu')
    await complain(run, 'Exiting with failure status due to previous errors');
  return exitCode;
}
