/** The layers of defence: what of each is in place, and where the gaps are. */
import type { ReactNode } from 'react';
import type { Overview } from '../../../../src/api/overview.ts';
import { Section } from '../../parts/page-head.tsx';

type Measure = Overview['defence'][number];

const layers = ['prevent', 'detect', 'respond'] as const satisfies readonly Measure['layer'][];

const states: Readonly<
  Record<Measure['state'], { readonly mark: string; readonly word: string; readonly tone: string }>
> = {
  active: { mark: '●', word: 'active', tone: 'text-good' },
  partial: { mark: '◐', word: 'partial', tone: 'text-medium' },
  absent: { mark: '○', word: 'gap', tone: 'text-critical' },
};

export function Defence({ defence }: { readonly defence: readonly Measure[] }): ReactNode {
  return (
    <Section title="Layers of defence">
      <div className="grid gap-x-6 gap-y-4 pt-1 sm:grid-cols-3">
        {layers.map((layer) => (
          <Layer key={layer} layer={layer} measures={defence.filter((one) => one.layer === layer)} />
        ))}
      </div>
    </Section>
  );
}

function Layer({
  layer,
  measures,
}: {
  readonly layer: string;
  readonly measures: readonly Measure[];
}): ReactNode {
  const active = measures.filter((one) => one.state === 'active').length;
  return (
    <section aria-label={layer}>
      <h3 className="flex justify-between gap-2 font-semibold">
        <span className="capitalize">{layer}</span>
        <span className="font-normal text-soft tabular-nums">
          {measures.length === 0 ? 'nothing' : `${active} of ${measures.length} active`}
        </span>
      </h3>
      <ul className="mt-1 space-y-1.5">
        {measures.map((measure) => (
          <li key={measure.name}>
            <p className="flex justify-between gap-2">
              <span>{measure.name}</span>
              <span className={`${states[measure.state].tone} font-semibold whitespace-nowrap`}>
                <span aria-hidden="true">{states[measure.state].mark} </span>
                {states[measure.state].word}
              </span>
            </p>
            <p className="text-[0.92rem] text-soft">{measure.detail}</p>
          </li>
        ))}
      </ul>
    </section>
  );
}
