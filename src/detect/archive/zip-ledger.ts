/**
 * Holds the central directory of a zip against the members that were met on the way to it. Most readers go by the
 * directory: what it tells of, and did not lie there, would be read by them and was not seen here.
 */
import type { Hole } from './members.ts';
import type { CentralRecord } from './zip-records.ts';

/** Places are counted from the beginning of the archive. */
export interface Ledger {
  /** @param packed length of the data; undefined where it could not be told */
  member(at: number, method: number, packed: number | undefined): void;
  record(at: number, record: CentralRecord): void;
  /** An end of the directory, which begins with the records at `at`. */
  close(at: number, said: { readonly size: number; readonly offset: number }): void;
  /** What does not agree. */
  holes(): readonly Hole[];
}

/** Beyond them, nothing is compared. */
const mostMembers = 1_000_000;

export function createLedger(): Ledger {
  const met = createList();
  let told = createList();
  let directory = { start: 0, end: -1 };
  let isClosed = false;
  const holes = new Map<string, Hole>();

  function note(detail: string, reason: Hole['reason'] = 'truncated'): void {
    if (!holes.has(detail)) holes.set(detail, { name: '(directory)', reason, detail });
  }

  function add(list: List, place: number, form: number): void {
    if (list.places.length >= mostMembers) note(`more than ${mostMembers} members`, 'entry-limit');
    else {
      list.places.push(place);
      list.forms.push(form);
    }
  }

  function compare(shift: number): void {
    const strange = told.places.filter((place, index) => {
      const form = formAt(met, place + shift);
      return form === undefined || (form !== unknown && form !== told.forms[index]);
    }).length;
    if (strange > 0) note(`the directory of the zip tells of ${strange} members that do not lie there`);
  }

  return {
    member(at, method, packed) {
      add(met, at, packed === undefined ? unknown : formOf(method, packed));
    },
    record(at, { method, packed, offset, end }) {
      if (at !== directory.end) {
        if (told.places.length > 0) note('a part of the directory of the zip has no end');
        directory = { start: at, end: at };
        told = createList();
      }
      directory.end = end;
      add(told, offset, formOf(method, packed));
    },
    close(at, { size, offset }) {
      isClosed = true;
      const start = at - size;
      const shift = start - offset;
      const isThere = size === 0 || (directory.start === start && directory.end === at);
      // What precedes the archive may be counted, or not.
      if (!isThere || (size > 0 && shift !== 0 && shift !== met.places[0]))
        note('the directory of the zip lies elsewhere');
      else compare(shift);
      told = createList();
      directory = { start: 0, end: -1 };
    },
    holes() {
      if (!isClosed || told.places.length > 0) note('the zip has no central directory');
      return [...holes.values()];
    },
  };
}

interface List {
  /** Ascending where they are those that were met. */
  readonly places: number[];
  readonly forms: number[];
}

const createList = (): List => ({ places: [], forms: [] });

const unknown = -1;

/** Method and length in one number. */
function formOf(method: number, packed: number): number {
  return method * 2 ** 36 + packed;
}

function formAt({ places, forms }: List, place: number): number | undefined {
  let low = 0;
  let high = places.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((places[middle] ?? 0) < place) low = middle + 1;
    else high = middle;
  }
  return places[low] === place ? forms[low] : undefined;
}
