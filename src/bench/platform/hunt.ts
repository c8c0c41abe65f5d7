/**
 * A hunt over images on a few shared bases, from a registry on loopback: how much of its time is scanning, whether
 * what it reads is what is unique, and what a second hunt costs.
 */
import { openStore } from '../../store/open.ts';
import type { Ground } from '../parts.ts';
import { type BenchResult, meets, rounded } from '../result.ts';
import { openHunting } from './hunting.ts';

const images = 10_000;

export async function benchHunt({ folder, scale, say }: Ground): Promise<BenchResult[]> {
  const count = Math.max(100, Math.round(images * scale));
  say(`building ${count} images`);
  await using hunting = await openHunting(folder, count);
  say(`hunting ${count} images`);
  const first = await hunting.hunt();
  say('hunting them again');
  const second = await hunting.hunt();
  const read = await layersRead(hunting.data);
  const scanning = first.scanningMs / first.durationMs;
  return [
    {
      metric: `hunt over ${count} images, share of time in which an image is scanned`,
      value: rounded(scanning),
      unit: '',
      runs: 1,
      goal: '>= 0.95',
      holds: meets(scanning, '>= 0.95'),
    },
    {
      metric: `hunt over ${count} images`,
      value: rounded(first.images.total / (first.durationMs / 1000)),
      unit: 'images/s',
      runs: 1,
    },
    {
      metric: `hunt over ${count} images, layers read`,
      value: read.read,
      unit: 'layers',
      runs: 1,
      rival: 'different layers',
      rivalValue: read.unique,
      ratio: rounded(read.read / read.unique),
      goal: '<= 1.05',
      holds: meets(read.read / read.unique, '<= 1.05'),
    },
    {
      metric: `second hunt over ${count} images`,
      value: rounded(second.durationMs / 1000),
      unit: 's',
      runs: 1,
      rival: 'first hunt',
      rivalValue: rounded(first.durationMs / 1000),
      ratio: rounded(second.durationMs / first.durationMs),
    },
    {
      metric: 'second hunt, images fetched again',
      value: second.images.total - second.images.unchanged,
      unit: 'images',
      runs: 1,
      goal: '<= 0',
      holds: second.images.unchanged === count,
    },
  ];
}

/** Layers that were not known when an image came to them, beside how many different ones there are. */
async function layersRead(data: string): Promise<{ readonly read: number; readonly unique: number }> {
  const store = await openStore({ env: {}, data, command: 'bench' });
  try {
    const rows = await store.db.selectFrom('reports').select('body').execute();
    const { unique } = await store.db
      .selectFrom('layers')
      .select((of) => of.fn.countAll<number>().as('unique'))
      .executeTakeFirstOrThrow();
    const read = rows.reduce((sum, { body }) => {
      const { coverage } = body as { coverage: { layers: number; cachedLayers: number } };
      return sum + coverage.layers - coverage.cachedLayers;
    }, 0);
    return { read, unique };
  } finally {
    await store.close();
  }
}
