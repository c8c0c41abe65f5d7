/** What decoys saw: events, the sessions that they belong to, the sources they come from, and the sums of it. */
import { z } from 'zod';
import { severities } from '../model/terms.ts';
import { cidr } from './cidr.ts';
import { id, pageQuery, time } from './page.ts';
import { sensorHealth } from './sensors.ts';

/** What is known of an address; absent where nobody looked it up. */
const location = {
  /** ISO 3166-1 alpha-2. */
  country: z.string().optional(),
  asn: z.int().optional(),
  asName: z.string().optional(),
};

export const sessionRow = z.object({
  id,
  /** Name of the sensor. */
  sensor: z.string(),
  src: z.string(),
  ...location,
  firstAt: time,
  lastAt: time,
  events: z.int(),
  /** The highest of its events. */
  severity: z.enum(severities),
  /** In the order in which they were met. */
  services: z.array(z.string()),
  techniques: z.array(z.string()),
});
export type SessionRow = z.infer<typeof sessionRow>;

const word = z.string().trim().max(100).optional();

export const sessionsQuery = pageQuery.extend({
  service: word,
  technique: word,
  /** At least. */
  severity: z.enum(severities).optional(),
  /** An address, or a network such as `198.51.100.0/24`. */
  source: cidr.optional(),
  sensor: word,
  country: z
    .string()
    .regex(/^[A-Za-z]{2}$/)
    .transform((one) => one.toUpperCase())
    .optional(),
  /** Part of a command, URL, host, image or wallet. */
  q: z.string().trim().min(1).max(500).optional(),
});

const offeredCredential = z.object({
  user: z.string(),
  /** `***` for who may not see it. */
  secret: z.string(),
});
export type OfferedCredential = z.infer<typeof offeredCredential>;

const relatedSession = sessionRow.extend({
  /** `same source`, `same ja4 and url`, … */
  reasons: z.array(z.string()),
});

export const sessionDetail = sessionRow.extend({
  types: z.array(z.object({ type: z.string(), events: z.int() })),
  /** Programs that the source used: `ja4`, `hassh`, `ua`, … */
  clients: z.array(z.object({ kind: z.string(), value: z.string() })),
  /** By which the sensor knows it; several where it restarted meanwhile. */
  names: z.array(z.string()),
  commands: z.array(z.string()),
  urls: z.array(z.string()),
  hosts: z.array(z.string()),
  images: z.array(z.string()),
  wallets: z.array(z.string()),
  /** SHA-256 of files that were left. */
  artefacts: z.array(z.string()),
  /** With the scope `triage`; masked without it. */
  credentials: z.array(offeredCredential),
  /** Of the same source, or of another that did the same with the same program. */
  related: z.array(relatedSession),
});
export type SessionDetail = z.infer<typeof sessionDetail>;

const endpoint = z.object({ ip: z.string(), port: z.int() });

/** As the sensor sent it. Without the scope `triage` credentials are masked, and `raw.head` is empty. */
export const storedEvent = z.object({
  id: z.string(),
  sensor: z.string(),
  boot: z.string(),
  seq: z.int(),
  /** As the sensor told it. */
  ts: z.string(),
  /** When it is put: the same, unless that is out of all bounds. */
  at: time,
  receivedAt: time,
  type: z.string(),
  severity: z.enum(severities),
  /** Absent for events of the sensor itself. */
  session: id.optional(),
  connection: z.string().optional(),
  src: endpoint,
  dst: endpoint,
  fp: z.object({
    ua: z.string().optional(),
    ja3: z.string().optional(),
    ja4: z.string().optional(),
    hassh: z.string().optional(),
    headers: z.string().optional(),
  }),
  norm: z.object({
    urls: z.array(z.string()),
    hosts: z.array(z.string()),
    images: z.array(z.string()),
    wallets: z.array(z.string()),
    commands: z.array(z.string()),
  }),
  raw: z.object({ sha256: z.string(), len: z.int(), head: z.string() }),
  attack: z.array(z.string()),
  data: z.record(z.string(), z.unknown()).optional(),
});
export type StoredEvent = z.infer<typeof storedEvent>;

export const eventsQuery = pageQuery.extend({
  source: cidr.optional(),
  /** `ssh.auth`, or a whole service: `ssh`. */
  type: word,
  sensor: word,
  from: time.optional(),
  to: time.optional(),
});

export const sourceRow = z.object({
  src: z.string(),
  ...location,
  firstAt: time,
  lastAt: time,
  events: z.int(),
  sessions: z.int(),
  severity: z.enum(severities),
  services: z.array(z.string()),
});
export type SourceRow = z.infer<typeof sourceRow>;

/** What came with sessions that began in a time. */
const sinceQuery = pageQuery.extend({
  /** Within so many days until now. */
  days: z.coerce.number().int().min(1).max(90).default(7),
  /** Or from then on. */
  from: time.optional(),
});

export const sourcesQuery = sinceQuery.extend({ source: cidr.optional() });

const spread = { firstAt: time, lastAt: time, sessions: z.int(), sources: z.int() };

export const credentialRow = offeredCredential.extend(spread);
export type CredentialRow = z.infer<typeof credentialRow>;

export const artefactRow = z.object({
  sha256: z.string(),
  /** Of the file, where it is kept here. */
  size: z.int().optional(),
  ...spread,
});
export type ArtefactRow = z.infer<typeof artefactRow>;

export const valuesQuery = sinceQuery;

/** Hours that an overview looks back. */
export const periods = { '24h': 24, '7d': 168, '30d': 720 } as const;

export const honeypotQuery = z.object({ period: z.enum(['24h', '7d', '30d']).default('24h') });

export const honeypotOverview = z.object({
  period: z.enum(['24h', '7d', '30d']),
  /** Begin of the first hour. */
  from: time,
  events: z.int(),
  sessions: z.int(),
  sources: z.int(),
  /** Events of each hour from `from` on, the last of which is not over. */
  hours: z.array(z.object({ service: z.string(), events: z.array(z.int()) })),
  topSources: z.array(sourceRow.omit({ services: true })),
  /** Of those sessions; the one without a country is of sources that are in no data. */
  countries: z.array(
    z.object({
      country: z.string().optional(),
      sources: z.int(),
      sessions: z.int(),
      events: z.int(),
    }),
  ),
  topTechniques: z.array(z.object({ technique: z.string(), events: z.int() })),
  /** By sessions; with the scope `triage`, masked without it. */
  topCredentials: z.array(offeredCredential.extend({ sessions: z.int() })),
  topImages: z.array(z.object({ image: z.string(), sessions: z.int() })),
  sensors: z.array(z.object({ id, name: z.string(), health: z.enum(sensorHealth) })),
});
export type HoneypotOverview = z.infer<typeof honeypotOverview>;

/** A value that events brought, and how far it is spread. */
const valueTypesShown = ['command', 'url', 'host', 'image', 'wallet', 'artefact'] as const;

export const valueQuery = z.object({
  type: z.enum(valueTypesShown),
  value: z.string().min(1).max(16_384),
});

export const eventValue = z.object({
  type: z.enum(valueTypesShown),
  value: z.string(),
  ...spread,
});

/** What became of a delivery. */
export const ingested = z.object({
  accepted: z.int(),
  /** Here before. */
  duplicates: z.int(),
  /** Lines from 1 on; they would be refused again, and count as seen. */
  rejected: z.array(z.object({ line: z.int(), seq: z.int().optional(), reason: z.string() })),
  /** Of each start in it the last number up to which nothing is missing. */
  ack: z.array(z.object({ boot: z.string(), seq: z.int() })),
});
export type Ingested = z.infer<typeof ingested>;
