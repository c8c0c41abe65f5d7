/**
 * Reads rules in gitleaks' TOML: the copy that is shipped (MIT, `rules/secrets/gitleaks/`) and any that a user
 * brings. gitleaks looks at source repositories, where a word such as `dropbox` beside 15 letters means
 * something; in an image, among thousands of programs, it does not. So a rule's shape decides where it runs:
 * a distinctive prefix everywhere, an assignment (`name = value`) only in settings.
 */
import { parse } from 'smol-toml';
import { z } from 'zod';
import type { Severity } from '../../model/finding.ts';
import type { RefusedRule, RuleText } from '../rule-engine.ts';
import { explain, wholeFile } from './refusal.ts';
import { provenRule } from './regex.ts';
import { type Allowlist, defaultReach, type Keyword, type SecretRule, shortestAnchor } from './rule.ts';

const strings = z.array(z.string()).default([]);

const allowlistSchema = z.object({
  condition: z.string().default('OR'),
  regexTarget: z.string().default('secret'),
  regexes: strings,
  stopwords: strings,
  paths: strings,
});

const ruleSchema = z.object({
  id: z.string().regex(/^[\w.-]{1,100}$/),
  description: z.string().max(500).default(''),
  regex: z.string().optional(),
  path: z.string().optional(),
  keywords: strings,
  entropy: z.number().optional(),
  secretGroup: z.int().nonnegative().optional(),
  allowlists: z.array(allowlistSchema).default([]),
  allowlist: allowlistSchema.optional(),
});
type GitleaksRule = z.infer<typeof ruleSchema>;

const fileSchema = z.object({
  rules: z.array(z.unknown()).max(10_000),
  allowlist: allowlistSchema.optional(),
  allowlists: z.array(allowlistSchema).default([]),
});

/** Which rules are used, and how: our judgement on a third party's rules, kept apart from them. */
export interface Selection {
  /** Ids that are left out; the values say why. */
  readonly off: Readonly<Record<string, string>>;
  /** Words to search for instead of the rule's own, in the spelling that its regex wants. */
  readonly keywords: Readonly<Record<string, readonly string[]>>;
  /** Ids that run in settings alone although their shape is distinctive. */
  readonly settings: readonly string[];
  /** Ids whose severity is not that of their shape. */
  readonly severity: Readonly<Record<string, Severity>>;
}

export const wholeSelection: Selection = { off: {}, keywords: {}, settings: [], severity: {} };

/**
 * @param accept throws for a rule that cannot run; shipped rules need no proof
 * @returns the rules that can run, and by name those that cannot; a rule of the selection's `off` is in neither
 */
export function parseGitleaksRules(
  file: RuleText,
  selection: Selection = wholeSelection,
  accept: (rule: SecretRule) => SecretRule = provenRule,
): { readonly rules: readonly SecretRule[]; readonly refused: readonly RefusedRule[] } {
  const refused: RefusedRule[] = [];
  const rules: SecretRule[] = [];
  let whole: z.infer<typeof fileSchema>;
  let shared: readonly Allowlist[];
  try {
    whole = fileSchema.parse(parse(file.text));
    shared = [...(whole.allowlist === undefined ? [] : [whole.allowlist]), ...whole.allowlists].map(
      toAllowlist,
    );
  } catch (error) {
    return { rules, refused: [{ origin: file.origin, rule: wholeFile, message: explain(error) }] };
  }
  for (const [index, one] of whole.rules.entries()) {
    const parsed = ruleSchema.safeParse(one);
    const id = parsed.data?.id ?? `number ${index + 1}`;
    if (Object.hasOwn(selection.off, id)) continue;
    try {
      rules.push(accept({ ...toRule(ruleSchema.parse(one), shared, selection), origin: file.origin }));
    } catch (error) {
      refused.push({ origin: file.origin, rule: id, message: explain(error) });
    }
  }
  return { rules, refused };
}

/** How gitleaks' generator begins every rule of the form `name = value`. */
const assignmentStart = '[\\w.-]{0,50}?';

function toRule(
  one: GitleaksRule,
  shared: readonly Allowlist[],
  selection: Selection,
): Omit<SecretRule, 'origin'> {
  if (one.regex === undefined || one.regex === '')
    throw new Error('has no regex: rules over paths alone are not run');
  if (one.keywords.length === 0) throw new Error('has no keywords: it would read every file whole');
  const { regex } = one;
  const spelled = selection.keywords[one.id]?.map((text) => ({ text, nocase: false }));
  const keywords = spelled ?? one.keywords.map((word) => toKeyword(word, regex));
  const distinctive = keywords.every(({ text }) => text.length >= shortestAnchor);
  const assignment = regex.includes(assignmentStart);
  const narrow = assignment || one.path !== undefined || selection.settings.includes(one.id);
  const scope = distinctive && !narrow ? 'anywhere' : 'settings';
  const own = [...one.allowlists, ...(one.allowlist === undefined ? [] : [one.allowlist])].map(toAllowlist);
  return {
    id: one.id.toLowerCase(),
    title: titleOf(one.id),
    category: 'embedded-secret',
    attack: ['T1552.001'],
    severity: selection.severity[one.id] ?? (scope === 'anywhere' ? 'high' : 'medium'),
    confidence: scope === 'anywhere' ? 0.8 : 0.5,
    scope,
    regex,
    keywords,
    reach: defaultReach,
    allowlists: [...own, ...shared],
    samples: { match: [], reject: [] },
    source: { author: 'gitleaks', licence: 'MIT', reference: 'https://github.com/gitleaks/gitleaks' },
    entropy: Math.max(one.entropy ?? 0, scope === 'anywhere' ? 2.5 : 3),
    ...(one.secretGroup === undefined || one.secretGroup === 0 ? {} : { secretGroup: one.secretGroup }),
    ...(one.path === undefined ? {} : { path: one.path }),
    ...(assignment ? { verify: 'mixed' as const } : {}),
  };
}

/**
 * gitleaks compares keywords with the text in lower case. Where the regex has the keyword literally and is not
 * yet told to ignore case, its spelling there is the only one that can match, and an exact search is cheaper.
 */
function toKeyword(word: string, regex: string): Keyword {
  const lower = word.toLowerCase();
  const at = regex.toLowerCase().indexOf(lower);
  const exact = at >= 0 && !/\(\?[a-z]*i/.test(regex.slice(0, at));
  return exact ? { text: regex.slice(at, at + word.length), nocase: false } : { text: lower, nocase: true };
}

function toAllowlist(list: z.infer<typeof allowlistSchema>): Allowlist {
  return {
    condition: /^(?:and|&&)$/i.test(list.condition) ? 'all' : 'any',
    target: list.regexTarget === 'match' || list.regexTarget === 'line' ? list.regexTarget : 'secret',
    regexes: list.regexes,
    stopwords: list.stopwords.map((word) => word.toLowerCase()),
    paths: list.paths,
  };
}

/** `github-fine-grained-pat` reads as `github fine grained pat`. */
function titleOf(id: string): string {
  return `Secret: ${id.replaceAll(/[-_.]/g, ' ')}`;
}
