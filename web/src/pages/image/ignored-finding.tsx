/** An ignored finding: why, by whom, how far and until when; and the way back. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { FindingRow } from '../../../../src/api/images.ts';
import { placeOf } from '../../../../src/report/wording.ts';
import { remove } from '../../api.ts';
import { Button } from '../../parts/button.tsx';
import { FormError } from '../../parts/field.tsx';
import { SeverityMark } from '../../parts/marks.tsx';
import { Mono, Quoted } from '../../parts/quoted.tsx';
import { Ago, Exact } from '../../parts/time.tsx';
import { useMay } from '../../queries.ts';
import { refreshAfterTriage } from './triage.ts';

export function IgnoredFinding({ row }: { readonly row: FindingRow }): ReactNode {
  const { finding, ignore } = row;
  const [evidence] = finding.evidence;
  return (
    <div
      id={`finding-${row.id}`}
      className="flex flex-wrap items-start justify-between gap-3 border-t border-line py-2"
    >
      <div className="min-w-0 flex-[1_1_min(100%,22rem)]">
        <p className="flex flex-wrap gap-x-3">
          <SeverityMark severity={finding.severity} />
          <Quoted text={finding.title} className="font-semibold" />
        </p>
        <p className="text-[0.92rem] text-soft">
          <code>{finding.rule}</code> {evidence !== undefined && <Mono text={placeOf(evidence)} />}
        </p>
        {ignore === undefined ? (
          <p>
            <Quoted text={finding.ignored?.reason ?? ''} />{' '}
            <span className="text-soft">by the ignore file of the scan</span>
          </p>
        ) : (
          <p>
            <Quoted text={ignore.reason} className="[overflow-wrap:anywhere]" />{' '}
            <span className="text-soft">
              {ignore.by}, <Ago time={ignore.at} />; {scopeWords[ignore.scope]}; until{' '}
              <Exact time={ignore.expiresAt} />
            </span>
          </p>
        )}
      </div>
      {ignore !== undefined && <Undo ignore={ignore.id} image={row.image} title={finding.title} />}
    </div>
  );
}

const scopeWords = {
  image: 'in this image',
  repository: 'in every image of the repository',
  everywhere: 'everywhere',
} as const;

interface UndoProps {
  readonly ignore: number;
  readonly image: number;
  readonly title: string;
}

function Undo({ ignore, image, title }: UndoProps): ReactNode {
  const client = useQueryClient();
  const mayTriage = useMay('triage');
  const undo = useMutation({
    mutationFn: () => remove(`/ignores/${ignore}`),
    onSuccess: () => refreshAfterTriage(client, image),
  });
  if (!mayTriage) return null;
  return (
    <div>
      <Button onClick={() => undo.mutate()} busy={undo.isPending} aria-label={`Undo the ignore: ${title}`}>
        Undo
      </Button>
      <FormError error={undo.error} />
    </div>
  );
}
