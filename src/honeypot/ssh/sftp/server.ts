/**
 * The subsystem `sftp`, as OpenSSH's sftp-server: files of the emulated machine, read and changed; whoever runs it is told
 * of each file that was left. Packets are bounded, and answered one after another.
 */
import type { Duplex } from 'node:stream';
import { FileError } from '../../world/files/node.ts';
import { maxFile, type View } from '../../world/files/view.ts';
import { type Account, accountsOf } from '../../world/systems/account-database.ts';
import { message, type Reader, readerOf, string, u32 } from '../protocol/bytes.ts';
import { attributesOf, type Change, longName, noAttributes, readAttributes } from './attributes.ts';
import { createHandles, type OpenFile } from './handles.ts';
import { answer, extensions, openFlag, request, type Status, sentences, status, statusOf } from './words.ts';

export interface SftpOptions {
  readonly files: View;
  readonly account: Account;
  readonly diskGiB: number;
  /** A file that was written and closed. */
  stored(path: string, content: Buffer): void | Promise<void>;
  /** Anything else that changes the machine: `remove /tmp/x`. */
  changed(what: string): void;
}

/** Of one packet, in bytes; sftp-server's own. */
const maxPacket = 256 * 1024;
const maxRead = 255 * 1024;
/** What sftp-server says it can have open: its limit of descriptors, less its own. */
const openFiles = 1019;
/** Names in one answer to `readdir`. */
const namesAtOnce = 100;

/** Serves until the client ends. What was being written when it was cut off is kept as far as it came. */
export async function serveSftp(stream: Duplex, options: SftpOptions): Promise<void> {
  const server = createServer(options);
  try {
    await answerAll(stream, server);
  } catch (error) {
    if (!stream.destroyed) throw error;
  }
  await server.close();
}

async function answerAll(stream: Duplex, server: ReturnType<typeof createServer>): Promise<void> {
  let bytes: Buffer = Buffer.alloc(0);
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    bytes = bytes.length === 0 ? chunk : Buffer.concat([bytes, chunk]);
    while (bytes.length >= 4) {
      const length = bytes.readUInt32BE();
      // As sftp-server does, which says "bad message" to its log.
      if (length === 0 || length > maxPacket) return;
      if (bytes.length < 4 + length) break;
      const reply = await server.answer(bytes.subarray(4, 4 + length));
      bytes = bytes.subarray(4 + length);
      if (reply === undefined) return;
      if (!stream.write(string(reply)))
        await new Promise((resolve) => stream.once('drain', resolve).once('close', resolve));
    }
  }
}

