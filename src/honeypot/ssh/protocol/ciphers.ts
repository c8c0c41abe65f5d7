/**
 * How packets are encrypted and authenticated: one `Sealer` for what we send, one `Opener` for what comes, each for as
 * long as its keys live. Ciphers differ in how much of a packet must be there before its length can be read, and in
 * whether the length counts for the padding; the rest of the protocol sees none of that.
 */
import { createCipheriv, createDecipheriv } from 'node:crypto';
import { createChachaOpener, createChachaSealer } from './chacha20-poly1305.ts';
import { createGcmOpener, createGcmSealer } from './gcm.ts';
import { createMac, isTag, type Mac, macKeyLength } from './macs.ts';

/** What both have in common. */
export interface Framing {
  /** Packets are padded to a multiple of this. */
  readonly blockLength: number;
  /** The length field is outside of what is padded. */
  readonly isLengthApart: boolean;
}

export interface Sealer extends Framing {
  /** @param packet length, padding length, payload and padding */
  seal(sequence: number, packet: Buffer): Buffer;
}

export interface Opener extends Framing {
  /** Bytes that `lengthOf` needs. */
  readonly headLength: number;
  readonly tagLength: number;
  /** The packet's length field. Asked once for each packet. */
  lengthOf(sequence: number, head: Buffer): number;
  /**
   * @param frame all of the packet, from the length field to the tag
   * @returns what the length field counts, or undefined where the tag is wrong
   */
  open(sequence: number, frame: Buffer): Buffer | undefined;
}

export interface CipherKeys {
  readonly key: Buffer;
  readonly iv: Buffer;
  readonly mac: Buffer;
}

interface CipherKind {
  readonly keyLength: number;
  readonly ivLength: number;
  sealer(keys: CipherKeys, mac: string): Sealer;
  opener(keys: CipherKeys, mac: string): Opener;
}

const ctr = (bits: number): CipherKind => {
  const name = `aes-${bits}-ctr`;
  return {
    keyLength: bits / 8,
    ivLength: 16,
    sealer: (keys, mac) => createCtrSealer(name, keys, createMac(mac, keys.mac)),
    opener: (keys, mac) => createCtrOpener(name, keys, createMac(mac, keys.mac)),
  };
};

const gcm = (bits: 128 | 256): CipherKind => ({
  keyLength: bits / 8,
  ivLength: 12,
  sealer: (keys) => createGcmSealer(`aes-${bits}-gcm`, keys),
  opener: (keys) => createGcmOpener(`aes-${bits}-gcm`, keys),
});

const kinds: Readonly<Record<string, CipherKind>> = {
  'chacha20-poly1305@openssh.com': {
    keyLength: 64,
    ivLength: 0,
    sealer: (keys) => createChachaSealer(keys.key),
    opener: (keys) => createChachaOpener(keys.key),
  },
  'aes128-ctr': ctr(128),
  'aes192-ctr': ctr(192),
  'aes256-ctr': ctr(256),
  'aes128-gcm@openssh.com': gcm(128),
  'aes256-gcm@openssh.com': gcm(256),
};

export interface CipherAndMac {
  readonly cipher: string;
  /** Empty where the cipher needs none. */
  readonly mac: string;
}

/** Bytes of key material that algorithms which were agreed on need. */
export const keyLengths = ({ cipher, mac }: CipherAndMac) => ({
  key: kinds[cipher]!.keyLength,
  iv: kinds[cipher]!.ivLength,
  mac: mac === '' ? 0 : macKeyLength(mac),
});

export const createSealer = ({ cipher, mac }: CipherAndMac, keys: CipherKeys): Sealer =>
  kinds[cipher]!.sealer(keys, mac);

export const createOpener = ({ cipher, mac }: CipherAndMac, keys: CipherKeys): Opener =>
  kinds[cipher]!.opener(keys, mac);

/** Before the first keys: as it is. */
export const plainSealer: Sealer = { blockLength: 8, isLengthApart: false, seal: (_, packet) => packet };

export const plainOpener: Opener = {
  blockLength: 8,
  isLengthApart: false,
  headLength: 8,
  tagLength: 0,
  lengthOf: (_, head) => head.readUInt32BE(),
  open: (_, frame) => frame.subarray(4),
};

function createCtrSealer(name: string, keys: CipherKeys, mac: Mac): Sealer {
  const cipher = createCipheriv(name, keys.key, keys.iv);
  if (mac.isOverCiphertext) {
    return {
      blockLength: 16,
      isLengthApart: true,
      seal(sequence, packet) {
        const sealed = Buffer.concat([packet.subarray(0, 4), cipher.update(packet.subarray(4))]);
        return Buffer.concat([sealed, mac.tag(sequence, sealed)]);
      },
    };
  }
  return {
    blockLength: 16,
    isLengthApart: false,
    seal: (sequence, packet) => Buffer.concat([cipher.update(packet), mac.tag(sequence, packet)]),
  };
}

function createCtrOpener(name: string, keys: CipherKeys, mac: Mac): Opener {
  const decipher = createDecipheriv(name, keys.key, keys.iv);
  if (mac.isOverCiphertext) {
    return {
      blockLength: 16,
      isLengthApart: true,
      headLength: 4,
      tagLength: mac.length,
      lengthOf: (_, head) => head.readUInt32BE(),
      open(sequence, frame) {
        const body = frame.subarray(0, -mac.length);
        const isWhole = isTag(mac.tag(sequence, body), frame.subarray(-mac.length));
        return isWhole ? decipher.update(body.subarray(4)) : undefined;
      },
    };
  }
  let firstBlock = Buffer.alloc(0);
  return {
    blockLength: 16,
    isLengthApart: false,
    headLength: 16,
    tagLength: mac.length,
    lengthOf(_, head) {
      firstBlock = decipher.update(head);
      return firstBlock.readUInt32BE();
    },
    open(sequence, frame) {
      const packet = Buffer.concat([firstBlock, decipher.update(frame.subarray(16, -mac.length))]);
      return isTag(mac.tag(sequence, packet), frame.subarray(-mac.length)) ? packet.subarray(4) : undefined;
    },
  };
}
