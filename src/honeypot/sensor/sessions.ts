/** What one source does, over all decoys of the sensor, until it pauses: a session. */
import { randomBytes } from 'node:crypto';
import { pause } from '../session/join.ts';

const maxSources = 100_000;

export interface Sessions {
  /** The session of a source that did something now. */
  of(source: string, now: number): string;
}

export function createSessions(): Sessions {
  /** The source that was longest silent comes first. */
  const known = new Map<string, { readonly id: string; readonly at: number }>();
  return {
    of(source, now) {
      const before = known.get(source);
      const id = before !== undefined && now - before.at < pause ? before.id : randomBytes(8).toString('hex');
      known.delete(source);
      if (known.size >= maxSources) known.delete(known.keys().next().value!);
      known.set(source, { id, at: now });
      return id;
    },
  };
}
