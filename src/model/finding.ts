/**
 * A finding: one thing that a rule says about one place of an artifact. It is what every detector produces,
 * what the verdict is computed from and what a person reads first.
 */
import { z } from 'zod';
import { categories, severities, states } from './terms.ts';

export * from './terms.ts';

/** Where a rule comes from; third-party authors and licences travel into every finding. */
export const ruleSource = z.object({
  author: z.string().optional(),
  licence: z.string().optional(),
  reference: z.string().optional(),
});
export type RuleSource = z.infer<typeof ruleSource>;

/**
 * `file`: bytes at `offset` (of the file's content) in `layer` at `path`. `config`: a key of the image
 * configuration, named in `path` (`Env.AWS_KEY`, `Entrypoint`, `Labels.x`). `history`: the history line of
 * `layer` (absent for a line that made none). `name`: the reference itself.
 * `startedBy`: what starts the file, the first first: `Entrypoint`, `/start.sh`; absent where nothing does.
 * `excerpt` is printable (see `printable`), at most 200 characters, and never holds a whole secret.
 */
export const evidence = z.object({
  kind: z.enum(['file', 'config', 'history', 'name']),
  layer: z.int().nonnegative().optional(),
  path: z.string().optional(),
  sha256: z.string().optional(),
  offset: z.int().nonnegative().optional(),
  length: z.int().nonnegative().optional(),
  excerpt: z.string().optional(),
  startedBy: z.array(z.string()).optional(),
});
export type Evidence = z.infer<typeof evidence>;

export const finding = z.object({
  id: z.string(),
  rule: z.string(),
  category: z.enum(categories),
  title: z.string(),
  severity: z.enum(severities),
  /** 0..1; at least 0.9 is conclusive, 0.6 to 0.9 strong. */
  confidence: z.number().min(0).max(1),
  state: z.enum(states),
  /** ATT&CK technique ids. */
  attack: z.array(z.string()),
  /** Run by the entrypoint, cron, preload, a profile or a service. */
  reachable: z.boolean(),
  evidence: z.array(evidence),
  source: ruleSource,
  /** Its rule says malware: a threat although its category need not be one. */
  malware: z.literal(true).optional(),
  /** Set when an ignore file covers the finding: it stays listed and leaves verdict and score. */
  ignored: z.object({ reason: z.string(), expires: z.string() }).optional(),
});
export type Finding = z.infer<typeof finding>;
