/** Whose session had a mark last, and which sessions follow from it to be related. */
import { pause, type Span } from './join.ts';

/** A session leaves a mark, for the first time. */
export interface Sighting {
  /** Digest of the mark. */
  readonly key: string;
  readonly reason: string;
  readonly session: number;
  readonly src: string;
  /** Milliseconds. */
  readonly at: number;
}

/** The session that left a mark last, and how long it lasted until now. */
export interface LastSeen extends Readonly<Span> {
  readonly session: number;
  readonly src: string;
  /** Changes of the source since everybody was away for a pause. */
  readonly sources: number;
}

export interface Link {
  readonly session: number;
  readonly earlier: number;
  readonly reason: string;
}

/** So many sources with one mark within a pause have a tool in common, and are not somebody who came back. */
export const mostSources = 8;

/**
 * @param sightings in the order of their times
 * @returns the links that follow, each once, and what of the marks has to be written
 */
export function linkSightings(
  sightings: readonly Sighting[],
  known: ReadonlyMap<string, LastSeen>,
): { readonly links: readonly Link[]; readonly marks: ReadonlyMap<string, LastSeen> } {
  const links = new Map<string, Link>();
  const marks = new Map<string, LastSeen>();
  for (const { key, reason, session, src, at } of sightings) {
    const last = marks.get(key) ?? known.get(key);
    // It comes late, from long before.
    if (last !== undefined && last.firstAt - at > pause) continue;
    const goesOn = last !== undefined && at - last.lastAt <= pause;
    const sources = goesOn ? last.sources + (last.src === src ? 0 : 1) : 1;
    if (goesOn && last.src !== src && sources <= mostSources) {
      const link = { session, earlier: last.session, reason };
      links.set(JSON.stringify(link), link);
    }
    marks.set(key, { session, src, sources, firstAt: at, lastAt: at });
  }
  return { links: [...links.values()], marks };
}
