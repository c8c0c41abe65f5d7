/** The layers of defence as the study has them, and how much of each is in place here. */
import type { Kysely } from 'kysely';
import type { Overview } from '../api/overview.ts';
import { listSensors } from '../store/sensors.ts';
import type { Tables } from '../store/tables.ts';

/** What the parts of Waterguard that are there do; parts to come add their line. */
export async function defenceOf(db: Kysely<Tables>): Promise<Overview['defence']> {
  const last = await db
    .selectFrom('hunts')
    .select('ended_at')
    .where('state', '=', 'done')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
  const { channels } = await db
    .selectFrom('channels')
    .select((of) => of.fn.countAll<number>().as('channels'))
    .where('disabled', '=', false)
    .executeTakeFirstOrThrow();
  const sensors = (await listSensors(db)).filter((one) => one.health !== 'revoked');
  const well = sensors.filter((one) => one.health === 'ok').length;
  const ended = last?.ended_at;
  const days = ended == null ? undefined : Math.floor((Date.now() - ended.getTime()) / 86_400_000);
  return [
    {
      layer: 'detect',
      name: 'Images in registries',
      state: days === undefined ? 'absent' : days <= 7 ? 'active' : 'partial',
      detail:
        days === undefined
          ? 'No hunt has been done yet.'
          : `The last hunt ended ${days === 0 ? 'today' : `${days} days ago`}.`,
    },
    {
      layer: 'detect',
      name: 'Decoys',
      state: sensors.length === 0 ? 'absent' : well === sensors.length ? 'active' : 'partial',
      detail:
        sensors.length === 0
          ? 'No sensor reports: see Honeypots.'
          : `${well} of ${sensors.length} sensors are well.`,
    },
    {
      layer: 'respond',
      name: 'Notifications',
      state: channels > 0 ? 'active' : 'absent',
      detail:
        channels > 0
          ? `${channels} channels tell of bad images.`
          : 'Nobody is told: add a channel in Settings.',
    },
  ];
}
