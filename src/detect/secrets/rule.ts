/**
 * A secret rule is plain data, so that it crosses to the engine and into the cache. Two formats are
 * read into this one shape: our own (`waterguard-rules.ts`, documented in `docs/rules.md`) and gitleaks'
 * (`gitleaks.ts`). `search.ts` applies it; it knows of no format.
 */
import type { Category, RuleSource, Severity } from '../../model/finding.ts';
import type { FileKind } from '../detector.ts';

export interface SecretRule {
  /** Without the detector's prefix: `github-pat`. */
  readonly id: string;
  readonly title: string;
  readonly category: Category;
  readonly attack: readonly string[];
  readonly severity: Severity;
  /** 0..1, at most strong (below 0.9) for text. */
  readonly confidence: number;
  /**
   * `anywhere`: the format is distinctive, so every file is searched, by content alone. `settings`: the rule
   * leans on words like `password`, so only small texts that look like settings are searched. `commands`: for the
   * image's commands and history, and of settings those that a shell reads. `image`: for the image's variables,
   * labels, commands and history, where each text is one such assignment or command.
   */
  readonly scope: Scope;
  /** RE2 syntax, linear in the text; `regexOf` compiles it. */
  readonly regex: string;
  /** One of these must be in the text. In scope `anywhere` each has at least four bytes and is an anchor. */
  readonly keywords: readonly Keyword[];
  /** Group that holds the secret: a number, or the group named `secret`; absent: the first group that matched. */
  readonly secretGroup?: number | 'secret';
  /** The secret's Shannon entropy must be above this, in bits per character. */
  readonly entropy?: number;
  /** Bytes behind a keyword that the regex may need. */
  readonly reach: number;
  /** Only files whose path matches; such a rule has scope `settings`. */
  readonly path?: string;
  readonly kinds?: readonly FileKind[];
  readonly allowlists: readonly Allowlist[];
  /** A check in code that the regex cannot do. */
  readonly verify?: Verifier;
  readonly samples: Samples;
  readonly source: RuleSource;
  /** The file it was read from. */
  readonly origin: string;
}

export const scopes = ['anywhere', 'settings', 'commands', 'image'] as const;
export type Scope = (typeof scopes)[number];

export interface Keyword {
  /** Lower-case where `nocase`. */
  readonly text: string;
  readonly nocase: boolean;
}

/** Names of the checks in `verify.ts`. */
export const verifiers = [
  'private-key',
  'encrypted-key',
  'base64-key',
  'jwt',
  'basic-auth',
  'mixed',
] as const;
export type Verifier = (typeof verifiers)[number];

/** A match is dropped when any part (`any`) or each given part (`all`) of an allow-list applies. */
export interface Allowlist {
  readonly condition: 'any' | 'all';
  readonly target: 'secret' | 'match' | 'line';
  readonly regexes: readonly string[];
  /** Lower-case; part of the secret. */
  readonly stopwords: readonly string[];
  readonly paths: readonly string[];
}

/** Texts that must and must not match; `<hex:40>` and the like are filled in by `samples.ts`. */
export interface Samples {
  readonly match: readonly string[];
  readonly reject: readonly string[];
}

/** Bytes before a keyword that a regex may need; key names and quotes lie there. */
export const lead = 200;

export const defaultReach = 1024;
export const longestReach = 16 * 1024;

/** A keyword below this would hit in every file. */
export const shortestAnchor = 4;
