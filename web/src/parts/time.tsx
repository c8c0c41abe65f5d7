/** Times and durations in words; the exact time in UTC is in the title. */
import { type ReactNode, useEffect, useState } from 'react';

const relative = new Intl.RelativeTimeFormat('en', { numeric: 'always', style: 'long' });
const steps: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
];

/** `5 minutes ago`, `in 3 days`. */
export function agoWords(time: string, now = Date.now()): string {
  const seconds = (Date.parse(time) - now) / 1000;
  for (const [unit, length] of steps) {
    if (Math.abs(seconds) >= length) return relative.format(Math.trunc(seconds / length), unit);
  }
  return seconds > 0 ? 'in less than a minute' : 'just now';
}

/** `2026-11-26 04:40 UTC`. */
export function exactWords(time: string): string {
  return `${time.replace('T', ' ').slice(0, 16)} UTC`;
}

export function Ago({ time }: { readonly time: string }): ReactNode {
  const now = useMinute();
  return (
    <time dateTime={time} title={exactWords(time)} className="whitespace-nowrap">
      {agoWords(time, now)}
    </time>
  );
}

export function Exact({ time }: { readonly time: string }): ReactNode {
  return (
    <time dateTime={time} className="whitespace-nowrap tabular-nums">
      {exactWords(time)}
    </time>
  );
}

/** `3 h 12 min`, `40 s`. @param seconds at least 0 */
export function durationWords(seconds: number): string {
  if (seconds < 60) return `${Math.round(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  return minutes % 60 === 0 ? `${minutes / 60} h` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** Draws anew every minute, that `2 minutes ago` does not stay so. */
function useMinute(): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 60_000);
    return () => clearInterval(timer);
  }, []);
  return now;
}
