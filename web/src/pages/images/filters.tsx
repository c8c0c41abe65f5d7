/** Filters of the images. What is typed becomes a search when the typing rests. */
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { type Category, categories, type Verdict, verdicts } from '../../../../src/model/terms.ts';
import { Button } from '../../parts/button.tsx';
import { Choice } from '../../parts/choice.tsx';
import { controlClass } from '../../parts/field.tsx';
import { type ImageSort, imageSorts } from '../../words.ts';

export interface ImageSearch {
  readonly q?: string | undefined;
  readonly verdict?: Verdict | undefined;
  readonly category?: Category | undefined;
  readonly hunt?: number | undefined;
  readonly sort?: ImageSort | undefined;
}

interface FiltersProps {
  readonly search: ImageSearch;
  readonly onChange: (change: ImageSearch) => void;
}

/** Milliseconds. */
const rest = 250;

export function Filters({ search, onChange }: FiltersProps): ReactNode {
  const none = search.q ?? search.verdict ?? search.category ?? search.hunt;
  return (
    <div className="no-print mb-2 flex flex-wrap items-center gap-2">
      <SearchField value={search.q ?? ''} onSearch={(q) => onChange({ q: q === '' ? undefined : q })} />
      <Choice
        label="Verdict"
        any="Any verdict"
        value={search.verdict}
        options={verdicts}
        onChange={(verdict) => onChange({ verdict })}
      />
      <Choice
        label="Category"
        any="Any category"
        value={search.category}
        options={categories}
        onChange={(category) => onChange({ category })}
      />
      {/* A narrow table has no heads to sort by. */}
      <span className="sm:hidden">
        <Choice
          label="Sort"
          any="By score"
          value={search.sort}
          options={imageSorts.filter((one) => one !== 'score')}
          onChange={(sort) => onChange({ sort })}
        />
      </span>
      {search.hunt !== undefined && (
        <Button onClick={() => onChange({ hunt: undefined })}>
          of hunt {search.hunt} <span aria-hidden="true">✕</span>
          <span className="sr-only">, take this filter off</span>
        </Button>
      )}
      {none !== undefined && (
        <Button
          kind="quiet"
          onClick={() => onChange({ q: undefined, verdict: undefined, category: undefined, hunt: undefined })}
        >
          All filters off
        </Button>
      )}
    </div>
  );
}

interface SearchFieldProps {
  readonly value: string;
  readonly onSearch: (q: string) => void;
}

function SearchField({ value, onSearch }: SearchFieldProps): ReactNode {
  const [typed, setTyped] = useState(value);
  const sent = useRef(value);
  // The address changed from elsewhere: the search of every page, a link, the back button.
  useEffect(() => {
    if (value !== sent.current) setTyped(value);
    sent.current = value;
  }, [value]);
  useEffect(() => {
    if (typed.trim() === sent.current) return;
    const timer = setTimeout(() => {
      sent.current = typed.trim();
      onSearch(sent.current);
    }, rest);
    return () => clearTimeout(timer);
  }, [typed, onSearch]);
  return (
    <input
      type="search"
      data-search=""
      value={typed}
      maxLength={500}
      spellCheck={false}
      onChange={(event) => setTyped(event.target.value)}
      placeholder="Reference, digest or indicator"
      aria-label="Reference, digest or indicator"
      className={`${controlClass} max-w-[22rem] min-w-[12rem] grow`}
    />
  );
}
