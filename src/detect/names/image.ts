/**
 * Whether an image's name imitates a well-known one: `ngnix`, `user/ubuntu`, `bitnarni/redis`. A name is no
 * proof, so it is medium at most and never decides. Only names on public registries are looked at: in a
 * company's own registry, `nginx` is a copy and not an imitation.
 */
import { printable } from '../../model/printable.ts';
import type { FindingKind, ImageDetection, ImageFinding, ImageView } from '../detector.ts';
import { type OfficialNames, officialNames } from './official.ts';
import { type Resemblance, resemblance } from './resemblance.ts';

const typosquat: FindingKind = {
  rule: 'names/typosquat',
  title: 'Name resembles a well-known image',
  category: 'typosquat',
  severity: 'medium',
  attack: ['T1036.005', 'T1204.003'],
};

const impersonation: FindingKind = {
  rule: 'names/impersonation',
  title: 'Name of an official image under another namespace',
  category: 'typosquat',
  severity: 'medium',
  attack: ['T1036.005', 'T1204.003'],
};

const labelMismatch: FindingKind = {
  rule: 'names/label-mismatch',
  title: 'Labels name a well-known publisher that the namespace is not',
  category: 'typosquat',
  severity: 'low',
  attack: ['T1036.005'],
};

export const nameFindings: readonly FindingKind[] = [typosquat, impersonation, labelMismatch];

export function namesInspection(image: ImageView): ImageDetection {
  return inspectNameAgainst(image, officialNames());
}

export function inspectNameAgainst({ reference, config }: ImageView, known: OfficialNames): ImageDetection {
  const name = publicName(reference);
  if (name === undefined || name.namespace === '' || known.namespaces.has(name.namespace)) return none;
  const found = [ofNamespace(name, known), ofImage(name, known)].filter((one) => one !== undefined);
  const [surest] = found.sort((a, b) => b.confidence - a.confidence);
  const label = ofLabel(name, config.labels, known);
  return { findings: [surest, label].filter((one) => one !== undefined), observables: [] };
}

const none: ImageDetection = { findings: [], observables: [] };

/** An image's place on a public registry; `namespace` is empty for an official image. */
interface PublicName {
  readonly registry: string;
  readonly namespace: string;
  readonly image: string;
}

const dockerHub: ReadonlySet<string> = new Set([
  'docker.io',
  'index.docker.io',
  'registry-1.docker.io',
  'registry.hub.docker.com',
]);
const publicRegistries: ReadonlySet<string> = new Set([...dockerHub, 'quay.io', 'ghcr.io', 'public.ecr.aws']);

function publicName(reference: string): PublicName | undefined {
  const [named = ''] = reference.slice(0, 1024).split('@', 1);
  const parts = named.split('/');
  const registry = parts[0] ?? '';
  if (!publicRegistries.has(registry) || parts.length < 2) return undefined;
  const image = (parts.at(-1) ?? '').replace(/:.*$/, '');
  const namespace = parts.length === 2 ? '' : (parts[1] ?? '');
  return { registry, namespace: namespace === 'library' && dockerHub.has(registry) ? '' : namespace, image };
}

const weights: Readonly<Record<Resemblance, number>> = {
  homoglyph: 0.5,
  affix: 0.45,
  separator: 0.4,
  typo: 0.45,
  'distant-typo': 0.3,
};

function ofNamespace(name: PublicName, known: OfficialNames): ImageFinding | undefined {
  const best = closest(name.namespace, known.namespaces);
  return best && finding(typosquat, weights[best.how], `${name.namespace}/${name.image}`, `${best.target}/`);
}

function ofImage(name: PublicName, known: OfficialNames): ImageFinding | undefined {
  const shown = `${name.namespace}/${name.image}`;
  // Elsewhere than on Docker Hub the short name leads nobody astray.
  const weight = dockerHub.has(name.registry) ? 1 : 0.7;
  if (known.images.has(name.image)) return finding(impersonation, 0.4 * weight, shown, name.image);
  const best = closest(name.image, known.images);
  return best && finding(typosquat, weights[best.how] * weight, shown, best.target);
}

function closest(
  name: string,
  targets: ReadonlySet<string>,
): { readonly target: string; readonly how: Resemblance } | undefined {
  if (targets.has(name)) return undefined;
  let best: { readonly target: string; readonly how: Resemblance } | undefined;
  for (const target of targets) {
    const how = resemblance(name, target);
    if (how !== undefined && (best === undefined || weights[how] > weights[best.how])) best = { target, how };
  }
  return best;
}

/** Labels are inherited from base images, so that a foreign source alone means little. */
function ofLabel(
  name: PublicName,
  labels: Readonly<Record<string, string>>,
  known: OfficialNames,
): ImageFinding | undefined {
  const source = labels['org.opencontainers.image.source'] ?? labels['org.opencontainers.image.url'] ?? '';
  const owner = /^https?:\/\/(?:www\.)?(?:github|gitlab)\.com\/([\w.-]{1,100})\//
    .exec(`${source.slice(0, 500)}/`)?.[1]
    ?.toLowerCase();
  if (owner === undefined || owner === name.namespace || !known.namespaces.has(owner)) return undefined;
  return finding(labelMismatch, 0.25, `${name.namespace}/${name.image}`, owner);
}

function finding(kind: FindingKind, confidence: number, name: string, like: string): ImageFinding {
  return {
    ...kind,
    severity: confidence >= 0.4 ? 'medium' : 'low',
    confidence,
    subject: 'text',
    offset: 0,
    length: 0,
    excerpt: printable(`${name} resembles ${like}`, 200),
    value: `${name} ${like}`,
    place: 'name',
    key: 'reference',
    runs: false,
  };
}
