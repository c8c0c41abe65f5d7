/**
 * Records to a log collector over UDP (RFC 5426), TCP with octet counting (RFC 6587, 3.4.1) or TLS (RFC 5425).
 * None of them has an answer: success means that all of it left and nobody refused it.
 */
import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { openSocket, resolveGuarded } from './connect.ts';
import type { Message } from './message.ts';
import { delivered, type Outcome } from './outcome.ts';
import type { Ports } from './ports.ts';
import { syslogRecord } from './syslog-record.ts';

export interface SyslogTarget {
  readonly host: string;
  readonly port: number;
  readonly transport: 'udp' | 'tcp' | 'tls';
}

/** Octets that collectors should be able to take: RFC 5424, 6.1, and for streams RFC 5425, 4.3.1. */
const datagramLimit = 2048;
const streamLimit = 8192;

/** @throws what Node throws for a connection that fails, WaterguardError `refused` by the guard */
export async function sendSyslog(
  target: SyslogTarget,
  message: Message,
  ports: Ports,
  signal: AbortSignal,
): Promise<Outcome> {
  const limit = target.transport === 'udp' ? datagramLimit : streamLimit;
  const records = message.notices.map((notice) => syslogRecord(notice, message, ports.hostName, limit));
  if (target.transport === 'udp') {
    await sendDatagrams(target, records, ports, signal);
  } else {
    const security = target.transport === 'tls' ? 'tls' : 'plain';
    await sendFrames(await openSocket(target, security, ports, signal), records, ports.limits.closeMs);
  }
  const count = records.length === 1 ? '1 record' : `${records.length} records`;
  return delivered(`${count} sent to ${target.host} over ${target.transport.toUpperCase()}`);
}

/**
 * Receive buffers of a usual size (Linux: 208 KiB) hold some ninety small datagrams; more at once are lost, and
 * nobody learns of it.
 */
const burst = 20;
const burstMs = 10;

async function sendDatagrams(
  target: SyslogTarget,
  records: readonly Buffer[],
  ports: Ports,
  signal: AbortSignal,
): Promise<void> {
  const { address, family } = await resolveGuarded(target.host, ports);
  signal.throwIfAborted();
  const socket = createSocket({ type: family === 6 ? 'udp6' : 'udp4', signal });
  try {
    // Connected, so that the network's word that nobody listens comes back as an error.
    const refused = once(socket, 'error').then(([error]) => Promise.reject(error));
    refused.catch(() => {});
    await Promise.race([connected(socket, target.port, address), refused]);
    for (const [index, record] of records.entries()) {
      await Promise.race([sent(socket, record), refused]);
      if (index % burst === burst - 1) await ports.pause(burstMs);
    }
    await Promise.race([ports.pause(Math.min(100, ports.limits.closeMs)), refused]);
  } finally {
    if (!signal.aborted) socket.close();
  }
}

function connected(socket: UdpSocket, port: number, address: string): Promise<void> {
  return new Promise((done, failed) => {
    socket.connect(port, address, (error?: Error) => (error ? failed(error) : done()));
  });
}

function sent(socket: UdpSocket, record: Buffer): Promise<void> {
  return new Promise((done, failed) => socket.send(record, (error) => (error ? failed(error) : done())));
}

/** Then closes, and gives the other side a moment to close too: one that went away answers with a reset. */
function sendFrames(socket: Socket, records: readonly Buffer[], closeMs: number): Promise<void> {
  return new Promise((done, failed) => {
    let isWritten = false;
    const settle = () => {
      clearTimeout(late);
      socket.destroy();
      if (isWritten) done();
      else failed(Object.assign(new Error('closed'), { code: 'ECONNRESET' }));
    };
    let late: NodeJS.Timeout | undefined;
    socket.once('error', (error) => {
      clearTimeout(late);
      failed(error);
    });
    socket.once('close', settle);
    // What a collector says is read, or it could not end, and dropped.
    socket.resume();
    for (const record of records) {
      socket.write(`${record.length} `);
      socket.write(record);
    }
    socket.end();
    socket.once('finish', () => {
      isWritten = true;
      late = setTimeout(settle, closeMs);
    });
  });
}
