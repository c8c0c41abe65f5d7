import { type Call, flag, respondEmpty, respondJson } from '../api/call.ts';
import { type Filters, filtersOf } from '../api/filters.ts';
import type { Route } from '../api/route.ts';
import { isRunning } from '../engine/container.ts';
import { imageJson, imageSummary } from '../engine/describe.ts';
import { type Engine, imageOf, namesOf, tag } from '../engine/engine.ts';
import { conflict, DockerError } from '../engine/failure.ts';
import type { Image } from '../engine/image.ts';
import { forgetImage } from '../engine/images.ts';
import { officialImages } from '../engine/official-images.ts';
import { familiar, namedReference, parseReference, withDefaultTag } from '../engine/reference.ts';
import { goTime, neverTime } from '../json/encode.ts';

export const imageRoutes: readonly Route[] = [
  { method: 'GET', pattern: '/images/json', handle: list },
  { method: 'GET', pattern: '/images/search', handle: search },
  { method: 'GET', pattern: '/images/{name}/history', handle: history },
  { method: 'GET', pattern: '/images/{name}/json', handle: inspect },
  { method: 'POST', pattern: '/images/prune', handle: prune },
  { method: 'POST', pattern: '/images/{name}/tag', handle: tagImage },
  { method: 'DELETE', pattern: '/images/{name}', handle: remove },
];

function list(call: Call): void {
  const { engine, query, minor } = call;
  const filters = filtersOf(call, ['dangling', 'label', 'before', 'since', 'reference', 'until']);
  const isDangling = filters.truth('dangling');
  const old = minor < 25 ? query.get('filter') : null;
  const patterns = [...filters.get('reference'), ...(old ? [old] : [])];
  const [before, since] = (['before', 'since'] as const).map((name) => edgeOf(engine, filters, name));
  const shown = [...engine.images.values()]
    .filter(({ id, created, config }) => {
      const { tags, digests } = namesOf(engine, id);
      if (isDangling !== undefined && isDangling !== (tags.length + digests.length === 0)) return false;
      if (before !== undefined && created.at >= before) return false;
      if (since !== undefined && created.at <= since) return false;
      if (!filters.matchesLabels(config.Labels)) return false;
      return patterns.length === 0 || tags.some((name) => isNamed(name, patterns));
    })
    .sort((a, b) => b.created.at - a.created.at);
  respondJson(
    call,
    200,
    shown.map((image) => withPatterns(imageSummary(engine, image), patterns)),
  );
}

function edgeOf(engine: Engine, filters: Filters, name: string): number | undefined {
  const [value] = filters.get(name);
  return value === undefined ? undefined : imageOf(engine, value).created.at;
}

/** Names that were not asked for are not shown. */
function withPatterns(summary: object, patterns: readonly string[]): object {
  if (patterns.length === 0) return summary;
  const { RepoTags: tags } = summary as { RepoTags: readonly string[] | null };
  return { ...summary, RepoDigests: null, RepoTags: tags?.filter((name) => isNamed(name, patterns)) ?? null };
}

/** A pattern is of the name, or of name and tag; `*` does not go beyond a slash. */
function isNamed(name: string, patterns: readonly string[]): boolean {
  const plain = name.slice(0, name.lastIndexOf(':'));
  return patterns.some((pattern) => matches(name, pattern) || matches(plain, pattern));
}

function matches(text: string, pattern: string): boolean {
  const [textParts, patternParts] = [text.split('/'), pattern.split('/')];
  return (
    textParts.length === patternParts.length &&
    patternParts.every((part, index) => {
      const pieces = part.split('*');
      const whole = textParts[index]!;
      if (pieces.length === 1) return whole === part;
      if (!whole.startsWith(pieces[0]!) || !whole.endsWith(pieces.at(-1)!)) return false;
      let at = pieces[0]!.length;
      for (const piece of pieces.slice(1, -1)) {
        const found = whole.indexOf(piece, at);
        if (found < 0) return false;
        at = found + piece.length;
      }
      return at <= whole.length - pieces.at(-1)!.length;
    })
  );
}

function inspect(call: Call): void {
  const { engine, name } = call;
  try {
    const image = imageOf(engine, name);
    const at = engine.taggedAt.get(image.id);
    respondJson(call, 200, imageJson(engine, image, at === undefined ? neverTime : goTime(at)));
  } catch (error) {
    if (!(error instanceof DockerError)) throw error;
    throw new DockerError(error.status, `no such image: ${name}: ${error.message}`);
  }
}

