/**
 * Waterguard's own format for text rules, in YAML; `docs/rules.md` is its manual. A rule that does not fit is
 * refused by name, and the rest of the file is used.
 */
import { parse } from 'yaml';
import { z } from 'zod';
import { categories, ruleSource, severities } from '../../model/finding.ts';
import { fileKinds } from '../detector.ts';
import type { RefusedRule, RuleText } from '../rule-engine.ts';
import { explain, wholeFile } from './refusal.ts';
import { provenRule } from './regex.ts';
import {
  defaultReach,
  type Keyword,
  longestReach,
  type SecretRule,
  scopes,
  shortestAnchor,
  verifiers,
} from './rule.ts';

/** What a file of rules says once for all of them. */
const fileSchema = z.strictObject({
  waterguard: z.literal(1),
  source: ruleSource.optional(),
  rules: z.array(z.unknown()).max(10_000),
});

const text = z.string().min(1).max(500);

const allowlistSchema = z.strictObject({
  condition: z.enum(['any', 'all']).default('any'),
  target: z.enum(['secret', 'match', 'line']).default('secret'),
  regexes: z.array(z.string()).default([]),
  stopwords: z.array(text).default([]),
  paths: z.array(z.string()).default([]),
});

const ruleSchema = z.strictObject({
  id: z.string().regex(/^[a-z0-9][a-z0-9-]{1,80}$/),
  title: text,
  category: z.enum(categories).default('embedded-secret'),
  attack: z.array(z.string().regex(/^T\d{4}(\.\d{3})?$/)).default(['T1552.001']),
  severity: z.enum(severities),
  confidence: z.number().min(0).max(0.89),
  scope: z.enum(scopes).default('anywhere'),
  regex: z.string(),
  keywords: z.array(text).min(1).max(100),
  nocase: z.boolean().default(false),
  secretGroup: z.int().positive().optional(),
  entropy: z.number().min(0).max(8).optional(),
  reach: z.int().min(16).max(longestReach).default(defaultReach),
  path: z.string().optional(),
  kinds: z.array(z.enum(fileKinds)).min(1).optional(),
  allowlists: z.array(allowlistSchema).default([]),
  verify: z.enum(verifiers).optional(),
  match: z.array(z.string()).default([]),
  reject: z.array(z.string()).default([]),
  source: ruleSource.optional(),
});

/**
 * @param accept throws for a rule that cannot run; shipped rules need no proof
 * @returns the rules that fit, and by name those that do not
 */
export function parseWaterguardRules(
  file: RuleText,
  accept: (rule: SecretRule) => SecretRule = provenRule,
): {
  readonly rules: readonly SecretRule[];
  readonly refused: readonly RefusedRule[];
} {
  const refused: RefusedRule[] = [];
  const rules: SecretRule[] = [];
  let whole: z.infer<typeof fileSchema>;
  try {
    whole = fileSchema.parse(parse(file.text, { maxAliasCount: 100 }));
  } catch (error) {
    return { rules, refused: [{ origin: file.origin, rule: wholeFile, message: explain(error) }] };
  }
  for (const [index, one] of whole.rules.entries()) {
    try {
      rules.push(accept({ ...toRule(ruleSchema.parse(one), whole.source ?? {}), origin: file.origin }));
    } catch (error) {
      refused.push({
        origin: file.origin,
        rule: nameOf(one) ?? `number ${index + 1}`,
        message: explain(error),
      });
    }
  }
  return { rules, refused };
}

function toRule(one: z.infer<typeof ruleSchema>, source: SecretRule['source']): Omit<SecretRule, 'origin'> {
  if (one.path !== undefined && one.scope !== 'settings') throw new Error('path needs scope: settings');
  const short = one.keywords.find((word) => word.length < shortestAnchor);
  if (one.scope === 'anywhere' && short !== undefined) {
    throw new Error(
      `keyword "${short}" is shorter than ${shortestAnchor} bytes: lengthen it or set scope: settings`,
    );
  }
  const keywords: Keyword[] = one.keywords.map((word) => ({
    text: one.nocase ? word.toLowerCase() : word,
    nocase: one.nocase,
  }));
  const secretGroup = one.secretGroup ?? (/\(\?P?<secret>/.test(one.regex) ? 'secret' : undefined);
  return {
    id: one.id,
    title: one.title,
    category: one.category,
    attack: one.attack,
    severity: one.severity,
    confidence: one.confidence,
    scope: one.scope,
    regex: one.regex,
    keywords,
    reach: one.reach,
    allowlists: one.allowlists.map((list) => ({
      condition: list.condition,
      target: list.target,
      regexes: list.regexes,
      stopwords: list.stopwords.map((word) => word.toLowerCase()),
      paths: list.paths,
    })),
    samples: { match: one.match, reject: one.reject },
    source: one.source ?? source,
    ...(secretGroup === undefined ? {} : { secretGroup }),
    ...(one.entropy === undefined ? {} : { entropy: one.entropy }),
    ...(one.path === undefined ? {} : { path: one.path }),
    ...(one.kinds === undefined ? {} : { kinds: one.kinds }),
    ...(one.verify === undefined ? {} : { verify: one.verify }),
  };
}

function nameOf(rule: unknown): string | undefined {
  const named = z.looseObject({ id: z.string().max(100) }).safeParse(rule);
  return named.success ? named.data.id : undefined;
}
