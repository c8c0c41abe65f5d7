/**
 * A hunt over images of a real size, and the same hunt again. What the second costs does not depend on their size, what
 * the first costs does, so the size decides the ratio and is stated: 8 MiB to itself is little for an image. All of
 * Docker Hub had some 330 MB each in 2019 (half a million images, 167 TB unpacked: Zhao et al., CLUSTER 2019).
 */

import type { Ground } from '../parts.ts';
import { type BenchResult, median, meets, rounded } from '../result.ts';
import { openHunting } from './hunting.ts';

const images = 200;
const bytes = 8 * 2 ** 20;
const goal = '<= 0.05';

export async function benchAgain({ folder, scale, say }: Ground): Promise<BenchResult[]> {
  const count = Math.max(20, Math.round(images * scale));
  say(`building ${count} images`);
  await using hunting = await openHunting(folder, count, bytes);
  say(`hunting ${count} images`);
  const first = await hunting.hunt();
  say('hunting them again, five times');
  const again = [];
  for (let run = 0; run < 5; run++) again.push(await hunting.hunt());
  const second = median(again.map((one) => one.commandMs));
  return [
    {
      metric: `second hunt over ${count} images with 8 MiB to itself each, the whole command`,
      value: rounded(second / 1000),
      unit: 's',
      runs: again.length,
      rival: 'first hunt',
      rivalValue: rounded(first.commandMs / 1000),
      ratio: rounded(second / first.commandMs),
      goal,
      holds: meets(second / first.commandMs, goal),
    },
    {
      metric: 'second hunts, images fetched again',
      value: again.reduce((sum, { images: found }) => sum + found.total - found.unchanged, 0),
      unit: 'images',
      runs: again.length,
      goal: '<= 0',
      holds: again.every((one) => one.images.unchanged === count),
    },
  ];
}
