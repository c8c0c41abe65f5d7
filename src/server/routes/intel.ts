/** Indicators, and the look-ups over everything seen before. */
import { z } from 'zod';
import { indicatorRow, newIndicator, newRetroHunt, retroHunt } from '../../api/intel.ts';
import { idParameter, pageOf, pageQuery } from '../../api/page.ts';
import { normalise } from '../../indicator/normalise.ts';
import { printable } from '../../model/printable.ts';
import { audit } from '../../store/access.ts';
import { addActivity } from '../../store/activity.ts';
import {
  addIndicator,
  indicatorById,
  listIndicators,
  retroHuntIndicator,
  withdrawIndicator,
} from '../../store/indicators.ts';
import { beginRuleHunt, listRetroHunts, retroHuntById } from '../../store/retro-hunts.ts';
import type { App, ServerContext } from '../context.ts';
import { notFound, Refusal } from '../problem.ts';

export function intelRoutes(app: App, { db, queue, ruleset }: ServerContext): void {
  app.get(
    '/v1/indicators',
    {
      config: { scope: 'read' },
      schema: {
        summary: 'Indicators, the newest first',
        querystring: pageQuery,
        response: { 200: pageOf(indicatorRow) },
      },
    },
    async ({ query }) => listIndicators(db, query),
  );

  app.post(
    '/v1/indicators',
    {
      config: { scope: 'learn' },
      schema: {
        summary: 'Learn an indicator: its past is found at once, images that hold it are judged again',
        body: newIndicator,
        response: { 201: indicatorRow },
      },
    },
    async ({ body, actor }, reply) => {
      const value = normalise(body.type, body.value);
      const added = await db.transaction().execute(async (tx) => {
        const id = await addIndicator(tx, { ...body, value, by: actor.name });
        if (id === undefined) throw new Refusal(409, 'conflict', 'This indicator is known already.');
        await audit(tx, actor, 'indicator.add', `indicator:${id}`, { type: body.type, value });
        await retroHuntIndicator(tx, queue, id, ruleset);
        await addActivity(tx, {
          type: 'indicator.added',
          severity: 'info',
          text: `${actor.name} added the ${body.type} ${printable(value, 100)}`,
          key: `indicator.added/${id}`,
        });
        return (await indicatorById(tx, id))!;
      });
      return reply.status(201).send(added);
    },
  );

  app.delete(
    '/v1/indicators/:id',
    {
      config: { scope: 'learn' },
      schema: { summary: 'Withdraw an indicator', params: idParameter, response: { 204: z.null() } },
    },
    async ({ params, actor }, reply) => {
      await db.transaction().execute(async (tx) => {
        const row = await withdrawIndicator(tx, queue, params.id, ruleset);
        if (row === undefined) throw notFound('indicator');
        await audit(tx, actor, 'indicator.withdraw', `indicator:${params.id}`, {
          type: row.type,
          value: row.value,
        });
      });
      return reply.status(204).send(null);
    },
  );

  app.get(
    '/v1/retro-hunts',
    {
      config: { scope: 'read' },
      schema: {
        summary: 'Searches in everything seen before',
        querystring: pageQuery,
        response: { 200: pageOf(retroHunt) },
      },
    },
    async ({ query }) => listRetroHunts(db, query),
  );

  app.post(
    '/v1/retro-hunts',
    {
      config: { scope: 'hunt' },
      schema: {
        summary: 'Search again for an indicator, or with the rules of today',
        body: newRetroHunt,
        response: { 202: retroHunt },
      },
    },
    async ({ body, actor }, reply) => {
      const id = await db.transaction().execute(async (tx) => {
        const begun =
          body.kind === 'rules'
            ? await beginRuleHunt(tx, queue, ruleset, { always: true })
            : (await retroHuntIndicator(tx, queue, body.indicator, ruleset))?.id;
        if (begun === undefined) throw notFound('indicator');
        await audit(tx, actor, 'retro-hunt.start', `retro-hunt:${begun}`, { kind: body.kind });
        return begun;
      });
      return reply.status(202).send((await retroHuntById(db, id))!);
    },
  );
}
