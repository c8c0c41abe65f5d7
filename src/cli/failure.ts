/** What an error looks like on standard error, and which exit code it deserves. */
import { messageOf, WaterguardError } from '../model/error.ts';
import { printable } from '../model/printable.ts';
import { exit } from './exit.ts';

/**
 * Prints the message; for a defect, where to look for it.
 * @param where what it happened to, such as a target
 * @param debug with the stack
 */
export function tellFailure(error: unknown, debug: boolean, where?: string): void {
  const place = where === undefined ? '' : `${printable(where)}: `;
  process.stderr.write(`waterguard: ${place}${printable(messageOf(error), 2000)}\n`);
  if (debug && error instanceof Error) process.stderr.write(stackOf(error));
  if (!debug && !(error instanceof WaterguardError)) {
    process.stderr.write('waterguard: this is a defect; --debug shows where it happened\n');
  }
}

/** Whatever is not a refusal with a reason is a defect. */
export function isInternal(error: unknown): boolean {
  return !(error instanceof WaterguardError) || error.code === 'internal' || error.code === 'engine';
}

export function exitCodeOf(error: unknown): number {
  return isInternal(error) ? exit.internal : exit.usage;
}

/** A stack may quote an artefact: each line is made printable, and begins with something of ours. */
function stackOf(error: Error): string {
  const frames = (error.stack ?? '').split('\n').filter((line) => /^ +at /.test(line));
  const cause = error.cause instanceof Error ? `  caused by ${printable(error.cause.message, 2000)}\n` : '';
  const rest = error.cause instanceof Error ? stackOf(error.cause) : '';
  return `${frames.map((line) => `  | ${printable(line.trim(), 500)}\n`).join('')}${cause}${rest}`;
}
