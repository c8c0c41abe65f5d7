/** Jobs and notification channels. */
import { z } from 'zod';
import { idParameter, pageOf } from '../../api/page.ts';
import { channel, channelChange, job, jobsQuery, newChannel, queueCounts } from '../../api/upkeep.ts';
import { deliver } from '../../notification/deliver.ts';
import { messageOf } from '../../notification/message.ts';
import { noticeOf } from '../../notification/notice.ts';
import { systemPorts } from '../../notification/ports.ts';
import { audit } from '../../store/access.ts';
import { addChannel, channelRow, listChannels } from '../../store/channels.ts';
import { cancelJob, queueCounts as countQueues, jobById, listJobs, retryJob } from '../../store/jobs.ts';
import { storableJson } from '../../store/storable.ts';
import type { App, ServerContext } from '../context.ts';
import { notFound, Refusal } from '../problem.ts';

const jobParameter = z.object({ id: z.uuid() });

export function upkeepRoutes(app: App, { db, queue }: ServerContext): void {
  app.get(
    '/v1/jobs',
    {
      config: { scope: 'read' },
      schema: {
        summary: 'Jobs, the newest first; those that failed for good by `state=failed`',
        querystring: jobsQuery,
        response: { 200: pageOf(job) },
      },
    },
    async ({ query }) => listJobs(db, query),
  );

  app.get(
    '/v1/queues',
    {
      config: { scope: 'read' },
      schema: { summary: 'Queues and how much is in them', response: { 200: pageOf(queueCounts) } },
    },
    async () => ({ items: await countQueues(queue) }),
  );

  for (const [action, run] of [
    ['retry', retryJob],
    ['cancel', cancelJob],
  ] as const) {
    app.post(
      `/v1/jobs/:id/${action}`,
      {
        config: { scope: 'hunt' },
        schema: {
          summary: action === 'retry' ? 'Try a failed job again' : 'Cancel a job',
          params: jobParameter,
          response: { 200: job },
        },
      },
      async ({ params, actor }) => {
        const before = await jobById(db, params.id);
        if (before === undefined) throw notFound('job');
        if (!(await run(db, queue, params.id)))
          throw new Refusal(409, 'conflict', `The job is ${before.state}: there is nothing to ${action}.`);
        await audit(db, actor, `job.${action}`, `job:${params.id}`, { subject: before.subject });
        // A dead letter that is tried again is another job.
        return (await jobById(db, params.id)) ?? before;
      },
    );
  }

  app.get(
    '/v1/channels',
    {
      config: { scope: 'admin' },
      schema: { summary: 'Where notices go', response: { 200: pageOf(channel) } },
    },
    async () => ({ items: await listChannels(db) }),
  );

  app.post(
    '/v1/channels',
    {
      config: { scope: 'admin' },
      schema: { summary: 'Add a channel', body: newChannel, response: { 201: channel } },
    },
    async ({ body, actor }, reply) => {
      requireStorable(body);
      const added = await db.transaction().execute(async (tx) => {
        const one = await addChannel(tx, body);
        await audit(tx, actor, 'channel.create', `channel:${one.id}`, { name: one.name, target: one.target });
        return one;
      });
      return reply.status(201).send(added);
    },
  );

  app.patch(
    '/v1/channels/:id',
    {
      config: { scope: 'admin' },
      schema: {
        summary: 'Change a channel’s rule, or whether it is used',
        params: idParameter,
        body: channelChange,
        response: { 200: channel },
      },
    },
    async ({ params, body, actor }) => {
      requireStorable(body);
      return db.transaction().execute(async (tx) => {
        const change = {
          ...(body.rule !== undefined && { rule: JSON.stringify(body.rule) }),
          ...(body.disabled !== undefined && { disabled: body.disabled }),
        };
        if (Object.keys(change).length === 0)
          throw new Refusal(400, 'invalid', 'There is nothing to change.');
        const row = await tx
          .updateTable('channels')
          .set(change)
          .where('id', '=', params.id)
          .returningAll()
          .executeTakeFirst();
        if (row === undefined) throw notFound('channel');
        await audit(tx, actor, 'channel.change', `channel:${params.id}`, body);
        return channelRow(row);
      });
    },
  );

  app.delete(
    '/v1/channels/:id',
    {
      config: { scope: 'admin' },
      schema: { summary: 'Remove a channel', params: idParameter, response: { 204: z.null() } },
    },
    async ({ params, actor }, reply) => {
      await db.transaction().execute(async (tx) => {
        const row = await tx
          .deleteFrom('channels')
          .where('id', '=', params.id)
          .returning('name')
          .executeTakeFirst();
        if (row === undefined) throw notFound('channel');
        await audit(tx, actor, 'channel.remove', `channel:${params.id}`, { name: row.name });
      });
      return reply.status(204).send(null);
    },
  );

  app.post(
    '/v1/channels/:id/test',
    {
      config: { scope: 'admin', rateLimit: { max: 10, timeWindow: '1 minute' } },
      schema: {
        summary: 'Send a message to see whether it arrives',
        params: idParameter,
        response: { 200: z.object({ ok: z.boolean(), detail: z.string() }) },
      },
    },
    async ({ params, actor }) => {
      const row = await db.selectFrom('channels').selectAll().where('id', '=', params.id).executeTakeFirst();
      if (row === undefined) throw notFound('channel');
      const now = new Date();
      const notice = noticeOf({
        key: `test/${params.id}/${now.getTime()}`,
        at: now,
        type: 'channel.test',
        severity: 'info',
        title: 'This is a test: messages of Waterguard arrive here.',
      });
      const message = messageOf(`test-${params.id}-${now.getTime()}`, [notice]);
      const target = row.target as Parameters<typeof deliver>[0];
      const { ok, detail } = await deliver(target, message, systemPorts, AbortSignal.timeout(60_000));
      await audit(db, actor, 'channel.test', `channel:${params.id}`, { ok });
      return { ok, detail };
    },
  );
}

/** A key or an address that is kept in another form than it was given would be another one. */
function requireStorable(body: object): void {
  if (storableJson(body) === JSON.stringify(body)) return;
  throw new Refusal(400, 'invalid', 'A text has NUL or half a surrogate pair, which cannot be kept.');
}
