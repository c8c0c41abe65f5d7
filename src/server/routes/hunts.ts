/** Hunts and their schedules. */
import { z } from 'zod';
import { hunt, huntImage, huntImagesQuery, newHunt, newSchedule, schedule } from '../../api/hunts.ts';
import { idParameter, pageOf, pageQuery } from '../../api/page.ts';
import { parseSource } from '../../hunt/source/source.ts';
import { isLoopbackHost } from '../../image/registry/address.ts';
import { printable } from '../../model/printable.ts';
import { audit } from '../../store/access.ts';
import { cancelHunt } from '../../store/hunt-end.ts';
import { huntById, listHuntImages, listHunts } from '../../store/hunt-list.ts';
import { queueListing } from '../../store/hunts.ts';
import { addSchedule, listSchedules, removeSchedule } from '../../store/schedules.ts';
import type { App, ServerContext } from '../context.ts';
import { notFound, Refusal } from '../problem.ts';

export function huntRoutes(app: App, { db, queue, hunts, ruleset }: ServerContext): void {
  app.get(
    '/v1/hunts',
    {
      config: { scope: 'read' },
      schema: { summary: 'Hunts, the newest first', querystring: pageQuery, response: { 200: pageOf(hunt) } },
    },
    async ({ query }) => listHunts(db, query),
  );

  app.post(
    '/v1/hunts',
    {
      config: { scope: 'hunt' },
      schema: {
        summary: 'Start a hunt, or go on with one that was interrupted',
        body: newHunt,
        response: { 201: hunt },
      },
    },
    async ({ body, actor }, reply) => {
      requireRemote(body);
      const { id } = await hunts.begin({ ...body, ruleset, isLocal: false, startedBy: actor.name });
      await queueListing(queue, id, ruleset);
      await audit(db, actor, 'hunt.start', `hunt:${id}`, { source: body.source });
      return reply.status(201).send(await found(id));
    },
  );

  app.get(
    '/v1/hunts/:id',
    {
      config: { scope: 'read' },
      schema: { summary: 'One hunt', params: idParameter, response: { 200: hunt } },
    },
    async ({ params }) => found(params.id),
  );

  app.post(
    '/v1/hunts/:id/cancel',
    {
      config: { scope: 'hunt' },
      schema: { summary: 'End a hunt before its time', params: idParameter, response: { 200: hunt } },
    },
    async ({ params, actor }) => {
      await found(params.id);
      await db.transaction().execute(async (tx) => {
        if (!(await cancelHunt(tx, params.id, actor.name)))
          throw new Refusal(409, 'conflict', 'The hunt has ended already.');
        await audit(tx, actor, 'hunt.cancel', `hunt:${params.id}`);
      });
      return found(params.id);
    },
  );

  app.get(
    '/v1/hunts/:id/images',
    {
      config: { scope: 'read' },
      schema: {
        summary: 'The images of a hunt, in the order of the source',
        params: idParameter,
        querystring: huntImagesQuery,
        response: { 200: pageOf(huntImage) },
      },
    },
    async ({ params, query }) => {
      await found(params.id);
      return listHuntImages(db, params.id, query);
    },
  );

  app.get(
    '/v1/schedules',
    {
      config: { scope: 'read' },
      schema: { summary: 'Hunts by the clock', response: { 200: pageOf(schedule) } },
    },
    async () => ({ items: await listSchedules(db, queue) }),
  );

  app.post(
    '/v1/schedules',
    {
      config: { scope: 'admin' },
      schema: { summary: 'Hunt by the clock', body: newSchedule, response: { 201: schedule } },
    },
    async ({ body, actor }, reply) => {
      requireRemote(body);
      const added = await addSchedule(db, queue, body, actor);
      return reply.status(201).send(added);
    },
  );

  app.delete(
    '/v1/schedules/:id',
    {
      config: { scope: 'admin' },
      schema: { summary: 'No longer hunt by the clock', params: idParameter, response: { 204: z.null() } },
    },
    async ({ params, actor }, reply) => {
      if (!(await removeSchedule(db, queue, params.id, actor))) throw notFound('schedule');
      return reply.status(204).send(null);
    },
  );

  async function found(id: number) {
    const one = await huntById(db, id);
    if (one === undefined) throw notFound('hunt');
    return one;
  }
}

/** Files of the server's machine are not for whoever reaches its API, and only loopback may do without TLS. */
function requireRemote({
  source: text,
  insecure,
}: {
  readonly source: string;
  readonly insecure: boolean;
}): void {
  const source = parseSource(text);
  if (source.kind !== 'registry' && source.kind !== 'hub') {
    throw new Refusal(
      400,
      'invalid',
      `A server hunts registry:HOST[/PREFIX] and hub:QUERY; ${source.kind}: is for the command line, where the files lie.`,
    );
  }
  // It becomes part of sentences, in the live feed and in notifications.
  if (printable(text) !== text)
    throw new Refusal(400, 'invalid', 'The source has characters that cannot be shown.');
  const host = source.kind === 'registry' ? URL.parse(`https://${source.registry}`)?.hostname : undefined;
  if (insecure && !isLoopbackHost(host ?? ''))
    throw new Refusal(
      400,
      'invalid',
      '`insecure` is for registries on loopback: localhost, 127.0.0.0/8, [::1].',
    );
}
