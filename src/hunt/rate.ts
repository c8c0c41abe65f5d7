/** How fast a hunt is, from when how many images were done. */
export interface Sample {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly done: number;
}

/** The rate is that of the last minute. */
const span = 60_000;

/**
 * @param samples in order of time; those older than the span are taken out
 * @param total images that are scanned in all
 * @returns `rate` in images a second, `remaining` in seconds at that rate; absent before anything is done
 */
export function huntRate(
  samples: Sample[],
  total: number,
  now: number,
): { readonly rate?: number; readonly remaining?: number } {
  while (samples.length > 2 && samples[0]!.at < now - span) samples.shift();
  const first = samples[0];
  const last = samples.at(-1);
  if (first === undefined || last === undefined || last.at === first.at || last.done === first.done)
    return {};
  const rate = ((last.done - first.done) * 1000) / (last.at - first.at);
  return { rate, remaining: Math.max(0, total - last.done) / rate };
}
