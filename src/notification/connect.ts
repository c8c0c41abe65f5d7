/** Connections that pass the address guard, for what does not speak HTTP: mail servers and log collectors. */
import { connect, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { admit, guarded } from './address.ts';
import type { Ports } from './ports.ts';

export interface Place {
  readonly host: string;
  readonly port: number;
}

/**
 * A connected socket that ends with the signal.
 * @throws WaterguardError `refused` by the guard, or what Node throws for a connection that fails
 */
export function openSocket(
  place: Place,
  security: 'plain' | 'tls',
  ports: Ports,
  signal: AbortSignal,
): Promise<Socket> {
  admit(place.host);
  signal.throwIfAborted();
  const where = { host: place.host, port: place.port, lookup: guarded(ports.resolve) };
  const socket =
    security === 'tls' ? connectTls({ ...where, ...tlsOptions(place.host, ports) }) : connect(where);
  const end = () => socket.destroy();
  signal.addEventListener('abort', end, { once: true });
  socket.once('close', () => signal.removeEventListener('abort', end));
  return new Promise((opened, failed) => {
    socket.once('error', failed);
    socket.once('close', () => failed(new Error('closed')));
    socket.once(security === 'tls' ? 'secureConnect' : 'connect', () => {
      socket.removeListener('error', failed);
      // Between two owners nobody listens, and an error without a listener ends the process.
      socket.on('error', () => {});
      opened(socket);
    });
  });
}

/** Certificates are always verified here; where they are not, the caller says so and why. */
export function tlsOptions(host: string, ports: Ports): { servername?: string; ca?: string } {
  return {
    ...(!isIP(host) && { servername: host }),
    ...(ports.authorities !== undefined && { ca: ports.authorities }),
  };
}

/** The address that a datagram to this host goes to. @throws as `openSocket` */
export function resolveGuarded(
  host: string,
  ports: Ports,
): Promise<{ readonly address: string; readonly family: number }> {
  admit(host);
  const family = isIP(host);
  if (family !== 0) return Promise.resolve({ address: host, family });
  return new Promise((found, failed) => {
    guarded(ports.resolve)(host, { all: true }, (error, addresses) => {
      const first = Array.isArray(addresses) ? addresses[0] : undefined;
      if (error || !first) failed(error ?? new Error('no address'));
      else found(first);
    });
  });
}
