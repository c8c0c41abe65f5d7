/** tar: archives are really packed and unpacked, within the world. */
import { gunzipSync } from 'node:zlib';
import { FileError, type Node } from '../../files/node.ts';
import type { Run } from '../../program.ts';
import { isThere } from '../files/copy.ts';
import { makeAll } from '../files/make.ts';
import { modeText } from '../mode.ts';
import { openInput, readAll } from '../streams.ts';
import { formatTime } from '../time.ts';
import { complain, Fault, type Flavour, nameOf, reasonOf, type Tool } from '../tool.ts';
import { create } from './tar-create.ts';
import { type Member, membersOf, TarFault } from './tar-format.ts';
import { inFolder, mostBytes, requestOf, type TarRequest } from './tar-request.ts';

export const tar: Tool = async (run, flavour) => {
  const request = requestOf(run, flavour);
  return request.mode === 'c' ? create(run, flavour, request) : extract(run, flavour, request);
};

async function archiveOf(run: Run, flavour: Flavour, request: TarRequest): Promise<Buffer> {
  let packed: Buffer;
  try {
    packed = await readAll(run, openInput(run, request.file), mostBytes);
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    throw new Fault(
      flavour === 'gnu'
        ? `${nameOf(run)}: ${request.file}: Cannot open: ${error.message}\n${nameOf(run)}: Error is not recoverable: exiting now\n`
        : `tar: can't open '${request.file}': ${error.message}\n`,
      flavour === 'gnu' ? 2 : 1,
    );
  }
  const isZipped = packed[0] === 0x1f && packed[1] === 0x8b;
  if (request.packing === 'z' && !isZipped)
    throw new Fault(
      flavour === 'gnu'
        ? `\ngzip: stdin: not in gzip format\n${nameOf(run)}: Child returned status 1\n${nameOf(run)}: Error is not recoverable: exiting now\n`
        : 'tar: invalid magic\ntar: short read\n',
      flavour === 'gnu' ? 2 : 1,
    );
  if (request.packing === 'j' && packed.toString('latin1', 0, 3) !== 'BZh')
    throw new Fault(
      `bzip2: (stdin) is not a bzip2 file.\n${nameOf(run)}: Child returned status 2\n${nameOf(run)}: Error is not recoverable: exiting now\n`,
      2,
    );
  if (request.packing === 'J' && packed[0] !== 0xfd)
    throw new Fault(
      `xz: (stdin): File format not recognized\n${nameOf(run)}: Child returned status 1\n${nameOf(run)}: Error is not recoverable: exiting now\n`,
      2,
    );
  await run.work(packed.length >> 7);
  if (!isZipped) return packed;
  try {
    return gunzipSync(packed, { maxOutputLength: mostBytes });
  } catch {
    throw new Fault(
      `\ngzip: stdin: unexpected end of file\n${nameOf(run)}: Unexpected EOF in archive\n${nameOf(run)}: Error is not recoverable: exiting now\n`,
      2,
    );
  }
}

