/** Notices and their deliveries: the store's side of `notification/store.ts`, which says what holds here. */
import { type Kysely, sql } from 'kysely';
import type { Category } from '../model/terms.ts';
import { severities } from '../model/terms.ts';
import { wants } from '../notification/match.ts';
import { type Notice, noticeOf } from '../notification/notice.ts';
import type { NoticeStore } from '../notification/store.ts';
import type { EnabledChannel } from './channels.ts';
import type { Tables } from './tables.ts';

/** Of one channel in one look. */
const most = { activity: 1000, waiting: 2000 } as const;

/**
 * Writes down what a channel is to be told of all that happened since it was last looked at.
 * @param consoleUrl by which people reach the console; undefined: notices come without a link
 */
export async function collectNotices(
  db: Kysely<Tables>,
  channel: EnabledChannel,
  consoleUrl: string | undefined,
): Promise<void> {
  const rows = await db
    .selectFrom('activity')
    .selectAll()
    .where('id', '>', channel.seen)
    .orderBy('id')
    .limit(most.activity)
    .execute();
  const last = rows.at(-1);
  if (last === undefined) return;
  const notices = rows
    .map((row) => noticeOfActivity(row, consoleUrl))
    .filter((one) => wants(channel.rule, one));
  await db.transaction().execute(async (tx) => {
    if (notices.length > 0) {
      await sql`
        insert into notices (channel_id, key, notice)
        select ${channel.id}, one->>'key', one from jsonb_array_elements(${JSON.stringify(notices)}::jsonb) as one
        on conflict do nothing`.execute(tx);
    }
    await tx
      .updateTable('channels')
      .set({ seen: last.id })
      .where('id', '=', channel.id)
      .where('seen', '<', last.id)
      .execute();
  });
}

function noticeOfActivity(
  row: {
    id: number;
    at: Date;
    type: string;
    severity: number;
    text: string;
    link: string | null;
    key: string | null;
    facts: object | null;
  },
  consoleUrl: string | undefined,
): Notice {
  const { reference, categories = [] } = (row.facts ?? {}) as { reference?: string; categories?: Category[] };
  return noticeOf({
    key: row.key ?? `activity/${row.id}`,
    at: row.at,
    type: row.type,
    severity: severities[row.severity] ?? 'info',
    title: row.text,
    categories,
    reference,
    ...(consoleUrl !== undefined && row.link !== null && { link: `${consoleUrl}${row.link}` }),
  });
}

export function noticeStore(db: Kysely<Tables>): NoticeStore {
  return {
    async dueFor(channel) {
      const waiting = await db
        .selectFrom('notices')
        .select('notice')
        .where('channel_id', '=', channel)
        .where('delivery_id', 'is', null)
        .orderBy('added_at')
        .limit(most.waiting)
        .execute();
      const { rows: open } = await sql<{ id: string; tried: number; not_before: Date; notices: Notice[] }>`
        select deliveries.id, tried, not_before, jsonb_agg(notice order by notices.key) as notices
        from deliveries join notices on notices.delivery_id = deliveries.id
        where deliveries.channel_id = ${channel} and not_before is not null
        group by deliveries.id order by not_before limit 100`.execute(db);
      return {
        waiting: waiting.map((one) => one.notice as Notice),
        open: open.map(({ id, tried, not_before, notices }) => ({
          id,
          channel,
          tried,
          notices,
          notBefore: not_before.getTime(),
        })),
      };
    },

    async claim({ id, channel, notices }, now, until) {
      return db
        .transaction()
        .execute(async (tx) => {
          const keys = notices.map((one) => one.key);
          const { rows } = await sql<{ id: string }>`
          insert into deliveries as known (id, channel_id, not_before)
          values (${id}, ${channel}, to_timestamp(${until / 1000}))
          on conflict (id) do update set not_before = excluded.not_before
            where known.not_before <= to_timestamp(${now / 1000})
          returning id`.execute(tx);
          if (rows.length === 0) return false;
          const bound = await tx
            .updateTable('notices')
            .set({ delivery_id: id })
            .where('channel_id', '=', channel)
            .where('key', 'in', keys)
            .where((of) => of.or([of('delivery_id', 'is', null), of('delivery_id', '=', id)]))
            .returning('key')
            .execute();
          if (bound.length === keys.length) return true;
          throw new Taken();
        })
        .catch((error: unknown) => {
          if (error instanceof Taken) return false;
          throw error;
        });
    },

    async delivered(id, { at, detail }) {
      await db.transaction().execute(async (tx) => {
        const row = await tx
          .updateTable('deliveries')
          .set({ not_before: null, ended_at: new Date(at) })
          .where('id', '=', id)
          .returning('channel_id')
          .executeTakeFirst();
        if (row === undefined) return;
        await tx
          .updateTable('channels')
          .set({ last_at: new Date(at), last_ok: true, last_detail: detail })
          .where('id', '=', row.channel_id)
          .execute();
      });
    },

    async failed(id, { at, detail, nextAt, disable }) {
      await db.transaction().execute(async (tx) => {
        const row = await tx
          .updateTable('deliveries')
          .set({
            not_before: nextAt === undefined ? null : new Date(nextAt),
            ended_at: nextAt === undefined ? new Date(at) : null,
            tried: sql<number>`tried + 1`,
          })
          .where('id', '=', id)
          .returning('channel_id')
          .executeTakeFirst();
        if (row === undefined) return;
        await tx
          .updateTable('channels')
          .set({
            last_at: new Date(at),
            last_ok: false,
            last_detail: detail,
            ...(disable && { disabled: true }),
          })
          .where('id', '=', row.channel_id)
          .execute();
      });
    },
  };
}

/** Some of the notices are in another delivery. */
class Taken extends Error {}
