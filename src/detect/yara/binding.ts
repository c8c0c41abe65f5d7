/**
 * The part of `@litko/yara-x-linux-x64-gnu` 0.7.2 that we call. The package ships no types; these were read
 * from its behaviour (November 2026).
 */
export interface Binding {
  /** Throws on the first fault unless `ignoreInvalidRules`; options stay in force for `addRuleSources`. */
  compile(source: string, options: BindingOptions): BindingRules;
  deserialize(compiled: Buffer): BindingRules;
}

export interface BindingOptions {
  readonly defineVariables: Readonly<Record<string, string>>;
  /** Accepts `{` and unknown escapes in regular expressions as YARA 4 does. */
  readonly relaxedReSyntax: boolean;
  readonly ignoreInvalidRules: boolean;
  /** On by default: an `include` then opens the named file. */
  readonly enableIncludes: boolean;
}

export interface BindingRules {
  /** One call for all: each call compiles everything again. */
  addRuleSources(sources: readonly { readonly source: string; readonly namespace: string }[]): void;
  getIgnoredRules(): readonly { readonly name: string; readonly detail: string }[];
  getCompilationErrors(): readonly { readonly code: string; readonly message: string }[];
  serialize(): Buffer;
  /** In milliseconds, but counted in whole seconds; 0 stops at once. */
  setTimeout(milliseconds: number): void;
  /** Also caps what `#pattern` counts. */
  setMaxMatchesPerPattern(most: number): void;
  /** Throws when a variable is given that was not defined at compile time. */
  scan(bytes: Buffer, variables?: Readonly<Record<string, string>>): readonly BindingRule[];
}

export interface BindingRule {
  readonly ruleIdentifier: string;
  readonly namespace: string;
  readonly tags: readonly string[];
  readonly meta: Readonly<Record<string, string | number | boolean>>;
  readonly matches: readonly {
    readonly identifier: string;
    readonly offset: number;
    readonly length: number;
  }[];
}
