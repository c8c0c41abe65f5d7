/** A sensor's certificate is renewed when two thirds of its time are over, by a request that comes by it. */
import { X509Certificate } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { issued } from '../../api/sensors.ts';
import { requestFor } from '../../certificate/request.ts';
import { messageOf } from '../../model/error.ts';
import { ask, understood } from './ask.ts';
import { type Enrolled, keepEnrolment, newKey, pemOf } from './enrol.ts';

export interface Keeping {
  /** Whoever delivers by it uses the new certificate from its next request on. */
  readonly receiver: Enrolled;
  readonly folder: string;
  readonly signal: AbortSignal;
  /** For people. */
  tell(message: string): void;
}

/** Milliseconds between looks, and between tries. */
const lookEvery = 3_600_000;

/** Runs until the signal, and holds up nobody's end. Without a certificate there is nothing to do. */
export async function keepCertificate({ receiver, folder, signal, tell }: Keeping): Promise<void> {
  for (let failures = 0; receiver.certificate !== undefined && !signal.aborted; ) {
    try {
      if (Date.now() >= renewalAt(receiver.certificate.pem)) await renewNow(receiver, folder, signal);
      failures = 0;
    } catch (error) {
      if (failures === 0) tell(`The certificate is not renewed yet: ${messageOf(error)}`);
      failures += 1;
    }
    await wait(lookEvery, undefined, { signal, ref: false }).catch(() => {});
  }
}

/** Milliseconds since 1970. */
export function renewalAt(pem: string): number {
  const { validFromDate, validToDate } = new X509Certificate(pem);
  return validFromDate.getTime() + (2 / 3) * (validToDate.getTime() - validFromDate.getTime());
}

/** By a key of its own. @throws Postponed, WaterguardError as `ask` does */
async function renewNow(receiver: Enrolled, folder: string, signal: AbortSignal): Promise<void> {
  const key = newKey();
  const answer = await ask(receiver, {
    method: 'POST',
    path: `/v1/sensors/${receiver.sensor}/certificate`,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ csr: requestFor(key) }),
    signal,
  });
  const { pem, authority } = understood(receiver.url, answer, issued);
  const certificate = { key: pemOf(key), pem, authority };
  // First on disk: of the one that it has, the server forgets only when this one is renewed.
  await keepEnrolment(folder, { ...receiver, certificate });
  receiver.certificate = certificate;
}
