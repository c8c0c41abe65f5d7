/** What was said in a session, event after event, with what hid in it. */
import { type ReactNode, useState } from 'react';
import type { StoredEvent } from '../../../../../src/api/events.ts';
import { severityRank } from '../../../../../src/model/terms.ts';
import { countWords } from '../../../../../src/report/wording.ts';
import { Button } from '../../../parts/button.tsx';
import { Check } from '../../../parts/field.tsx';
import { Listed } from '../../../parts/listed.tsx';
import { severityColours, severityMarks } from '../../../parts/marks.tsx';
import { Empty } from '../../../parts/notice.tsx';
import { Section } from '../../../parts/page-head.tsx';
import { Excerpt, Mono, Quoted } from '../../../parts/quoted.tsx';
import { Technique } from '../columns.tsx';
import { dataLines, inputOf, outputOf, shortFacts } from './wording.ts';

export function Transcript({ session }: { readonly session: number }): ReactNode {
  const [withNoise, setWithNoise] = useState(false);
  return (
    <Section
      title="Transcript"
      actions={
        <Check
          label="connections and probes too"
          checked={withNoise}
          onChange={(event) => setWithNoise(event.target.checked)}
        />
      }
    >
      <Listed<StoredEvent> name="session-events" path={`/sessions/${session}/events`} what="the events">
        {(rows, more) => {
          const shown = withNoise ? rows : rows.filter(isTalk);
          return (
            <>
              {shown.length === 0 ? (
                <Empty title="Nothing but connections and probes">Tick the box above to see them.</Empty>
              ) : (
                <ol>
                  {shown.map((event, index) => (
                    <Line key={event.id} event={event} before={shown[index - 1]} />
                  ))}
                </ol>
              )}
              {more !== undefined && (
                <Button onClick={more.load} disabled={more.busy} className="mt-2">
                  {more.busy ? 'Loading…' : 'Show more'}
                </Button>
              )}
            </>
          );
        }}
      </Listed>
    </Section>
  );
}

function isTalk({ type, severity }: StoredEvent): boolean {
  if (/\.(?:connect|close)$/.test(type)) return false;
  return severityRank(severity) >= severityRank('medium') || !/\.(?:request|probe|client)$/.test(type);
}

function Line({
  event,
  before,
}: {
  readonly event: StoredEvent;
  readonly before: StoredEvent | undefined;
}): ReactNode {
  const input = inputOf(event);
  const output = outputOf(event);
  const isNewService = serviceOf(event) !== (before && serviceOf(before));
  return (
    <li
      className={`border-b border-line py-1.5 last:border-0 ${isNewService && before !== undefined ? 'border-t-[3px] border-t-line' : ''}`}
    >
      <div className="flex flex-wrap items-baseline gap-x-3">
        <time dateTime={event.at} title={event.at} className="text-soft tabular-nums">
          {event.at.slice(11, 19)}
        </time>
        <span className={`${severityColours[event.severity]} font-semibold`}>
          <span aria-hidden="true" className="mr-1">
            {severityMarks[event.severity]}
          </span>
          <Quoted text={event.type} />
          <span className="sr-only"> ({event.severity})</span>
        </span>
        <Quoted text={shortFacts(event)} className="min-w-0 [overflow-wrap:anywhere]" />
        <span className="flex flex-wrap gap-1">
          {event.attack.map((one) => (
            <Technique key={one} id={one} />
          ))}
        </span>
      </div>
      {input !== undefined && <Excerpt text={input} />}
      {output !== undefined && (
        <div className="ml-4 text-soft">
          <Excerpt text={output} />
        </div>
      )}
      <Hidden event={event} input={input} />
    </li>
  );
}

/** What decoding brought to light, and what else is known. */
function Hidden({
  event,
  input,
}: {
  readonly event: StoredEvent;
  readonly input: string | undefined;
}): ReactNode {
  const commands = event.norm.commands.filter((one) => input === undefined || !input.includes(one));
  const values = [...event.norm.urls, ...event.norm.hosts, ...event.norm.images, ...event.norm.wallets];
  const facts = dataLines(event);
  if (commands.length + values.length + facts.length === 0) return null;
  return (
    <details className="mt-1 text-[0.92rem]">
      <summary className="cursor-pointer text-soft">
        {[
          commands.length > 0 && `${countWords(commands.length, 'command')} decoded`,
          values.length > 0 && values.slice(0, 3).join(', '),
          facts.length > 0 && 'details',
        ]
          .filter((one) => one !== false)
          .map((one, index) => (
            <span key={String(one)}>
              {index > 0 && ' · '}
              <Quoted text={String(one)} />
            </span>
          ))}
      </summary>
      {commands.length > 0 && <Excerpt text={commands.join('\n')} />}
      <ul>
        {values.map((value) => (
          <li key={value}>
            <Mono text={value} />
          </li>
        ))}
        {facts.map(([name, value]) => (
          <li key={name}>
            <span className="text-soft">
              <Quoted text={name} />{' '}
            </span>
            <Mono text={value} />
          </li>
        ))}
      </ul>
    </details>
  );
}

function serviceOf({ type }: StoredEvent): string {
  return type.split('.', 1)[0] ?? '';
}
