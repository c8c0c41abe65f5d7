/** What the parts of the contract work on: an open store with its queue, and samples that no other test has. */
import { createHash } from 'node:crypto';
import type { HuntRequest } from '../../../src/hunt/port.ts';
import type { ListedImage } from '../../../src/hunt/source/source.ts';
import type { Finding } from '../../../src/model/finding.ts';
import type { LayerFacts, LayerObservable } from '../../../src/model/layer-facts.ts';
import type { ImageReport } from '../../../src/model/report.ts';
import type { Store } from '../../../src/store/open.ts';
import type { Queue } from '../../../src/store/queue.ts';
import { recordImages, type ScannedImage } from '../../../src/store/record-images.ts';
import { decideAgain } from '../../../src/verdict/decide.ts';
import { cleanReport, sampleFinding } from '../../fixtures/reports.ts';

export interface Opened {
  readonly store: Store;
  readonly queue: Queue;
  /** Another process's view of it, or as good as one: connections of its own. */
  readonly other: Store;
}

/** Tests of a part ask for it once they run. */
export type Get = () => Opened;

/** Expected of the name: nothing but that it is the same next time, and another for another name. */
export function digestOf(name: string): string {
  return `sha256:${createHash('sha256').update(name).digest('hex')}`;
}

export const ruleset = digestOf('rules');
export const otherRuleset = digestOf('other rules');

/** As a file with a miner's configuration gives it: malicious by itself. */
export function miner(name: string, changes: Partial<Finding> = {}): Finding {
  return sampleFinding({ id: digestOf(name).slice(7, 39), ...changes });
}

/** Risky by itself. */
export function secret(name: string, changes: Partial<Finding> = {}): Finding {
  return sampleFinding({
    id: digestOf(name).slice(7, 39),
    rule: 'secrets/aws-access-key',
    category: 'embedded-secret',
    title: 'AWS access key',
    severity: 'medium',
    confidence: 0.9,
    reachable: false,
    ...changes,
  });
}

export interface Sample {
  readonly repository?: string;
  readonly tag?: string;
  /** What of two images is the same where their digest is. */
  readonly content?: string;
  readonly findings?: readonly Finding[];
  readonly layers?: readonly LayerFacts[];
  /** Bytes of each layer as stored; by default of one layer. */
  readonly sizes?: readonly number[];
  readonly rules?: string;
  readonly report?: Partial<ImageReport>;
}

/** A report that says of an image what its findings say. */
export function reportOf(name: string, sample: Sample = {}): ImageReport {
  const { layers = [], findings = [], rules = ruleset, content = name, report } = sample;
  const named = sample.sizes?.map((_, index) => digestOf(`${name} layer ${index}`));
  const diffIds =
    named ?? (layers.length > 0 ? layers.map((one) => one.diffId) : [digestOf(`${name} layer`)]);
  const base: ImageReport = {
    ...cleanReport,
    tool: { ...cleanReport.tool, ruleset: rules },
    target: name,
    artifact: {
      kind: 'image',
      reference: name,
      digest: digestOf(content),
      platform: 'linux/amd64',
      layers: diffIds.map((diffId, index) => ({
        index,
        diffId,
        digest: digestOf(`${diffId} packed`),
        size: sample.sizes?.[index] ?? 1000,
        createdBy: `RUN make ${index}`,
      })),
    },
    ...report,
  };
  return decideAgain(base, findings);
}

export function scanned(name: string, sample: Sample = {}): ScannedImage {
  const { repository = `registry.example.invalid/${name}`, tag = '1' } = sample;
  return {
    repository,
    reference: `${repository}:${tag}`,
    target: `${repository}@${digestOf(sample.content ?? name)}`,
    insecure: false,
    host: null,
    report: reportOf(name, sample),
    layers: sample.layers ?? [],
  };
}

/** Records it in a transaction of its own. @returns its row */
export async function record({ db }: Store, image: ScannedImage): Promise<number> {
  const { images } = await db.transaction().execute((tx) => recordImages(tx, [image]));
  return images[0]!;
}

export function layerOf(
  name: string,
  observables: readonly LayerObservable[] = [],
  files = [''],
): LayerFacts {
  const hashes = files.map((one) => createHash('sha256').update(`${name}${one}`).digest().subarray(0, 8));
  return {
    diffId: digestOf(name),
    files: files.length,
    bytes: 1234,
    context: ruleset,
    forms: 0,
    observables,
    hashes: Buffer.concat(hashes),
  };
}

export function observed(value: string, changes: Partial<LayerObservable> = {}): LayerObservable {
  return { type: 'domain', value, note: 'url', path: '/etc/pool.conf', files: 1, ...changes };
}

export function listed(repository: string, content: string, tag = '1'): ListedImage {
  const digest = digestOf(content);
  return {
    reference: `${repository}:${tag}`,
    repository,
    digest,
    target: `${repository}:${tag}@${digest}`,
  };
}

export function request(source: string, changes: Partial<HuntRequest> = {}): HuntRequest {
  return {
    source,
    platform: 'linux/amd64',
    insecure: false,
    ruleset,
    isLocal: false,
    startedBy: 'user:test',
    restart: false,
    ...changes,
  };
}
