/**
 * One line of what sensors deliver, and of what is stored of it: what is taken once has to be taken for as long as
 * events are kept. It is read strictly where the sensor writes (identity, time, type) and leniently where a visitor
 * does: what is too long is cut, so that nobody gets rid of an event by what he sends. By hand, as the schema library
 * takes three times as long (8.4 µs a line beside 2.5, and 4 for the JSON; zod 4.6.7, November 2026).
 */
import { isIPv4, isIPv6 } from 'node:net';
import { type DecoyEvent, type Endpoint, eventType, type Fingerprint, rawHead } from '../model/event.ts';
import { type Severity, severities } from '../model/terms.ts';

/** Characters, or members of a list. */
const most = {
  line: 512 * 1024,
  name: 100,
  type: 64,
  list: 500,
  command: 16_384,
  url: 4096,
  host: 255,
  image: 1000,
  wallet: 200,
  fingerprint: 4096,
  techniques: 64,
  data: 64 * 1024,
  /** Levels of `data`. */
  depth: 32,
} as const;

export type ReadLine =
  | { readonly event: DecoyEvent }
  /** With its identity where that could be read, so that the sensor need not send it again. */
  | { readonly reason: string; readonly of?: Identity };

export type Identity = Pick<DecoyEvent, 'sensor' | 'boot' | 'seq'>;

type Json = Readonly<Record<string, unknown>>;

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const timestamp = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z$/;
const sha256 = /^[0-9a-f]{64}$/;
const technique = /^T\d{4}(?:\.\d{3})?$/;
const ranks: ReadonlySet<unknown> = new Set(severities);
/** Of the sensor itself, which have no source. */
const own = /^(?:sensor|spool|decoy)\./;

export function isOfSensor(type: string): boolean {
  return own.test(type);
}

/** @param line JSON, without the end of the line */
export function readEventLine(line: string): ReadLine {
  if (line.length > most.line) return { reason: `longer than ${most.line} characters` };
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return { reason: 'no JSON' };
  }
  if (!isObject(value)) return { reason: 'no object' };
  const { sensor, boot, seq } = value;
  if (!isText(sensor, most.name)) return { reason: 'sensor is no name' };
  if (!isText(boot, 36) || !uuid.test(boot)) return { reason: 'boot is no UUID' };
  if (!isCount(seq, Number.MAX_SAFE_INTEGER) || seq === 0) return { reason: 'seq is no number from 1 on' };
  const of = { sensor, boot, seq };
  const read = readContent(value, of, line.length);
  return typeof read === 'string' ? { reason: read, of } : { event: read };
}

/** @param length characters of its line @returns the event, or why it is none */
function readContent(value: Json, { sensor, boot, seq }: Identity, length: number): DecoyEvent | string {
  const { v, id, ts, type, session, connection, norm, severity, data } = value;
  if (v !== 1) return 'v is not 1';
  if (!isText(id, 36) || !uuid.test(id)) return 'id is no UUID';
  if (!isText(ts, 30) || !timestamp.test(ts) || Number.isNaN(Date.parse(ts)))
    return 'ts is no time of RFC 3339 in UTC';
  if (!isText(type, most.type) || !eventType.test(type)) return 'type is not service.object.action';
  if (!isText(session, most.name)) return 'session is no text';
  if (connection !== undefined && !isText(connection, most.name)) return 'connection is no text';
  if (!ranks.has(severity)) return 'severity is none';
  const src = readEndpoint(value.src);
  if (src === undefined) return 'src has no address and port';
  const dst = readEndpoint(value.dst);
  if (dst === undefined) return 'dst has no address and port';
  const raw = readRaw(value.raw);
  if (raw === undefined) return 'raw is not sha256, len and head';
  if (!isObject(norm)) return 'norm is missing';
  const event: { -readonly [Key in keyof DecoyEvent]: DecoyEvent[Key] } = {
    v: 1,
    id,
    sensor,
    boot,
    seq,
    ts,
    type,
    session,
    src,
    dst,
    fp: readFingerprint(value.fp),
    norm: {
      urls: readTexts(norm.urls, most.url),
      hosts: readTexts(norm.hosts, most.host),
      images: readTexts(norm.images, most.image),
      wallets: readTexts(norm.wallets, most.wallet),
      commands: readTexts(norm.commands, most.command),
    },
    raw,
    attack: readTechniques(value.attack),
    severity: severity as Severity,
  };
  if (connection !== undefined) event.connection = connection;
  if (isObject(data)) event.data = readData(data, length);
  return event;
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isText(value: unknown, longest: number): value is string {
  return typeof value === 'string' && value.length <= longest;
}

function isCount(value: unknown, largest: number): value is number {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) <= largest;
}

