/**
 * Cowrie's JSON log, line by line, as events of ours. A session of Cowrie is one TCP connection, and becomes a start of
 * its sensor (`boot`) in which its lines are numbered, so that a file that is read again tells the same events again,
 * and whoever stores them drops what it has.
 *
 * A session is named by its first line that was seen, too: what is in the next file, after a rotation, is a start of its
 * own and never takes the numbers of the first one.
 */
import { createHash } from 'node:crypto';
import { isIP } from 'node:net';
import { type DecoyEvent, type Endpoint, type Fingerprint, rawHead } from '../../model/event.ts';
import { normOf } from '../sensor/norm.ts';
import {
  type CowrieEvent,
  type CowrieLine,
  cowrieEvents,
  isOwnDoing,
  otherCowrieEvent,
  portOf,
  textOf,
  type What,
} from './cowrie-events.ts';
import { uuid5, uuid7Of } from './uuid.ts';

export type ReadCowrie =
  | { readonly event: DecoyEvent }
  /** A line of Cowrie's that tells of no visitor. */
  | { readonly passedOver: true }
  | { readonly reason: string };

interface Session {
  readonly boot: string;
  seq: number;
  readonly service: string;
  readonly src: Endpoint;
  readonly dst: Endpoint;
  fp: Fingerprint;
}

/**
 * @param sensor the name for lines that have none
 * @param mostSessions that are remembered at once; the one that was silent longest is forgotten, and would begin anew
 * @returns reads the next line of one file
 */
export function createCowrieReader(sensor: string, mostSessions = 50_000): (line: string) => ReadCowrie {
  /** The one that was silent longest comes first. */
  const sessions = new Map<string, Session>();

  function sessionOf(line: CowrieLine, id: string, sensorName: string, ts: string): Session | undefined {
    const key = `${sensorName} ${id}`;
    const begins = line.eventid === 'cowrie.session.connect';
    const session = (begins ? undefined : sessions.get(key)) ?? newSession(line, `${key} ${ts}`);
    if (session === undefined) return undefined;
    sessions.delete(key);
    if (sessions.size >= mostSessions) sessions.delete(sessions.keys().next().value!);
    sessions.set(key, session);
    return session;
  }

  return (text) => {
    const line = parse(text);
    if (line === undefined) return { reason: 'no JSON object' };
    const eventId = textOf(line.eventid);
    if (eventId === undefined || !eventId.startsWith('cowrie.')) return { reason: 'no event of Cowrie' };
    const name = eventId.slice('cowrie.'.length);
    if (isOwnDoing.test(name)) return { passedOver: true };
    const ts = timeOf(line.timestamp);
    if (ts === undefined) return { reason: 'timestamp is no time' };
    const id = textOf(line.session);
    if (id === undefined || id.length > 64) return { reason: 'session is missing' };
    const sensorName =
      textOf(line.sensor)
        ?.replace(/[^\w.-]/g, '-')
        .slice(0, 100) ?? sensor;
    const session = sessionOf(line, id, sensorName, ts);
    if (session === undefined) return { reason: 'src_ip is no address' };
    const kind = Object.hasOwn(cowrieEvents, name) ? cowrieEvents[name]! : otherCowrieEvent;
    return { event: eventOf(line, kind, session, { session: id, sensor: sensorName, ts }) };
  };
}

/** Members that are texts, numbers or yes and no; lists of these are joined. What is deeper is no member of an event. */
function parse(text: string): CowrieLine | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const line: Record<string, string | number | boolean> = {};
  for (const [name, member] of Object.entries(value)) {
    if (isPlain(member)) line[name] = member;
    else if (Array.isArray(member) && member.every(isPlain)) line[name] = member.join(',');
  }
  return line;
}

function isPlain(value: unknown): value is string | number | boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

/** UTC as it is; local time with an offset, which Cowrie writes as `+0200`, as UTC; without one it is UTC. */
function timeOf(value: unknown): string | undefined {
  const [, time, zone] =
    /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?)(Z|[+-]\d\d:?\d\d)?$/.exec(String(value)) ?? [];
  if (time === undefined) return undefined;
  const offset = zone === undefined || zone === 'Z' ? 'Z' : zone.replace(/(?<=^...)(?=\d)/, ':');
  const at = Date.parse(time + offset);
  if (Number.isNaN(at)) return undefined;
  return offset === 'Z' ? `${time}Z` : new Date(at).toISOString();
}

/** Ours, for names that are made of Cowrie's. */
const namespace = '1b0cc8a9-5b0e-4d4b-9a4e-4c8a7f2f6f3d';

const nowhere: Endpoint = { ip: '0.0.0.0', port: 0 };

/** Where a line tells of a forwarded connection, the addresses are the visitor's own words. */
function newSession(line: CowrieLine, name: string): Session | undefined {
  const { eventid, src_ip, src_port, dst_ip, dst_port, protocol } = line;
  const isForwarded = /^cowrie\.(?:direct|tunnelproxy)-tcpip\./.test(String(eventid));
  const src = isForwarded ? undefined : endpointOf(src_ip, src_port);
  if (src === undefined) return undefined;
  const service = textOf(protocol) ?? (String(eventid).startsWith('cowrie.telnet.') ? 'telnet' : 'ssh');
  return {
    boot: uuid5(namespace, name),
    seq: 0,
    service: service === 'telnet' ? service : 'ssh',
    src,
    dst: endpointOf(dst_ip, dst_port) ?? nowhere,
    fp: {},
  };
}

function endpointOf(ip: unknown, port: unknown): Endpoint | undefined {
  const address = textOf(ip);
  if (address === undefined || isIP(address) === 0) return undefined;
  return { ip: address, port: portOf(port) ?? 0 };
}

function eventOf(
  line: CowrieLine,
  kind: CowrieEvent,
  state: Session,
  told: { readonly session: string; readonly sensor: string; readonly ts: string },
): DecoyEvent {
  const what = kind.read?.(line) ?? {};
  state.seq += 1;
  state.fp = { ...state.fp, ...what.fp };
  const raw = Buffer.from(what.raw ?? '');
  const { norm, attack } = normOf(what, raw);
  const data = dataOf(what);
  return {
    v: 1,
    id: uuid7Of(Date.parse(told.ts), `${state.boot} ${state.seq}`),
    sensor: told.sensor,
    boot: state.boot,
    seq: state.seq,
    ts: told.ts,
    type: `${state.service}.${kind.type}`,
    session: told.session,
    connection: told.session,
    src: state.src,
    dst: state.dst,
    fp: state.fp,
    norm,
    raw: {
      sha256: createHash('sha256').update(raw).digest('hex'),
      len: raw.length,
      head: raw.toString('base64', 0, rawHead),
    },
    attack: [...new Set([...(kind.attack ?? []), ...attack])],
    severity: kind.severity,
    ...(data !== undefined && { data }),
  };
}

/** Of one text, and of all as JSON, in characters. */
const longest = { text: 8192, data: 48 * 1024 };

function dataOf({ data = {} }: What): DecoyEvent['data'] {
  const members = Object.entries(data).filter(([, value]) => value !== undefined && value !== null);
  if (members.length === 0) return undefined;
  const json = JSON.stringify(Object.fromEntries(members), (_, value) =>
    typeof value === 'string' && value.length > longest.text ? `${value.slice(0, longest.text)}…` : value,
  );
  return json.length > longest.data ? { shortened: true } : JSON.parse(json);
}
