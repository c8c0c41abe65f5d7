/** What a store has of events, counted from the rows themselves and beside the sums that are kept of them. */
import { sql } from 'kysely';
import { type EventPlace, readEvents } from '../../store/event-rows.ts';
import type { Store } from '../../store/open.ts';
import { marksIn } from './visits.ts';

export interface Ledger {
  readonly events: number;
  /** Rows of one number of one start, beyond the first; and events of one identity. */
  readonly doubled: number;
  /** Numbers below the highest of their start that are not there. */
  readonly missing: number;
  /** So many of these their sensor says it gave up. */
  readonly givenUp: number;
  /** By how much the sums (hours and types, sessions, starts) are off, all together. */
  readonly sumsOff: number;
}

export async function ledgerOf({ db }: Store): Promise<Ledger> {
  const { rows } = await sql<Ledger>`
    with counted as (select count(*) as events, count(distinct (boot_id, seq)) as numbers,
        count(session_id) as visits from events),
      boots as (select sum(highest) as highest, sum(events) as events, sum(dropped) as dropped from sensor_boots)
    select counted.events, counted.events - numbers as doubled,
      coalesce(highest, 0)::bigint - numbers as missing, coalesce(dropped, 0)::bigint as "givenUp",
      (select count(*) from (
        select date_trunc('hour', at, 'UTC') as hour, sensor_id, type, count(*) as n
          from events join sensor_boots on sensor_boots.id = boot_id group by 1, 2, 3) as counts
        full join event_hours as sums on sums.hour = counts.hour and sums.sensor_id = counts.sensor_id
          and sums.type = counts.type
        where n is distinct from sums.events)
      + abs(visits - (select coalesce(sum(events), 0)::bigint from honeypot_sessions))
      + abs(counted.events - coalesce(boots.events, 0)::bigint) as "sumsOff"
    from counted, boots`.execute(db);
  return rows[0]!;
}

export interface Told {
  readonly marks: ReadonlySet<string>;
  /** Identities that more than one event has. */
  readonly twice: number;
  /** Classes of which the sensor gave some up. */
  readonly givenUp: ReadonlySet<string>;
}

/** Rows of which the events are read at once. */
const page = 20_000;

/** Reads every event again. */
export async function readMarks({ db }: Store): Promise<Told> {
  const marks = new Set<string>();
  const ids = new Set<string>();
  const givenUp = new Set<string>();
  let [twice, batch] = [0, -1];
  for (;;) {
    const { rows } = await sql<EventPlace>`
      select batch_id as batch, line from events where batch_id > ${batch}
      order by batch_id fetch first ${page} rows with ties`.execute(db);
    if (rows.length === 0) return { marks, twice, givenUp };
    for (const { event } of await readEvents(db, rows)) {
      for (const mark of marksIn(JSON.stringify(event), event.raw.head)) marks.add(mark);
      if (ids.has(event.id)) twice += 1;
      ids.add(event.id);
      if (event.type === 'spool.dropped') givenUp.add(String(event.data?.class));
    }
    batch = rows.at(-1)!.batch;
  }
}
