/** The verdict with its reasons, what to do about it, and the facts of the image. */
import type { ReactNode } from 'react';
import type { ImageDetail } from '../../../../src/api/images.ts';
import { adviceOn, byteWords, countWords, coverageWords } from '../../../../src/report/wording.ts';
import { VerdictMark } from '../../parts/marks.tsx';
import { Digest, Quoted } from '../../parts/quoted.tsx';
import { Ago } from '../../parts/time.tsx';

/** Reasons that are shown; a miner of many files gives one for each. */
const most = 6;

export function VerdictPanel({ detail }: { readonly detail: ImageDetail }): ReactNode {
  const { image, report } = detail;
  const rest = report.reasons.length - most;
  return (
    <section aria-label="Verdict">
      <div className="flex flex-wrap items-baseline gap-x-3">
        <VerdictMark verdict={report.verdict} />
        <span className="text-soft">
          score <b className="text-ink tabular-nums">{report.score}</b> of 100
        </span>
        {report.categories.length > 0 && <span className="text-soft">{report.categories.join(', ')}</span>}
      </div>
      <ul className="mt-2 list-disc space-y-0.5 pl-5 [overflow-wrap:anywhere]">
        {report.reasons.slice(0, most).map((reason) => (
          <li key={reason}>
            <Quoted text={reason} />
          </li>
        ))}
        {rest > 0 && <li className="text-soft">and {countWords(rest, 'more reason')}: see the findings</li>}
      </ul>
      <p className="mt-3 border-l-[3px] border-ink bg-panel px-3 py-2">{adviceOn(report)}</p>
      <dl className="mt-3 flex flex-wrap gap-x-6 gap-y-2">
        <Fact name="Digest">
          <Digest digest={image.digest} />
        </Fact>
        <Fact name="Platform">{image.platform}</Fact>
        <Fact name="Stored">
          {countWords(report.artifact.layers.length, 'layer')}, {byteWords(image.size)}
        </Fact>
        <Fact name="Seen">{coverageWords(report)}</Fact>
        <Fact name="Scanned">
          <Ago time={image.scannedAt} />
        </Fact>
        <Fact name="First seen">
          <Ago time={image.firstSeenAt} />
        </Fact>
        {image.goneAt !== undefined && (
          <Fact name="Gone">
            <Ago time={image.goneAt} />: no name leads to it
          </Fact>
        )}
        <Fact name="Rules">
          <Digest digest={report.tool.ruleset} />
        </Fact>
      </dl>
    </section>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }): ReactNode {
  return (
    <div>
      <dt className="text-[0.86rem] text-soft">{name}</dt>
      <dd className="[overflow-wrap:anywhere]">{children}</dd>
    </div>
  );
}
