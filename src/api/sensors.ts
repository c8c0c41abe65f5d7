/** Sensors: how they come in, what they tell of themselves, and how they are. */
import { z } from 'zod';
import { id, time } from './page.ts';

/**
 * `ok`; `skewed`: its clock is off by more than five minutes; `faulty`: a decoy is down, its spool is full, or numbers
 * are missing; `silent`: not heard of for ten minutes; `new`: never; `revoked`.
 */
export const sensorHealth = ['ok', 'skewed', 'faulty', 'silent', 'new', 'revoked'] as const;
export type SensorHealth = (typeof sensorHealth)[number];

export const sensorName = z
  .string()
  .regex(/^[\w.-]{1,100}$/, 'letters, digits and . _ -, at most 100 characters');

export const newEnrolment = z.object({
  name: sensorName,
  /** Where it stands, for people. */
  place: z.string().trim().max(200).default(''),
});

/** The secret is in this answer and never again; it works once, and for a quarter of an hour. */
export const enrolment = z.object({ secret: z.string(), expiresAt: time });

const version = z.string().trim().max(50);

const decoyState = z.object({
  /** As the command line calls it: `docker-tls`. */
  name: z.string().max(50),
  address: z.string().max(100).optional(),
  state: z.enum(['up', 'down', 'restarting']),
});

const spoolState = z.object({
  /** Bytes that wait for delivery, and that it may hold. */
  bytes: z.int().min(0),
  capacity: z.int().min(0),
});

/** What a sensor says of itself. */
export const sensorReport = z.object({
  version,
  decoys: z.array(decoyState).max(50).default([]),
  spool: spoolState.optional(),
});
export type SensorReport = z.infer<typeof sensorReport>;

/** In PEM, for a key on P-256. What it asks to be called is not looked at. */
const csr = z.string().max(4096);

/** Renews the certificate that the request comes by. */
export const renewal = z.object({ csr });

/** Both in PEM; for 30 days. */
export const issued = z.object({ pem: z.string(), authority: z.string(), expiresAt: time });

/**
 * With a `csr`, and over a connection that showed a certificate of the same key, which may be signed by itself, the answer
 * has a certificate: so it is certain that client certificates get here. Otherwise it has a token.
 */
export const enrol = z.object({
  secret: z.string().min(20).max(200),
  report: sensorReport,
  csr: csr.optional(),
});
/** The token is bound to the sensor, has the scope `ingest`, and is in this answer alone. */
export const enrolled = z.object({
  sensor: id,
  name: z.string(),
  token: z.string().optional(),
  certificate: issued.optional(),
});

/** Who signs from a few minutes later on. */
export const addedAuthority = z.object({ id, certificate: z.string(), expiresAt: time });

/** `at` is the sensor's clock. */
export const heartbeat = sensorReport.extend({ at: time });
export const heard = z.object({ clockSkewMs: z.int() });

export const sensorRow = z.object({
  id,
  name: z.string(),
  place: z.string(),
  health: z.enum(sensorHealth),
  /** What is wrong, for people. */
  problems: z.array(z.string()),
  version: z.string(),
  decoys: z.array(decoyState),
  spool: spoolState.optional(),
  addedAt: time,
  enrolledAt: time.optional(),
  revokedAt: time.optional(),
  heardAt: time.optional(),
  /** Our clock less its own, in milliseconds; a batch that comes late counts as well. */
  clockSkewMs: z.int().optional(),
  /** Where it comes by mutual TLS. */
  certificateExpiresAt: time.optional(),
  /** Its last start. */
  boot: z
    .object({
      boot: z.string(),
      firstAt: time,
      lastAt: time,
      events: z.int(),
      /** Numbers that did not come, though later ones did; and those of which its spool says that it dropped them. */
      missing: z.int(),
      dropped: z.int(),
    })
    .optional(),
});
export type SensorRow = z.infer<typeof sensorRow>;

export const artefactParameter = z.object({
  sha256: z.string().regex(/^[0-9a-f]{64}$/, '64 hexadecimal digits in lower case'),
});

export const storedArtefact = z.object({ sha256: z.string(), size: z.int() });

/** What a file is, without being one: nothing that could be run by mistake. */
export const artefactDetail = storedArtefact.extend({
  addedAt: time,
  sensor: z.string().optional(),
  /** Of its first bytes, in hex. */
  head: z.string(),
  /** Runs of at least six printable characters, the first of them. */
  strings: z.array(z.string()),
  /** Who left it. */
  sessions: z.array(z.object({ id, sensor: z.string(), src: z.string(), firstAt: time })),
  /** All of it in base64, where it was asked for. */
  content: z.string().optional(),
});
export type ArtefactDetail = z.infer<typeof artefactDetail>;

export const artefactQuery = z.object({ content: z.stringbool().default(false) });
