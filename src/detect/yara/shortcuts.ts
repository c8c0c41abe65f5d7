/**
 * YARA-X 1.20 misses matches: it reads from a condition like `filesize < 512KB` or `uint32(0) == 0x464c457f` where the
 * rule's patterns need not be searched for, and where two rules have the same pattern, the demand of one of them counts
 * for both (November 2026; a test shows it). Behind `not not` it does not look.
 */
import { type ParsedRule, section } from './source.ts';

/** The same rule, with a condition that the engine takes as it is. */
export function withoutShortcuts(rule: ParsedRule): ParsedRule {
  const condition = section(rule, 'condition');
  const [first, last] = [condition[0], condition.at(-1)];
  if (first === undefined || last === undefined) return rule;
  const { text } = rule;
  const inner = text.slice(first.at, last.end);
  return { ...rule, text: `${text.slice(0, first.at)}not not (${inner})${text.slice(last.end)}` };
}