function readEndpoint(value: unknown): Endpoint | undefined {
  if (!isObject(value)) return undefined;
  const { ip, port } = value;
  if (!isText(ip, 64) || !isCount(port, 65_535)) return undefined;
  const address = isIPv4(ip) ? ip : readIpv6(ip);
  return address === undefined ? undefined : { ip: address, port };
}

/** In one form, without the zone of a link; IPv4 as such where it comes mapped. */
function readIpv6(ip: string): string | undefined {
  const [plain = ''] = ip.split('%', 1);
  if (!isIPv6(plain)) return undefined;
  const mapped = /^::ffff:(?=\d+\.)/i;
  return mapped.test(plain) ? plain.replace(mapped, '') : new URL(`http://[${plain}]/`).hostname.slice(1, -1);
}

/** Characters of the longest head, in base64. */
const longestHead = Math.ceil(rawHead / 3) * 4;

function readRaw(value: unknown): DecoyEvent['raw'] | undefined {
  if (!isObject(value)) return undefined;
  const { sha256: digest, len, head } = value;
  if (!isText(digest, 64) || !sha256.test(digest)) return undefined;
  return isCount(len, 2 ** 31 - 1) && isText(head, longestHead) ? { sha256: digest, len, head } : undefined;
}

function readFingerprint(value: unknown): Fingerprint {
  if (!isObject(value)) return {};
  const read: { -readonly [Key in keyof Fingerprint]: Fingerprint[Key] } = {};
  for (const key of ['ua', 'ja3', 'ja4', 'hassh', 'headers'] as const) {
    const one = value[key];
    if (typeof one === 'string' && one !== '') read[key] = one.slice(0, most.fingerprint);
  }
  return read;
}

function readTechniques(value: unknown): readonly string[] {
  if (!Array.isArray(value) || value.length === 0) return nothing;
  return value.filter((one) => typeof one === 'string' && technique.test(one)).slice(0, most.techniques);
}

const nothing: readonly string[] = [];

function readTexts(value: unknown, longest: number): readonly string[] {
  if (!Array.isArray(value) || value.length === 0) return nothing;
  const texts: string[] = [];
  for (const one of value) {
    if (texts.length === most.list) break;
    if (typeof one === 'string' && one !== '') texts.push(one.length > longest ? one.slice(0, longest) : one);
  }
  return texts;
}

/** So much longer JSON can become when it is written again: `1e20` has 21 digits, half a surrogate pair six characters. */
const growth = 6;

/** Whole, or what kept it from being so. */
function readData(value: Json, lineLength: number): Json {
  if (isDeeper(value, most.depth)) return { omitted: 'too deep' };
  if (lineLength * growth <= most.data) return value;
  const { length } = JSON.stringify(value);
  return length > most.data ? { omitted: 'too long', length } : value;
}

function isDeeper(value: object, depth: number): boolean {
  if (depth === 0) return true;
  for (const one of Array.isArray(value) ? (value as unknown[]) : Object.values(value))
    if (typeof one === 'object' && one !== null && isDeeper(one, depth - 1)) return true;
  return false;
}
