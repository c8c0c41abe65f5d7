/** What a delivery takes from the world around it; tests pass their own. */
import { lookup } from 'node:dns';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Resolve } from './address.ts';

export interface Ports {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly resolve: Resolve;
  readonly pause: (milliseconds: number) => Promise<unknown>;
  /** This machine's name, for log collectors and mail servers. */
  readonly hostName: string;
  /** PEM of the authorities to trust instead of Node's own (which NODE_EXTRA_CA_CERTS adds to). */
  readonly authorities?: string | undefined;
  readonly limits: Limits;
}

/** Milliseconds. */
export interface Limits {
  /** One HTTP request, from the name to the status. */
  readonly hookMs: number;
  /** The body behind the status: it decides nothing, so a slow one must not turn success into failure. */
  readonly bodyMs: number;
  /** One mail, from the name to the server's word that it has it. */
  readonly mailMs: number;
  readonly syslogMs: number;
  /** How long a log collector may take to close, or a network to say that nobody listens. */
  readonly closeMs: number;
}

export const systemPorts: Ports = {
  now: Date.now,
  resolve: lookup,
  pause: (milliseconds) => sleep(milliseconds),
  hostName: hostname(),
  limits: {
    hookMs: 10_000,
    bodyMs: 2_000,
    // Servers that make spammers wait greet after up to 30 seconds.
    mailMs: 60_000,
    syslogMs: 10_000,
    closeMs: 500,
  },
};
