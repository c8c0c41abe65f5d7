/**
 * The stream of one connection, seen as packets: first the line that identifies the client, then packets both ways. Nothing
 * grows without a bound: the client is read only as long as it reads us.
 */
import type { Duplex } from 'node:stream';
import type { DirectionAlgorithms } from './algorithms.ts';
import { message, string, u32 } from './bytes.ts';
import { type CipherKeys, createOpener } from './ciphers.ts';
import { createInflater, isDelayed, type Recoder } from './compression.ts';
import { disconnect, hangUp, SshFault } from './fault.ts';
import { createIdentification, type Identification, IdentificationFault } from './identification.ts';
import { msg } from './messages.ts';
import { createOutbound, type OutboundLimits } from './outbound.ts';
import { createPacketReader, type Packet } from './packets.ts';

export interface Transport {
  /** Sends a payload, or keeps it until keys are exchanged. Does nothing once the connection has ended. */
  send(payload: Buffer): void;
  /** False while nobody should produce more: keys are being exchanged, or the client does not read. */
  hasRoom(): boolean;
  /** From here until our new keys only messages of the exchange are sent, the others wait. */
  hold(): void;
  /** Sends NEWKEYS, then goes over to them, then sends what waited. */
  sendNewKeys(algorithms: DirectionAlgorithms, keys: CipherKeys, resetSequence: boolean): void;
  /** The packet that is being handled was the last under the client's old keys. */
  useNewKeys(algorithms: DirectionAlgorithms, keys: CipherKeys, resetSequence: boolean): void;
  /** The user is known: from here both sides compress, if they agreed to. */
  startCompression(): void;
  /** It is time for new keys, in one of the directions. */
  needsKeys(): boolean;
  /** Ends the connection; what is no SshFault is an error of ours. */
  end(reason: unknown): void;
}

export interface TransportEvents {
  identified(client: Identification): void;
  /** Takes a packet; the next one has to wait for the promise. What is thrown ends the connection. */
  packet(packet: Packet): void | Promise<void>;
  /** `hasRoom` may be true again. */
  room(): void;
  /** Once, and last. */
  closed(reason: string): void;
}

export interface TransportLimits extends OutboundLimits {
  /** Bytes of one packet, as it is sent and as it inflates. */
  readonly packet: number;
}

/** Packets that are taken in one turn of the event loop, so that other connections get theirs. */
const packetsPerTurn = 32;
/** How long a client that does not read may keep us from closing. */
const closeMs = 2000;
/** Reason of all of sshd's disconnects: RFC 4253, 11.1. */
const protocolError = 2;
/** Numbers from here on are for local use. */
const firstLocalMessage = 192;

export function createTransport(stream: Duplex, limits: TransportLimits, events: TransportEvents): Transport {
  const reader = createPacketReader(limits.packet, limits.rekeyBytes);
  let identify: ReturnType<typeof createIdentification> | undefined = createIdentification();
  let compression = 'none';
  let mayCompress = false;
  let inflater: Recoder | undefined;
  let isBusy = false;
  let isEnded = false;

  const renewInflater = (): void => {
    inflater?.close();
    inflater = mayCompress && isDelayed(compression) ? createInflater(limits.packet) : undefined;
  };

  const makeRoom = (): void => {
    if (isEnded || outbound.isClogged()) return;
    guarded(events.room);
    pump();
  };

  const guarded = (work: () => void): void => {
    try {
      work();
    } catch (error) {
      end(error);
    }
  };

  const take = (chunk: Buffer): void => {
    if (isEnded) return;
    guarded(() => {
      const bytes = identify === undefined ? chunk : identified(chunk);
      if (bytes !== undefined) reader.push(bytes);
    });
    pump();
  };

  /** What came after the client's line; undefined as long as that is not whole. */
  const identified = (chunk: Buffer): Buffer | undefined => {
    const client = identify?.(chunk);
    if (client === undefined) return undefined;
    identify = undefined;
    events.identified(client);
    return client.rest;
  };

  /** Handles packets until there is none, or one has to be waited for. */
  const pump = (): void => {
    for (let turn = 0; turn < packetsPerTurn && !isBusy && !isEnded; turn++) {
      if (outbound.isClogged()) {
        stream.pause();
        return;
      }
      const packet = nextPacket();
      if (packet === undefined) {
        stream.resume();
        return;
      }
      isBusy = true;
      guarded(() => {
        const handled = inflated(packet);
        isBusy = handled !== undefined;
        if (handled !== undefined) wait(handled);
      });
    }
    if (!isBusy && !isEnded) wait(new Promise((done) => setImmediate(done)));
  };

  const nextPacket = (): Packet | undefined => {
    try {
      return reader.next();
    } catch (error) {
      end(error);
      return undefined;
    }
  };

  const wait = (handled: Promise<void>): void => {
    isBusy = true;
    stream.pause();
    handled.then(() => {
      isBusy = false;
      pump();
    }, end);
  };

  const inflated = (packet: Packet): void | Promise<void> =>
    inflater === undefined
      ? deliver(packet)
      : inflater.run(packet.payload).then((payload) => deliver({ ...packet, payload }));

  const deliver = (packet: Packet): void | Promise<void> => {
    const type = packet.payload[0];
    if (type === undefined) throw hangUp('empty packet');
    if (type === 0 || type >= firstLocalMessage) throw disconnect(`Invalid ssh2 packet type: ${type}`);
    if (!isEnded) return events.packet(packet);
  };

  const end = (reason: unknown): void => {
    if (isEnded) return;
    isEnded = true;
    const fault = reason instanceof SshFault ? reason : hangUp(`internal error: ${String(reason)}`);
    if (fault instanceof IdentificationFault) stream.write(`${fault.text}\r\n`);
    if (fault.farewell === undefined) {
      close(fault.message);
      return;
    }
    const code = u32(protocolError);
    const farewell = message(msg.disconnect, code, string(fault.farewell), string(''));
    outbound.sendLast(farewell, () => close(fault.message));
  };

  const close = (reason: string): void => {
    outbound.close();
    inflater?.close();
    const late = setTimeout(() => stream.destroy(), closeMs);
    stream.once('close', () => clearTimeout(late));
    // What still comes is dropped, and does not keep the stream from ending.
    stream.resume();
    stream.end(() => stream.destroy());
    events.closed(reason);
  };

  const outbound = createOutbound(stream, limits, makeRoom, end);
  const gone = (): void => end(hangUp('closed by the client'));
  stream.on('data', take).on('drain', makeRoom).on('end', gone).on('close', gone).on('error', gone);

  return {
    send(payload) {
      if (!isEnded) guarded(() => outbound.send(payload));
    },
    hasRoom: () => !isEnded && !outbound.isHeld() && !outbound.isClogged(),
    hold: outbound.hold,
    sendNewKeys: outbound.sendNewKeys,
    useNewKeys(algorithms, keys, resetSequence) {
      reader.rekey(createOpener(algorithms, keys), resetSequence);
      compression = algorithms.compression;
      renewInflater();
    },
    startCompression() {
      mayCompress = true;
      outbound.startCompression();
      renewInflater();
    },
    needsKeys: () => !outbound.isHeld() && (reader.isWorn() || outbound.isWorn()),
    end,
  };
}
