/** Says of what `up --sample` made up that it was. */
import type { ReactNode } from 'react';

/** As `src/lab/sample-events.ts` calls its sensors. */
const sample = /^built-in-sample-/;

export function isSample(sensor: string): boolean {
  return sample.test(sensor);
}

export function SampleNote({
  sensors,
}: {
  readonly sensors: readonly { readonly name: string }[];
}): ReactNode {
  if (!sensors.some(({ name }) => isSample(name))) return null;
  return (
    <p className="mb-3 border-l-4 border-accent bg-panel px-3 py-1.5">
      What the sensors <code>built-in-sample-…</code> saw is a sample: made up, from addresses that nobody
      has.
    </p>
  );
}
