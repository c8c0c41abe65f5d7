/** What was said in a session, event after event, with what hid in it. */
import { type ReactNode, useState } from 'react';
import type { StoredEvent } from '../../../../../src/api/events.ts';
import { severityRank } from '../../../../../src/model/terms.ts';
import { byteWords, countWords } from '../../../../../src/report/wording.ts';
import { Button } from '../../../parts/button.tsx';
import { Check } from '../../../parts/field.tsx';
import { Listed } from '../../../parts/listed.tsx';
import { severityColours, severityMarks } from '../../../parts/marks.tsx';
import { Empty } from '../../../parts/notice.tsx';
import { Section } from '../../../parts/page-head.tsx';
import { Lines, Mono, Quoted } from '../../../parts/quoted.tsx';
import { Technique } from '../columns.tsx';
import { FileLink } from '../files.tsx';
import { dataLines, filesOf, inputOf, outputOf, shortFacts } from './wording.ts';

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
      <div className="flex flex-wrap items-baseline gap-x-3 gap-y-1">
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
        <span className="flex flex-wrap gap-x-1 gap-y-2">
          {event.attack.map((one) => (
            <Technique key={one} id={one} />
          ))}
        </span>
      </div>
      {input !== undefined && <Lines text={input} />}
      {output !== undefined && (
        <div className="ml-4 text-soft">
          <Lines text={output} />
        </div>
      )}
      {filesOf(event).map(({ name, sha256, size, isKept }) => (
        <p key={`${name} ${sha256}`} className="mt-1">
          <span className="text-soft">left</span> <Mono text={name} />{' '}
          <span className="text-soft">{byteWords(size)},</span> <FileLink sha256={sha256} isKept={isKept} />
        </p>
      ))}
      <Hidden event={event} input={input} />
    </li>
  );
}

/** Decoded commands that are shown at once. */
const openCommands = 8;

/** What decoding brought to light, and what else is known. */
function Hidden({
  event,
  input,
}: {
  readonly event: StoredEvent;
  readonly input: string | undefined;
}): ReactNode {
  const commands = event.norm.commands.filter((one) => input === undefined || !input.includes(one));
  const folded = commands.slice(openCommands);
  const values = [...event.norm.urls, ...event.norm.hosts, ...event.norm.images, ...event.norm.wallets];
  const facts = dataLines(event);
  return (
    <>
      {commands.length > 0 && (
        <div className="mt-1">
          <span className="text-[0.92rem] text-soft">decoded</span>
          <Lines text={commands.slice(0, openCommands).join('\n')} />
        </div>
      )}
      {folded.length + values.length + facts.length > 0 && (
        <details className="mt-1 text-[0.92rem]">
          <summary className="text-soft">
            {[
              folded.length > 0 && countWords(folded.length, 'more command'),
              values.length > 0 && values.slice(0, 3).join(', '),
              facts.length > 0 && 'details',
            ]
              .filter((one) => one !== false)
              .map((one, index) => (
                <span key={String(one)}>
                  {index > 0 && ' · '}
                  <Quoted text={String(one)} className="[overflow-wrap:anywhere]" />
                </span>
              ))}
          </summary>
          {folded.length > 0 && <Lines text={folded.join('\n')} />}
          <ul>
            {[...new Set(values)].map((value) => (
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
      )}
    </>
  );
}

function serviceOf({ type }: StoredEvent): string {
  return type.split('.', 1)[0] ?? '';
}
