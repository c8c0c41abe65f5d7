/** Channels: where notices go, by which rule, and how the last delivery went. */
import { type Kysely, type Selectable, sql, type Transaction } from 'kysely';
import type { Channel, ChannelRule, ChannelTarget } from '../api/upkeep.ts';
import { shownTarget } from '../notification/show.ts';
import type { Tables } from './tables.ts';

export function channelRow(row: Selectable<Tables['channels']>): Channel {
  const target = row.target as ChannelTarget;
  return {
    id: row.id,
    name: row.name,
    kind: target.kind,
    target: shownTarget(target),
    rule: row.rule as ChannelRule,
    disabled: row.disabled,
    ...(row.last_at !== null && {
      lastDelivery: {
        at: row.last_at.toISOString(),
        ok: row.last_ok ?? false,
        detail: row.last_detail ?? '',
      },
    }),
  };
}

export async function listChannels(db: Kysely<Tables>): Promise<Channel[]> {
  const rows = await db.selectFrom('channels').selectAll().orderBy('id').execute();
  return rows.map(channelRow);
}

/** What happened before is not told: a new channel begins with now. */
export async function addChannel(
  tx: Transaction<Tables>,
  {
    name,
    target,
    rule,
  }: { readonly name: string; readonly target: ChannelTarget; readonly rule: ChannelRule },
): Promise<Channel> {
  const row = await tx
    .insertInto('channels')
    .values({
      name,
      target: JSON.stringify(target),
      rule: JSON.stringify(rule),
      seen: sql<number>`(select coalesce(max(id), 0) from activity)`,
    })
    .returningAll()
    .executeTakeFirstOrThrow();
  return channelRow(row);
}

export interface EnabledChannel {
  readonly id: number;
  readonly target: ChannelTarget;
  readonly rule: ChannelRule;
  readonly seen: number;
}

export async function enabledChannels(db: Kysely<Tables>): Promise<EnabledChannel[]> {
  const rows = await db
    .selectFrom('channels')
    .select(['id', 'target', 'rule', 'seen'])
    .where('disabled', '=', false)
    .execute();
  return rows.map((row) => ({
    id: row.id,
    target: row.target as ChannelTarget,
    rule: row.rule as ChannelRule,
    seen: row.seen,
  }));
}
