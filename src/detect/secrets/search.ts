/**
 * Applies secret rules to bytes. Only windows around a rule's keywords are read, so that the cost follows the
 * number of keyword hits and not the size of the file; inside a window the order is cheap to dear: regex, form,
 * entropy, placeholder, allow-lists.
 */

import { severityRank } from '../../model/terms.ts';
import type { Deadline } from '../detector.ts';
import { entropyOf, isOwnName, isPlaceholder } from './placeholder.ts';
import { regexOf } from './regex.ts';
import { type Allowlist, type Keyword, lead, type SecretRule } from './rule.ts';
import { verified } from './verify.ts';

/** One secret. Offsets are in the bytes that were searched. */
export interface SecretHit {
  readonly rule: SecretRule;
  readonly secret: string;
  readonly start: number;
  readonly end: number;
  /** The whole match, with the key name and what else the regex covers. */
  readonly matchStart: number;
  readonly matchEnd: number;
  /** What the rule's group `key` matched: the name that the secret was assigned to. */
  readonly key?: string;
}

/** Where a keyword begins in the bytes, ascending. */
export type PlacesOf = (keyword: Keyword) => readonly number[];

/** @param path empty where unknown; path filters then do not apply
 *  @returns at most one hit per rule; of hits that overlap, the more severe one */
export function findSecrets(
  bytes: Buffer,
  rules: readonly SecretRule[],
  placesOf: PlacesOf,
  path: string,
  deadline: Deadline,
): readonly SecretHit[] {
  const hits: SecretHit[] = [];
  for (const rule of rules) {
    for (const hit of hitsOf(bytes, rule, placesOf, path, deadline)) {
      hits.push(hit);
      break;
    }
  }
  return withoutOverlaps(hits);
}

/** For a mask: all hits of all rules, in no order; they may overlap. */
export function everySecret(
  bytes: Buffer,
  rules: readonly SecretRule[],
  placesOf: PlacesOf,
  path: string,
  deadline: Deadline,
): readonly SecretHit[] {
  return rules.flatMap((rule) => [...hitsOf(bytes, rule, placesOf, path, deadline)]);
}

interface Window {
  readonly start: number;
  readonly end: number;
}

function windowsAround(places: number[], reach: number, length: number): readonly Window[] {
  const windows: { start: number; end: number }[] = [];
  for (const place of places.sort((a, b) => a - b)) {
    const start = Math.max(0, place - lead);
    const end = Math.min(length, place + reach);
    const last = windows.at(-1);
    if (last !== undefined && start <= last.end) last.end = Math.max(last.end, end);
    else windows.push({ start, end });
  }
  return windows;
}

/** A merged window longer than this is read in steps, so that one regex call stays short. */
const step = 64 * 1024;

function* hitsOf(
  bytes: Buffer,
  rule: SecretRule,
  placesOf: PlacesOf,
  path: string,
  deadline: Deadline,
): Generator<SecretHit> {
  const places = rule.keywords.flatMap(placesOf);
  for (const window of windowsAround(places, rule.reach, bytes.length)) {
    for (let start = window.start; start < window.end; start += step) {
      deadline.check();
      const end = Math.min(window.end, start + step + lead + rule.reach);
      yield* matchesIn(bytes.toString('latin1', start, end), start, rule, path);
    }
  }
}

/** Text is one character per byte, so that offsets carry over. */
function* matchesIn(text: string, base: number, rule: SecretRule, path: string): Generator<SecretHit> {
  const regex = regexOf(rule.regex);
  if (!regex.test(text)) return;
  const matcher = regex.matcher(text);
  let found = matcher.find();
  while (found) {
    const group = secretGroupOf(rule, matcher);
    const secret = matcher.group(group) ?? '';
    const [matchStart, matchEnd] = [matcher.start(), matcher.end()];
    const key = regex.namedGroups().key === undefined ? null : matcher.group('key');
    if (isOwnName(key ?? '', secret) || !accepted(rule, secret, text, matchStart, matchEnd, path)) {
      found = matcher.find();
      continue;
    }
    const secretEnd = matcher.end(group);
    yield {
      rule,
      secret,
      start: base + matcher.start(group),
      end: base + secretEnd,
      matchStart: base + matchStart,
      matchEnd: base + matchEnd,
      ...(key === null ? {} : { key }),
    };
    // What stands behind a secret may be what the next match needs before its name.
    found = matcher.find(secretEnd);
  }
}

