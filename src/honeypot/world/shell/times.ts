/** Durations as `time` and `times` print them. */
import type { Shell } from './shell.ts';

/** `0m1.234s`. */
export function minutes(milliseconds: number, digits = 3): string {
  const seconds = milliseconds / 1000;
  return `${Math.floor(seconds / 60)}m${(seconds % 60).toFixed(digits)}s`;
}

/** What the keyword `time` prints: real, user and system time. */
export async function printTimes(shell: Shell, real: number, isPosix: boolean): Promise<void> {
  // What waits computes little.
  const [user, system] = [Math.min(real * 0.4, 4), Math.min(real * 0.2, 2)];
  const rows = [
    ['real', real],
    ['user', user],
    ['sys', system],
  ] as const;
  const text = isPosix
    ? rows.map(([name, value]) => `${name} ${(value / 1000).toFixed(2)}\n`).join('')
    : `\n${rows.map(([name, value]) => `${name}\t${minutes(value)}\n`).join('')}`;
  await shell.write(2, text);
}
