/** `/volumes`. */
import { type Call, readBody, respondEmpty, respondJson } from '../api/call.ts';
import { filtersOf } from '../api/filters.ts';
import type { Route } from '../api/route.ts';
import { charge } from '../engine/engine.ts';
import { notFound } from '../engine/failure.ts';
import { removeVolume, volumeFor, volumeJson, volumeOf } from '../engine/volumes.ts';
import { mapOf, struct, text } from '../json/decode.ts';

export const volumeRoutes: readonly Route[] = [
  { method: 'GET', pattern: '/volumes', handle: list },
  { method: 'POST', pattern: '/volumes/create', handle: create },
  { method: 'POST', pattern: '/volumes/prune', handle: prune },
  { method: 'GET', pattern: '/volumes/{name}', handle: inspect },
  { method: 'DELETE', pattern: '/volumes/{name}', handle: remove },
];

const createShape = struct('volume.VolumeCreateBody', {
  Name: text,
  Driver: text,
  DriverOpts: mapOf(text),
  Labels: mapOf(text),
});

function list(call: Call): void {
  const { engine } = call;
  const filters = filtersOf(call, ['dangling', 'name', 'driver', 'label']);
  const isDangling = filters.truth('dangling');
  const used = new Set(
    [...engine.containers.values()].flatMap(({ mounts }) => mounts.map(({ Name }) => Name)),
  );
  const shown = [...engine.volumes.values()].filter(
    ({ name, labels }) =>
      filters.contains('name', name) &&
      filters.matches('driver', 'local') &&
      filters.matchesLabels(labels) &&
      (isDangling === undefined || isDangling === !used.has(name)),
  );
  respondJson(call, 200, { Volumes: shown.map(volumeJson), Warnings: null });
}

async function create(call: Call): Promise<void> {
  const told = await readBody(call, createShape, 'strict');
  const driver = (told.Driver as string | undefined) || 'local';
  if (driver !== 'local')
    throw notFound(
      `create ${told.Name ?? ''}: error looking up volume plugin ${driver}: plugin "${driver}" not found`,
    );
  charge(call.engine, (await call.exchange.body()).length);
  const volume = volumeFor(call.engine, {
    name: (told.Name as string | undefined) ?? '',
    labels: (told.Labels as Record<string, string> | undefined) ?? null,
    options: (told.DriverOpts as Record<string, string> | undefined) ?? null,
  });
  respondJson(call, 201, volumeJson(volume));
}

function inspect(call: Call): void {
  respondJson(call, 200, volumeJson(volumeOf(call.engine, call.name)));
}

function remove(call: Call): void {
  removeVolume(call.engine, call.name);
  respondEmpty(call, 204);
}

function prune(call: Call): void {
  const { engine } = call;
  const filters = filtersOf(call, ['label', 'label!']);
  const used = new Set(
    [...engine.containers.values()].flatMap(({ mounts }) => mounts.map(({ Name }) => Name)),
  );
  const removed = [...engine.volumes.values()].filter(
    ({ name, labels }) => !used.has(name) && filters.matchesLabels(labels),
  );
  for (const { name } of removed) removeVolume(engine, name);
  respondJson(call, 200, {
    VolumesDeleted: removed.length === 0 ? null : removed.map(({ name }) => name),
    SpaceReclaimed: 0,
  });
}