function createServer({ files, account, diskGiB, stored, changed }: SftpOptions) {
  const handles = createHandles();
  const view = files.in(files.exists(account.home) ? account.home : '/');
  let isBegun = false;

  /** @returns undefined where sftp-server would end */
  async function reply(packet: Buffer): Promise<Buffer | undefined> {
    const reader = readerOf(packet);
    try {
      const type = reader.u8();
      if (type === request.init) {
        reader.u32();
        isBegun = true;
        const told = extensions.flatMap(([name, version]) => [string(name), string(version)]);
        return message(answer.version, u32(3), ...told);
      }
      if (!isBegun) return undefined;
      const id = u32(reader.u32());
      return await act(type, id, reader);
    } catch {
      return undefined;
    }
  }

  async function act(type: number, id: Buffer, reader: Reader): Promise<Buffer> {
    try {
      return await perform(type, id, reader);
    } catch (error) {
      if (error instanceof FileError) return statusAnswer(id, statusOf(error.code));
      throw error;
    }
  }

  async function perform(type: number, id: Buffer, reader: Reader): Promise<Buffer> {
    const ok = (): Buffer => statusAnswer(id, status.ok);
    const path = (): string => pathOf(reader.string());
    switch (type) {
      case request.open:
        return openFile(id, path(), reader.u32(), readAttributes(reader));
      case request.opendir:
        return openDirectory(id, path());
      case request.close:
        return closeHandle(id, reader.string());
      case request.read:
        return readFile(id, reader.string(), reader.u32() * 2 ** 32 + reader.u32(), reader.u32());
      case request.write:
        return writeFile(id, reader.string(), reader.u32() * 2 ** 32 + reader.u32(), reader.string());
      case request.readdir:
        return readDirectory(id, reader.string());
      case request.stat:
        return message(answer.attributes, id, attributesOf(view.stat(path())));
      case request.lstat:
        return message(answer.attributes, id, attributesOf(view.lstat(path())));
      case request.fstat: {
        const open = handles.get(reader.string());
        if (open === undefined) return statusAnswer(id, status.failure);
        return message(answer.attributes, id, attributesOf(view.stat(open.path)));
      }
      case request.setstat:
        change(path(), readAttributes(reader));
        return ok();
      case request.fsetstat: {
        const open = handles.get(reader.string());
        if (open === undefined) return statusAnswer(id, status.failure);
        if (open.kind === 'file') save(open);
        change(open.path, readAttributes(reader));
        return ok();
      }
      case request.remove: {
        const target = path();
        view.unlink(target);
        changed(`remove ${target}`);
        return ok();
      }
      case request.mkdir: {
        const target = path();
        view.mkdir(target, { mode: readAttributes(reader).mode ?? 0o777 });
        changed(`mkdir ${target}`);
        return ok();
      }
      case request.rmdir: {
        const target = path();
        view.rmdir(target);
        changed(`rmdir ${target}`);
        return ok();
      }
      case request.realpath:
        return names(id, [resolved(path())]);
      case request.rename: {
        const [from, to] = [path(), path()];
        if (view.exists(to)) return statusAnswer(id, status.failure);
        view.rename(from, to);
        changed(`rename ${from} ${to}`);
        return ok();
      }
      case request.readlink:
        return names(id, [view.readlink(path())]);
      case request.symlink: {
        const [target, link] = [path(), path()];
        view.symlink(target, link);
        changed(`symlink ${target} ${link}`);
        return ok();
      }
      case request.extended:
        return extended(id, reader.string().toString('latin1'), reader);
      default:
        return statusAnswer(id, status.unsupported);
    }
  }

  function openFile(id: Buffer, path: string, flags: number, attributes: Change): Buffer {
    const has = (flag: number): boolean => (flags & flag) !== 0;
    const isThere = view.exists(path);
    if (!isThere && !has(openFlag.create)) return statusAnswer(id, status.noSuchFile);
    if (isThere && has(openFlag.create) && has(openFlag.exclusive)) return statusAnswer(id, status.failure);
    if (isThere && view.stat(path).kind === 'directory' && has(openFlag.write))
      return statusAnswer(id, status.failure);
    const isNew = !isThere || (has(openFlag.truncate) && has(openFlag.write));
    if (isNew) view.write(path, Buffer.alloc(0), { mode: (attributes.mode ?? 0o666) & ~0o022 });
    const content =
      isNew || !has(openFlag.read | openFlag.append) ? Buffer.alloc(0) : Buffer.from(view.read(path));
    const kept =
      !isNew && has(openFlag.write) && content.length === 0 ? Buffer.from(view.read(path)) : content;
    const handle = handles.add({
      kind: 'file',
      path: resolved(path),
      isAppend: has(openFlag.append),
      content: kept,
      length: kept.length,
      isChanged: isNew && has(openFlag.write),
    });
    return handle === undefined
      ? statusAnswer(id, status.failure)
      : message(answer.handle, id, string(handle));
  }

  function openDirectory(id: Buffer, path: string): Buffer {
    const handle = handles.add({ kind: 'directory', path: resolved(path), rest: view.list(path) });
    return handle === undefined
      ? statusAnswer(id, status.failure)
      : message(answer.handle, id, string(handle));
  }

  async function closeHandle(id: Buffer, handle: Buffer): Promise<Buffer> {
    const open = handles.take(handle);
    if (open === undefined) return statusAnswer(id, status.failure);
    if (open.kind === 'file') await store(open);
    return statusAnswer(id, status.ok);
  }

  function readFile(id: Buffer, handle: Buffer, offset: number, length: number): Buffer {
    const open = handles.get(handle);
    if (open?.kind !== 'file') return statusAnswer(id, status.failure);
    if (offset >= open.length) return statusAnswer(id, status.eof);
    const end = Math.min(open.length, offset + Math.min(length, maxRead));
    return message(answer.data, id, string(open.content.subarray(offset, end)));
  }

  function writeFile(id: Buffer, handle: Buffer, offset: number, bytes: Buffer): Buffer {
    const open = handles.get(handle);
    if (open?.kind !== 'file') return statusAnswer(id, status.failure);
    const at = open.isAppend ? open.length : offset;
    const end = at + bytes.length;
    // The disk of the machine is full.
    if (end > maxFile) return statusAnswer(id, status.failure);
    if (end > open.content.length) {
      const larger = Buffer.alloc(Math.min(maxFile, Math.max(end, 2 * open.content.length)));
      open.content.copy(larger, 0, 0, open.length);
      open.content = larger;
    }
    bytes.copy(open.content, at);
    open.length = Math.max(open.length, end);
    open.isChanged = true;
    return statusAnswer(id, status.ok);
  }

  function save(open: OpenFile): void {
    if (open.isChanged) view.write(open.path, Buffer.from(open.content.subarray(0, open.length)));
  }

  async function store(open: OpenFile): Promise<void> {
    if (!open.isChanged) return;
    const content = Buffer.from(open.content.subarray(0, open.length));
    try {
      view.write(open.path, content);
    } catch {
      // It was removed meanwhile, or there is no room; what came is evidence all the same.
    }
    await stored(open.path, content);
  }

  function readDirectory(id: Buffer, handle: Buffer): Buffer {
    const open = handles.get(handle);
    if (open?.kind !== 'directory') return statusAnswer(id, status.failure);
    if (open.rest.length === 0) return statusAnswer(id, status.eof);
    const accounts = accountsOf(view);
    const now = Date.now();
    const told = open.rest.slice(0, namesAtOnce);
    open.rest = open.rest.slice(namesAtOnce);
    const parts = told.flatMap(({ name, node }) => {
      const user = accounts.byId(node.uid)?.name ?? String(node.uid);
      const group = accounts.groupById(node.gid)?.name ?? String(node.gid);
      const long = longName(name, node, user, group, now);
      return [string(Buffer.from(name)), string(Buffer.from(long)), attributesOf(node)];
    });
    return message(answer.name, id, u32(told.length), ...parts);
  }

  function change(path: string, { size, owner, mode, mtime }: Change): void {
    if (size !== undefined) {
      const content = Buffer.alloc(Math.min(size, maxFile));
      Buffer.from(view.read(path)).copy(content);
      view.write(path, content);
    }
    if (owner !== undefined) view.change(path, owner);
    if (mode !== undefined) view.change(path, { mode });
    if (mtime !== undefined) view.change(path, { mtime });
  }

  function extended(id: Buffer, name: string, reader: Reader): Buffer {
    const path = (): string => pathOf(reader.string());
    switch (name) {
      case 'posix-rename@openssh.com': {
        const [from, to] = [path(), path()];
        view.rename(from, to);
        changed(`rename ${from} ${to}`);
        return statusAnswer(id, status.ok);
      }
      case 'hardlink@openssh.com': {
        const [from, to] = [path(), path()];
        view.link(from, to);
        changed(`link ${from} ${to}`);
        return statusAnswer(id, status.ok);
      }
      case 'lsetstat@openssh.com':
        change(path(), readAttributes(reader));
        return statusAnswer(id, status.ok);
      case 'fsync@openssh.com':
        return statusAnswer(id, handles.get(reader.string())?.kind === 'file' ? status.ok : status.failure);
      case 'statvfs@openssh.com':
        view.stat(path());
        return message(answer.extendedReply, id, diskState(diskGiB));
      case 'fstatvfs@openssh.com':
        if (handles.get(reader.string()) === undefined) return statusAnswer(id, status.failure);
        return message(answer.extendedReply, id, diskState(diskGiB));
      case 'copy-data':
        return copy(id, reader);
      case 'users-groups-by-id@openssh.com': {
        const { byId, groupById } = accountsOf(view);
        const users = namesOf(reader.string(), (uid) => byId(uid)?.name);
        const groups = namesOf(reader.string(), (gid) => groupById(gid)?.name);
        return message(answer.extendedReply, id, string(users), string(groups));
      }
      case 'limits@openssh.com':
        return message(answer.extendedReply, id, ...[maxPacket, maxRead, maxRead, openFiles].map(u64));
      case 'expand-path@openssh.com':
        return names(id, [resolved(path().replace(/^~(?=\/|$)/, account.home))]);
      case 'home-directory':
        return names(id, [accountsOf(view).byName(path())?.home ?? account.home]);
      default:
        return statusAnswer(id, status.unsupported);
    }
  }

  function copy(id: Buffer, reader: Reader): Buffer {
    const from = handles.get(reader.string());
    const [offset, length] = [reader.u32() * 2 ** 32 + reader.u32(), reader.u32() * 2 ** 32 + reader.u32()];
    const to = reader.string();
    const at = reader.u32() * 2 ** 32 + reader.u32();
    if (from?.kind !== 'file') return statusAnswer(id, status.failure);
    const end = length === 0 ? from.length : Math.min(from.length, offset + length);
    return writeFile(id, to, at, Buffer.from(from.content.subarray(Math.min(offset, end), end)));
  }

  /** Without links and dots, also where nothing is there. */
  function resolved(path: string): string {
    try {
      return view.realpath(path);
    } catch {
      const names: string[] = path.startsWith('/') ? [] : view.cwd.split('/').filter((name) => name !== '');
      for (const name of path.split('/')) {
        if (name === '..') names.pop();
        else if (name !== '' && name !== '.') names.push(name);
      }
      return `/${names.join('/')}`;
    }
  }

  return {
    answer: reply,
    /** Files that were never closed were left all the same. */
    async close() {
      for (const open of handles.all()) if (open.kind === 'file') await store(open);
    },
  };
}

