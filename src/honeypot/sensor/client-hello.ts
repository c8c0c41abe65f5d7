/**
 * What a TLS client says first tells its programs apart: JA3 (Salesforce, 2017) and JA4 (FoxIO, 2023; the TLS client
 * fingerprint, BSD 3-Clause). Values of GREASE (RFC 8701) are no part of either.
 */
import { createHash } from 'node:crypto';

export interface ClientHello {
  readonly version: number;
  readonly ciphers: readonly number[];
  /** In their order. */
  readonly extensions: readonly number[];
  readonly groups: readonly number[];
  readonly pointFormats: readonly number[];
  readonly signatures: readonly number[];
  /** Of the extension supported_versions. */
  readonly versions: readonly number[];
  readonly serverName?: string;
  readonly protocols: readonly string[];
}

/** The handshake may not be longer, in bytes. */
export const maxHello = 16 * 1024;

const extension = {
  serverName: 0,
  groups: 10,
  pointFormats: 11,
  signatures: 13,
  protocols: 16,
  versions: 43,
} as const;

/**
 * @param bytes what came first on the connection
 * @returns 'more' where the handshake is not all there yet, undefined for what is no client hello
 */
export function readClientHello(bytes: Buffer): ClientHello | 'more' | undefined {
  const message = handshakeOf(bytes);
  if (message === undefined || message === 'more') return message;
  try {
    return parse(new Cursor(message));
  } catch {
    return undefined;
  }
}

/** The handshake message, which may be spread over several records. */
function handshakeOf(bytes: Buffer): Buffer | 'more' | undefined {
  const parts: Buffer[] = [];
  let length = 0;
  let at = 0;
  let wanted = 4;
  while (length < wanted) {
    if (bytes.length >= at + 2 && (bytes[at] !== 22 || bytes[at + 1] !== 3)) return undefined;
    if (bytes.length < at + 5) return 'more';
    const size = bytes.readUInt16BE(at + 3);
    if (size === 0 || size > maxHello) return undefined;
    if (bytes.length < at + 5 + size) return 'more';
    parts.push(bytes.subarray(at + 5, at + 5 + size));
    length += size;
    at += 5 + size;
    const [type, high, middle, low] = Buffer.concat(parts).subarray(0, 4);
    if (type !== 1) return undefined;
    if (low !== undefined) wanted = 4 + (high! << 16) + (middle! << 8) + low;
    if (wanted > maxHello) return undefined;
  }
  return Buffer.concat(parts).subarray(4, wanted);
}

function parse(hello: Cursor): ClientHello {
  const version = hello.number(2);
  hello.take(32);
  hello.take(hello.number(1));
  const ciphers = numbersOf(hello.take(hello.number(2)), 2);
  hello.take(hello.number(1));
  const told = {
    groups: [] as readonly number[],
    pointFormats: [] as readonly number[],
    signatures: [] as readonly number[],
    versions: [] as readonly number[],
    protocols: [] as readonly string[],
  };
  const extensions: number[] = [];
  let serverName: string | undefined;
  const all = new Cursor(hello.isDone ? Buffer.alloc(0) : hello.take(hello.number(2)));
  while (!all.isDone) {
    const type = all.number(2);
    const body = new Cursor(all.take(all.number(2)));
    extensions.push(type);
    if (type === extension.groups) told.groups = numbersOf(body.take(body.number(2)), 2);
    else if (type === extension.pointFormats) told.pointFormats = numbersOf(body.take(body.number(1)), 1);
    else if (type === extension.signatures) told.signatures = numbersOf(body.take(body.number(2)), 2);
    else if (type === extension.versions) told.versions = numbersOf(body.take(body.number(1)), 2);
    else if (type === extension.protocols) told.protocols = namesOf(new Cursor(body.take(body.number(2))));
    else if (type === extension.serverName && !body.isDone) {
      body.take(3);
      serverName = body.take(body.number(2)).toString('latin1');
    }
  }
  return { version, ciphers, extensions, ...told, ...(serverName !== undefined && { serverName }) };
}

function numbersOf(bytes: Buffer, size: 1 | 2): number[] {
  const numbers: number[] = [];
  for (let at = 0; at + size <= bytes.length; at += size) numbers.push(bytes.readUIntBE(at, size));
  return numbers.filter((one) => !isGrease(one));
}

function namesOf(list: Cursor): string[] {
  const names: string[] = [];
  while (!list.isDone) names.push(list.take(list.number(1)).toString('latin1'));
  return names;
}

/** 0x0a0a, 0x1a1a, … 0xfafa. */
function isGrease(value: number): boolean {
  return (value & 0x0f0f) === 0x0a0a && value >> 8 === (value & 0xff);
}

export function ja3(hello: ClientHello): string {
  const lists = [
    [hello.version],
    hello.ciphers,
    hello.extensions.filter((one) => !isGrease(one)),
    hello.groups,
    hello.pointFormats,
  ];
  return createHash('md5')
    .update(lists.map((list) => list.join('-')).join(','))
    .digest('hex');
}

/** Names of versions in JA4; the highest that the client speaks counts. */
const versionNames: ReadonlyMap<number, string> = new Map([
  [0x0304, '13'],
  [0x0303, '12'],
  [0x0302, '11'],
  [0x0301, '10'],
  [0x0300, 's3'],
]);

export function ja4(hello: ClientHello): string {
  const extensions = hello.extensions.filter((one) => !isGrease(one));
  const version = Math.max(...hello.versions, hello.versions.length === 0 ? hello.version : 0);
  const [protocol = ''] = hello.protocols;
  const named = protocol === '' ? '00' : protocol.charAt(0) + protocol.charAt(protocol.length - 1);
  const first = [
    't',
    versionNames.get(version) ?? '00',
    hello.serverName === undefined ? 'i' : 'd',
    twoDigits(hello.ciphers.length),
    twoDigits(extensions.length),
    /^[0-9A-Za-z]{2}$/.test(named) ? named : '99',
  ].join('');
  const hashed = extensions.filter((one) => one !== extension.serverName && one !== extension.protocols);
  const signatures = hello.signatures.map(hexOf);
  const rest = [hashed.map(hexOf).sort().join(','), ...(signatures.length > 0 ? [signatures.join(',')] : [])];
  return [first, hash12(hello.ciphers.map(hexOf).sort().join(',')), hash12(rest.join('_'))].join('_');
}

function hash12(text: string): string {
  return text === '' ? '0'.repeat(12) : createHash('sha256').update(text).digest('hex').slice(0, 12);
}

function twoDigits(count: number): string {
  return String(Math.min(count, 99)).padStart(2, '0');
}

function hexOf(value: number): string {
  return value.toString(16).padStart(4, '0');
}

/** Reads on; throws where less is there than was announced. */
class Cursor {
  private at = 0;
  private readonly bytes: Buffer;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }

  get isDone(): boolean {
    return this.at >= this.bytes.length;
  }

  number(size: 1 | 2): number {
    return this.take(size).readUIntBE(0, size);
  }

  take(size: number): Buffer {
    if (this.at + size > this.bytes.length) throw new RangeError('the client hello is too short');
    this.at += size;
    return this.bytes.subarray(this.at - size, this.at);
  }
}
