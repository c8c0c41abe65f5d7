/**
 * What became of one try of a delivery. A failure is a value, not an exception, because every receiver fails some
 * day and the plan has to say what follows. `detail` is shown in the console and logged: it names hosts, codes and
 * words of ours, never what the other side wrote, because error pages repeat the path that was asked, and the path
 * of a hook is its password.
 */
import { WaterguardError } from '../model/error.ts';
import { printable } from '../model/printable.ts';

export type Outcome = Delivered | Failed;

export interface Delivered {
  readonly ok: true;
  readonly detail: string;
}

export interface Failed {
  readonly ok: false;
  /** False where another try would end the same way, or do harm (a wrong password locks accounts). */
  readonly retry: boolean;
  /** Milliseconds that the receiver asks to wait. */
  readonly afterMs?: number;
  /** The receiver wants nothing any more (410): the channel is to be disabled. */
  readonly disable?: true;
  readonly detail: string;
}

export function delivered(detail: string): Delivered {
  return { ok: true, detail };
}

export function failed(retry: boolean, detail: string): Failed {
  return { ok: false, retry, detail };
}

/** @param host who was asked, without path or password */
export function failureOf(error: unknown, host: string): Failed {
  if (error instanceof WaterguardError)
    return failed(error.code !== 'refused', printable(error.message, 300));
  const code = codeOf(error);
  const why = reasons[code] ?? (/CERT|SIGNATURE|ISSUER/.test(code) ? untrusted : undefined);
  const unknown = /^[A-Z][A-Z0-9_]{1,60}$/.test(code) ? `failed with ${code}` : 'failed for an unknown cause';
  return failed(true, `${printable(host, 270)}: ${why ?? unknown}`);
}

const untrusted =
  'its certificate is not trusted or is for another name; name its authority with NODE_EXTRA_CA_CERTS=FILE';

/** By `code` of Node's errors. */
const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there; check host and port',
  ENOTFOUND: 'no such host; check the name',
  EAI_AGAIN: 'the name server does not answer; check the network',
  ETIMEDOUT: 'no connection in time; check network and firewall',
  EHOSTUNREACH: 'no route to the host',
  ENETUNREACH: 'no route to the network',
  ECONNRESET: 'the connection was closed before the delivery was complete',
  EPIPE: 'the connection was closed before the delivery was complete',
  // What nodemailer makes of both.
  ECONNECTION: 'the connection was closed before the delivery was complete',
  ESOCKET: 'the connection was closed before the delivery was complete',
  EPROTO: 'it does not speak TLS there',
  ERR_SSL_WRONG_VERSION_NUMBER: 'it does not speak TLS there',
  HPE_HEADER_OVERFLOW: 'it answered with more header fields than are read',
};

/** Several addresses may have been tried: the first one's failure stands for all. */
function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return '';
  if ('code' in error && typeof error.code === 'string') return error.code;
  return error instanceof AggregateError ? codeOf(error.errors[0]) : '';
}
