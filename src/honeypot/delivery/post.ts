/** Delivery to a Waterguard server: `POST /v1/ingest`, gzipped lines, by the sensor's token or over mutual TLS. */
import { gzipSync } from 'node:zlib';
import { ask, type Receiver } from './ask.ts';
import type { Delivery } from './delivery.ts';

export function postTo(receiver: Receiver): Delivery {
  return {
    events: (lines, signal) => postEvents(receiver, lines, signal),
    async artefact(sha256, content, signal) {
      await ask(receiver, {
        method: 'PUT',
        path: `/v1/artefacts/${sha256}`,
        headers: { 'content-type': 'application/octet-stream' },
        body: content,
        signal,
      });
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
  const { body } = await ask(receiver, {
    method: 'POST',
    path: '/v1/ingest',
    headers: { 'content-type': 'application/x-ndjson', 'content-encoding': 'gzip' },
    body: gzipSync(lines.map((line) => `${line}\n`).join(''), { level: 1 }),
    signal,
  });
  const { accepted, duplicates, rejected } = JSON.parse(body.toString()) as Readonly<Record<string, unknown>>;
  return {
    accepted: Number(accepted) || 0,
    duplicates: Number(duplicates) || 0,
    rejected: Array.isArray(rejected) ? rejected.length : 0,
  };
}
