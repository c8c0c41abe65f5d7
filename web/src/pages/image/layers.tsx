/**
 * The layers in the order in which they were stacked, each with the history line that made it, who else has it, and
 * the files in it that findings point at: also those that a later layer overwrote or deleted.
 */
import { getRouteApi, Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { FindingRow, ImageDetail } from '../../../../src/api/images.ts';
import type { ArtifactLayer } from '../../../../src/model/report.ts';
import { orderFindings } from '../../../../src/report/order.ts';
import { byteWords, countWords, dockerfileLine, placeOf } from '../../../../src/report/wording.ts';
import { SeverityMark, StateMark, severityColours, severityMarks } from '../../parts/marks.tsx';
import { Empty } from '../../parts/notice.tsx';
import { Section } from '../../parts/page-head.tsx';
import { Digest, Mono } from '../../parts/quoted.tsx';

/** Places of a layer that are shown at once. */
const openPlaces = 5;

export function Layers({ detail }: { readonly detail: ImageDetail }): ReactNode {
  const { layers } = detail.report.artifact;
  const largest = Math.max(1, ...layers.map((layer) => layer.size));
  const open = detail.findings.filter((row) => row.status === 'open' || row.status === 'reopened');
  return (
    <Section title={`Layers (${layers.length})`} id="layers">
      {layers.length === 0 && <Empty title="No layers">A directory has none.</Empty>}
      <ol className="ml-1 border-l-2 border-line">
        {layers.map((layer) => (
          <Layer
            key={layer.index}
            layer={layer}
            share={layer.size / largest}
            others={detail.sharedBy.find((one) => one.index === layer.index)?.images ?? 0}
            places={placesIn(layer.index, open)}
          />
        ))}
      </ol>
    </Section>
  );
}

interface Place {
  readonly row: FindingRow;
  readonly where: string;
}

function placesIn(index: number, rows: readonly FindingRow[]): readonly Place[] {
  const byFinding = new Map(rows.map((row) => [row.finding, row]));
  const places: Place[] = [];
  for (const finding of orderFindings(rows.map((row) => row.finding))) {
    const evidence = finding.evidence.find((one) => one.layer === index);
    const row = byFinding.get(finding);
    if (evidence !== undefined && row !== undefined) places.push({ row, where: placeOf(evidence) });
  }
  return places;
}

interface LayerProps {
  readonly layer: ArtifactLayer;
  /** Of the largest layer, 0 to 1. */
  readonly share: number;
  readonly others: number;
  readonly places: readonly Place[];
}

function Layer({ layer, share, others, places }: LayerProps): ReactNode {
  const worst = places[0]?.row.finding.severity;
  const dot = worst === undefined ? 'border-soft bg-paper' : 'border-ink bg-ink';
  return (
    <li id={`layer-${layer.index}`} className="relative py-1.5 pl-4 target:bg-tint">
      <span
        aria-hidden="true"
        className={`${dot} absolute top-[0.8rem] -left-[0.42rem] size-[0.72rem] rounded-full border-2`}
      />
      <div className="flex flex-wrap items-center gap-x-3 text-[0.92rem] text-soft">
        <b className="text-ink">layer {layer.index}</b>
        <span aria-hidden="true" className="h-1.5 w-20 bg-line">
          <span className="block h-1.5 bg-soft" style={{ width: `${Math.max(1, share * 100)}%` }} />
        </span>
        <span className="tabular-nums">{byteWords(layer.size)}</span>
        <Digest digest={layer.digest} />
        {worst !== undefined && (
          <span>
            {countWords(places.length, 'finding')}, worst <SeverityMark severity={worst} />
          </span>
        )}
      </div>
      <Mono text={dockerfileLine(layer.createdBy)} className="block" />
      <p className="text-[0.92rem] text-soft">
        {others === 0 ? (
          'in no other image'
        ) : (
          <Link
            to="/layers/$diffId"
            params={{ diffId: layer.diffId }}
            className="link inline-block min-h-[24px] leading-[24px]"
          >
            in {countWords(others, 'other image')}
          </Link>
        )}
      </p>
      <Places places={places.slice(0, openPlaces)} />
      {places.length > openPlaces && (
        <details>
          <summary className="text-soft">{countWords(places.length - openPlaces, 'more place')}</summary>
          <Places places={places.slice(openPlaces)} />
        </details>
      )}
    </li>
  );
}

const route = getRouteApi('/shell/images/$id');

function Places({ places }: { readonly places: readonly Place[] }): ReactNode {
  const { id } = route.useParams();
  if (places.length === 0) return null;
  return (
    <ul className="mt-1.5">
      {places.map(({ row, where }) => (
        <li key={row.id} className="flex min-h-[24px] gap-2">
          <span aria-hidden="true" className={severityColours[row.finding.severity]}>
            {severityMarks[row.finding.severity]}
          </span>
          <span className="min-w-0">
            <span className="sr-only">{row.finding.severity}: </span>
            <Link
              to="/images/$id"
              params={{ id }}
              search={{ finding: row.id }}
              resetScroll={false}
              className={`link ${row.finding.state === 'present' ? '' : 'line-through'}`}
            >
              <Mono text={where} />
            </Link>{' '}
            {row.finding.state !== 'present' && (
              <span className="text-[0.92rem]">
                <StateMark state={row.finding.state} />
              </span>
            )}
          </span>
        </li>
      ))}
    </ul>
  );
}
