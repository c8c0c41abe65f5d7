/**
 * What both sides offer in KEXINIT, and what comes of it (RFC 4253, 7.1). Our lists are those of Debian 12's sshd in
 * its default configuration, byte for byte: they are what fingerprints of servers are made of.
 */
import { createHash, randomBytes } from 'node:crypto';
import { boolean, message, readerOf, string, u32 } from './bytes.ts';
import { hangUp } from './fault.ts';
import { msg } from './messages.ts';

/** The ten lists of a KEXINIT as they are sent, names between commas. */
export interface Proposal {
  readonly kex: string;
  readonly hostKey: string;
  readonly cipherIn: string;
  readonly cipherOut: string;
  readonly macIn: string;
  readonly macOut: string;
  readonly compressionIn: string;
  readonly compressionOut: string;
  readonly languageIn: string;
  readonly languageOut: string;
}

/** In the order of the message. In and out are the server's: `In` is from client to server. */
const order = [
  'kex',
  'hostKey',
  'cipherIn',
  'cipherOut',
  'macIn',
  'macOut',
  'compressionIn',
  'compressionOut',
  'languageIn',
  'languageOut',
] as const satisfies readonly (keyof Proposal)[];

const ciphers =
  'chacha20-poly1305@openssh.com,aes128-ctr,aes192-ctr,aes256-ctr,aes128-gcm@openssh.com,aes256-gcm@openssh.com';
const macs =
  'umac-64-etm@openssh.com,umac-128-etm@openssh.com,hmac-sha2-256-etm@openssh.com,hmac-sha2-512-etm@openssh.com,' +
  'hmac-sha1-etm@openssh.com,umac-64@openssh.com,umac-128@openssh.com,hmac-sha2-256,hmac-sha2-512,hmac-sha1';
const compressions = 'none,zlib@openssh.com';

/** `Debian-2+deb12u7` → 7; 0 for the first upload, and newest for a banner that tells no update. */
function updateOf(banner: string): number {
  const update = /Debian-2(?:\+deb12u(\d{1,3}))?$/.exec(banner);
  return update === null ? Number.POSITIVE_INFINITY : Number(update[1] ?? 0);
}

/**
 * The server's lists.
 * @param banner of OpenSSH_9.2p1 in one of its updates in Debian 12: strict key exchange came with the second, the
 *   registered name of sntrup761x25519 with the fourth (debian/changelog)
 * @param without names that sshd withholds from a client it knows to be broken
 */
export function serverProposal(banner: string, without: readonly string[] = []): Proposal {
  const update = updateOf(banner);
  const kex = [
    ...(update >= 4 ? ['sntrup761x25519-sha512'] : []),
    'sntrup761x25519-sha512@openssh.com',
    'curve25519-sha256',
    'curve25519-sha256@libssh.org',
    'ecdh-sha2-nistp256',
    'ecdh-sha2-nistp384',
    'ecdh-sha2-nistp521',
    'diffie-hellman-group-exchange-sha256',
    'diffie-hellman-group16-sha512',
    'diffie-hellman-group18-sha512',
    'diffie-hellman-group14-sha256',
    ...(update >= 2 ? [strictServer] : []),
  ];
  return {
    kex: kex.filter((name) => !without.includes(name)).join(','),
    hostKey: 'rsa-sha2-512,rsa-sha2-256,ecdsa-sha2-nistp256,ssh-ed25519',
    cipherIn: ciphers,
    cipherOut: ciphers,
    macIn: macs,
    macOut: macs,
    compressionIn: compressions,
    compressionOut: compressions,
    languageIn: '',
    languageOut: '',
  };
}

const strictServer = 'kex-strict-s-v00@openssh.com';
const strictClient = 'kex-strict-c-v00@openssh.com';

/** The payload, with a new cookie. */
export function kexInitOf(proposal: Proposal): Buffer {
  const lists = order.map((name) => string(proposal[name]));
  return message(msg.kexInit, randomBytes(16), ...lists, boolean(false), u32(0));
}

export interface KexInit {
  readonly proposal: Proposal;
  /** The next packet is a guess at the first of the exchange. */
  readonly guessFollows: boolean;
}

/** @throws SshFault where it is malformed */
export function readKexInit(body: Buffer): KexInit {
  const reader = readerOf(body.subarray(16));
  const proposal = {} as Record<keyof Proposal, string>;
  for (const name of order) proposal[name] = reader.text();
  const guessFollows = reader.u8() !== 0;
  reader.u32();
  reader.end();
  return { proposal, guessFollows };
}

/** What was agreed on. */
export interface Algorithms {
  readonly kex: string;
  readonly hostKey: string;
  readonly in: DirectionAlgorithms;
  readonly out: DirectionAlgorithms;
  /** The client's guess is to be thrown away. */
  readonly guessIsWrong: boolean;
}

export interface DirectionAlgorithms {
  readonly cipher: string;
  /** Empty for ciphers that authenticate. */
  readonly mac: string;
  readonly compression: string;
}

/** @throws SshFault where the two have nothing in common; sshd says that only in its log */
export function negotiate(client: KexInit, server: Proposal): Algorithms {
  const offer = client.proposal;
  const choose = (what: string, name: keyof Proposal): string => {
    const chosen = firstCommon(offer[name], server[name]);
    if (chosen === undefined) throw hangUp(`no matching ${what} found`);
    return chosen;
  };
  const direction = (way: 'In' | 'Out'): DirectionAlgorithms => {
    const cipher = choose('cipher', `cipher${way}`);
    const mac = authenticates(cipher) ? '' : choose('MAC', `mac${way}`);
    return { cipher, mac, compression: choose('compression method', `compression${way}`) };
  };
  return {
    kex: choose('key exchange method', 'kex'),
    hostKey: choose('host key type', 'hostKey'),
    in: direction('In'),
    out: direction('Out'),
    guessIsWrong:
      client.guessFollows &&
      (first(offer.kex) !== first(server.kex) || first(offer.hostKey) !== first(server.hostKey)),
  };
}

const authenticates = (cipher: string): boolean => /poly1305|gcm/.test(cipher);

/** The client's first name that the server has too; as in sshd, an empty name ends the list. */
function firstCommon(client: string, server: string): string | undefined {
  const offered = new Set(server.split(','));
  for (const name of client.split(',')) {
    if (name === '') return undefined;
    if (offered.has(name)) return name;
  }
  return undefined;
}

const first = (list: string): string => list.split(',', 1)[0] ?? '';

const names = (list: string, name: string): boolean => `,${list},`.includes(`,${name},`);

/** Both sides know strict key exchange, the answer to the Terrapin attack (OpenSSH's PROTOCOL, 1.10). */
export const isStrict = (client: Proposal, server: Proposal): boolean =>
  names(client.kex, strictClient) && names(server.kex, strictServer);

/** The client takes EXT_INFO (RFC 8308, 2.1). */
export const takesExtInfo = (client: Proposal): boolean => names(client.kex, 'ext-info-c');

/** HASSH of the client, and what it is the MD5 of: github.com/salesforce/hassh. */
export function hasshOf(client: Proposal): { readonly hassh: string; readonly hasshAlgorithms: string } {
  const hasshAlgorithms = [client.kex, client.cipherIn, client.macIn, client.compressionIn].join(';');
  return { hassh: createHash('md5').update(hasshAlgorithms, 'latin1').digest('hex'), hasshAlgorithms };
}
