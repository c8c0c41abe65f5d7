/** All images of the filters as CSV: page after page until the last, or until the reader has enough. */
import { type ReactNode, useRef, useState } from 'react';
import type { ImageRow } from '../../../../src/api/images.ts';
import type { Page } from '../../../../src/api/page.ts';
import { get, type Parameters } from '../../api.ts';
import { Button } from '../../parts/button.tsx';
import { csvOf, download } from '../../parts/csv.ts';
import { imageColumns } from './columns.tsx';

interface DownloadProps {
  readonly parameters: Parameters;
  readonly total: number | undefined;
  readonly disabled: boolean;
}

type State =
  | { readonly kind: 'idle' }
  | { readonly kind: 'fetching'; readonly count: number }
  | { readonly kind: 'failed'; readonly message: string };

export function Download({ parameters, total, disabled }: DownloadProps): ReactNode {
  const [state, setState] = useState<State>({ kind: 'idle' });
  const enough = useRef(false);
  const fetchAll = async () => {
    enough.current = false;
    const rows: ImageRow[] = [];
    let cursor: string | undefined;
    setState({ kind: 'fetching', count: 0 });
    try {
      do {
        const page: Page<ImageRow> = await get('/images', { ...parameters, cursor });
        rows.push(...page.items);
        cursor = page.next;
        setState({ kind: 'fetching', count: rows.length });
      } while (cursor !== undefined && !enough.current);
      save(rows);
      setState({ kind: 'idle' });
    } catch (error) {
      setState({ kind: 'failed', message: error instanceof Error ? error.message : String(error) });
    }
  };
  if (state.kind === 'fetching') {
    const of = total === undefined ? '' : ` of ${total.toLocaleString('en-US')}`;
    return (
      <>
        <span className="text-soft tabular-nums">
          {state.count.toLocaleString('en-US')}
          {of} rows
        </span>
        <Button
          onClick={() => {
            enough.current = true;
          }}
        >
          Stop and save
        </Button>
      </>
    );
  }
  return (
    <>
      {state.kind === 'failed' && (
        <span role="alert" className="text-critical">
          Download failed: {state.message}
        </span>
      )}
      <Button disabled={disabled} onClick={() => void fetchAll()}>
        CSV
      </Button>
    </>
  );
}

function save(rows: readonly ImageRow[]): void {
  const head = imageColumns.map(({ header }) => header);
  download(
    'images.csv',
    csvOf(
      head,
      rows.map((row) => imageColumns.map(({ value }) => value(row))),
    ),
  );
}
