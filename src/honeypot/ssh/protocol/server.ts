/**
 * An SSH 2.0 server that a client cannot tell from the OpenSSH_9.2p1 of Debian 12 in its default configuration. It
 * speaks over a stream that somebody else accepted, and what users, programs and files there are is up to its caller.
 */
import type { Duplex } from 'node:stream';
import type { Proposal } from './algorithms.ts';
import type { Answer, Attempt } from './authentication.ts';
import { hangUp } from './fault.ts';
import type { Connect, Listen } from './forwarding.ts';
import type { HostKeys } from './host-keys.ts';
import { createPhases, type Phases } from './phases.ts';
import type { SshChannel } from './session-channel.ts';
import type { SshSession } from './session-requests.ts';
import { createTransport, type Transport } from './transport.ts';

export interface SshOptions {
  /** `SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u7`; what is offered follows the update that it names. */
  readonly banner: string;
  /** One object for all connections: what is derived of them is kept with it. */
  readonly hostKeys: HostKeys;
  readonly on: SshEvents;
  readonly limits?: Partial<SshLimits>;
}

/** What is thrown in one of these ends the connection, but for `closed`, which must not throw. */
export interface SshEvents {
  /** The client has said what it is: once, unless it went before. */
  client(client: SshClient): void;
  /** Whether this request lets the client in, or, for a key that nothing was signed with, would. */
  authenticate(attempt: Attempt): Promise<Answer>;
  session(channel: SshChannel): SshSession;
  /** Why a connection was not made, in the words of `strerror`: `Connection refused`. */
  connect(request: Connect): string | Promise<string>;
  /** Whether to pretend that somebody listens. Nobody ever will be heard. */
  listen(request: Listen): boolean;
  /** Once, and last. */
  closed(reason: string): void;
}

export interface SshClient {
  /** Its first line: `SSH-2.0-libssh_0.9.6`. */
  readonly version: string;
  /** MD5 in hexadecimal. */
  readonly hassh: string;
  /** What `hassh` is the digest of, up to 256 KiB. */
  readonly hasshAlgorithms: string;
  readonly proposal: Proposal;
}

export interface SshLimits {
  /** sshd's LoginGraceTime. */
  readonly authenticationMs: number;
  /** Silence that is borne after authentication. sshd has no such limit. */
  readonly idleMs: number;
  /** sshd's MaxAuthTries. */
  readonly failures: number;
  /** What PAM waits after a wrong password, in milliseconds. */
  readonly failedPasswordMs: readonly [least: number, most: number];
  /** sshd's MaxSessions: channels of that type at once. */
  readonly sessions: number;
  /** Bytes of one packet. */
  readonly packet: number;
  /** Bytes of answers that may wait for the client to finish an exchange of keys. */
  readonly held: number;
  /** Bytes of input that the decoy has not read. */
  readonly unread: number;
  /** Bytes under one key, in one direction. */
  readonly rekeyBytes: number;
}

export const defaultLimits: SshLimits = {
  authenticationMs: 120_000,
  idleMs: 600_000,
  failures: 6,
  failedPasswordMs: [1700, 2300],
  sessions: 10,
  packet: 256 * 1024,
  held: 256 * 1024,
  unread: 4 * 1024 * 1024,
  rekeyBytes: 2 ** 36,
};

/** Serves one connection. @returns how to end it from our side */
export function serveSsh(stream: Duplex, options: SshOptions): { close(): void } {
  const limits = { ...defaultLimits, ...options.limits };
  let transport: Transport | undefined;
  const begin = (): Transport => {
    transport ??= converse(stream, options, limits, () => clearTimeout(timer));
    return transport;
  };
  const timer = setTimeout(
    () => begin().end(hangUp('not logged in in time')),
    limits.authenticationMs,
  ).unref();
  stream.write(`${options.banner}\r\n`);
  // Most who connect look at this line alone, and need nothing that could talk to them: 7 KB each.
  stream.once('readable', begin);
  stream.once('close', () => {
    clearTimeout(timer);
    if (transport === undefined) options.on.closed('closed by the client');
  });
  return { close: () => begin().end(hangUp('closed by the server')) };
}

/** @param known is called when the client is let in or gone */
function converse(stream: Duplex, options: SshOptions, limits: SshLimits, known: () => void): Transport {
  let phases: Phases | undefined;
  let timer: NodeJS.Timeout | undefined;
  const transport = createTransport(stream, limits, {
    identified(client) {
      phases = createPhases({
        ...options,
        limits,
        transport,
        client,
        loggedIn() {
          known();
          timer = setTimeout(() => transport.end(hangUp('silent for too long')), limits.idleMs).unref();
        },
      });
    },
    packet(packet) {
      timer?.refresh();
      return phases?.receive(packet);
    },
    room: () => phases?.flush(),
    closed(reason) {
      known();
      clearTimeout(timer);
      phases?.close();
      options.on.closed(reason);
    },
  });
  return transport;
}
