/**
 * Makes events of what decoys tell and hands them to the supervisor, which writes them. Events of one turn of the loop
 * go together; whoever waits for one is woken when the supervisor says that it is on disk. What decodes payloads is
 * loaded when the first visitor says something; until it is there, all that is told waits in its order.
 */
import { createHash, randomFillSync } from 'node:crypto';
import { type Endpoint, type Fingerprint, rawHead } from '../../model/event.ts';
import type { EventKind, Recorded } from '../decoy.ts';
import { later } from '../later.ts';
import type { FromDecoy, RawEvent } from './channel.ts';
import type { normOf } from './norm.ts';

/** Where an event comes from. */
export interface Origin {
  readonly connection: string;
  readonly src: Endpoint;
  readonly dst: Endpoint;
  readonly fp: Fingerprint;
}

export interface Recorder {
  /** @returns once the event is on disk */
  record(origin: Origin, type: string, kind: EventKind, what?: Recorded): Promise<void>;
  /** So many events since the start are on disk. */
  durable(events: number): void;
}

/** The largest file that is kept, in bytes. */
const maxArtefact = 8 << 20;
/** What other decoys are told of, in bytes: files by which somebody comes back, which have to work where he tries. */
const maxLeft = 64 * 1024;
const opensDoors = /^\/(?:root|home\/[^/]+)\/\.ssh\/|^\/(?:etc\/cron|var\/spool\/cron)/;
/** Most characters of `data`, as JSON. */
const maxData = 48 * 1024;
/** Of one text of `data`, where all together are too long. */
const maxText = 2000;

const decoder = later(() => import('./norm.ts'));

export function createRecorder(send: (message: FromDecoy) => void): Recorder {
  let told = 0;
  let waiting: RawEvent[] = [];
  /** In the order of events. */
  let sleepers: { readonly event: number; readonly wake: () => void }[] = [];
  let decode: typeof normOf | undefined;
  /** While what decodes them is loaded. */
  let held: (() => void)[] | undefined;

  function flush(): void {
    const events = waiting;
    waiting = [];
    send({ kind: 'events', events });
  }

  async function load(): Promise<void> {
    held = [];
    try {
      decode = (await decoder()).normOf;
    } finally {
      const all = held;
      held = undefined;
      for (const tell of all) tell();
    }
  }

  return {
    record(origin, type, kind, what = {}) {
      for (const { name, content } of what.artefacts ?? []) {
        if (content.length > maxArtefact) continue;
        send({ kind: 'artefact', sha256: sha256(content), content });
        if (content.length <= maxLeft && opensDoors.test(name))
          send({ kind: 'left', ip: origin.src.ip, path: name, content });
      }
      const head = { id: uuid7(), ts: new Date().toISOString(), type };
      if (decode === undefined && held === undefined && saysAnything(what)) void load();
      return new Promise((wake) => {
        const tell = (): void => {
          if (waiting.length === 0) setImmediate(flush);
          const json = jsonOf(head, origin, kind, what, decode ?? silence);
          waiting.push({ worth: kind.worth, ip: origin.src.ip, json });
          told += 1;
          sleepers.push({ event: told, wake });
        };
        if (held === undefined) tell();
        else held.push(tell);
      });
    },
    durable(events) {
      const awake = sleepers.findIndex((one) => one.event > events);
      const woken = awake < 0 ? sleepers : sleepers.slice(0, awake);
      sleepers = awake < 0 ? [] : sleepers.slice(awake);
      for (const { wake } of woken) wake();
    },
  };
}

/** Whether there is anything to decode: not in that somebody came or went. */
function saysAnything({ raw, texts, commands, images, notes, artefacts }: Recorded): boolean {
  return [raw, texts, commands, images, notes, artefacts].some((one) => (one?.length ?? 0) > 0);
}

/** Of what says nothing. */
const silence: typeof normOf = () => ({
  norm: { urls: [], hosts: [], images: [], wallets: [], commands: [] },
  attack: [],
});

function jsonOf(
  head: Readonly<Record<'id' | 'ts' | 'type', string>>,
  origin: Origin,
  kind: EventKind,
  what: Recorded,
  decode: typeof normOf,
): string {
  const raw = typeof what.raw === 'string' ? Buffer.from(what.raw) : (what.raw ?? Buffer.alloc(0));
  const norm = decode(what, raw);
  const data = dataOf(what);
  const event = {
    ...head,
    connection: origin.connection,
    src: origin.src,
    dst: origin.dst,
    fp: origin.fp,
    norm: norm.norm,
    raw: {
      sha256: sha256(raw),
      len: raw.length,
      head: Buffer.from(raw.subarray(0, rawHead)).toString('base64'),
    },
    attack: [...new Set([...(kind.attack ?? []), ...(what.attack ?? []), ...norm.attack])],
    severity: what.severity ?? kind.severity,
    ...(data !== undefined && { data }),
  };
  return JSON.stringify(event).slice(1, -1);
}

function dataOf({ data, artefacts = [] }: Recorded): Readonly<Record<string, unknown>> | undefined {
  const all = {
    ...data,
    ...(artefacts.length > 0 && {
      artefacts: artefacts.map(({ name, content }) => ({
        name: name.slice(0, 1000),
        sha256: sha256(content),
        size: content.length,
        ...(content.length > maxArtefact && { kept: false }),
      })),
    }),
  };
  if (Object.keys(all).length === 0) return undefined;
  if (JSON.stringify(all).length <= maxData) return all;
  const shortened = JSON.stringify(all, (_, value) =>
    typeof value === 'string' && value.length > maxText ? `${value.slice(0, maxText)}…` : value,
  );
  return shortened.length <= maxData ? { ...JSON.parse(shortened), shortened: true } : { shortened: true };
}

const nothing = createHash('sha256').digest('hex');

function sha256(bytes: Uint8Array): string {
  return bytes.length === 0 ? nothing : createHash('sha256').update(bytes).digest('hex');
}

const pool = Buffer.alloc(4096);
let poolAt = pool.length;

/** RFC 9562: milliseconds since 1970, then chance. */
export function uuid7(): string {
  if (poolAt + 10 > pool.length) {
    randomFillSync(pool);
    poolAt = 0;
  }
  const chance = pool.toString('hex', poolAt, poolAt + 10);
  poolAt += 10;
  const time = Date.now().toString(16).padStart(12, '0');
  const variant = '89ab'[Number.parseInt(chance[3]!, 16) & 3];
  return `${time.slice(0, 8)}-${time.slice(8)}-7${chance.slice(0, 3)}-${variant}${chance.slice(4, 7)}-${chance.slice(7, 19)}`;
}