function history(call: Call): void {
  const { engine } = call;
  const image = imageOf(engine, call.name);
  const newest = image.history.length - 1;
  const entries = image.history.map((entry, index) => {
    const id = index === newest ? image.id : entry.id;
    const { tags } = namesOf(engine, id);
    return {
      Comment: entry.comment,
      Created: Math.floor(entry.created.at / 1000),
      CreatedBy: entry.createdBy,
      Id: id,
      Size: entry.size,
      Tags: tags.length === 0 ? null : tags,
    };
  });
  respondJson(call, 200, entries.reverse());
}

function tagImage(call: Call): void {
  const { engine, query } = call;
  const image = imageOf(engine, call.name);
  tag(engine, familiar(namedReference(query.get('repo') ?? '', query.get('tag') ?? '')), image);
  respondEmpty(call, 201);
}

function remove(call: Call): void {
  const { engine, name } = call;
  const image = imageOf(engine, name);
  const isForced = flag(call, 'force');
  const { tags, digests } = namesOf(engine, image.id);
  const isById =
    /^(sha256:)?[0-9a-f]+$/.test(name) &&
    image.id.replace('sha256:', '').startsWith(name.replace('sha256:', '')) &&
    !engine.tags.has(`${name}:latest`);
  const users = [...engine.containers.values()].filter((container) => container.image.id === image.id);
  const first = users[0]?.id.slice(0, 12);
  const short = image.id.slice(7, 19);
  const told: object[] = [];
  if (isById) {
    if (users.some(isRunning))
      throw conflict(
        `conflict: unable to delete ${short} (cannot be forced) - image is being used by running container ${users.find(isRunning)!.id.slice(0, 12)}`,
      );
    if (tags.length > 1 && !isForced)
      throw conflict(
        `conflict: unable to delete ${short} (must be forced) - image is referenced in multiple repositories`,
      );
    if (users.length > 0 && !isForced)
      throw conflict(
        `conflict: unable to delete ${short} (must be forced) - image is being used by stopped container ${first}`,
      );
    for (const one of [...tags, ...digests]) untag(engine, image, one, told);
  } else {
    const reference = familiar(withDefaultTag(parseReference(name)));
    if (tags.length <= 1 && users.length > 0 && !isForced)
      throw conflict(
        `conflict: unable to remove repository reference "${name}" (must force) - container ${first} is using its referenced image ${short}`,
      );
    untag(engine, image, engine.tags.has(reference) ? reference : name, told);
    const left = namesOf(engine, image.id);
    if (left.tags.length === 0) for (const one of left.digests) untag(engine, image, one, told);
  }
  const left = namesOf(engine, image.id);
  if (left.tags.length === 0 && left.digests.length === 0 && users.length === 0) {
    forgetImage(engine, image);
    engine.events.ofImage('delete', image.id);
    told.push({ Deleted: image.id });
    if (image.parent === '')
      for (const { diffId } of [...image.layers].reverse()) told.push({ Deleted: diffId });
  }
  respondJson(call, 200, told);
}

function untag(engine: Engine, image: Image, name: string, told: object[]): void {
  if (!engine.tags.delete(name)) return;
  engine.events.ofImage('untag', image.id);
  told.push({ Untagged: name });
}

function prune(call: Call): void {
  const { engine } = call;
  const filters = filtersOf(call, ['dangling', 'label', 'label!', 'until']);
  const isDanglingOnly = filters.truth('dangling') ?? true;
  const used = new Set([...engine.containers.values()].map(({ image }) => image.id));
  const deleted: object[] = [];
  let reclaimed = 0;
  for (const image of engine.images.values()) {
    const { tags, digests } = namesOf(engine, image.id);
    if (used.has(image.id) || (isDanglingOnly && tags.length + digests.length > 0)) continue;
    for (const name of [...tags, ...digests]) untag(engine, image, name, deleted);
    forgetImage(engine, image);
    deleted.push({ Deleted: image.id });
    reclaimed += image.parent === '' ? image.size : 0;
  }
  respondJson(call, 200, { ImagesDeleted: deleted.length === 0 ? null : deleted, SpaceReclaimed: reclaimed });
}

function search(call: Call): void {
  const term = (call.query.get('term') ?? '').toLowerCase();
  const random = call.engine.persona.random(`docker/search/${term}`);
  const found = Object.keys(officialImages).filter((name) => term !== '' && name.includes(term));
  const more = /^[a-z0-9]+$/.test(term)
    ? ['bitnami', 'linuxserver', 'circleci'].map((owner) => `${owner}/${term}`)
    : [];
  respondJson(
    call,
    200,
    [...found, ...more].slice(0, 25).map((name, index) => ({
      star_count: Math.max(0, random.int(200, 9000) - index * 150),
      is_official: !name.includes('/'),
      name,
      is_automated: false,
      description: '',
    })),
  );
}
