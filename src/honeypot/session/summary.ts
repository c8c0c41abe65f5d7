/** What a session comes to: counts, services, techniques, clients. Grows with each batch, within bounds. */
import type { DecoyEvent } from '../../model/event.ts';
import { severityRank } from '../../model/terms.ts';
import { mostValues, type ValueType, valueTypes } from './values.ts';

export interface Summary {
  readonly events: number;
  /** Rank of the highest. */
  readonly severity: number;
  readonly services: readonly string[];
  readonly techniques: readonly string[];
  readonly types: Readonly<Record<string, number>>;
  /** `ja4 t13d…`, `ua curl/8.5.0`. */
  readonly clients: readonly string[];
  /** By which the sensor knows it: several where it restarted. */
  readonly names: readonly string[];
  /** Different values that were kept, by their type. */
  readonly values: Readonly<Partial<Record<ValueType, number>>>;
  /** How many marks it left. */
  readonly marks: number;
}

/** Members of each; more are what a hostile sensor makes up. */
const most = {
  services: 30,
  techniques: 100,
  types: 200,
  clients: 30,
  names: 20,
  marks: 64,
  client: 500,
} as const;

/** A summary that events are added to. */
export interface Draft {
  events: number;
  severity: number;
  readonly services: Set<string>;
  readonly techniques: Set<string>;
  readonly types: Map<string, number>;
  readonly clients: Set<string>;
  readonly names: Set<string>;
  readonly values: Map<ValueType, number>;
  marks: number;
  /**
   * Values and marks by the beginnings of their digests, one after another: those it had before, and those of now. Bytes
   * as characters; a set of hundreds takes longer to build.
   */
  readonly seen: string;
  seenNow: string;
}

/** @param seen as `seenIn` gave it */
export function draftOf(summary?: Summary, seen = ''): Draft {
  return {
    events: summary?.events ?? 0,
    severity: summary?.severity ?? 0,
    services: new Set(summary?.services),
    techniques: new Set(summary?.techniques),
    types: new Map(Object.entries(summary?.types ?? {})),
    clients: new Set(summary?.clients),
    names: new Set(summary?.names),
    values: new Map(Object.entries(summary?.values ?? {}) as [ValueType, number][]),
    marks: summary?.marks ?? 0,
    seen,
    seenNow: '',
  };
}

/** What of an event a summary is made of. */
export interface Step extends Pick<DecoyEvent, 'type' | 'severity' | 'attack' | 'session'> {
  /** As `clientsOf` has them. */
  readonly clients: readonly string[];
}

export function clientsOf({ fp }: DecoyEvent): readonly string[] {
  const clients: string[] = [];
  for (const name in fp) {
    const value = fp[name as keyof typeof fp];
    if (value !== undefined) clients.push(`${name} ${value.slice(0, most.client)}`);
  }
  return clients;
}

export function addEvent(draft: Draft, { type, severity, attack, clients, session }: Step): void {
  draft.events += 1;
  draft.severity = Math.max(draft.severity, severityRank(severity));
  put(draft.services, type.slice(0, type.indexOf('.')), most.services);
  for (const one of attack) put(draft.techniques, one, most.techniques);
  const count = draft.types.get(type);
  if (count !== undefined || draft.types.size < most.types) draft.types.set(type, (count ?? 0) + 1);
  put(draft.names, session, most.names);
  for (const one of clients) put(draft.clients, one, most.clients);
}

function put(all: Set<string>, one: string, size: number): void {
  if (all.size < size) all.add(one);
}

/** Bytes of a digest by which a session knows it again. */
const known = 6;

/** Characters of `Draft.seen` for each: what it is, and the beginning of its digest. */
export const seenLength = 1 + known;

/** @returns whether the session could have another value of the type */
export function hasRoom({ values }: Draft, type: ValueType): boolean {
  return (values.get(type) ?? 0) < mostValues[type];
}

/** @param digest bytes as characters @returns whether the session has it for the first time */
export function addValue(draft: Draft, type: ValueType, digest: string): boolean {
  if (!isNew(draft, `${valueTypes.indexOf(type)}${digest.slice(0, known)}`)) return false;
  draft.values.set(type, (draft.values.get(type) ?? 0) + 1);
  return true;
}

/** @param digest bytes as characters @returns whether the session leaves it for the first time, and has room for it */
export function addMark(draft: Draft, digest: string): boolean {
  if (draft.marks >= most.marks || !isNew(draft, `m${digest.slice(0, known)}`)) return false;
  draft.marks += 1;
  return true;
}

/** The long text stays as it is: one that grows is copied by every search in it. */
function isNew(draft: Draft, key: string): boolean {
  if (draft.seen.includes(key) || draft.seenNow.includes(key)) return false;
  draft.seenNow += key;
  return true;
}

/** What the session has by now, for the next draft of it; bytes as characters. */
export function seenIn({ seen, seenNow }: Draft): string {
  return seen + seenNow;
}

export function summaryOf(draft: Draft): Summary {
  return {
    events: draft.events,
    severity: draft.severity,
    services: [...draft.services],
    techniques: [...draft.techniques],
    types: Object.fromEntries(draft.types),
    clients: [...draft.clients],
    names: [...draft.names],
    values: Object.fromEntries(draft.values),
    marks: draft.marks,
  };
}