function pathOf(bytes: Buffer): string {
  return bytes.length === 0 ? '.' : bytes.toString('utf8');
}

function names(id: Buffer, paths: readonly string[]): Buffer {
  const parts = paths.flatMap((path) => [string(Buffer.from(path)), string(Buffer.from(path)), noAttributes]);
  return message(answer.name, id, u32(paths.length), ...parts);
}

function statusAnswer(id: Buffer, code: Status): Buffer {
  return message(answer.status, id, u32(code), string(sentences[code]), string(''));
}

/** Empty where a number has no name. */
function namesOf(numbers: Buffer, nameOf: (number: number) => string | undefined): Buffer {
  const found: Buffer[] = [];
  for (let at = 0; at + 4 <= numbers.length; at += 4)
    found.push(string(Buffer.from(nameOf(numbers.readUInt32BE(at)) ?? '')));
  return Buffer.concat(found);
}

/** `struct statvfs` of the root file system, a third of it used. */
function diskState(diskGiB: number): Buffer {
  const blocks = diskGiB * 258_000;
  const free = Math.floor(blocks * 0.66);
  const inodes = diskGiB * 64_000;
  const fields = [
    4096,
    4096,
    blocks,
    free,
    Math.floor(free * 0.93),
    inodes,
    inodes - 60_000,
    inodes - 60_000,
  ];
  // Its number, no flags, and the longest name.
  return Buffer.concat([...fields, 0xfd00, 0, 255].map(u64));
}

function u64(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(value));
  return bytes;
}
