/** Delivery into the store of this machine, or PostgreSQL, without a server in between. */
import type { Delivery } from '../honeypot/delivery/delivery.ts';
import { openLocations } from '../location/locations.ts';
import { addArtefact } from '../store/artefacts.ts';
import { recordLines } from '../store/delivery.ts';
import { openStore } from '../store/open.ts';

export async function openStoreDelivery(
  { data }: { readonly data?: string },
  resources: AsyncDisposableStack,
): Promise<Delivery> {
  const locating = openLocations();
  locating.catch(() => {});
  const store = await openStore({ env: process.env, data, command: 'honeypot' });
  resources.defer(() => store.close());
  const { db } = store;
  const { of: locate } = await locating;
  return {
    async events(lines) {
      const { rejected } = await recordLines(db, lines, { receivedAt: new Date(), locate });
      return { rejected: rejected.length };
    },
    async artefact(sha256, content) {
      await db.transaction().execute((tx) => addArtefact(tx, undefined, sha256, Buffer.from(content)));
    },
  };
}
