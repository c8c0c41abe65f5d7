/**
 * Text that a report may show: without the secrets that stand in it. Commands, history lines, URLs and every
 * quotation pass through here; the secrets themselves are reported by this folder's detectors.
 */
import { keywordPlaces } from './keyword-places.ts';
import { redacted } from './redact.ts';
import type { SecretRule } from './rule.ts';
import { everySecret, type SecretHit } from './search.ts';
import { withLineEnds, withoutSecrets } from './without-secrets.ts';

/** @param rules of all scopes; those that need a file's path are left out */
export function makeSecretMask(rules: readonly SecretRule[]): (text: string) => string {
  const fitting = rules.filter((rule) => rule.path === undefined);
  const placesIn = keywordPlaces(fitting.flatMap((rule) => rule.keywords));
  const mask = (text: string): string => {
    const bytes = Buffer.from(text, 'utf8');
    const places = placesIn(bytes);
    if (places === undefined) return withoutSecrets(text);
    const hits = withoutOverlaps(everySecret(bytes, fitting, places, '', { check() {} }));
    let shown = '';
    let at = 0;
    for (const hit of hits) {
      shown += bytes.toString('utf8', at, hit.start) + redacted(hit);
      at = hit.end;
    }
    return withoutSecrets(withoutRepeats(shown + bytes.toString('utf8', at), hits));
  };
  return (text) => withLineEnds(text, mask);
}

/** In the order of the text. A hit that reaches beyond the one before it lends it its end, so that nothing shows. */
function withoutOverlaps(hits: readonly SecretHit[]): readonly SecretHit[] {
  const kept: SecretHit[] = [];
  for (const hit of hits.toSorted((a, b) => a.start - b.start || b.end - a.end)) {
    const last = kept.at(-1);
    if (last === undefined || hit.start >= last.end) kept.push(hit);
    else if (hit.end > last.end) kept[kept.length - 1] = { ...last, end: hit.end };
  }
  return kept;
}

/** More than a line has; each one takes a pass over the text. */
const mostRepeated = 50;
/** A shorter one may be part of an ordinary word. */
const shortestRepeated = 8;

/** A secret that stands somewhere else without the form that tells it is found by its value. */
function withoutRepeats(text: string, hits: readonly SecretHit[]): string {
  const secrets = new Set(
    hits.map(({ secret }) => secret).filter((secret) => secret.length >= shortestRepeated),
  );
  let shown = text;
  for (const secret of [...secrets].slice(0, mostRepeated)) {
    shown = shown.replaceAll(Buffer.from(secret, 'latin1').toString('utf8'), '…');
  }
  return shown;
}
