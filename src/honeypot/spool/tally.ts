/** Events that were given up, counted by what they were worth. */
import { worths } from '../decoy.ts';
import type { Dropped, NumberedEvent } from './sink.ts';

export function tally(events: readonly Pick<NumberedEvent, 'seq' | 'worth'>[]): Dropped[] {
  const found: Dropped[] = [];
  for (const worth of worths) {
    const seqs = events.filter((one) => one.worth === worth).map((one) => one.seq);
    if (seqs.length === 0) continue;
    found.push({ worth, count: seqs.length, firstSeq: Math.min(...seqs), lastSeq: Math.max(...seqs) });
  }
  return found;
}
