/** The binary packet protocol (RFC 4253, 6): bytes into packets and back, with the keys of the moment. */
import { randomFillSync } from 'node:crypto';
import { type Framing, type Opener, plainOpener, plainSealer, type Sealer } from './ciphers.ts';
import { disconnect, hangUp } from './fault.ts';

export interface Packet {
  readonly sequence: number;
  /** At least one byte, unless it is still to be inflated. */
  readonly payload: Buffer;
}

export interface PacketReader {
  push(chunk: Buffer): void;
  /**
   * The next packet, or undefined where more bytes have to come.
   * @throws SshFault where what came is no packet
   */
  next(): Packet | undefined;
  /** New keys, from the next packet on; strict key exchange counts from 0 again. */
  rekey(opener: Opener, resetSequence: boolean): void;
  /** The present keys have seen as much as they should. */
  isWorn(): boolean;
}

/**
 * Bytes under one key: sshd's default, which follows RFC 4344, 3.2: 2^32 blocks of AES, and 1 GiB where blocks are
 * small, as those of ChaCha20 count.
 */
const wearOf = ({ blockLength }: Framing): number => (blockLength >= 16 ? 2 ** 36 : 2 ** 30);

/**
 * @param largest bytes that a packet may have: sshd's PACKET_MAX_SIZE is 256 KiB
 * @param mostBytes under one key, where it is less than sshd's default
 */
export function createPacketReader(largest: number, mostBytes: number): PacketReader {
  let opener: Opener = plainOpener;
  let chunks: Buffer[] = [];
  let size = 0;
  let sequence = 0;
  let bytes = 0;
  /** Of the packet that is coming, without the length field; 0 while it is not known. */
  let length = 0;

  const first = (count: number): Buffer => {
    if (chunks[0]!.length < count) chunks = [Buffer.concat(chunks, size)];
    return chunks[0]!.subarray(0, count);
  };

  const take = (count: number): Buffer => {
    const taken = first(count);
    const rest = chunks[0]!.subarray(count);
    if (rest.length > 0) chunks[0] = rest;
    else chunks.shift();
    size -= count;
    return taken;
  };

  /** sshd would say "Packet corrupt" to what is no length, but dies before that is written. */
  const readLength = (): number => {
    const value = opener.lengthOf(sequence, first(opener.headLength));
    if (value < 5 || value > largest) throw hangUp(`bad packet length ${value}`);
    const padded = opener.isLengthApart ? value : value + 4;
    if (padded % opener.blockLength !== 0) throw hangUp('packet of half a block');
    return value;
  };

  return {
    push(chunk) {
      if (chunk.length > 0) chunks.push(chunk);
      size += chunk.length;
    },
    next() {
      if (length === 0) {
        if (size < opener.headLength) return undefined;
        length = readLength();
      }
      if (size < 4 + length + opener.tagLength) return undefined;
      const content = opener.open(sequence, take(4 + length + opener.tagLength));
      if (content === undefined) throw hangUp('corrupted MAC on input');
      const packet = { sequence, payload: withoutPadding(content) };
      bytes += 4 + length;
      sequence = (sequence + 1) >>> 0;
      length = 0;
      return packet;
    },
    rekey(next, resetSequence) {
      opener = next;
      bytes = 0;
      if (resetSequence) sequence = 0;
    },
    isWorn: () => bytes > Math.min(mostBytes, wearOf(opener)),
  };
}

function withoutPadding(content: Buffer): Buffer {
  const padding = content[0]!;
  if (padding < 4) throw disconnect(`Corrupted padlen ${padding} on input.`);
  if (padding > content.length - 1) throw hangUp('more padding than packet');
  return content.subarray(1, content.length - padding);
}

export interface PacketWriter {
  write(payload: Buffer): Buffer;
  /** As for the reader. */
  rekey(sealer: Sealer, resetSequence: boolean): void;
  isWorn(): boolean;
}

/** @param mostBytes as above */
export function createPacketWriter(mostBytes: number): PacketWriter {
  let sealer: Sealer = plainSealer;
  let sequence = 0;
  let bytes = 0;
  return {
    write(payload) {
      const sealed = sealer.seal(sequence, padded(payload, sealer));
      bytes += sealed.length;
      sequence = (sequence + 1) >>> 0;
      return sealed;
    },
    rekey(next, resetSequence) {
      sealer = next;
      bytes = 0;
      if (resetSequence) sequence = 0;
    },
    isWorn: () => bytes > Math.min(mostBytes, wearOf(sealer)),
  };
}

/** With its lengths, and at least four bytes of padding: zeros as long as nothing is encrypted, as sshd sends them. */
function padded(payload: Buffer, sealer: Sealer): Buffer {
  const block = sealer.blockLength;
  const counted = payload.length + (sealer.isLengthApart ? 1 : 5);
  let padding = block - (counted % block);
  if (padding < 4) padding += block;
  const packet = Buffer.allocUnsafe(5 + payload.length + padding);
  packet.writeUInt32BE(packet.length - 4);
  packet.writeUInt8(padding, 4);
  packet.set(payload, 5);
  const pad = packet.subarray(5 + payload.length);
  if (sealer === plainSealer) pad.fill(0);
  else randomFillSync(pad);
  return packet;
}
