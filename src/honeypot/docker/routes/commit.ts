/** `docker commit`: what was written into a container becomes an image. */
import type { Node } from '../../world/files/node.ts';
import { type Call, readBody, respondJson } from '../api/call.ts';
import type { Route } from '../api/route.ts';
import { applyChanges } from '../build/changes.ts';
import { writtenIn } from '../engine/changes.ts';
import { argumentsOf, configFields, configOf, toldConfig } from '../engine/config.ts';
import { containerOf, tag } from '../engine/engine.ts';
import { madeImage } from '../engine/image.ts';
import { addImage } from '../engine/images.ts';
import { familiar, namedReference } from '../engine/reference.ts';
import { struct } from '../json/decode.ts';

export const commitRoutes: readonly Route[] = [{ method: 'POST', pattern: '/commit', handle: commit }];

const commitShape = struct('container.Config', configFields);

async function commit(call: Call): Promise<void> {
  const { engine, query } = call;
  const { length } = await call.exchange.body();
  const body = length === 0 ? {} : await readBody(call, commitShape, 'old');
  const container = containerOf(engine, query.get('container') ?? '');
  const repo = query.get('repo') ?? '';
  const reference = repo === '' ? undefined : namedReference(repo, query.get('tag') ?? '');
  const { image: parent, config, world } = container;
  const told = toldConfig(body);
  const own =
    Object.keys(told).length === 0
      ? configOf({ ...config, Hostname: '', Image: parent.id })
      : configOf({ ...config, ...told });
  const files: ReadonlyMap<string, Node> = world === undefined ? new Map() : writtenIn(world);
  let size = 0;
  for (const node of files.values()) if (node.kind === 'file') size += node.size;
  const image = madeImage({
    parent,
    config: applyChanges(own, query.getAll('changes')),
    containerConfig: config,
    container: container.id,
    comment: query.get('comment') ?? '',
    author: query.get('author') ?? '',
    createdBy: argumentsOf(config).join(' '),
    size,
    files,
  });
  addImage(engine, image);
  if (reference !== undefined) tag(engine, familiar(reference), image);
  engine.events.ofContainer('commit', container, {
    comment: query.get('comment') ?? '',
    imageID: image.id,
    imageRef: reference === undefined ? '' : familiar(reference),
  });
  respondJson(call, 201, { Id: image.id });
}
