/**
 * The way out of a connection: payloads are compressed and encrypted in the order in which they came, and those that
 * may not go while keys are exchanged wait for the end of it.
 */
import type { Writable } from 'node:stream';
import type { DirectionAlgorithms } from './algorithms.ts';
import { message } from './bytes.ts';
import { type CipherKeys, createSealer } from './ciphers.ts';
import { createDeflater, isDelayed, type Recoder } from './compression.ts';
import { hangUp } from './fault.ts';
import { goesDuringKeyExchange, msg } from './messages.ts';
import { createPacketWriter } from './packets.ts';

export interface Outbound {
  /**
   * Sends a payload now, or after the exchange of keys that is under way.
   * @throws SshFault where too much waits
   */
  send(payload: Buffer): void;
  /** Sends a payload whatever waits; `sent` is called when it was handed to the stream. */
  sendLast(payload: Buffer, sent: () => void): void;
  /** From here until NEWKEYS only messages of the exchange go out. */
  hold(): void;
  sendNewKeys(algorithms: DirectionAlgorithms, keys: CipherKeys, resetSequence: boolean): void;
  startCompression(): void;
  isHeld(): boolean;
  /** The client does not read as fast as we send. */
  isClogged(): boolean;
  /** Our keys have seen as much as they should. */
  isWorn(): boolean;
  close(): void;
}

/** Bytes that may wait for the compressor: sshd's bound for output that is ready. */
const mostToDeflate = 128 * 1024;

export interface OutboundLimits {
  /** Bytes that may wait for the client to finish an exchange of keys. */
  readonly held: number;
  /** Bytes under one key, where it is less than sshd's default. */
  readonly rekeyBytes: number;
}

/** What a payload that waits costs beside its bytes, about. */
const entryCost = 128;

interface Entry {
  readonly payload: Buffer;
  readonly sent: () => void;
}

/**
 * @param room called when something that waited has gone
 * @param failed called with what went wrong outside of a call
 */
export function createOutbound(
  stream: Writable,
  limits: OutboundLimits,
  room: () => void,
  failed: (reason: unknown) => void,
): Outbound {
  const writer = createPacketWriter(limits.rekeyBytes);
  let held: Buffer[] | undefined;
  let heldBytes = 0;
  let compression = 'none';
  let mayCompress = false;
  let deflater: Recoder | undefined;
  const queue: Entry[] = [];
  let queuedBytes = 0;
  let isDeflating = false;
  let isCorked = false;

  /** All packets of one turn leave together, as those that sshd answers with do. */
  const write = (payload: Buffer): void => {
    if (!isCorked) {
      isCorked = true;
      stream.cork();
      process.nextTick(uncork);
    }
    stream.write(writer.write(payload));
  };

  const uncork = (): void => {
    isCorked = false;
    stream.uncork();
  };

  const transmit = (payload: Buffer, sent: () => void): void => {
    if (deflater === undefined && !isDeflating) {
      write(payload);
      sent();
      return;
    }
    queue.push({ payload, sent });
    queuedBytes += payload.length;
    if (!isDeflating) void deflateAll();
  };

  const deflateAll = async (): Promise<void> => {
    isDeflating = true;
    try {
      for (let entry = queue.shift(); entry !== undefined; entry = queue.shift()) {
        const payload = deflater === undefined ? entry.payload : await deflater.run(entry.payload);
        write(payload);
        queuedBytes -= entry.payload.length;
        entry.sent();
      }
    } catch (error) {
      failed(error);
    }
    isDeflating = false;
    room();
  };

  const renewDeflater = (): void => {
    deflater?.close();
    deflater = mayCompress && isDelayed(compression) ? createDeflater() : undefined;
  };

  const send = (payload: Buffer): void => {
    if (held === undefined || goesDuringKeyExchange(payload[0]!)) {
      transmit(payload, nothing);
      return;
    }
    held.push(payload);
    heldBytes += payload.length + entryCost;
    if (heldBytes > limits.held) throw hangUp('too much waits for new keys');
  };

  return {
    send,
    sendLast: transmit,
    hold() {
      held ??= [];
    },
    sendNewKeys(algorithms, keys, resetSequence) {
      transmit(message(msg.newKeys), () => {
        writer.rekey(createSealer(algorithms, keys), resetSequence);
        compression = algorithms.compression;
        renewDeflater();
        const waiting = held ?? [];
        held = undefined;
        heldBytes = 0;
        for (const payload of waiting) send(payload);
        room();
      });
    },
    startCompression() {
      mayCompress = true;
      renewDeflater();
    },
    isHeld: () => held !== undefined,
    isClogged: () => stream.writableNeedDrain || queuedBytes > mostToDeflate,
    isWorn: writer.isWorn,
    close: () => deflater?.close(),
  };
}

const nothing = (): void => {};
