/** `docker pull` and `import`: nothing is fetched; the progress is that of a real pull, and the image is there afterwards. */

import { rawOf } from '../../http/raw.ts';
import type { AnswerStream } from '../../http/serve.ts';
import type { Node } from '../../world/files/node.ts';
import { apiHeaders, type Call } from '../api/call.ts';
import type { Route } from '../api/route.ts';
import type { TarEntry } from '../archive/tar.ts';
import { artefactsOf, openArchive, textsOfFiles } from '../archive/unpack.ts';
import { applyChanges } from '../build/changes.ts';
import { type ContainerConfig, configOf } from '../engine/config.ts';
import { tag as tagImage } from '../engine/engine.ts';
import { badRequest, broken, DockerError } from '../engine/failure.ts';
import { madeImage } from '../engine/image.ts';
import { addImage } from '../engine/images.ts';
import { clean } from '../engine/mounts.ts';
import { requireReachable, sendPull } from '../engine/pull.ts';
import {
  familiar,
  familiarName,
  parseReference,
  type Reference,
  withDefaultTag,
  withTag,
} from '../engine/reference.ts';
import { errorMessage, progressMessage, statusMessage } from '../json/progress.ts';
import { registryAuthOf } from '../registry-auth.ts';

export const pullRoutes: readonly Route[] = [
  { method: 'POST', pattern: '/images/create', handle: create, recordsItself: true },
];

async function create(call: Call): Promise<void> {
  const { query } = call;
  if ((query.get('fromImage') ?? '') !== '') await pull(call);
  else await importImage(call);
}

async function pull(call: Call): Promise<void> {
  const { exchange, query, engine } = call;
  const name = query.get('fromImage') ?? '';
  const tag = query.get('tag') ?? '';
  const auth = registryAuthOf(exchange);
  let reference: Reference;
  try {
    reference = referenceOf(name, tag);
  } catch (error) {
    await recordPull(call, { image: name, tag, auth, isRefused: true });
    throw error;
  }
  await recordPull(call, {
    image: familiarName(reference),
    registry: reference.domain,
    tag: reference.tag ?? reference.digest ?? '',
    auth,
  });
  requireReachable(reference);
  const known = engine.tags.get(familiar(reference));
  // The daemon goes on for nobody.
  const gone = exchange.leaving();
  await wait(250 + Math.random() * 300);
  const stream = exchange.stream(200, [...apiHeaders, ['Content-Type', 'application/json']]);
  const write: AnswerStream['write'] = async (chunk) => !gone.aborted && stream.write(chunk);
  await sendPull({ write }, engine, reference, known !== undefined);
  stream.end();
}

function referenceOf(name: string, tag: string): Reference {
  const reference = parseReference(name);
  if (tag === '') return withDefaultTag(reference);
  if (!tag.includes(':')) return withTag(reference, tag);
  return parseReference(`${familiarName(reference)}@${tag}`);
}

function recordPull(call: Call, data: Readonly<Record<string, unknown>>): Promise<void> {
  const { exchange, query } = call;
  const image = `${query.get('fromImage') ?? ''}${query.get('tag') ? `:${query.get('tag')}` : ''}`;
  return call.record('image.pull', { raw: rawOf(exchange), texts: [], images: [image.slice(0, 500)], data });
}

/** Bytes that an archive from elsewhere is said to have. */
const fetched = 2_713_600;

async function importImage(call: Call): Promise<void> {
  const { exchange, engine, query } = call;
  const source = query.get('fromSrc') ?? '';
  const repo = query.get('repo') ?? '';
  exchange.connection.relax();
  const { bytes, length } = await exchange.body();
  const archive = await openArchive(bytes);
  await call.record('image.pull', {
    raw: length > 0 ? bytes : rawOf(exchange),
    texts: [source, ...textsOfFiles(archive.entries)],
    artefacts: artefactsOf(archive.entries, '/'),
    images: repo === '' ? [] : [repo],
    data: { source, image: repo, tag: query.get('tag') ?? '', isImport: true, length },
  });
  const reference = repo === '' ? undefined : importName(repo, query.get('tag') ?? '');
  if (source === '') throw broken('Get "http:": http: no Host in request URL');
  const config = importConfig(query.getAll('changes'));
  const stream = exchange.stream(200, [...apiHeaders, ['Content-Type', 'application/json']]);
  if (source === '-' && archive.isBroken) {
    await stream.write(errorMessage('Error processing tar file(exit status 1): unexpected EOF'));
    stream.end();
    return;
  }
  const size = archive.entries.reduce((sum, { content }) => sum + content.length, 0);
  if (source !== '-') {
    const url = /^https?:/i.test(source) ? source : `http://${source}`;
    await stream.write(statusMessage(`Downloading from ${url}`));
    await wait(600);
    for (const part of [0.2, 0.55, 1])
      await stream.write(progressMessage('Importing', undefined, fetched * part, fetched));
  }
  const image = madeImage({
    config,
    comment: `Imported from ${source}`,
    createdBy: '',
    size: source === '-' ? size : fetched * 2,
    files: importedFiles(archive.entries),
  });
  addImage(engine, image);
  if (reference !== undefined) tagImage(engine, familiar(reference), image);
  engine.events.ofImage('import', image.id);
  await stream.write(statusMessage(image.id));
  stream.end();
}

function importName(repo: string, tag: string): Reference {
  const reference = parseReference(repo);
  return tag === '' ? withDefaultTag(reference) : withTag(reference, tag);
}

function importConfig(changes: readonly string[]): ContainerConfig {
  try {
    return applyChanges(configOf({}), changes);
  } catch (error) {
    if (error instanceof DockerError) throw badRequest(error.message);
    throw error;
  }
}

/** Programs of the system that it brings are not taken: the emulated ones are in their place. */
const ofTheSystem = /^\/(bin|sbin|lib|lib64|usr|dev|proc|sys)(\/|$)/;
const mostFiles = 200;
const mostBytes = 4 << 20;

function importedFiles(entries: readonly TarEntry[]): Map<string, Node> {
  const files = new Map<string, Node>();
  let kept = 0;
  for (const { name, kind, mode, uid, gid, mtime, content } of entries) {
    const path = clean(name);
    if (
      kind !== 'file' ||
      ofTheSystem.test(path) ||
      files.size >= mostFiles ||
      kept + content.length > mostBytes
    )
      continue;
    kept += content.length;
    files.set(path, {
      kind: 'file',
      mode,
      uid,
      gid,
      mtime,
      size: content.length,
      content: Buffer.from(content),
    });
  }
  return files;
}

function wait(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
