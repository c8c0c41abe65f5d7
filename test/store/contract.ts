/** What every store keeps to, whether it is the embedded one or PostgreSQL. */
import { after, before, describe } from 'node:test';
import { openStore } from '../../src/store/open.ts';
import { openQueue } from '../../src/store/queue.ts';
import type { Place } from '../fixtures/store-process.ts';
import { access } from './contract/access.ts';
import { activity } from './contract/activity.ts';
import { columns } from './contract/columns.ts';
import { deliveries } from './contract/deliveries.ts';
import { events } from './contract/events.ts';
import { findings } from './contract/findings.ts';
import { hostile } from './contract/hostile.ts';
import { hunts } from './contract/hunts.ts';
import { imageQueues } from './contract/image-queue.ts';
import { images } from './contract/images.ts';
import { lists } from './contract/lists.ts';
import { names } from './contract/names.ts';
import { observables } from './contract/observables.ts';
import type { Opened } from './contract/opened.ts';
import { rulesets } from './contract/rulesets.ts';
import { sensors } from './contract/sensors.ts';
import { visits } from './contract/visits.ts';

const parts = {
  images,
  findings,
  observables,
  hostile,
  hunts,
  imageQueues,
  names,
  lists,
  activity,
  access,
  rulesets,
  columns,
  events,
  deliveries,
  visits,
  sensors,
};

/** @param open gives the place of a store that this suite may fill */
export function storeContract(name: string, open: () => Promise<Place>): void {
  describe(name, () => {
    let opened: Opened | undefined;
    const get = (): Opened => {
      if (opened === undefined) throw new Error('the store is not open');
      return opened;
    };

    before(async () => {
      const { data, url } = await open();
      const options = { env: { DATABASE_URL: url }, data, command: 'test' };
      const store = await openStore(options);
      const problem = (error: Error): void => {
        throw error;
      };
      const queue = await openQueue(store, { schedules: false, problem });
      opened = { store, queue, other: await openStore(options) };
    });
    after(async () => {
      await opened?.queue.close();
      await opened?.other.close();
      await opened?.store.close();
    });

    for (const part of Object.values(parts)) part(get);
  });
}
