/**
 * Events of decoys that nobody visited, so that who starts with the sample sees what the pages of honeypots show. The
 * sensors are called what they are. A day has the same events whenever it is asked for, so what was delivered before
 * is known again.
 */
import { createHash } from 'node:crypto';
import { uuid5, uuid7Of } from '../honeypot/interchange/uuid.ts';
import { normOf } from '../honeypot/sensor/norm.ts';
import { type DecoyEvent, rawHead } from '../model/event.ts';
import { type Step, visitKinds } from './sample-visits.ts';

export interface SampleSensor {
  readonly name: string;
  readonly place: string;
  /** Its own, of the documentation ranges. */
  readonly address: string;
}

export const sampleSensors: readonly SampleSensor[] = [
  { name: 'built-in-sample-a', place: 'nowhere: the built-in sample', address: '192.0.2.1' },
  { name: 'built-in-sample-b', place: 'nowhere: the built-in sample', address: '198.51.100.1' },
];

export interface SampleDay {
  /** In the order of their times and numbers. */
  readonly events: readonly DecoyEvent[];
  /** By digest; files that visitors left. */
  readonly artefacts: ReadonlyMap<string, Buffer>;
}

/** Visits of a day at one sensor: so many, and up to as many more. */
const visits = { least: 16, more: 12 } as const;
const dayLength = 86_400_000;
/** Of the identities that are made here; by chance, once. */
const namespace = '5b0c9a52-6c0e-4d5b-9a39-2f7f0d0f6a11';

/** @param day milliseconds since 1970 at its begin, in UTC */
export function sampleDay({ name, address }: SampleSensor, day: number): SampleDay {
  const seed = `${name} ${new Date(day).toISOString().slice(0, 10)}`;
  const artefacts = new Map<string, Buffer>();
  const planned: { readonly at: number; readonly visit: number; readonly step: Step }[] = [];
  const count = visits.least + pick(seed, visits.more);
  for (let visit = 0; visit < count; visit++) {
    // The last hour stays free, so that every visit ends on its day.
    let at = day + pick(`${seed} ${visit} at`, dayLength - 3_600_000);
    for (const step of stepsOf(`${seed} ${visit}`)) {
      at += step.after * 1000;
      planned.push({ at, visit, step });
    }
  }
  planned.sort((one, other) => one.at - other.at || one.visit - other.visit);
  const boot = uuid5(namespace, seed);
  const events = planned.map(({ at, visit, step }, index): DecoyEvent => {
    const raw = Buffer.from(step.raw ?? '');
    const { norm, attack } = normOf(step, raw);
    const left = (step.artefacts ?? []).map((one) => {
      const content = Buffer.from(one.content);
      const sha256 = digest(content).toString('hex');
      artefacts.set(sha256, content);
      return { name: one.name, sha256, size: content.length };
    });
    const source = pick(`${seed} ${visit} source`, sourceCount);
    return {
      v: 1,
      id: uuid7Of(at, `${seed} ${index}`),
      sensor: name,
      boot,
      seq: index + 1,
      ts: new Date(at).toISOString(),
      type: step.type,
      session: digest(`${seed} ${visit}`).toString('hex', 0, 8),
      src: { ip: sourceAddress(source), port: 32_768 + pick(`${seed} ${visit} port`, 28_000) },
      dst: { ip: address, port: step.port },
      fp: step.fp ?? {},
      norm,
      raw: {
        sha256: digest(raw).toString('hex'),
        len: raw.length,
        head: raw.toString('base64', 0, rawHead),
      },
      attack: [...new Set([...(step.attack ?? []), ...attack])],
      severity: step.severity,
      ...((step.data ?? step.artefacts) !== undefined && {
        data: { ...step.data, ...(left.length > 0 && { artefacts: left }) },
      }),
    };
  });
  return { events, artefacts };
}

function stepsOf(seed: string): readonly Step[] {
  let left = pick(
    `${seed} kind`,
    visitKinds.reduce((sum, one) => sum + one.share, 0),
  );
  const kind = visitKinds.find(({ share }) => {
    left -= share;
    return left < 0;
  });
  return kind!.steps(pick(`${seed} variant`, 12));
}

const networks = ['192.0.2', '198.51.100', '203.0.113'];
const sourceCount = 45;

function sourceAddress(source: number): string {
  return `${networks[source % networks.length]}.${20 + 3 * Math.floor(source / networks.length)}`;
}

/** Made up, as the addresses are of nobody; no statistics. */
const countries = 'CN US RU NL DE SG VN BR IN KR FR HK ID GB UA TR ZA AU CA'.split(' ');

/** Where the sample says that a source is; undefined for some, as in life. */
export function sampleLocation(ip: string): { readonly country: string } | undefined {
  const known = pick(`${ip} known`, 8) > 0;
  // The first of them more often.
  const country =
    countries[Math.min(pick(`${ip} one`, countries.length), pick(`${ip} two`, countries.length))];
  return known && country !== undefined ? { country } : undefined;
}

/** From 0 up to `below`: by chance, and always the same. */
function pick(seed: string, below: number): number {
  return digest(seed).readUInt32BE(0) % below;
}

function digest(of: string | Buffer): Buffer {
  return createHash('sha256').update(of).digest();
}
