/** Delivery to a Waterguard server: `POST /v1/ingest`, gzipped lines, by the sensor's token or over mutual TLS. */
import { gzipSync } from 'node:zlib';
import { ingested } from '../../api/events.ts';
import { storedArtefact } from '../../api/sensors.ts';
import { ask, type Receiver, understood } from './ask.ts';
import type { Delivery } from './delivery.ts';

export function postTo(receiver: Receiver): Delivery {
  return {
    events: (lines, signal) => postEvents(receiver, lines, signal),
    async artefact(sha256, content, signal) {
      const answer = await ask(receiver, {
        method: 'PUT',
        path: `/v1/artefacts/${sha256}`,
        headers: { 'content-type': 'application/octet-stream' },
        body: content,
        signal,
      });
      understood(receiver.url, answer, storedArtefact);
    },
    async report(report, signal) {
      if (receiver.sensor === undefined) return;
      await ask(receiver, {
        method: 'POST',
        path: `/v1/sensors/${receiver.sensor}/heartbeat`,
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ ...report, at: new Date().toISOString() }),
        signal,
      });
    },
  };
}

/** What became of lines. */
export interface Posted {
  readonly accepted: number;
  /** Here before. */
  readonly duplicates: number;
  readonly rejected: number;
}

/** @throws Postponed, WaterguardError as `Delivery.events` does */
export async function postEvents(
  receiver: Receiver,
  lines: readonly string[],
  signal: AbortSignal,
): Promise<Posted> {
  const answer = await ask(receiver, {
    method: 'POST',
    path: '/v1/ingest',
    headers: { 'content-type': 'application/x-ndjson', 'content-encoding': 'gzip' },
    body: gzipSync(lines.map((line) => `${line}\n`).join(''), { level: 1 }),
    signal,
  });
  const { accepted, duplicates, rejected } = understood(receiver.url, answer, ingested);
  return { accepted, duplicates, rejected: rejected.length };
}
