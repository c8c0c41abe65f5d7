/** One line that follows a hunt on a terminal: how far, how fast, how long still. Nothing elsewhere. */

import type { Standing } from '../hunt/port.ts';
import { huntRate, type Sample } from '../hunt/rate.ts';

export interface HuntProgressLine {
  end(): void;
}

export function createHuntProgress(standing: () => Promise<Standing>, quiet: boolean): HuntProgressLine {
  if (quiet || process.stderr.isTTY !== true) return { end: () => {} };
  const samples: Sample[] = [];
  let busy = false;
  const timer = setInterval(async () => {
    if (busy) return;
    busy = true;
    try {
      const now = await standing();
      samples.push({ at: Date.now(), done: now.done + now.failed });
      process.stderr.write(`\r\x1b[K  ${lineOf(now, samples)}`);
    } catch {
      // The store tells its own troubles.
    } finally {
      busy = false;
    }
  }, 500);
  return {
    end() {
      clearInterval(timer);
      process.stderr.write('\r\x1b[K');
    },
  };
}

function lineOf({ total, done, unchanged, failed, listed }: Standing, samples: Sample[]): string {
  const { rate, remaining } = huntRate(samples, total - unchanged, Date.now());
  const parts = [
    `${done + unchanged + failed} of ${total}${listed ? '' : '+'} images`,
    ...(unchanged > 0 ? [`${unchanged} unchanged`] : []),
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(rate === undefined ? [] : [`${rate >= 10 ? Math.round(rate) : rate.toFixed(1)} a second`]),
    ...(remaining === undefined || !listed ? [] : [`${duration(remaining)} left`]),
  ];
  return parts.join(', ');
}

function duration(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds)} s`;
  if (seconds < 5400) return `${Math.ceil(seconds / 60)} min`;
  return `${(seconds / 3600).toFixed(1)} h`;
}
