/** What sensors deliver: events, and the files that visitors left. */
import { hash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { ingested } from '../../api/events.ts';
import { artefactParameter, storedArtefact } from '../../api/sensors.ts';
import { WaterguardError } from '../../model/error.ts';
import { printable } from '../../model/printable.ts';
import { addArtefact, mostPerDay } from '../../store/artefacts.ts';
import { type Lines, recordLines } from '../../store/delivery.ts';
import type { App, ServerContext } from '../context.ts';
import { Refusal } from '../problem.ts';

/** Lines; bytes of all of them, packed or not, with their ends; and of a file. */
const most = { lines: 500, delivery: 1024 * 1024 + 500, artefact: 8 * 1024 * 1024 } as const;

/** Deliveries of one address within a minute: a hundred thousand events a second. */
const mostDeliveries = 12_000;

/** Bytes that are unpacked in one go; by default these are 16 KiB. */
const piece = 256 * 1024;

const eventLines = z
  .any()
  .describe('One event a line, at most 500 and 1 MiB; `content-encoding: gzip` is taken');
const bytes = z.any().describe('The file, at most 8 MiB');

export async function ingestRoutes(app: App, context: ServerContext): Promise<void> {
  await takingBytes(app, 'application/x-ndjson', (inner) => eventRoute(inner, context));
  await takingBytes(app, 'application/octet-stream', (inner) => artefactRoute(inner, context));
}

/** Routes that take another type than JSON, as it is; everywhere else it stays refused. */
async function takingBytes(app: App, type: string, define: (app: App) => void): Promise<void> {
  await app.register(async (inner) => {
    inner.addContentTypeParser(type, { parseAs: 'buffer' }, (_, body, done) => done(null, body));
    define(inner as unknown as App);
  });
}

function eventRoute(app: App, { db, locate }: ServerContext): void {
  app.post(
    '/v1/ingest',
    {
      bodyLimit: most.delivery,
      config: {
        scope: 'ingest',
        takesSensors: true,
        rateLimit: { max: mostDeliveries, timeWindow: '1 minute' },
      },
      schema: {
        summary: 'Deliver events; delivered twice they are there once',
        consumes: ['application/x-ndjson'],
        body: eventLines,
        response: { 200: ingested },
      },
    },
    async (request) => {
      const receivedAt = new Date();
      const bytes = bytesOf(request);
      const options = { receivedAt, locate, sensor: request.actor.sensor, bytes };
      return recordLines(db, linesOf(bytes), options).catch(refuse);
    },
  );
}

function refuse(error: unknown): never {
  if (error instanceof WaterguardError && error.code === 'refused')
    throw new Refusal(403, 'no-sensor', printable(error.message, 300));
  throw error;
}

/**
 * Unpacks at once: that takes a millisecond or two, and in the background the loop would be busy for longer with the
 * pieces (3.2 ms beside 0.8 for 500 events, Node 24.21).
 * @throws Refusal for what is not packed as it says, or too large once it is unpacked
 */
function bytesOf({ headers, body }: FastifyRequest): Buffer {
  if (!Buffer.isBuffer(body)) throw new Refusal(415, 'unsupported-media-type', 'Send application/x-ndjson.');
  const encoding = headers['content-encoding']?.toLowerCase() ?? 'identity';
  if (encoding === 'identity') return body;
  if (encoding !== 'gzip')
    throw new Refusal(415, 'unsupported-media-type', 'Of all encodings only gzip is taken.');
  try {
    return gunzipSync(body, { maxOutputLength: most.delivery, chunkSize: piece });
  } catch (error) {
    if ((error as { code?: unknown }).code === 'ERR_BUFFER_TOO_LARGE')
      throw new Refusal(413, 'too-large', 'A delivery has at most 1 MiB once it is unpacked.');
    throw new Refusal(400, 'invalid', 'The body is not gzip.');
  }
}

/** One after another, as they are asked for: a text of all of them would be garbage of half a mebibyte. */
function linesOf(bytes: Buffer): Lines {
  const ends: number[] = [];
  for (let at = 0; at < bytes.length; at = ends.at(-1)! + 1) {
    const end = bytes.indexOf(10, at);
    ends.push(end < 0 ? bytes.length : end);
    if (ends.length > most.lines)
      throw new Refusal(413, 'too-large', `A delivery has at most ${most.lines} events.`);
  }
  return {
    length: ends.length,
    at: (place) => bytes.toString('utf8', place === 0 ? 0 : ends[place - 1]! + 1, ends[place]!),
  };
}

function artefactRoute(app: App, { db }: ServerContext): void {
  app.put(
    '/v1/artefacts/:sha256',
    {
      bodyLimit: most.artefact,
      config: { scope: 'ingest', takesSensors: true },
      schema: {
        summary: 'Deliver a file that a visitor left; delivered twice it is there once',
        consumes: ['application/octet-stream'],
        params: artefactParameter,
        body: bytes,
        response: { 201: storedArtefact },
      },
    },
    async ({ params, body, actor }, reply) => {
      if (!Buffer.isBuffer(body))
        throw new Refusal(415, 'unsupported-media-type', 'Send application/octet-stream.');
      const { sha256 } = params;
      if (hash('sha256', body) !== sha256)
        throw new Refusal(422, 'digest-mismatch', 'The body has another digest than the address says.');
      const outcome = await db.transaction().execute((tx) => addArtefact(tx, actor.sensor, sha256, body));
      if (outcome === 'full') {
        const detail = `A sensor may leave ${mostPerDay / 1024 / 1024} MiB of files within a day.`;
        throw new Refusal(429, 'quota', detail, { 'retry-after': '3600' });
      }
      return reply.status(201).send({ sha256, size: body.length });
    },
  );
}
