/** Images, layers, and where a value was seen. */
import { z } from 'zod';
import {
  imageDetail,
  imageRow,
  imagesQuery,
  layerDetail,
  observableQuery,
  sighting,
} from '../../api/images.ts';
import { idParameter, pageOf } from '../../api/page.ts';
import { audit } from '../../store/access.ts';
import { listImages, imageDetail as readImage } from '../../store/images.ts';
import { readLayer } from '../../store/layers.ts';
import { findSightings } from '../../store/observables.ts';
import { queueRescan } from '../../store/rescans.ts';
import type { App, ServerContext } from '../context.ts';
import { notFound } from '../problem.ts';

export function imageRoutes(app: App, { db, queue, ruleset }: ServerContext): void {
  app.get(
    '/v1/images',
    {
      config: { scope: 'read' },
      schema: {
        summary: 'Images by verdict, category, hunt; searched by name, digest or indicator',
        querystring: imagesQuery,
        response: { 200: pageOf(imageRow).extend({ total: z.int().optional() }) },
      },
    },
    async ({ query }) => listImages(db, query),
  );

  app.get(
    '/v1/images/:id',
    {
      config: { scope: 'read' },
      schema: {
        summary: 'All that is known of an image',
        params: idParameter,
        response: { 200: imageDetail },
      },
    },
    async ({ params }) => {
      const image = await readImage(db, params.id);
      if (image === undefined) throw notFound('image');
      return image;
    },
  );

  app.post(
    '/v1/images/:id/rescan',
    {
      config: { scope: 'hunt' },
      schema: {
        summary: 'Scan an image again',
        params: idParameter,
        response: { 202: z.object({ job: z.string() }) },
      },
    },
    async ({ params, actor }, reply) => {
      const job = await queueRescan(db, queue, params.id, ruleset);
      if (job === undefined) throw notFound('image');
      await audit(db, actor, 'image.rescan', `image:${params.id}`);
      return reply.status(202).send({ job });
    },
  );

  app.get(
    '/v1/layers/:diffId',
    {
      config: { scope: 'read' },
      schema: {
        summary: 'A layer and the images that have it',
        params: z.object({ diffId: z.string().regex(/^sha256:[0-9a-f]{64}$/) }),
        response: { 200: layerDetail },
      },
    },
    async ({ params }) => {
      const layer = await readLayer(db, params.diffId);
      if (layer === undefined) throw notFound('layer');
      return layer;
    },
  );

  app.get(
    '/v1/observables',
    {
      config: { scope: 'read' },
      schema: {
        summary: 'Where a domain, address, URL, wallet, key, hash or image name was seen',
        querystring: observableQuery,
        response: { 200: pageOf(sighting) },
      },
    },
    async ({ query }) => findSightings(db, query),
  );
}
