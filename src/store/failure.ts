/** What a failing database means for its caller: whether it is gone for now, full, or was asked something wrong. */
import { messageOf, WaterguardError } from '../model/error.ts';

/** Of the operating system: nobody listens, or stopped listening. */
const broken: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOENT',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
]);

/**
 * Classes and codes of SQLSTATE that pass: connection exceptions, insufficient resources (a full disk, too many
 * connections), operator intervention (shutdown), system errors, serialization failures and deadlocks
 * (postgresql.org/docs/18/errcodes-appendix.html).
 */
const passing = /^(?:08|53|57P|58|40001|40P01|25P03)/;

/** A connection that ended in the middle has no code in `pg`. */
const ended =
  /^(?:Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error|Query read timeout)/;

/** Whether trying again later may help. */
export function isPassing(error: unknown): boolean {
  if (error instanceof WaterguardError) return error.code === 'unavailable';
  const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown };
  if (typeof code === 'string' && (broken.has(code) || passing.test(code))) return true;
  return typeof message === 'string' && ended.test(message);
}

/** @param place of the store, for the message */
export function asUnavailable(error: unknown, place: string): unknown {
  if (error instanceof WaterguardError || !isPassing(error)) return error;
  return new WaterguardError(
    'unavailable',
    `The store ${place} cannot be reached: ${messageOf(error)}. Check that it runs and has room.`,
    { cause: error },
  );
}
