/** `docker cp` and `export`: files of a container as a tar. */

import type { AnswerStream } from '../../http/serve.ts';
import { contentOf, type Node } from '../../world/files/node.ts';
import { join, nameOf, parentOf } from '../../world/files/tree.ts';
import { View } from '../../world/files/view.ts';
import { apiHeaders, type Call, flag, respondEmpty } from '../api/call.ts';
import type { Route } from '../api/route.ts';
import { extract } from '../archive/extract.ts';
import { tarEnd, tarEntry } from '../archive/tar.ts';
import { artefactsOf, openArchive, textsOfFiles } from '../archive/unpack.ts';
import type { Container } from '../engine/container.ts';
import { containerOf } from '../engine/engine.ts';
import { badRequest, broken, notFound } from '../engine/failure.ts';
import { clean } from '../engine/mounts.ts';
import { worldOf } from '../engine/worlds.ts';
import { goTime } from '../json/encode.ts';

export const archiveRoutes: readonly Route[] = [
  { method: 'HEAD', pattern: '/containers/{name}/archive', handle: stat },
  { method: 'GET', pattern: '/containers/{name}/archive', handle: download },
  { method: 'PUT', pattern: '/containers/{name}/archive', handle: upload, recordsItself: true },
  { method: 'GET', pattern: '/containers/{name}/export', handle: exportAll },
];

/** Of one answer: entries, and bytes. */
const mostEntries = 4000;
const mostBytes = 32 << 20;

function pathOf({ query }: Call): string {
  const path = query.get('path') ?? '';
  if (path === '') throw badRequest('bad parameter: pathcannot be empty');
  return clean(path);
}

function find(call: Call): { readonly view: View; readonly path: string; readonly node: Node } {
  const path = pathOf(call);
  const container = containerOf(call.engine, call.name);
  const view = new View(worldOf(call.engine, container).files);
  try {
    return { view, path, node: view.lstat(path) };
  } catch {
    throw notFound(`Could not find the file ${path} in container ${call.name}`);
  }
}

function stat(call: Call): void {
  const { path, node } = find(call);
  // Without a length, as Go answers HEAD where nothing was written.
  call.exchange.stream(200, [...apiHeaders, statHeader(path, node)]).end();
}

/** Go's `os.FileMode`: its own bits for directories and links. */
function statHeader(path: string, node: Node): readonly [string, string] {
  const kind = { directory: 0x80000000, link: 0x08000000, file: 0 }[node.kind];
  const sticky = (node.mode & 0o1000) !== 0 ? 0x00100000 : 0;
  const told = {
    name: path === '/' ? '/' : nameOf(path),
    size: node.kind === 'file' ? node.size : node.kind === 'link' ? node.target.length : 4096,
    mode: kind + sticky + (node.mode & 0o777),
    mtime: goTime({ at: node.mtime, nanoseconds: 0 }),
    linkTarget: node.kind === 'link' ? clean(join(parentOf(path), node.target)) : '',
  };
  return ['X-Docker-Container-Path-Stat', Buffer.from(JSON.stringify(told)).toString('base64')];
}

async function download(call: Call): Promise<void> {
  const { view, path, node } = find(call);
  call.engine.events.ofContainer('archive-path', containerOf(call.engine, call.name));
  const headers = [...apiHeaders, ['Content-Type', 'application/x-tar'], statHeader(path, node)] as const;
  const stream = call.exchange.stream(200, headers);
  await sendTree(stream, view, path, path === '/' ? '' : nameOf(path));
  await stream.write(tarEnd);
  stream.end();
}

async function exportAll(call: Call): Promise<void> {
  const container = containerOf(call.engine, call.name);
  const view = new View(worldOf(call.engine, container).files);
  call.engine.events.ofContainer('export', container);
  const stream = call.exchange.stream(200, [...apiHeaders, ['Content-Type', 'application/octet-stream']]);
  await sendTree(stream, view, '/', '');
  await stream.write(tarEnd);
  stream.end();
}

/** Entries in the order of their names, parents first; what is made at each reading, as /proc, is left out. */
async function sendTree(stream: AnswerStream, view: View, root: string, as: string): Promise<void> {
  const open: (readonly [path: string, name: string])[] = [[root, as]];
  let [entries, bytes] = [0, 0];
  while (open.length > 0 && entries < mostEntries && bytes < mostBytes) {
    const [path, name] = open.pop()!;
    const node = view.lstat(path);
    if (name !== '') {
      const packed = packOf(node, name);
      entries += 1;
      bytes += packed.length;
      if (!(await stream.write(packed))) return;
    }
    if (node.kind !== 'directory' || /^\/(proc|sys|dev)$/.test(path)) continue;
    const inside = view.list(path).reverse();
    for (const one of inside)
      open.push([join(path, one.name), name === '' ? one.name : `${name}/${one.name}`]);
  }
}

function packOf(node: Node, name: string): Buffer {
  const common = { name, mode: node.mode, uid: node.uid, gid: node.gid, mtime: node.mtime };
  if (node.kind === 'directory') return tarEntry({ ...common, kind: 'directory', target: '' });
  if (node.kind === 'link') return tarEntry({ ...common, kind: 'link', target: node.target });
  return tarEntry({
    ...common,
    kind: 'file',
    target: '',
    content: node.device ? new Uint8Array() : contentOf(node),
  });
}

async function upload(call: Call): Promise<void> {
  const { engine, exchange } = call;
  exchange.connection.relax();
  const { bytes, length } = await exchange.body();
  const archive = await openArchive(bytes);
  const files = archive.entries.filter(({ kind }) => kind !== 'directory');
  await call.record('archive.put', {
    raw: bytes,
    texts: textsOfFiles(archive.entries),
    artefacts: artefactsOf(archive.entries, `${clean(call.query.get('path') ?? '/').replace(/\/$/, '')}/`),
    data: {
      container: call.name,
      path: call.query.get('path') ?? '',
      files: files.slice(0, 200).map(({ name }) => name.slice(0, 500)),
      length,
    },
  });
  const path = pathOf(call);
  const container = containerOf(engine, call.name);
  const view = new View(worldOf(engine, container).files);
  if (!view.exists(path)) throw notFound(`Could not find the file ${path} in container ${call.name}`);
  if (view.stat(path).kind !== 'directory') throw broken('extraction point is not a directory');
  requireWritable(container, path);
  extract(view, path, archive.entries, flag(call, 'noOverwriteDirNonDir'));
  engine.events.ofContainer('extract-to-dir', container);
  respondEmpty(call, 200);
}

function requireWritable({ hostConfig, mounts }: Container, path: string): void {
  const mount = mounts.find(({ Destination }) => path === Destination || path.startsWith(`${Destination}/`));
  if (mount !== undefined && !mount.RW) throw broken('mounted volume is marked read-only');
  if (mount === undefined && hostConfig.ReadonlyRootfs) throw broken('container rootfs is marked read-only');
}
