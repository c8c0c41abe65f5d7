/**
 * Does a channel want to be told? References are what attackers push, so patterns match in one pass: each literal
 * piece is searched once, behind the piece before it, and nothing that matched is ever given up again. Taking the
 * leftmost place is safe, since it leaves the most room for the pieces that follow.
 */
import type { ChannelRule } from '../api/upkeep.ts';
import { severityRank } from '../model/terms.ts';
import type { Notice } from './notice.ts';

/**
 * True where the notice is severe enough, has one of the rule's categories and is about one of its artifacts.
 * A notice without category or artifact (a hunt that ended) passes only rules that do not ask for any.
 */
export function wants(rule: ChannelRule, notice: Notice): boolean {
  if (severityRank(notice.severity) < severityRank(rule.severity)) return false;
  if (rule.categories.length > 0) {
    if (!notice.categories.some((category) => rule.categories.includes(category))) return false;
  }
  const { reference } = notice;
  if (rule.artifacts.length === 0) return true;
  return reference !== undefined && rule.artifacts.some((pattern) => matchesPattern(pattern, reference));
}

/** @param pattern the whole reference, where `*` stands for any characters, also `/` and `:`, or none */
export function matchesPattern(pattern: string, reference: string): boolean {
  const pieces = pattern.split('*');
  const first = pieces[0] ?? '';
  if (pieces.length === 1) return reference === first;
  const last = pieces[pieces.length - 1] ?? '';
  const end = reference.length - last.length;
  if (first.length > end || !reference.startsWith(first) || !reference.endsWith(last)) return false;
  let at = first.length;
  for (const piece of pieces.slice(1, -1)) {
    const found = reference.indexOf(piece, at);
    if (found < 0) return false;
    at = found + piece.length;
  }
  return at <= end;
}
