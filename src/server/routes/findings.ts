/** Findings, and what people say of them. */
import { z } from 'zod';
import { findingRow, findingsQuery, newIgnore } from '../../api/images.ts';
import { idParameter, pageOf } from '../../api/page.ts';
import { audit } from '../../store/access.ts';
import { addActivity } from '../../store/activity.ts';
import { addIgnore, findingById, listFindings, withdrawIgnore } from '../../store/findings.ts';
import { decideImages } from '../../store/verdicts.ts';
import type { App, ServerContext } from '../context.ts';
import { notFound, Refusal } from '../problem.ts';

export function findingRoutes(app: App, { db }: ServerContext): void {
  app.get(
    '/v1/findings',
    {
      config: { scope: 'read' },
      schema: {
        summary: 'Findings, the worst first',
        querystring: findingsQuery,
        response: { 200: pageOf(findingRow) },
      },
    },
    async ({ query }) => listFindings(db, query),
  );

  app.post(
    '/v1/findings/:id/ignore',
    {
      config: { scope: 'triage' },
      schema: {
        summary: 'Accept a finding for a reason and until a date',
        params: idParameter,
        body: newIgnore,
        response: { 200: findingRow },
      },
    },
    async ({ params, body, actor }) => {
      if (Date.parse(body.expiresAt) <= Date.now())
        throw new Refusal(400, 'invalid', 'The date on which it ends has passed already.');
      return db.transaction().execute(async (tx) => {
        const finding = await findingById(tx, params.id);
        if (finding === undefined) throw notFound('finding');
        if (finding.status === 'resolved')
          throw new Refusal(409, 'conflict', 'The finding is resolved: there is nothing to ignore.');
        const images = await addIgnore(tx, finding, { ...body, by: actor.name });
        await decideImages(tx, images);
        const ignored = await findingById(tx, params.id);
        await audit(tx, actor, 'finding.ignore', `finding:${params.id}`, {
          finding: finding.finding.id,
          rule: finding.finding.rule,
          scope: body.scope,
          expiresAt: body.expiresAt,
          images: images.length,
        });
        await addActivity(tx, {
          type: 'finding.ignored',
          severity: 'info',
          text: `${actor.name} ignores '${finding.finding.title}' in ${finding.reference} until ${body.expiresAt.slice(0, 10)}`,
          link: `/images/${finding.image}`,
          key: `finding.ignored/${ignored?.ignore?.id}`,
        });
        return ignored!;
      });
    },
  );

  app.delete(
    '/v1/ignores/:id',
    {
      config: { scope: 'triage' },
      schema: { summary: 'No longer ignore a finding', params: idParameter, response: { 204: z.null() } },
    },
    async ({ params, actor }, reply) => {
      await db.transaction().execute(async (tx) => {
        const images = await withdrawIgnore(tx, params.id);
        if (images === undefined) throw notFound('ignore');
        await decideImages(tx, images);
        await audit(tx, actor, 'finding.unignore', `ignore:${params.id}`, { images: images.length });
      });
      return reply.status(204).send(null);
    },
  );
}
