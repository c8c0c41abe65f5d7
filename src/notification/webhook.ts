/**
 * Webhooks for programs, signed as Standard Webhooks 1.0.0 has it (spec/standard-webhooks.md of
 * github.com/standard-webhooks/standard-webhooks, read 2026-11), so that receivers verify with the libraries that
 * exist. `webhook-id` is the delivery's id, the same at every try: receivers drop what they have seen. The
 * signature covers id, time of the try and body.
 */
import { createHmac } from 'node:crypto';
import { hookUrl, notAHook, outcomeOf, post } from './hook.ts';
import type { Message } from './message.ts';
import type { Notice } from './notice.ts';
import { failed, type Outcome } from './outcome.ts';
import type { Ports } from './ports.ts';

export interface WebhookTarget {
  readonly url: string;
  /** `whsec_` and base64, or any text, whose UTF-8 bytes are the key. */
  readonly key: string;
}

/** @throws what `post` throws */
export async function sendWebhook(
  target: WebhookTarget,
  message: Message,
  ports: Ports,
  signal: AbortSignal,
): Promise<Outcome> {
  const url = hookUrl(target.url);
  if (!url) return notAHook;
  const key = signingKey(target.key);
  if (!key) return failed(false, 'its key is not whsec_ and base64; set it again');
  const body = webhookBody(message);
  const seconds = Math.floor(ports.now() / 1000);
  const headers = {
    'webhook-id': message.id,
    'webhook-timestamp': `${seconds}`,
    'webhook-signature': signature(key, message.id, seconds, body),
  };
  return outcomeOf(await post(url, body, headers, ports, signal), url.host, ports.now());
}

/** @param seconds since the epoch, of this try */
export function signature(key: Uint8Array, id: string, seconds: number, body: string): string {
  return 'v1,' + createHmac('sha256', key).update(`${id}.${seconds}.${body}`).digest('base64');
}

/** Undefined for `whsec_` with what is not base64, or is too short to be a key. */
export function signingKey(written: string): Uint8Array | undefined {
  if (!written.startsWith('whsec_')) return Buffer.from(written);
  const encoded = written.slice('whsec_'.length);
  const key = Buffer.from(encoded, 'base64');
  const isWhole = /^[A-Za-z0-9+/]+={0,2}$/.test(encoded) && key.length >= 16;
  return isWhole ? key : undefined;
}

/** A larger body loses the lines of its notices, which the console has; no notice is ever left out. */
const largestBody = 512 * 1024;

/**
 * `{schemaVersion, type, id, timestamp, subject, severity, notices}`. `type` and `timestamp` are what the
 * specification recommends every payload to have.
 */
export function webhookBody(message: Message): string {
  const whole = written(message, message.notices);
  if (Buffer.byteLength(whole) <= largestBody) return whole;
  return written(
    message,
    message.notices.map((notice) => ({ ...notice, lines: [], linesLeftOut: true })),
  );
}

function written(message: Message, notices: readonly Notice[]): string {
  return JSON.stringify({
    schemaVersion: 1,
    type: 'waterguard.notices',
    id: message.id,
    timestamp: message.at,
    subject: message.subject,
    severity: message.severity,
    notices,
  });
}
