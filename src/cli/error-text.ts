/** What an error looks like on standard error, and what it is a sign of. */
import { messageOf, WaterguardError } from '../model/error.ts';
import { printable } from '../model/printable.ts';

/** @param about what failed, such as a target @param debug with the stack trace */
export function errorText(error: unknown, debug: boolean, about?: string): string {
  const where = about === undefined ? '' : `${printable(about)}: `;
  const message = `waterguard: ${where}${printable(messageOf(error), 2000)}\n`;
  if (debug) return message + stackText(error);
  if (error instanceof WaterguardError) return message;
  return `${message}waterguard: this is a defect; --debug shows where it happened\n`;
}

/** The stack opens with the message, which may quote hostile text: none of its lines begins where a line begins. */
function stackText(error: unknown): string {
  if (!(error instanceof Error) || error.stack === undefined) return '';
  return error.stack
    .split('\n', 100)
    .map((line) => `  | ${printable(line, 2000)}\n`)
    .join('');
}

/** Whatever is not a refusal with a reason is a defect of the program. */
export function isDefect(error: unknown): boolean {
  return !(error instanceof WaterguardError) || error.code === 'internal' || error.code === 'engine';
}
