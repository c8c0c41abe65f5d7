/** Findings of one rule: what it says, then every place with its evidence. */
import { type ReactNode, useEffect, useRef } from 'react';
import type { FindingRow } from '../../../../src/api/images.ts';
import type { Evidence } from '../../../../src/model/finding.ts';
import { countWords, creditOf, percent, placeOf, startWords } from '../../../../src/report/wording.ts';
import { SeverityMark, StateMark, Tag } from '../../parts/marks.tsx';
import { Digest, Excerpt, Mono, Quoted } from '../../parts/quoted.tsx';
import { TechniqueWords } from '../../parts/technique.tsx';
import { useMay } from '../../queries.ts';
import { Ignore } from './ignore.tsx';

/** Shown at once; the others are folded. */
const openPlaces = 3;

interface FindingGroupProps {
  readonly rows: readonly [FindingRow, ...FindingRow[]];
  readonly selected: number | undefined;
}

export function FindingGroup({ rows, selected }: FindingGroupProps): ReactNode {
  const { finding } = rows[0];
  const credit = creditOf(finding);
  const folded = rows.slice(openPlaces);
  return (
    <article className="grid gap-x-4 border-b border-line py-3 sm:grid-cols-[6rem_minmax(0,1fr)]">
      <p>
        <SeverityMark severity={finding.severity} />
      </p>
      <div className="min-w-0">
        <h3 className="font-semibold [overflow-wrap:anywhere]">
          <Quoted text={finding.title} />
        </h3>
        <p className="flex flex-wrap gap-x-2 text-[0.92rem] text-soft [overflow-wrap:anywhere]">
          <code>{finding.rule}</code>
          <span>· {finding.category}</span>
          <span>· confidence {percent(finding.confidence)}</span>
          {finding.attack.map((id) => (
            <Technique key={id} id={id} />
          ))}
          {credit !== '' && <Quoted text={`· rule by ${credit}`} />}
        </p>
        <ul>
          {rows.slice(0, openPlaces).map((row) => (
            <Place key={row.id} row={row} selected={row.id === selected} />
          ))}
        </ul>
        {folded.length > 0 && (
          <details open={folded.some((row) => row.id === selected)}>
            <summary className="pt-1.5 text-soft">{countWords(folded.length, 'more place')}</summary>
            <ul>
              {folded.map((row) => (
                <Place key={row.id} row={row} selected={row.id === selected} />
              ))}
            </ul>
          </details>
        )}
      </div>
    </article>
  );
}

/** Ids of MITRE ATT&CK only become links: they are checked to be nothing else. */
function Technique({ id }: { readonly id: string }): ReactNode {
  if (!/^T\d{4}(?:\.\d{3})?$/.test(id)) return <Quoted text={`· ${id}`} />;
  return (
    <span>
      ·{' '}
      <a
        className="link"
        href={`https://attack.mitre.org/techniques/${id.replace('.', '/')}/`}
        target="_blank"
        rel="noopener noreferrer"
      >
        <TechniqueWords id={id} />
      </a>
    </span>
  );
}

function Place({ row, selected }: { readonly row: FindingRow; readonly selected: boolean }): ReactNode {
  const element = useRef<HTMLLIElement>(null);
  const mayTriage = useMay('triage');
  useEffect(() => {
    if (selected) element.current?.scrollIntoView({ block: 'center' });
  }, [selected]);
  return (
    <li
      ref={element}
      id={`finding-${row.id}`}
      aria-current={selected ? 'true' : undefined}
      className={`flex flex-wrap items-start justify-between gap-x-3 pt-2 ${selected ? 'border-l-[3px] border-accent bg-tint px-2 pb-2' : ''}`}
    >
      <div className="min-w-0 flex-[1_1_min(100%,22rem)]">
        {row.status === 'reopened' && (
          <p>
            <Tag tone="text-high">came back after it was resolved</Tag>
          </p>
        )}
        {row.finding.evidence.map((evidence, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: evidence of a finding never changes its order
          <EvidenceLines key={index} row={row} evidence={evidence} />
        ))}
      </div>
      {mayTriage && row.status !== 'resolved' && <Ignore row={row} />}
    </li>
  );
}

interface EvidenceProps {
  readonly row: FindingRow;
  readonly evidence: Evidence;
}

function EvidenceLines({ row, evidence }: EvidenceProps): ReactNode {
  const { finding } = row;
  const start = startWords(evidence);
  return (
    <div>
      <p className="flex flex-wrap items-baseline gap-x-3">
        <Mono text={placeOf(evidence)} />
        {evidence.layer !== undefined && (
          <a href={`#layer-${evidence.layer}`} className="link text-[0.92rem]">
            layer {evidence.layer}
          </a>
        )}
        <span className="text-[0.92rem]">
          <StateMark state={finding.state} />
        </span>
      </p>
      {finding.reachable && (
        <p className="text-[0.92rem] font-semibold [overflow-wrap:anywhere]">
          <span aria-hidden="true">▸ </span>runs when the container starts
          {start !== '' && <Quoted text={`: ${start}`} className="font-normal" />}
        </p>
      )}
      {evidence.excerpt !== undefined && evidence.excerpt !== '' && <Excerpt text={evidence.excerpt} />}
      {evidence.sha256 !== undefined && (
        <p className="mt-0.5 text-[0.86rem] text-soft">
          {evidence.offset !== undefined && `byte ${evidence.offset.toLocaleString('en-US')} of `}
          <Digest digest={`sha256:${evidence.sha256}`} />
        </p>
      )}
    </div>
  );
}
