/** What the supervisor and the process of a decoy tell each other. Buffers travel as they are. */
import type { Worth } from '../decoy.ts';

export type ToDecoy =
  | {
      readonly kind: 'start';
      readonly seed: string;
      readonly connections: number;
      /** After a process that answered `compiled`. */
      readonly isAgain: boolean;
    }
  /** Comes with the listening socket. */
  | { readonly kind: 'listen'; readonly port: string }
  /** So many events since the start are on disk. */
  | { readonly kind: 'durable'; readonly events: number }
  /** What a source left at another decoy: they are all one machine. */
  | Left
  | { readonly kind: 'stop' };

export interface Left {
  readonly kind: 'left';
  readonly ip: string;
  readonly path: string;
  readonly content: Uint8Array;
}

export type FromDecoy =
  | { readonly kind: 'ready' }
  /** It had to compile its code first, which takes memory that is not given back; it ends, for another one to start. */
  | { readonly kind: 'compiled' }
  /** It cannot start; it ends. */
  | { readonly kind: 'failed'; readonly reason: string }
  | { readonly kind: 'listening'; readonly port: string }
  | { readonly kind: 'events'; readonly events: readonly RawEvent[] }
  | Left
  | { readonly kind: 'artefact'; readonly sha256: string; readonly content: Uint8Array }
  | { readonly kind: 'beat'; readonly beat: Beat };

/** An event without what the supervisor adds: sensor, boot, number, session. */
export interface RawEvent {
  readonly worth: Worth;
  /** Of the source, from which the session follows. */
  readonly ip: string;
  /** Members of the JSON object, without its braces. */
  readonly json: string;
}

export interface Beat {
  readonly connections: number;
  /** Bytes. */
  readonly resident: number;
  /** Milliseconds by which the last beat was late: what held the process. */
  readonly late: number;
  /** Connections that a limit refused, since the start. */
  readonly refused: number;
  /** Exceptions that ended a connection, since the start. */
  readonly faults: number;
}

/** How often a decoy says that it lives, and how long it may be silent before it is killed; milliseconds. */
export const beatEvery = 1000;
export const silentFor = 5000;
