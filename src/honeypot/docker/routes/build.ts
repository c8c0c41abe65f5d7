/** `docker build`: the context is kept, the steps are answered. */

import { apiHeaders, type Call, flag, respondJson } from '../api/call.ts';
import { filtersOf } from '../api/filters.ts';
import type { Route } from '../api/route.ts';
import { artefactsOf, openArchive, textsOfFiles } from '../archive/unpack.ts';
import { build } from '../build/builder.ts';
import { parseDockerfile } from '../build/dockerfile.ts';
import { tag } from '../engine/engine.ts';
import { broken } from '../engine/failure.ts';
import { addImage } from '../engine/images.ts';
import { clean } from '../engine/mounts.ts';
import { familiar, parseReference, withDefaultTag } from '../engine/reference.ts';
import { message } from '../json/progress.ts';
import { registryAuthOf } from '../registry-auth.ts';

export const buildRoutes: readonly Route[] = [
  { method: 'POST', pattern: '/build', handle: buildImage, recordsItself: true },
  { method: 'POST', pattern: '/build/prune', handle: prune },
];

async function buildImage(call: Call): Promise<void> {
  const { engine, exchange, query } = call;
  exchange.connection.relax();
  const { bytes, length } = await exchange.body();
  const archive = await openArchive(bytes);
  const name = query.get('dockerfile') || 'Dockerfile';
  const remote = query.get('remote') ?? '';
  const dockerfile = archive.entries.find((entry) => clean(entry.name) === clean(name));
  const text = dockerfile === undefined ? undefined : Buffer.from(dockerfile.content).toString('utf8');
  const tags = query.getAll('t').filter((one) => one !== '');
  await call.record('image.build', {
    raw: bytes,
    texts: [...(text === undefined ? [] : [text]), remote, ...textsOfFiles(archive.entries)],
    images: [...(text?.matchAll(/^\s*FROM\s+(?:--\S+\s+)?(\S+)/gim) ?? [])]
      .map(([, image]) => image!)
      .slice(0, 20),
    artefacts: [
      ...(length > 0 ? [{ name: 'build context', content: bytes }] : []),
      ...artefactsOf(archive.entries, 'context/'),
    ],
    data: {
      dockerfile: text?.slice(0, 16_000),
      tags,
      remote,
      arguments: query.get('buildargs')?.slice(0, 4000),
      auth: registryAuthOf(exchange),
      files: archive.entries.slice(0, 200).map((entry) => entry.name.slice(0, 500)),
      length,
    },
  });
  const version = query.get('version') ?? '';
  if (!/^[12]?$/.test(version)) throw broken(`invalid version "${version}"`);
  if (archive.isBroken) throw broken('unexpected EOF');
  const references = tags.map((one) => {
    try {
      return withDefaultTag(parseReference(one));
    } catch (error) {
      throw broken(error instanceof Error ? error.message : '');
    }
  });
  if (text === undefined) throw broken(`Cannot locate specified Dockerfile: ${name}`);
  const steps = parseDockerfile(text);
  const isQuiet = flag(call, 'q');
  const stream = exchange.stream(200, [...apiHeaders, ['Content-Type', 'application/json']]);
  const { image, outcomes } = await build(engine, stream, steps, archive.entries, {
    isQuiet,
    removes: query.get('rm') === null || flag(call, 'rm'),
    arguments: argumentsOf(query.get('buildargs') ?? ''),
  });
  if (outcomes.length > 0)
    void call.record('container.run', {
      texts: [],
      commands: outcomes.flatMap(({ commands }) => commands.map((words) => words.join(' '))),
      notes: outcomes.flatMap(({ notes }) => notes),
      data: { isBuild: true, tags, exitCode: outcomes.at(-1)!.exitCode },
    });
  if (image !== undefined) {
    addImage(engine, image);
    if (isQuiet) await stream.write(message({ stream: `${image.id}\n` }));
    else {
      await stream.write(message({ aux: { ID: image.id } }));
      await stream.write(message({ stream: `Successfully built ${image.id.slice(7, 19)}\n` }));
    }
    for (const reference of references) {
      tag(engine, familiar(reference), image);
      if (!isQuiet) await stream.write(message({ stream: `Successfully tagged ${familiar(reference)}\n` }));
    }
  }
  stream.end();
}

function argumentsOf(text: string): Map<string, string> {
  try {
    const told: unknown = JSON.parse(text || '{}');
    if (typeof told !== 'object' || told === null) return new Map();
    return new Map(Object.entries(told).map(([name, value]) => [name, String(value ?? '')]));
  } catch {
    return new Map();
  }
}

function prune(call: Call): void {
  filtersOf(call, [
    'until',
    'id',
    'parent',
    'type',
    'description',
    'inuse',
    'shared',
    'private',
    'unused-for',
    'all',
  ]);
  respondJson(call, 200, { CachesDeleted: null, SpaceReclaimed: 0 });
}
