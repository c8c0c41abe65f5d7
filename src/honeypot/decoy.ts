/**
 * The contract of a decoy: a service that answers as the real one would and tells what it was told. The sensor listens,
 * limits, times, speaks TLS and writes; a decoy only talks. It runs in a process of its own, has no way to connect
 * out, and whatever it throws ends one connection. A new one is a folder and a line in `list.ts`.
 */
import type { Duplex } from 'node:stream';
import type { Endpoint, Fingerprint } from '../model/event.ts';
import type { Severity } from '../model/terms.ts';
import type { Persona } from './persona/persona.ts';
import type { Note, World } from './world/world.ts';

export interface Decoy {
  /** First word of its events, and its folder. */
  readonly name: string;
  /** Those of its line in `list.ts`. */
  readonly ports: readonly Port[];
  /** What it tells, without its name: `container.create`. `connect` and `close` come from the sensor. */
  readonly events: Readonly<Record<string, EventKind>>;
  /**
   * Once, when its process starts, and before it gives up its rights: what it needs of the disk it reads now. What is
   * returned is called for each connection.
   */
  start(site: Site): Talk;
}

/** @throws what ends the connection: a fault of the decoy, unless its code tells that the visitor broke the connection */
export type Talk = (connection: Connection) => void | Promise<void>;

export interface Port {
  /** As the command line calls it: `docker`, `docker-tls`. */
  readonly name: string;
  /** Its decoy is told of a connection at once; of others when the visitor has said something, or all. */
  readonly speaksFirst?: boolean;
  /** Made once at start; absent for plain TCP. */
  readonly tls?: (persona: Persona) => Certificate;
}

/** PEM. */
export interface Certificate {
  readonly key: string;
  /** The server's own, and those between it and the root. */
  readonly cert: string;
  /** Protocols offered to clients, the best first; `['h2', 'http/1.1']` for servers written in Go. */
  readonly alpn?: readonly string[];
  /** Asks clients for a certificate, as the API server does. */
  readonly asksClient?: boolean;
}

export interface EventKind {
  readonly severity: Severity;
  /** Techniques of ATT&CK that it is by itself, whatever is in it. */
  readonly attack?: readonly string[];
  /** What goes first when the disk is full: scans before commands before what was left, tried or created. */
  readonly worth: Worth;
}

export const worths = ['noise', 'talk', 'evidence'] as const;
export type Worth = (typeof worths)[number];

/** What all connections of a decoy share. */
export interface Site {
  readonly persona: Persona;
  /** The host that a source sees, the same whenever it comes back within the hour; for at most `n` sources at once. */
  host(source: string): World;
}

export interface Connection {
  /** Name of the port. */
  readonly port: string;
  readonly id: string;
  readonly src: Endpoint;
  readonly dst: Endpoint;
  /**
   * Plain, TLS taken off; paused. Errors on it are handled by the sensor. A visitor may end its half and still wait for
   * an answer, so it is the decoy that ends the other.
   */
  readonly stream: Duplex;
  /** Adds what the protocol shows; later events carry it. */
  identify(fingerprint: Fingerprint): void;
  /** Writes an event. Resolves once it is on disk, so that what is answered afterwards was recorded. Never fails. */
  record(type: string, what?: Recorded): Promise<void>;
  /**
   * A message has begun and must be whole within eight seconds; the first call counts.
   * @param begun what came of it, for the event of a connection that ends before the rest
   */
  hurry(begun?: () => Uint8Array): void;
  /** The message is whole: from now the connection may be silent for as long as its service allows (three minutes). */
  relax(): void;
  readonly host: World;
}

/** What a decoy adds to an event. */
export interface Recorded {
  /** What came, as it came. */
  readonly raw?: string | Uint8Array;
  /** What is decoded for addresses, commands, wallets; `raw` where it is not told. */
  readonly texts?: readonly string[];
  /** Commands that were run, as lines; those found in `texts` follow. */
  readonly commands?: readonly string[];
  readonly images?: readonly string[];
  /** What the emulation saw its programs do. */
  readonly notes?: readonly Note[];
  readonly data?: Readonly<Record<string, unknown>>;
  readonly attack?: readonly string[];
  readonly severity?: Severity;
  /** Files that were left, kept by their digest. */
  readonly artefacts?: readonly Artefact[];
}

export interface Artefact {
  /** Where it was put, or what it is: `/root/.ssh/authorized_keys`, `build context`. */
  readonly name: string;
  readonly content: Uint8Array;
}
