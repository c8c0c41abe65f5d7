/**
 * Text that may be quoted: without the secrets that stand in it. What a report shows of a command, a history
 * line or a URL passes through here; the secrets themselves are reported by this folder's detectors.
 */
import { keywordPlaces } from './keyword-places.ts';
import { redacted } from './redact.ts';
import type { SecretRule } from './rule.ts';
import { findSecrets } from './search.ts';

/** @param rules of all scopes; those that need a file's path are left out */
export function makeSecretMask(rules: readonly SecretRule[]): (text: string) => string {
  const fitting = rules.filter((rule) => rule.path === undefined);
  const placesIn = keywordPlaces(fitting.flatMap((rule) => rule.keywords));
  return (text) => {
    const bytes = Buffer.from(text, 'utf8');
    const places = placesIn(bytes);
    if (places === undefined) return withoutSecrets(text);
    const hits = findSecrets(bytes, fitting, places, '', { check: () => {} }).toSorted(
      (a, b) => a.start - b.start,
    );
    let shown = '';
    let at = 0;
    for (const hit of hits) {
      if (hit.start < at) continue;
      const { rule, secret, start, end, matchStart, matchEnd } = hit;
      shown +=
        bytes.toString('utf8', at, start) + redacted({ rule, secret, start, end, matchStart, matchEnd });
      at = hit.end;
    }
    const masked = shown + bytes.toString('utf8', at);
    // A rule gives one hit: the same secret again is found by its value.
    return withoutSecrets(hits.reduce((all, { secret }) => all.replaceAll(secret, '…'), masked));
  };
}

/**
 * Without rules, for detectors that quote: credentials in URLs, values behind telling names, tokens with known
 * prefixes (also where a quotation cuts them), webhooks and bot tokens.
 */
export function withoutSecrets(text: string): string {
  return text
    .replace(/:\/\/[^\s/@]{1,500}@/g, '://…@')
    .replace(
      /\b((?:[\w-]{0,40}(?:token|secret|passw(?:or)?d|api[_-]?key|authorization|bearer)[\w-]{0,40})["']?[=: ]{1,3}(?:(?:bearer|basic|token) )?)[^\s"'&|;]{4,500}/gi,
      '$1…',
    )
    .replace(
      /\b(gh[pousr]_|github_pat_|glpat-|AKIA|ASIA|xox[abprs]-|sk-|sk_live_|rk_live_|npm_|dckr_pat_|AIza|hf_)[\w-]{8,500}/g,
      '$1…',
    )
    .replace(
      /(hooks\.slack\.com\/services\/|\/api\/webhooks\/\d{1,20}\/|\/bot\d{6,12}:)[\w/-]{8,200}/g,
      '$1…',
    );
}