/** As gitleaks: the group that the rule names, else the first that is not empty, else the whole match. */
function secretGroupOf(
  rule: SecretRule,
  matcher: { groupCount(): number; group(group: number): string | null },
): number | string {
  if (rule.secretGroup !== undefined) return rule.secretGroup;
  for (let group = 1; group <= matcher.groupCount(); group++) {
    if ((matcher.group(group) ?? '') !== '') return group;
  }
  return 0;
}

/** Their structure is read; a placeholder has none. */
const keyForms: ReadonlySet<SecretRule['verify']> = new Set(['private-key', 'encrypted-key', 'base64-key']);

function accepted(
  rule: SecretRule,
  secret: string,
  text: string,
  matchStart: number,
  matchEnd: number,
  path: string,
): boolean {
  if (secret === '') return false;
  if (rule.verify !== undefined && !verified(rule.verify, secret)) return false;
  if (rule.entropy !== undefined && entropyOf(secret) <= rule.entropy) return false;
  if (!keyForms.has(rule.verify) && isPlaceholder(secret)) return false;
  if (rule.scope === 'anywhere' && !standsAlone(text, matchStart, matchEnd)) return false;
  return !rule.allowlists.some((list) => allows(list, secret, text, matchStart, matchEnd, path));
}

/** Not a part of a longer word, such as a mangled symbol; `\n` and `%3D` before it are no letters. */
function standsAlone(text: string, start: number, end: number): boolean {
  const wordBefore =
    /\w$/.test(text.slice(Math.max(0, start - 1), start)) && /^\w/.test(text.slice(start, start + 1));
  const escapeBefore = /(?:\\[nrt]|%[0-9A-Fa-f]{2})$/.test(text.slice(Math.max(0, start - 3), start));
  const wordAfter = /^\w/.test(text.slice(end, end + 1)) && /\w$/.test(text.slice(end - 1, end));
  return (!wordBefore || escapeBefore) && !wordAfter;
}

function allows(
  list: Allowlist,
  secret: string,
  text: string,
  matchStart: number,
  matchEnd: number,
  path: string,
): boolean {
  const checks: boolean[] = [];
  if (list.regexes.length > 0) {
    const target =
      list.target === 'secret'
        ? secret
        : list.target === 'match'
          ? text.slice(matchStart, matchEnd)
          : lineAround(text, matchStart, matchEnd);
    checks.push(list.regexes.some((regex) => regexOf(regex).test(target)));
  }
  if (list.stopwords.length > 0) {
    const lower = secret.toLowerCase();
    checks.push(list.stopwords.some((word) => lower.includes(word)));
  }
  if (list.paths.length > 0)
    checks.push(path !== '' && list.paths.some((regex) => regexOf(regex).test(path)));
  return list.condition === 'all' ? checks.length > 0 && checks.every(Boolean) : checks.some(Boolean);
}

/** Of a line in a file without line ends only so much, in characters: an allow-list asks about it for each match. */
const longestLine = 1000;

/** A match may begin with the end of the line before it. */
function lineAround(text: string, matchStart: number, matchEnd: number): string {
  const start = text[matchStart] === '\n' ? matchStart + 1 : matchStart;
  const before = text.slice(Math.max(0, start - longestLine), start);
  const after = text.slice(matchEnd, matchEnd + longestLine);
  const end = after.indexOf('\n');
  return (
    before.slice(before.lastIndexOf('\n') + 1) +
    text.slice(start, matchEnd) +
    (end < 0 ? after : after.slice(0, end))
  );
}

function withoutOverlaps(hits: readonly SecretHit[]): readonly SecretHit[] {
  const kept: SecretHit[] = [];
  const weightOf = (hit: SecretHit) => severityRank(hit.rule.severity) + hit.rule.confidence;
  for (const hit of [...hits].sort((a, b) => weightOf(b) - weightOf(a))) {
    if (!kept.some((one) => hit.start < one.matchEnd && one.matchStart < hit.end)) kept.push(hit);
  }
  return kept.sort((a, b) => a.start - b.start);
}
