/** What was not looked at: what is a hole first, as it keeps an image from being clean. */
import type { ReactNode } from 'react';
import type { ImageReport } from '../../../../src/model/report.ts';
import { countWords, skipSummary } from '../../../../src/report/wording.ts';
import { Section } from '../../parts/page-head.tsx';
import { Mono, Quoted } from '../../parts/quoted.tsx';
import { Scroll } from '../../parts/scroll.tsx';

/** Errors that are listed, and places for each reason; the rest is counted. */
const mostErrors = 50;
const mostPlaces = 10;

export function NotSeen({ report }: { readonly report: ImageReport }): ReactNode {
  const { errors } = report.coverage;
  const skips = skipSummary(report.coverage, mostPlaces);
  if (errors.length === 0 && skips.length === 0) {
    return (
      <Section title="Not seen">
        <p className="py-1">Nothing: every layer and file was looked at.</p>
      </Section>
    );
  }
  return (
    <Section title="Not seen">
      <Scroll label="What was not looked at">
        <table className="grid-table">
          <thead>
            <tr>
              <th scope="col">Reason</th>
              <th scope="col">Where</th>
              <th scope="col">Detail</th>
            </tr>
          </thead>
          <tbody>
            {errors.slice(0, mostErrors).map((error) => (
              <tr key={`${error.where} ${error.code} ${error.message}`}>
                <td>{error.code}</td>
                <td>
                  <Mono text={error.where} />
                </td>
                <td>
                  <Quoted text={error.message} />
                </td>
              </tr>
            ))}
            {skips.map((skip) => (
              <tr key={skip.reason}>
                <td>{skip.reason}</td>
                <td>
                  <Mono text={skip.places.join(', ') + (skip.count > skip.places.length ? ', …' : '')} />
                </td>
                <td>
                  {countWords(skip.count, 'place')}
                  {!skip.hole && ', hides nothing'}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
      {errors.length > mostErrors && (
        <p className="text-soft">and {errors.length - mostErrors} more errors</p>
      )}
    </Section>
  );
}