async function extract(run: Run, flavour: Flavour, request: TarRequest): Promise<number> {
  const archive = await archiveOf(run, flavour, request);
  const inside = inFolder(run, flavour, request.folder);
  const wanted = request.operands.map((operand) => operand.replace(/^\.\//, '').replace(/\/+$/, ''));
  const seen = new Set<string>();
  let exitCode = 0;
  try {
    for (const member of membersOf(archive)) {
      await run.work(4);
      const plain = member.name.replace(/^\.\//, '').replace(/\/+$/, '');
      const operand = wanted.find((one) => plain === one || plain.startsWith(`${one}/`));
      if (wanted.length > 0 && operand === undefined) continue;
      if (operand !== undefined) seen.add(operand);
      if (request.mode === 't') {
        await run.stdout.write(request.verbose ? listLine(flavour, member) : `${member.name}\n`);
        continue;
      }
      const stripped = member.name.split('/').slice(request.strip).join('/');
      if (stripped === '') continue;
      if (request.verbose) await (request.toStdout ? run.stderr : run.stdout).write(`${stripped}\n`);
      if (request.toStdout) {
        await run.stdout.write(member.content);
        continue;
      }
      const failure = unpack(inside, member, stripped, request.keepsOld);
      if (failure === undefined) continue;
      exitCode = flavour === 'gnu' ? 2 : 1;
      await complain(run, `${stripped}: ${flavour === 'gnu' ? 'Cannot open: ' : "can't open: "}${failure}`);
    }
  } catch (error) {
    if (!(error instanceof TarFault)) throw error;
    const isBad = error.message.startsWith('This');
    throw new Fault(
      flavour === 'busybox'
        ? isBad
          ? 'tar: invalid tar magic\n'
          : 'tar: short read\n'
        : `${nameOf(run)}: ${error.message}\n${isBad ? `${nameOf(run)}: Skipping to next header\n${nameOf(run)}: Exiting with failure status due to previous errors\n` : `${nameOf(run)}: Error is not recoverable: exiting now\n`}`,
      flavour === 'busybox' ? 1 : 2,
    );
  }
  for (const operand of request.operands) {
    if (seen.has(operand.replace(/^\.\//, '').replace(/\/+$/, ''))) continue;
    exitCode = flavour === 'gnu' ? 2 : 1;
    await complain(
      run,
      flavour === 'gnu' ? `${operand}: Not found in archive` : `${operand}: not found in archive`,
    );
  }
  if (exitCode > 0 && flavour === 'gnu')
    await complain(run, 'Exiting with failure status due to previous errors');
  return exitCode;
}

/** @returns what went wrong. A name that leads out of the folder is taken inside it. */
function unpack(run: Run, member: Member, name: string, keepsOld: boolean): string | undefined {
  const { files } = run;
  const path = name
    .split('/')
    .filter((part) => part !== '..' && part !== '.' && part !== '')
    .join('/');
  if (path === '') return undefined;
  try {
    if (member.kind === 'directory') {
      makeAll(run, path, member.mode);
      return undefined;
    }
    if (path.includes('/')) makeAll(run, path.slice(0, path.lastIndexOf('/')));
    if (isThere(run, path)) {
      if (keepsOld) return 'File exists';
      files.unlink(path);
    }
    if (member.kind === 'link') files.symlink(member.target, path, member.mtime);
    else if (member.kind === 'hard link') files.link(member.target, path);
    else if (member.kind === 'file') {
      files.write(path, Buffer.from(member.content), { mode: member.mode, now: member.mtime });
      if (run.user.uid === 0) files.change(path, { uid: member.uid, gid: member.gid });
    }
    return undefined;
  } catch (error) {
    return reasonOf(error);
  }
}

function listLine(flavour: Flavour, member: Member): string {
  const kind = member.kind === 'hard link' || member.kind === 'other' ? 'file' : member.kind;
  const node = {
    kind,
    mode: member.mode,
    uid: 0,
    gid: 0,
    mtime: member.mtime,
    size: 0,
    content: member.content,
    target: '',
    entries: new Map(),
  } as Node;
  const owner = `${member.user || member.uid}/${member.group || member.gid}`;
  const size = `${member.kind === 'file' ? member.content.length : 0}`;
  const time = formatTime(flavour === 'gnu' ? '%Y-%m-%d %H:%M' : '%Y-%m-%d %H:%M:%S', member.mtime);
  const target =
    member.kind === 'link'
      ? ` -> ${member.target}`
      : member.kind === 'hard link'
        ? ` link to ${member.target}`
        : '';
  const gap = Math.max(1, 19 - owner.length - size.length);
  const mode = modeText(node).replace(/^-/, member.kind === 'hard link' ? 'h' : '-');
  return flavour === 'gnu'
    ? `${mode} ${owner}${' '.repeat(gap)}${size} ${time} ${member.name}${target}\n`
    : `${mode} ${owner}${size.padStart(10)} ${time} ${member.name}${target}\n`;
}
