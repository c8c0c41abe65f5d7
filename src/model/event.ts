/**
 * Events: what a decoy saw, one JSON object a line, in files, in the spool and in what sensors deliver. The identity is
 * (`sensor`, `boot`, `seq`): delivery is at least once, and whoever stores events drops what it has.
 */
import type { Severity } from './terms.ts';

export interface Endpoint {
  readonly ip: string;
  readonly port: number;
}

/** What tells one client program from another; only what the protocol shows. */
export interface Fingerprint {
  /** User agent of HTTP, software version of SSH. */
  readonly ua?: string;
  readonly ja3?: string;
  readonly ja4?: string;
  readonly hassh?: string;
  /** Names of the request's headers in the order in which they came, as `host,user-agent,accept`. */
  readonly headers?: string;
}

/** Decoded and de-obfuscated; hosts are domains and addresses, each value once. */
export interface Norm {
  readonly urls: readonly string[];
  readonly hosts: readonly string[];
  readonly images: readonly string[];
  readonly wallets: readonly string[];
  readonly commands: readonly string[];
}

/** The bytes that came: their digest, their length, and the first of them in base64. */
export interface Raw {
  readonly sha256: string;
  readonly len: number;
  readonly head: string;
}

export interface DecoyEvent {
  readonly v: 1;
  /** UUIDv7. */
  readonly id: string;
  readonly sensor: string;
  /** UUID of the sensor's start, within which `seq` counts from 1 without a hole. */
  readonly boot: string;
  readonly seq: number;
  /** RFC 3339, UTC, of the sensor's clock. */
  readonly ts: string;
  /** `service.object.action`; what a service has is told by its decoy. */
  readonly type: string;
  /** What one source does at this sensor, over all decoys, until it pauses for half an hour. */
  readonly session: string;
  /** One TCP connection. */
  readonly connection?: string;
  readonly src: Endpoint;
  readonly dst: Endpoint;
  readonly fp: Fingerprint;
  readonly norm: Norm;
  readonly raw: Raw;
  /** Techniques of ATT&CK. */
  readonly attack: readonly string[];
  readonly severity: Severity;
  /** What is particular to the type: `{"user":"root","password":"…"}`, `{"exitCode":0,"output":"…"}`. */
  readonly data?: Readonly<Record<string, unknown>>;
}

/** `docker.container.create`, `redis.connect`, `sensor.gap`: two to four words. */
export const eventType = /^[a-z][a-z0-9]*(?:\.[a-z][a-z0-9]*){1,3}$/;

export const emptyNorm: Norm = { urls: [], hosts: [], images: [], wallets: [], commands: [] };

/** How much of what came an event carries itself. */
export const rawHead = 4096;
