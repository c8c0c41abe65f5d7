/** The words and numbers that table, SARIF and HTML share. */
import type { Coverage } from '../model/coverage.ts';
import type { Evidence, Finding } from '../model/finding.ts';
import type { ImageReport, Verdict } from '../model/report.ts';
import { isHole, type SkipReason } from '../model/terms.ts';

/** What to do next, one sentence or two. */
export function adviceOn(report: ImageReport): string {
  const secrets = report.findings.some(
    (one) =>
      one.category === 'embedded-secret' &&
      one.ignored === undefined &&
      one.severity !== 'info' &&
      one.severity !== 'low',
  );
  const revoke = secrets
    ? ' Revoke the secrets: whoever can pull the image can read them, also where a later layer deleted them.'
    : '';
  return verdictAdvice[report.verdict] + revoke;
}

const verdictAdvice: Readonly<Record<Verdict, string>> = {
  malicious:
    'Do not run this image. Stop what runs it, block its digest, and look at what its containers could reach.',
  suspicious: 'Do not run this image before someone has looked at what was found.',
  risky: 'Nothing here runs against you by itself, but fix the findings before you ship or use the image.',
  incomplete: 'Nothing was found, but part of the image was not seen: see what is listed as not seen.',
  clean: 'Nothing known was found. Look again when rules or indicators are new.',
};

/** `present`, and what else is known of how the finding lies in the image. */
export function stateWords(finding: Finding): string {
  const state = {
    present: 'present',
    shadowed: 'overwritten by a later layer',
    deleted: 'deleted by a later layer',
  }[finding.state];
  return finding.reachable ? `${state}, runs when the container starts` : state;
}

/** By what a file is started, from the start on; empty where nothing does. */
export function startWords({ startedBy = [] }: Evidence): string {
  return startedBy.join(' → ');
}

/** The place of evidence for a person: a path, a configuration key, `image history`. */
export function placeOf(evidence: Evidence): string {
  switch (evidence.kind) {
    case 'file':
      return evidence.path ?? 'file';
    case 'config':
      return `image configuration, ${evidence.path ?? 'unnamed key'}`;
    case 'history':
      return evidence.path?.startsWith('history[') === true ? `image ${evidence.path}` : 'image history';
    case 'name':
      return 'image name';
  }
}

/** A history line as a Dockerfile would have it: the shell's and the builder's wrapping taken off. */
export function dockerfileLine(createdBy: string): string {
  let line = createdBy.trim();
  if (line.endsWith('# buildkit')) line = line.slice(0, -'# buildkit'.length).trimEnd();
  const run = line.startsWith('RUN ') ? line.slice('RUN '.length) : line;
  if (!run.startsWith(shell)) return line;
  const command = run.slice(shell.length);
  return command.startsWith('#(nop)') ? command.slice('#(nop)'.length).trimStart() : 'RUN ' + command;
}

const shell = '/bin/sh -c ';

/** Author and licence of a rule that others wrote; empty for our own. */
export function creditOf({ source }: Finding): string {
  if (source.author === undefined || source.author.startsWith('Waterguard')) return '';
  return [source.author, source.licence].filter((one) => one !== undefined).join(', ');
}

/** The Dockerfile line of the layer that evidence points at; empty where unknown. */
export function layerLine(report: ImageReport, layer: number | undefined): string {
  const found = report.artifact.layers.find((one) => one.index === layer);
  return found === undefined ? '' : dockerfileLine(found.createdBy);
}

export interface SkipGroup {
  readonly reason: SkipReason;
  readonly hole: boolean;
  readonly count: number;
  readonly places: readonly string[];
}

/** Skips by reason, holes first. @param mostPlaces places kept for each reason */
export function skipSummary(coverage: Coverage, mostPlaces = 3): readonly SkipGroup[] {
  const byReason = new Map<SkipReason, string[]>();
  const counts = new Map<SkipReason, number>();
  for (const { reason, path } of coverage.skipped) {
    const places = byReason.get(reason) ?? [];
    if (places.length < mostPlaces) places.push(path);
    byReason.set(reason, places);
    counts.set(reason, (counts.get(reason) ?? 0) + 1);
  }
  return [...byReason]
    .map(([reason, places]) => ({ reason, hole: isHole(reason), count: counts.get(reason) ?? 0, places }))
    .toSorted((a, b) => Number(b.hole) - Number(a.hole) || b.count - a.count);
}

/** `41.2 MB`, decimal as registries count. */
export function byteWords(bytes: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}

/** `1 file`, `10,047 files`. */
export function countWords(count: number, noun: string, plural = noun + 's'): string {
  return `${count.toLocaleString('en-US')} ${count === 1 ? noun : plural}`;
}

/** What was looked at, in one line. */
export function coverageWords(report: ImageReport): string {
  const { coverage } = report;
  const parts = [countWords(coverage.files, 'file'), byteWords(coverage.bytes)];
  if (coverage.layers > 0) {
    const cached = coverage.cachedLayers > 0 ? ` (${coverage.cachedLayers} from cache)` : '';
    parts.push(countWords(coverage.layers, 'layer') + cached);
  }
  parts.push(durationWords(report.durationMs));
  return parts.join(', ');
}

/** `sha256:` and twelve digits, enough to recognise and to type. */
export function shortDigest(digest: string): string {
  return digest.startsWith('sha256:') ? digest.slice(0, 'sha256:'.length + 12) : digest.slice(0, 24);
}

export function percent(confidence: number): string {
  return `${Math.round(confidence * 100)} %`;
}

function durationWords(ms: number): string {
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}
